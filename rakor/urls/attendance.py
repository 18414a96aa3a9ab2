"""Addresses of attendance lists, the participants' own page and the hall's screen."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import attendance, attendance_door, attendance_hall

LISTS = "rakor/<slug:slug>/hadir/"
ONE = f"{LISTS}<int:pk>/"
DOOR = "rakor/<slug:slug>/pintu/<int:list_id>/"

urlpatterns: list[URLPattern] = [
    path(LISTS, attendance.attendance, name="attendance"),
    path(f"{LISTS}siapkan/", attendance.attendance_prepare, name="attendance_prepare"),
    path(ONE, attendance.attendance_list, name="attendance_list"),
    path(f"{ONE}tutup/", attendance.attendance_close, name="attendance_close"),
    path(f"{ONE}buka/", attendance.attendance_reopen, name="attendance_reopen"),
    path(f"{ONE}batas/", attendance.attendance_limit, name="attendance_limit"),
    path(f"{ONE}layar/", attendance_hall.attendance_screen, name="attendance_screen"),
    path(f"{ONE}layar/alamat/", attendance_hall.screen_address, name="screen_address"),
    path("layar/<slug:key>/", attendance_hall.hall_screen, name="hall_screen"),
    path(f"{ONE}peserta/<int:registration_id>/", attendance.attendance_correct, name="attendance_correct"),
    path("hadir/", attendance_hall.attendance_arrive, name="attendance_arrive"),
    path("hadir/<slug:token>/", attendance_hall.attendance_pass, name="attendance_pass"),
    path(f"{DOOR}daftar.json", attendance_door.door_list, name="door_list"),
    path(f"{DOOR}kirim/", attendance_door.door_sync, name="door_sync"),
]
