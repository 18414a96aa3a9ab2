"""Addresses of letters and of the list of the invited."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import letter_copies, letters, recipients

LIST = "rakor/<slug:slug>/surat/"
ONE = f"{LIST}<int:pk>/"
INVITED = "rakor/<slug:slug>/penerima/"

urlpatterns: list[URLPattern] = [
    path(LIST, letters.letters, name="letters"),
    path(f"{LIST}baru/", letters.letter_new, name="letter_new"),
    path(f"{LIST}zip/", letter_copies.letters_zip, name="letters_zip"),
    path(f"{LIST}cetak/", letter_copies.letters_print, name="letters_print"),
    path(ONE, letters.letter, name="letter"),
    path(f"{ONE}ubah/", letters.letter_edit, name="letter_edit"),
    path(f"{ONE}langkah/<slug:move>/", letters.letter_move, name="letter_move"),
    path(f"{ONE}susulan/", letters.letter_late, name="letter_late"),
    path(f"{ONE}contoh/<int:invitation_id>/", letter_copies.letter_preview, name="letter_preview"),
    path(f"{ONE}lembar/", letter_copies.letter_copies, name="letter_copies"),
    path(f"{ONE}kemajuan/", letter_copies.letter_progress, name="letter_progress"),
    path(f"{ONE}zip/", letter_copies.letter_zip, name="letter_zip"),
    path(f"{ONE}cetak/", letter_copies.letter_print, name="letter_print"),
    path("rakor/lembar-surat/<int:pk>/", letter_copies.letter_copy, name="letter_copy"),
    path(INVITED, recipients.recipients, name="recipients"),
    path(f"{INVITED}semua/", recipients.recipients_all, name="recipients_all"),
    path(f"{INVITED}baru/", recipients.recipient_new, name="recipient_new"),
    path(f"{INVITED}tempel/", recipients.recipients_paste, name="recipients_paste"),
    path(f"{INVITED}templat/", recipients.recipients_template, name="recipients_template"),
    path(f"{INVITED}<int:pk>/ubah/", recipients.recipient_edit, name="recipient_edit"),
    path(f"{INVITED}<int:pk>/batalkan/", recipients.recipient_withdraw, name="recipient_withdraw"),
    path(f"{INVITED}<int:pk>/ganti/", recipients.recipient_replace, name="recipient_replace"),
]
