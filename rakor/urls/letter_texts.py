"""Addresses of the committee's decree and report."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import letter_texts, letter_texts_committee

COMMITTEE = "rakor/<slug:slug>/panitia/"
TEXT = "rakor/<slug:slug>/surat/<int:pk>/naskah/"

urlpatterns: list[URLPattern] = [
    path(COMMITTEE, letter_texts_committee.committee, name="committee"),
    path(f"{COMMITTEE}tambah/", letter_texts_committee.committee_add, name="committee_add"),
    path(f"{COMMITTEE}isi/", letter_texts_committee.committee_fill, name="committee_fill"),
    path(f"{COMMITTEE}<int:pk>/", letter_texts_committee.committee_edit, name="committee_edit"),
    path(f"{COMMITTEE}<int:pk>/pindah/", letter_texts_committee.committee_move, name="committee_move"),
    path(f"{COMMITTEE}<int:pk>/hapus/", letter_texts_committee.committee_remove, name="committee_remove"),
    path("rakor/<slug:slug>/naskah/<slug:kind>/", letter_texts.letter_text_start, name="letter_text_start"),
    path(TEXT, letter_texts.letter_text_edit, name="letter_text_edit"),
    path(f"{TEXT}rancangan/", letter_texts.letter_text_draft, name="letter_text_draft"),
    path(f"{TEXT}ganti/", letter_texts.letter_text_replace, name="letter_text_replace"),
    path(f"{TEXT}isi-ulang/<slug:part>/", letter_texts.letter_text_refill, name="letter_text_refill"),
]
