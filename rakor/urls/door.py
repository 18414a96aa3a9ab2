"""Addresses of the installable door page; what it exchanges with the server stands with the attendance lists."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import door

DOOR = "rakor/<slug:slug>/pintu/"

urlpatterns: list[URLPattern] = [
    path(DOOR, door.door, name="door"),
    path(f"{DOOR}aplikasi.webmanifest", door.door_manifest, name="door_manifest"),
    path(f"{DOOR}pekerja.js", door.door_worker, name="door_worker"),
]
