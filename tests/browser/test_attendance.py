"""The hall's screen and a participant's own phone, and the committee's list, in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from rakor.models import Attendance, AttendanceList, CheckIn
from tests import factories
from tests.browser.conftest import until
from tests.factories_attendance import make_registration, make_registrations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def today(cast: Any) -> AttendanceList:
    """A half-day of an edition that is on today, nobody late; Maria and five others are expected."""
    day = timezone.localdate()
    meeting = factories.make_meeting(status="berlangsung", starts_on=day, ends_on=day)
    factories.make_programme(meeting)
    make_registration(meeting)
    make_registrations(meeting, 5)
    return AttendanceList.objects.create(meeting=meeting, on=day, half="pagi")


@pytest.fixture
def screen(open_window: Any, be: Any, cast: Any, today: AttendanceList) -> Page:
    """The hall's screen."""
    page = open_window(width=1920, height=1080)
    be(page, cast.panitia)
    page.goto(reverse("attendance_screen", args=[today.meeting.slug, today.pk]))
    return page


def test_from_the_screen_to_the_own_phone(
    open_window: Any, screen: Page, today: AttendanceList, look: Any, complaints: Any
) -> None:
    """Somebody opens his card once, then the hall's QR; the digits check him in and the screen counts him."""
    phone = open_window(width=360, height=720)
    expect(screen.locator(".arrivals-number")).to_have_text("0")
    look(screen, "hall")
    card = reverse("attendance_pass", args=[today.meeting.registrations.get(participant__name="Maria Contoh").token])
    phone.goto(reverse("attendance_arrive"))
    look(phone, "arrive")
    phone.goto(card)
    look(phone, "card")
    phone.fill("[name=code]", "000 000")
    complaints.allow("422")
    phone.get_by_role("button", name="Catat kehadiran saya").click()
    expect(phone.get_by_text("Kode ini tidak berlaku.")).to_be_visible()
    look(phone, "card-wrong-code")
    digits = screen.locator(".arrivals-digits").inner_text()
    phone.goto(f"{reverse('attendance_arrive')}?kode={digits.replace(' ', '')}")
    phone.wait_for_url(f"**{card}**")
    phone.get_by_role("button", name="Catat kehadiran saya").click()
    expect(phone.get_by_text("Kehadiran Anda tercatat.")).to_be_visible()
    expect(screen.locator(".arrivals-number")).to_have_text("1", timeout=15_000)
    assert CheckIn.objects.get(outcome="dihitung").method == "kode"
    look(phone, "card-checked-in")


def test_a_screen_without_a_login_stands_until_it_is_taken_back(
    open_window: Any, be: Any, cast: Any, today: AttendanceList, *, look: Any, complaints: Any
) -> None:
    """The committee makes the address on its own computer; the hall's one needs nothing but that."""
    keeper, hall = open_window(width=1280, height=900), open_window(width=1920, height=1080)
    be(keeper, cast.panitia)
    keeper.goto(reverse("attendance_list", args=[today.meeting.slug, today.pk]))
    keeper.get_by_role("button", name="Buat alamat layar").click()
    address = keeper.get_by_role("link", name="Buka layar").get_attribute("href")
    look(keeper, "screen-address")
    hall.goto("/layar/" + address.split("/layar/")[1])
    expect(hall.locator(".arrivals-digits")).to_contain_text(" ")
    expect(hall.locator(".hall-back")).to_have_count(0)
    look(hall, "screen-without-login")
    hall.set_viewport_size({"width": 360, "height": 740})
    look(hall, "screen-without-login")
    complaints.allow("410")
    keeper.get_by_role("button", name="Cabut").click()
    keeper.locator("dialog[open] .btn-danger, dialog[open] .btn-primary").last.click()
    expect(keeper.get_by_role("button", name="Buat alamat layar")).to_be_visible()
    expect(hall.get_by_text("Layar ini sudah berhenti")).to_be_visible(timeout=15_000)
    expect(hall.locator(".arrivals-qr")).to_have_count(0)
    look(hall, "screen-over")


def test_the_committee_corrects_and_closes(
    open_window: Any, be: Any, cast: Any, today: AttendanceList, look: Any
) -> None:  # fmt: skip
    for width in (360, 1280):
        page = open_window(width=width, height=800)
        be(page, cast.panitia)
        page.goto(reverse("attendance", args=[today.meeting.slug]))
        look(page, "overview")
        page.goto(f"{reverse('attendance_list', args=[today.meeting.slug, today.pk])}?q=contoh")
        look(page, "list")
        page.get_by_role("link", name="Koreksi Maria Contoh").click()
        page.get_by_label("Izin", exact=True).check()
        page.get_by_label("Keterangan").fill(f"Sakit {width}")
        look(page, "correct")
        page.get_by_role("button", name="Simpan").click()
        expect(page.locator("#daftar").get_by_text(f"Sakit {width}")).to_be_visible()
    page.get_by_role("button", name="Tutup daftar").click()
    page.locator("dialog[open]").get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.get_by_text("Yang tidak tercatat dinyatakan tidak hadir.")).to_be_visible()
    until(page, lambda: Attendance.objects.filter(state="tidak_hadir").count() == 5)
    look(page, "closed")
