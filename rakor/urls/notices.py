"""Addresses of reminders and of the calendars that phones subscribe to."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import calendars, notices

LIST = "rakor/<slug:slug>/pengingat/"

urlpatterns: list[URLPattern] = [
    path(LIST, notices.reminders, name="reminders"),
    path(f"{LIST}<int:pk>/", notices.reminder, name="reminder"),
    path(f"{LIST}<int:pk>/batal/", notices.reminder_cancel, name="reminder_cancel"),
    path("kalender/", calendars.calendar_subscribe, name="calendar_subscribe"),
    path("kalender/peserta/<slug:token>/", calendars.calendar_pass, name="calendar_pass"),
    path("kalender/<slug:key>.ics", calendars.calendar_feed, name="calendar_feed"),
]
