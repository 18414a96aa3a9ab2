"""Reminders: only to the silent, planned ahead, sent once though the clock runs every hour."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from portal.kernel.errors import Blocked, Denied
from portal.outbox import actions as outbox
from portal.outbox.models import Message
from portal.outbox.tasks import send_message
from rakor import clock
from rakor.actions.invitations import accept
from rakor.actions.notices import letter_sent
from rakor.actions.reminders import cancel_reminder, plan_reminder, remind_now
from rakor.models import Invitation, Meeting, Reminder
from tests import factories_guests as guests

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(published_meeting):
    """An edition that is still ahead."""
    ahead = timezone.localdate() + dt.timedelta(days=30)
    Meeting.objects.filter(pk=published_meeting.pk).update(starts_on=ahead, ends_on=ahead + dt.timedelta(days=2))
    published_meeting.refresh_from_db()
    return published_meeting


@pytest.fixture
def invited(meeting, cast):
    """Belu, Ende and Alor: their letters have reached them, none has answered."""
    letter = guests.make_letter(meeting, by=cast.panitia)
    rows = {
        name: guests.make_invitation(meeting, code, by=cast.panitia, letter=letter)
        for name, code in (("belu", "53.04"), ("ende", "53.08"), ("alor", "53.05"))
    }  # fmt: skip
    for row in rows.values():
        letter_sent(row.copies.all(), by=cast.panitia)
    outbox.release(list(Message.objects.all()), by=cast.panitia)
    for message in Message.objects.all():
        send_message(message.pk)
    return rows


@pytest.fixture
def morning(monkeypatch):
    """It is eight o'clock; `morning(hour)` makes it another hour."""
    real = timezone.localtime

    def tell(hour: int = 8) -> None:
        monkeypatch.setattr(clock.timezone, "localtime", lambda *_args: real().replace(hour=hour))

    tell()
    return tell


def reminded() -> set[str]:
    rows = Message.objects.filter(parts__contains=[{"key": "pengingat"}]).exclude(status="batal")
    return {row.recipient_key for row in rows}


def test_only_the_silent_and_only_once(invited, meeting, cast, morning):
    accept(invited["ende"], by=cast.kadis_ende, base_version=invited["ende"].version)
    guests.make_invitation(meeting, "53.11")  # its letter was not sent
    plan_reminder(meeting, timezone.localdate(), "Mohon segera menjawab.", by=cast.panitia)
    assert clock.send_reminders() == 2
    assert clock.send_reminders() == 0 and clock.send_reminders() == 0
    assert reminded() == {f"undangan-{invited[name].pk}" for name in ("belu", "alor")}
    row = Reminder.objects.get()
    assert row.recipients == 2 and row.done_at
    messages = Message.objects.filter(parts__contains=[{"key": "pengingat"}])
    assert {message.status for message in messages} == {"dilepas"}  # looked at when it was planned
    assert all("Mohon segera menjawab." in message.text and "/undangan/" in message.text for message in messages)


def test_not_before_its_day_and_not_at_night(invited, meeting, cast, morning):
    plan_reminder(meeting, timezone.localdate() + dt.timedelta(days=1), "Nanti", by=cast.panitia)
    assert clock.send_reminders() == 0
    plan_reminder(meeting, timezone.localdate(), "Kini", by=cast.panitia)
    morning(6)
    assert clock.send_reminders() == 0
    morning(7)
    assert clock.send_reminders() == 3


def test_with_something_nobody_has_looked_at_it_waits(invited, meeting, cast, morning):
    from portal.outbox.facts import Part
    from rakor.queries.notices import recipients_of

    belu = recipients_of([invited["belu"]])[invited["belu"].pk]
    outbox.put(meeting, recipient=belu, part=Part("jadwal", "Jadwal berubah", "…"), by=cast.panitia)
    remind_now(meeting, "Ayo", by=cast.panitia)
    row = Message.objects.get(recipient_key=belu.key, status="menunggu")
    assert [part["key"] for part in row.parts] == ["jadwal", "pengingat"]
    assert Message.objects.filter(status="dilepas").count() == 2


def test_now_and_not_twice_a_day(invited, meeting, cast, morning):
    assert remind_now(meeting, "Ayo", by=cast.panitia) == 3
    with pytest.raises(Blocked, match="Hari ini pengingat sudah dikirim"):
        remind_now(meeting, "Ayo", by=cast.panitia)
    assert clock.send_reminders() == 0 and Message.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_remind_once(meeting, cast, morning):
    letter = guests.make_letter(meeting, by=cast.panitia)
    guests.make_invitation(meeting, by=cast.panitia, letter=letter)
    plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.panitia)

    def work(_number: int) -> int:
        try:
            return clock.send_reminders()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as clocks:
        assert sorted(clocks.map(work, range(3))) == [0, 0, 1]
    assert Message.objects.get().status == "dilepas"


def test_rules_and_days(invited, meeting, cast):
    with pytest.raises(Denied):
        plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.operator_belu)
    for on in (timezone.localdate() - dt.timedelta(days=1), meeting.starts_on + dt.timedelta(days=1)):
        with pytest.raises(Blocked):
            plan_reminder(meeting, on, "Ayo", by=cast.panitia)
    first = plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.panitia)
    assert plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.panitia) == first
    with pytest.raises(Blocked, match="Sudah ada pengingat"):
        plan_reminder(meeting, timezone.localdate(), "Lain", by=cast.panitia)
    cancel_reminder(first, by=cast.panitia)
    assert not Reminder.objects.exists()


def test_page(invited, meeting, cast, client_of):
    client = client_of(cast.panitia)
    address = f"/rakor/{meeting.slug}/pengingat/"
    page = client.get(address).content.decode()
    assert "Belum menjawab: 3 dari 3" in page
    assert client.post(address, {"on": "2019-13-45", "text": "a"}).status_code == 422
    assert client.post(address, {"on": "", "text": "a"}).status_code == 422
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert client.post(address, {"on": tomorrow.isoformat(), "text": "Ayo"}).status_code == 302
    assert client.post(address, {"on": tomorrow.isoformat(), "text": "Lain"}).status_code == 422
    row = Reminder.objects.get()
    assert "Dijadwalkan" in client.get(address).content.decode()
    assert client.post(f"{address}{row.pk}/batal/").status_code == 302 and not Reminder.objects.exists()
    assert client.post(address, {"sekarang": "1", "text": "Sekarang"}).status_code == 302
    assert len(reminded()) == 3
    assert client_of(cast.operator_belu).get(address).status_code == 403


def test_page_budget(invited, meeting, cast, client_of, assert_queries):
    client = client_of(cast.panitia)
    address = f"/rakor/{meeting.slug}/pengingat/"
    plan_reminder(meeting, timezone.localdate() + dt.timedelta(days=9), "Ayo", by=cast.panitia)
    client.get(address)
    with assert_queries(10):
        client.get(address)
    letter = invited["belu"].copies.get().letter
    for code in ("53.01", "53.02", "53.03", "53.06"):
        guests.make_invitation(meeting, code, by=cast.panitia, letter=letter)
    for day in range(3):
        plan_reminder(meeting, timezone.localdate() + dt.timedelta(days=day), "Ayo", by=cast.panitia)
    with assert_queries(10):
        client.get(address)
    assert Invitation.objects.count() == 7
