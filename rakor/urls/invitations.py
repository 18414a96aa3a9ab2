"""Addresses of invitations, answers, delegates and participants."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import (
    cards,
    invitations,
    invitations_answer,
    registrations,
    registrations_delegates,
    registrations_import,
)

LIST = "rakor/<slug:slug>/undangan/"
ONE = f"{LIST}<int:pk>/"
DELEGATE = f"{ONE}utusan/<int:registration_id>/"
GUESTS = "rakor/<slug:slug>/peserta/"
GUEST = f"{GUESTS}<int:registration_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, invitations.invitations, name="invitations"),
    path(ONE, invitations.invitation, name="invitation"),
    path(f"{ONE}buka/", invitations.invitation_open, name="invitation_open"),
    path(f"{ONE}hadir/", invitations_answer.invitation_accept, name="invitation_accept"),
    path(f"{ONE}tidak-hadir/", invitations_answer.invitation_decline, name="invitation_decline"),
    path(f"{ONE}surat-tugas/", invitations_answer.invitation_assignment, name="invitation_assignment"),
    path(f"{ONE}surat-tugas/berkas/", invitations_answer.invitation_assignment_file, name="invitation_assignment_file"),
    path(f"{ONE}utusan/tambah/", registrations_delegates.delegate_add, name="delegate_add"),
    path(f"{DELEGATE}ubah/", registrations_delegates.delegate_edit, name="delegate_edit"),
    path(f"{DELEGATE}ganti/", registrations_delegates.delegate_replace, name="delegate_replace"),
    path(f"{DELEGATE}batal/", registrations_delegates.delegate_cancel, name="delegate_cancel"),
    path(GUESTS, registrations.registrations, name="registrations"),
    path(f"{GUESTS}tambah/", registrations.registration_new, name="registration_new"),
    path(f"{GUESTS}impor/", registrations_import.registrations_import, name="registrations_import"),
    path(f"{GUESTS}impor/templat/", registrations_import.registrations_template, name="registrations_template"),
    path(f"{GUEST}ubah/", registrations.registration_edit, name="registration_edit"),
    path(f"{GUEST}ganti/", registrations.registration_replace, name="registration_replace"),
    path(f"{GUEST}kartu/", cards.registration_card, name="registration_card"),
    path(f"{GUEST}batal/", registrations.registration_cancel, name="registration_cancel"),
]
