"""Addresses of the signing ceremony and of the photos of a session."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import ceremonies, ceremonies_photos, ceremonies_steps

ONE = "rakor/<slug:slug>/penandatanganan/<int:session_id>/"
PHOTOS = "rakor/<slug:slug>/sesi/<int:session_id>/foto/"

urlpatterns: list[URLPattern] = [
    path(ONE, ceremonies.ceremony, name="ceremony"),
    path(f"{ONE}layar/", ceremonies.ceremony_hall, name="ceremony_hall"),
    path(f"{ONE}tambah/", ceremonies_steps.ceremony_add, name="ceremony_add"),
    path(f"{ONE}urutan/", ceremonies_steps.ceremony_order, name="ceremony_order"),
    path(f"{ONE}naskah/<int:pk>/panggung/", ceremonies_steps.ceremony_stage, name="ceremony_stage"),
    path(f"{ONE}naskah/<int:pk>/keluarkan/", ceremonies_steps.ceremony_remove, name="ceremony_remove"),
    path(f"{ONE}buka/", ceremonies_steps.ceremony_open, name="ceremony_open"),
    path(f"{ONE}tutup/", ceremonies_steps.ceremony_close, name="ceremony_close"),
    path(f"{ONE}tanda-tangan/<int:signer_id>/", ceremonies_steps.ceremony_record, name="ceremony_record"),
    path(PHOTOS, ceremonies_photos.session_photos, name="session_photos"),
    path(f"{PHOTOS}unggah/", ceremonies_photos.session_photo_add, name="session_photo_add"),
    path(f"{PHOTOS}<int:pk>/ubah/", ceremonies_photos.session_photo_edit, name="session_photo_edit"),
    path(f"{PHOTOS}<int:pk>/pindah/", ceremonies_photos.session_photo_move, name="session_photo_move"),
    path(f"{PHOTOS}<int:pk>/hapus/", ceremonies_photos.session_photo_delete, name="session_photo_delete"),
    path(f"{PHOTOS}<int:pk>/kembalikan/", ceremonies_photos.session_photo_restore, name="session_photo_restore"),
    path(f"{PHOTOS}<int:pk>/<slug:size>/", ceremonies_photos.session_photo, name="session_photo"),
]
