"""From the letter to the phone: messages that wait are read and let go, recipients see theirs, reminders, calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.outbox.models import Attempt, Message
from portal.outbox.tasks import send_message
from rakor.actions.notices import letter_sent
from rakor.models import Meeting, Reminder
from tests import factories_guests as guests
from tests.cast import Cast


@pytest.fixture
def invited(published_meeting: Meeting, cast: Cast) -> Meeting:
    """An edition ahead whose letters went to three regencies; the messages about them wait."""
    ahead = timezone.localdate() + dt.timedelta(days=30)
    Meeting.objects.filter(pk=published_meeting.pk).update(starts_on=ahead, ends_on=ahead + dt.timedelta(days=2))
    published_meeting.refresh_from_db()
    letter = guests.make_letter(published_meeting, by=cast.panitia)
    for code, email in (("53.04", "disperindag@belukab.example"), ("53.08", ""), ("53.05", "dinas@alor.example")):
        row = guests.make_invitation(
            published_meeting, code, by=cast.panitia, letter=letter, email=email, phone="0812-3456-7890"
        )
        letter_sent(row.copies.all(), by=cast.panitia)
    return published_meeting


def test_messages_are_read_let_go_and_received(
    any_page: Page, be: Callable, look: Callable, cast: Cast, invited: Any
) -> None:
    be(any_page, cast.panitia)
    any_page.goto("/")
    any_page.get_by_role("link", name="3 pesan menunggu dilihat").click()
    any_page.get_by_text("Baca isinya").first.click()
    look(any_page, "outbox-waiting")
    any_page.get_by_role("button", name="Lepas semua yang menunggu (3)").click()
    any_page.get_by_role("dialog").get_by_role("button", name="Lepas").click()
    expect(any_page.get_by_text("3 pesan dilepas.")).to_be_visible()
    for message in Message.objects.all():
        send_message(message.pk)
    uncertain = Message.objects.get(email="disperindag@belukab.example")
    Attempt.objects.create(
        message=uncertain, channel="surel", address=uncertain.email, outcome="tak_pasti", ended_at=timezone.now(),
        answer="Hubungan dengan server surel terputus sebelum ada jawaban.",
    )  # fmt: skip
    Message.objects.filter(pk=uncertain.pk).update(status="tak_pasti")
    any_page.goto("/pesan/")
    look(any_page, "outbox-uncertain")
    any_page.goto(f"/pesan/{uncertain.pk}/")
    look(any_page, "message-uncertain")
    any_page.get_by_role("button", name="Sudah sampai").click()
    expect(any_page.get_by_text("Keterangan Anda dicatat.")).to_be_visible()
    any_page.get_by_role("button", name="Tandai sudah disalin").click()
    expect(any_page.get_by_text("WhatsApp: Disalin")).to_be_visible()
    be(any_page, cast.kadis_belu)
    any_page.goto("/")
    look(any_page, "home-told")
    told = any_page.get_by_role("region", name="Pesan untuk Anda").get_by_role("link", name="Undangan Rakor")
    expect(told).to_have_count(1)
    told.click()
    look(any_page, "inbox-message")
    any_page.get_by_role("button", name="Sudah saya baca").click()
    look(any_page, "inbox")


@pytest.fixture
def wrong_forms(complaints: Any) -> None:
    """A form that comes back is no complaint."""
    complaints.allow("422")


@pytest.mark.usefixtures("wrong_forms")
def test_reminders(any_page: Page, be: Callable, look: Callable, cast: Cast, invited: Meeting) -> None:
    be(any_page, cast.panitia)
    any_page.goto(f"/rakor/{invited.slug}/pengingat/")
    expect(any_page.get_by_text("Belum menjawab: 3 dari 3")).to_be_visible()
    any_page.get_by_role("button", name="Jadwalkan").click()
    expect(any_page.get_by_text("Pengingat dijadwalkan.")).to_be_visible()
    first = Reminder.objects.get()
    any_page.get_by_label("Tanggal").fill(first.on.isoformat())
    any_page.get_by_label("Isi pengingat").fill("Lain")
    any_page.get_by_role("button", name="Jadwalkan").click()
    expect(any_page.get_by_text("Sudah ada pengingat untuk hari itu.").first).to_be_visible()
    look(any_page, "reminders-taken")
    any_page.get_by_role("button", name="Ingatkan sekarang").click()
    any_page.get_by_role("dialog").get_by_role("button", name="Ingatkan").click()
    expect(any_page.get_by_text("3 penerima diingatkan.")).to_be_visible()
    look(any_page, "reminders")


def test_calendar(any_page: Page, be: Callable, look: Callable, cast: Cast, invited: Meeting) -> None:
    be(any_page, cast.operator_belu)
    any_page.goto("/akun/")
    any_page.get_by_role("link", name="Langganan kalender").click()
    look(any_page, "calendar-none")
    any_page.get_by_role("button", name="Buat alamat kalender").click()
    expect(any_page.get_by_role("link", name="Tambahkan ke kalender")).to_be_visible()
    any_page.get_by_text("Cara memasang").click()
    look(any_page, "calendar")
    from tests.factories_attendance import make_registration

    any_page.goto(f"/kalender/peserta/{make_registration(invited).token}/")
    any_page.get_by_role("button", name="Buat alamat kalender").click()
    look(any_page, "calendar-pass")
