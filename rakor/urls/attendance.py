"""Addresses of attendance lists, the participants' own page and the hall's screen."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import attendance_door

DOOR = "rakor/<slug:slug>/pintu/<int:list_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{DOOR}daftar.json", attendance_door.door_list, name="door_list"),
    path(f"{DOOR}kirim/", attendance_door.door_sync, name="door_sync"),
]
