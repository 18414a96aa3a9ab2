"""Addresses of desks: the plan, the call board, and the room of one desk."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import desk_room, desk_verdicts, desk_workbook, desks

LIST = "rakor/<slug:slug>/desk/"
ONE = f"{LIST}<int:session_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, desks.desk_plan, name="desks"),
    path(f"{LIST}bagi/", desks.desk_spread, name="desk_spread"),
    path(f"{LIST}urungkan/<int:pk>/", desks.desk_undo, name="desk_undo"),
    path(f"{LIST}excel/", desks.desk_excel, name="desk_excel"),
    path(f"{LIST}cetak/", desks.desk_print, name="desk_print"),
    path(f"{LIST}tutup/", desk_room.desk_close_all, name="desk_close_all"),
    path(f"{LIST}papan/", desks.desk_board, name="desk_board"),
    path(ONE, desk_room.desk_page, name="desk"),
    path(f"{ONE}denyut/", desk_room.desk_pulse, name="desk_pulse"),
    path(f"{ONE}excel/", desk_workbook.desk_workbook, name="desk_workbook"),
    path(f"{ONE}pindah/", desks.desk_place, name="desk_place"),
    path(f"{ONE}langkah/<slug:move>/", desks.desk_move, name="desk_move"),
    path(f"{ONE}usulan/<int:pk>/", desk_verdicts.desk_verdict, name="desk_verdict"),
    path(f"{ONE}rincian/<int:pk>/", desk_verdicts.desk_line, name="desk_line"),
    path(f"{ONE}semua/", desk_verdicts.desk_agree_rest, name="desk_agree_rest"),
    path(f"{ONE}konfirmasi/", desk_room.desk_confirm, name="desk_confirm"),
    path(f"{ONE}tutup/", desk_room.desk_close, name="desk_close"),
]
