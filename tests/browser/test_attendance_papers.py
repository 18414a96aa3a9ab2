"""Printing for the door in a browser: sheets, cards and certificates are one click away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.documents.models import Document
from rakor.models import Attendance
from tests.factories import at
from tests.factories_attendance import make_list, make_registrations

ROOT = "/rakor/rakor-atambua/"


@pytest.fixture
def guests(published_meeting: Any, live_server: Any) -> Any:
    """30 people, three half-days, 28 of them there on the first morning; the edition is over."""
    people = make_registrations(published_meeting, 30)
    morning = make_list(published_meeting)
    make_list(published_meeting, "siang")
    Attendance.objects.bulk_create(
        Attendance(attendance_list=morning, registration=row, state="hadir", came_at=at(8, 30)) for row in people[:28]
    )
    type(published_meeting).objects.filter(pk=published_meeting.pk).update(status="selesai")
    return published_meeting


def test_sheets_cards_and_certificates(guests: Any, cast: Any, any_page: Page, be: Callable, look: Callable) -> None:
    page = any_page
    be(page, cast.panitia)
    page.goto(f"{ROOT}hadir/cetak/")
    look(page, "pilihan")
    page.get_by_role("button", name="Untuk ditandatangani").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Daftar Hadir")
    page.goto(f"{ROOT}hadir/cetak/")
    page.get_by_label("Golongan").select_option("utusan")
    page.get_by_role("button", name="Cetak kartu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kartu Peserta")
    page.goto(f"{ROOT}hadir/cetak/")
    page.get_by_text("Hari pertama,").first.click()
    look(page, "sesi")
    page.get_by_role("link", name="Per orang").click()
    look(page, "sertifikat")
    page.get_by_label("Cari").fill("Peserta 007")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_text("1 orang")).to_be_visible()
    page.get_by_role("button", name="Peserta 007").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sertifikat Peserta 007")
    assert sorted(Document.objects.values_list("kind", flat=True)) == ["daftar_hadir", "kartu_peserta", "sertifikat"]
