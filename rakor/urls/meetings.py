"""Addresses of home, editions, programme and sessions."""

from __future__ import annotations

from django.urls import path

from rakor.views import agenda, home, meetings, sessions

urlpatterns = [
    path("", home.home, name="home"),
    path("rakor/", meetings.meeting_list, name="meetings"),
    path("rakor/baru/", meetings.meeting_new, name="meeting_new"),
    path("rakor/periksa-tanggal/", meetings.meeting_days, name="meeting_days"),
    path("rakor/<slug:slug>/", meetings.meeting_detail, name="meeting"),
    path("rakor/<slug:slug>/ubah/", meetings.meeting_edit, name="meeting_edit"),
    path("rakor/<slug:slug>/salin/", meetings.meeting_copy, name="meeting_copy"),
    path("rakor/<slug:slug>/hapus/", meetings.meeting_delete, name="meeting_delete"),
    path("rakor/<slug:slug>/status/<slug:move>/", meetings.meeting_move, name="meeting_move"),
    path("rakor/<slug:slug>/agenda/", agenda.agenda, name="agenda"),
    path("rakor/<slug:slug>/agenda/cetak/", agenda.agenda_print, name="agenda_print"),
    path("rakor/<slug:slug>/agenda/kalender.ics", agenda.agenda_calendar, name="agenda_calendar"),
    path("rakor/<slug:slug>/agenda/excel/", agenda.agenda_excel, name="agenda_excel"),
    path("rakor/<slug:slug>/agenda/pdf/", agenda.agenda_pdf, name="agenda_pdf"),
    path("rakor/<slug:slug>/agenda/sesi-baru/", sessions.session_new, name="session_new"),
    path("rakor/<slug:slug>/agenda/urungkan/<int:pk>/", agenda.agenda_undo, name="agenda_undo"),
    path("rakor/<slug:slug>/sesi/<int:pk>/", sessions.session_detail, name="session"),
    path("rakor/<slug:slug>/sesi/<int:pk>/ubah/", sessions.session_edit, name="session_edit"),
    path("rakor/<slug:slug>/sesi/<int:pk>/hapus/", sessions.session_delete, name="session_delete"),
    path("rakor/<slug:slug>/sesi/<int:pk>/pindah/", sessions.session_move, name="session_move"),
    path("rakor/<slug:slug>/sesi/<int:pk>/kalender.ics", sessions.session_calendar, name="session_calendar"),
]
