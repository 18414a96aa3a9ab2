"""Addresses of attendance sheets, cards and certificates."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import attendance_papers as views

RAKOR = "rakor/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path(f"{RAKOR}hadir/cetak/", views.attendance_papers, name="attendance_papers"),
    path(f"{RAKOR}hadir/<int:list_id>/cetak/", views.order_attendance_sheet, name="order_attendance_sheet"),
    path(f"{RAKOR}sesi/<int:session_id>/daftar-hadir/", views.order_session_sheet, name="order_session_sheet"),
    path(f"{RAKOR}peserta/kartu/", views.order_cards, name="order_cards"),
    path(f"{RAKOR}sertifikat/", views.certificates, name="certificates"),
    path(f"{RAKOR}sertifikat/semua/", views.order_certificates, name="order_certificates"),
    path(f"{RAKOR}sertifikat/<int:registration_id>/", views.order_certificate, name="order_certificate"),
]
