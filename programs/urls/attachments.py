"""Addresses of attachments."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import attachments, uploads

HERE = "usulan/<int:pk>/lampiran/"

urlpatterns: list[URLPattern] = [
    path(HERE, attachments.attachments, name="attachments"),
    path(f"{HERE}tambah/", attachments.attachment_add, name="attachment_add"),
    path(f"{HERE}unggah/", uploads.upload_begin, name="upload_begin"),
    path(f"{HERE}unggah/<uuid:key>/", uploads.upload_piece, name="upload_piece"),
    path(f"{HERE}unggah/<uuid:key>/batal/", uploads.upload_cancel, name="upload_cancel"),
    path(f"{HERE}<uuid:public_id>/", attachments.attachment, name="attachment"),
    path(f"{HERE}<uuid:public_id>/ubah/", attachments.attachment_edit, name="attachment_edit"),
    path(f"{HERE}<uuid:public_id>/hapus/", attachments.attachment_delete, name="attachment_delete"),
    path(f"{HERE}<uuid:public_id>/pulihkan/", attachments.attachment_restore, name="attachment_restore"),
]
