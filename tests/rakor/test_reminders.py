"""Reminders: only to the silent, planned ahead, sent once though the clock runs every hour."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone

from portal.kernel.errors import Blocked, Denied, StaleVersion
from portal.outbox import actions as outbox
from portal.outbox.models import Message
from portal.outbox.tasks import send_message
from rakor import clock
from rakor.actions.invitations import accept
from rakor.actions.notices import letter_sent
from rakor.actions.reminders import cancel_reminder, change_reminder, plan_reminder, remind_now
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


def test_now_leaves_what_is_planned_for_today_as_it_is(invited, meeting, cast, morning):
    """Whoever planned it chose its words; another hand may not replace them unseen."""
    planned = plan_reminder(meeting, timezone.localdate(), "Yang direncanakan", by=cast.kabid)
    with pytest.raises(Blocked, match="Untuk hari ini sudah dijadwalkan pengingat"):
        remind_now(meeting, "Yang lain", by=cast.panitia)
    planned.refresh_from_db()
    assert (planned.text, planned.by, planned.done_at) == ("Yang direncanakan", cast.kabid, None)
    assert clock.send_reminders() == 3 and Message.objects.filter(parts__icontains="Yang direncanakan").count() == 3


def test_planned_ones_are_changed_and_cancelled_as_they_were_seen(invited, meeting, cast, morning):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    seen = plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.panitia)
    other = plan_reminder(meeting, tomorrow, "Besok", by=cast.panitia)
    with pytest.raises(Denied):
        change_reminder(seen, tomorrow, "Ayo", by=cast.operator_belu, base_version=seen.version)
    with pytest.raises(Blocked, match="Sudah ada pengingat"):
        change_reminder(seen, tomorrow, "Ayo", by=cast.panitia, base_version=seen.version)
    with pytest.raises(Blocked, match="Pilih hari"):
        change_reminder(seen, meeting.ends_on, "Ayo", by=cast.panitia, base_version=seen.version)
    later = tomorrow + dt.timedelta(days=1)
    changed = change_reminder(seen, later, "Ayo segera", by=cast.kabid, base_version=seen.version)
    assert (changed.on, changed.text, changed.by, changed.version) == (later, "Ayo segera", cast.kabid, 2)
    again = change_reminder(changed, later, "Ayo segera", by=cast.kabid, base_version=2)
    assert again.version == 2
    with pytest.raises(StaleVersion):
        change_reminder(seen, later, "Lain", by=cast.panitia, base_version=1)
    with pytest.raises(StaleVersion):
        cancel_reminder(seen, by=cast.panitia, base_version=1)
    cancel_reminder(changed, by=cast.panitia, base_version=2)
    change_reminder(other, timezone.localdate(), "Kini", by=cast.panitia, base_version=1)
    assert clock.send_reminders() == 3
    with pytest.raises(Blocked, match="sudah dikirim"):
        change_reminder(other, later, "Lain", by=cast.panitia, base_version=2)
    with pytest.raises(Blocked, match="sudah dikirim"):
        cancel_reminder(other, by=cast.panitia, base_version=2)


def test_page_of_a_planned_one(invited, meeting, cast, client_of, assert_queries):
    row = plan_reminder(meeting, timezone.localdate(), "Ayo", by=cast.panitia)
    client = client_of(cast.kabid)
    address = f"/rakor/{meeting.slug}/pengingat/{row.pk}/"
    assert "Ayo" in client.get(address).content.decode()
    later = (timezone.localdate() + dt.timedelta(days=2)).isoformat()
    assert client.post(address, {"on": "", "text": "", "version": "1"}).status_code == 422
    answer = client.post(address, {"on": later, "text": "Lain", "version": "7"})
    assert answer.status_code == 409 and "Orang lain sudah menyimpan perubahan" in answer.content.decode()
    assert client.post(address, {"on": later, "text": "Lain", "version": "1"}).status_code == 302
    assert client.post(address, {"on": later, "text": "x", "version": "%00"}).status_code == 422
    assert client.post(f"{address}batal/", {"version": "1"}).status_code == 409 and Reminder.objects.exists()
    Reminder.objects.update(done_at=timezone.now(), recipients=3)
    assert client.get(address).status_code == 302
    assert client.post(address, {"on": later, "text": "Lain lagi", "version": "2"}).status_code == 302
    assert Reminder.objects.get().text == "Lain"


def test_list_searches_filters_and_leaves_as_excel(invited, meeting, cast, client_of):
    for number, word in enumerate(("Pertama", "Kedua", "Ketiga")):
        plan_reminder(meeting, timezone.localdate() + dt.timedelta(days=number), f"{word} =1+1", by=cast.panitia)
    Reminder.objects.filter(text__startswith="Pertama").update(done_at=timezone.now(), recipients=3)
    client, address = client_of(cast.panitia), f"/rakor/{meeting.slug}/pengingat/"
    page = client.get(f"{address}?q=kedua").content.decode()
    assert "Kedua =1" in page and "Ketiga =1" not in page
    page = client.get(f"{address}?keadaan=terkirim").content.decode()
    assert "Pertama =1" in page and "Kedua =1" not in page
    assert "Tidak ada yang cocok" in client.get(f"{address}?q=tidakada").content.decode()
    assert client.get(f"{address}?q=%00&keadaan=x&sort=zz&page=9999").status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?format=xlsx&sort=lama").content)).active
    assert [row[1].value for row in book.iter_rows(min_row=2)] == ["Pertama =1+1", "Kedua =1+1", "Ketiga =1+1"]


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
    cancel_reminder(first, by=cast.panitia, base_version=first.version)
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
    assert client.post(f"{address}{row.pk}/batal/", {"version": "1"}).status_code == 302
    assert not Reminder.objects.exists()
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
