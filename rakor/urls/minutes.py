"""Addresses of minutes."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import minutes, minutes_entries, minutes_moves

LIST = "rakor/<slug:slug>/notulen/"
ONE = f"{LIST}<int:session_id>/"
ENTRY = f"{ONE}butir/<int:entry_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, minutes.minutes_list, name="minutes_list"),
    path(f"{LIST}himpunan/", minutes_moves.minutes_collect, name="minutes_collect"),
    path(ONE, minutes.minutes_page, name="minutes"),
    path(f"{ONE}mulai/", minutes.minutes_start, name="minutes_start"),
    path(f"{ONE}kepala/", minutes.minutes_head, name="minutes_head"),
    path(f"{ONE}riwayat/", minutes.minutes_history, name="minutes_history"),
    path(f"{ONE}pratinjau/", minutes.minutes_preview, name="minutes_preview"),
    path(f"{ONE}denyut/", minutes.minutes_pulse, name="minutes_pulse"),
    path(f"{ONE}cetak/", minutes_moves.minutes_print, name="minutes_print"),
    path(f"{ONE}langkah/<slug:move>/", minutes_moves.minutes_move, name="minutes_move"),
    path(f"{ONE}konsep/", minutes_entries.entry_draft, name="entry_draft"),
    path(f"{ONE}butir/", minutes_entries.entry_new, name="entry_new"),
    path(ENTRY, minutes_entries.entry_edit, name="entry"),
    path(f"{ENTRY}konflik/", minutes_entries.entry_settle, name="entry_settle"),
    path(f"{ENTRY}hapus/", minutes_entries.entry_delete, name="entry_delete"),
    path(f"{ENTRY}kembalikan/", minutes_entries.entry_undelete, name="entry_undelete"),
    path(f"{ENTRY}tempat/", minutes_entries.entry_place, name="entry_place"),
    path(f"{ENTRY}riwayat/", minutes_entries.entry_history, name="entry_history"),
    path(f"{ENTRY}riwayat/<int:revision_id>/pulihkan/", minutes_entries.entry_restore, name="entry_restore"),
]
