"""Addresses of agreements. A regency's copy stands under its code, "53.04"."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from rakor.views import agreement_addenda, agreement_copies, agreement_decisions, agreements

ONE = "rakor/<slug:slug>/kesepakatan/"
ADDENDUM = f"{ONE}adendum/<int:sequence>/"

urlpatterns: list[URLPattern] = [
    path(ONE, agreements.agreement_page, name="agreement"),
    path(f"{ONE}mulai/", agreements.agreement_start, name="agreement_start"),
    path(f"{ONE}kepala/", agreements.agreement_head, name="agreement_head"),
    path(f"{ONE}tanda-tangan/", agreements.agreement_people, name="agreement_people"),
    path(f"{ONE}langkah/<slug:move>/", agreements.agreement_move, name="agreement_move"),
    path(f"{ONE}pindaian/", agreements.agreement_scan, name="agreement_scan"),
    path(f"{ONE}pindaian/unduh/", agreements.agreement_scan_file, name="agreement_scan_file"),
    path(f"{ONE}riwayat/", agreements.agreement_history, name="agreement_history"),
    path(f"{ONE}putusan/", agreement_decisions.agreement_decisions, name="agreement_decisions"),
    path(f"{ONE}putusan/<int:pk>/ubah/", agreement_decisions.agreement_change, name="agreement_change"),
    path(f"{ONE}layar/", agreement_decisions.agreement_hall, name="agreement_hall"),
    path(f"{ONE}sipd/", agreement_copies.agreement_sipd, name="agreement_sipd"),
    path(f"{ONE}krisna/", agreement_copies.agreement_krisna, name="agreement_krisna"),
    path(f"{ONE}adendum/", agreement_addenda.addenda, name="addenda"),
    path(f"{ONE}adendum/baru/", agreement_addenda.addendum_new, name="addendum_new"),
    path(ADDENDUM, agreement_addenda.addendum, name="addendum"),
    path(f"{ADDENDUM}putusan/<int:pk>/", agreement_addenda.addendum_change, name="addendum_change"),
    path(f"{ADDENDUM}perubahan/<int:pk>/keluarkan/", agreement_addenda.addendum_drop, name="addendum_drop"),
    path(f"{ADDENDUM}tetapkan/", agreement_addenda.addendum_issue, name="addendum_issue"),
    path(f"{ADDENDUM}buang/", agreement_addenda.addendum_discard, name="addendum_discard"),
    path(f"{ONE}<str:code>/", agreement_copies.agreement_regency, name="agreement_regency"),
]
