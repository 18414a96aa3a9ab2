"""What recipients are told: the letter, its withdrawal, and what is new in the programme – one message each."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.outbox import actions as outbox
from portal.outbox.models import Message
from rakor.actions.invitations import accept
from rakor.actions.notices import (
    follow_addresses,
    invitation_withdrawn,
    letter_sent,
    programme_changed,
    watch_programme,
)
from rakor.actions.sessions import move_session
from rakor.clock import watch_programmes
from rakor.models import Invitation, Session, ToldProgramme
from regencies.models import Position
from tests import factories_guests as guests
from tests.factories import at, lead_agency, make_position, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def belu(published_meeting, cast):
    """The invited office of Belu, told of its letter by a message that waits."""
    return guests.make_told_office(published_meeting, by=cast.panitia)


def news() -> Message:
    return Message.objects.get(status="menunggu")


def shift(session: Session, hours: int) -> None:
    session.starts_at += dt.timedelta(hours=hours)
    session.ends_at += dt.timedelta(hours=hours)
    session.version += 1
    session.save()


def test_the_letter_reaches_its_office_with_calendar(belu, cast):
    message = Message.objects.get()
    assert message.status == "menunggu" and message.email == "belu@example.go.id"
    assert belu.get_absolute_url() in message.text and "Mohon jawaban paling lambat" in message.text
    assert set(message.people()) == {cast.operator_belu, cast.kadis_belu, cast.kabid_belu}
    [file] = message.attachments.all()
    events = icalendar.Calendar.from_ical(bytes(file.content)).walk("VEVENT")
    assert len(events) == belu.meeting.sessions.count()
    assert not Message.objects.received_by(cast.operator_belu).exists()
    guests.let_messages_go(cast.panitia)
    assert Message.objects.received_by(cast.operator_belu).get() == message
    assert not Message.objects.received_by(cast.operator_ende).exists()


def test_who_reads_for_an_office_is_asked_when_it_is_read(belu, cast):
    """The head of tomorrow finds what his office was told today; who left it does not."""
    guests.let_messages_go(cast.panitia)
    message = Message.objects.get()
    Position.objects.filter(person=cast.kadis_belu).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    new = make_user("kadis_baru")
    make_position(new, "kadis_kab", lead_agency("53.04"), starts_on=timezone.localdate())
    assert Message.objects.received_by(User.objects.get(pk=new.pk)).get() == message
    assert not Message.objects.received_by(User.objects.get(pk=cast.kadis_belu.pk)).exists()
    assert {person.pk for person in message.people()} == {new.pk, cast.operator_belu.pk, cast.kabid_belu.pk}


def test_a_corrected_address_is_followed(belu, cast, published_meeting):
    """While it waits, and after a server refused the old one: then somebody looks at it again."""
    Invitation.objects.update(email="baru@example.go.id")
    assert follow_addresses(published_meeting) == 1 and follow_addresses(published_meeting) == 0
    message = Message.objects.get()
    assert (message.status, message.email) == ("menunggu", "baru@example.go.id")
    outbox.release([message], by=cast.panitia)
    Message.objects.update(status="gagal", error="550 tidak dikenal")
    assert follow_addresses(published_meeting) == 0
    Invitation.objects.update(email="benar@example.go.id")
    assert follow_addresses(published_meeting) == 1
    message.refresh_from_db()
    assert (message.status, message.email, message.error) == ("menunggu", "benar@example.go.id", "")
    guests.let_messages_go(cast.panitia)
    Invitation.objects.update(email="lain@example.go.id")
    assert follow_addresses(published_meeting) == 0


def test_a_time_change_reaches_the_calendar(belu, cast, published_meeting):
    guests.let_messages_go(cast.panitia)
    first = published_meeting.sessions.order_by("starts_at").first()
    move_session(first, by=cast.panitia, to=1)
    assert programme_changed(published_meeting, by=cast.panitia) == 1
    message = news()
    [part] = message.parts
    assert part["key"] == "jadwal" and "menjadi pukul" in part["text"] and first.title in part["text"]
    [file] = message.attachments.all()
    moved = Session.objects.get(pk=first.pk)
    event = next(
        event for event in icalendar.Calendar.from_ical(bytes(file.content)).walk("VEVENT")
        if event["UID"].startswith(f"sesi-{first.pk}@")
    )  # fmt: skip
    assert event["SEQUENCE"] > first.version + published_meeting.version - 1 and event["DTSTART"].dt == moved.starts_at


def test_changed_again_it_is_replaced_and_changed_back_it_is_taken_back(belu, cast, published_meeting):
    guests.let_messages_go(cast.panitia)
    session = published_meeting.sessions.order_by("starts_at").last()
    shift(session, 1)
    programme_changed(published_meeting, by=cast.panitia)
    before = news()
    shift(session, 1)
    programme_changed(published_meeting, by=cast.panitia)
    assert news().pk == before.pk and news().text != before.text
    shift(session, -2)
    assert programme_changed(published_meeting, by=cast.panitia) == 1
    assert Message.objects.get(pk=before.pk).status == "batal"


def test_what_was_told_is_not_told_again(belu, cast, published_meeting):
    guests.let_messages_go(cast.panitia)
    shift(published_meeting.sessions.order_by("starts_at").last(), 1)
    programme_changed(published_meeting, by=cast.panitia)
    guests.let_messages_go(cast.panitia)
    assert programme_changed(published_meeting, by=cast.panitia) == 0
    make_session(published_meeting, "Acara tambahan", starts_at=at(20), ends_at=at(21))
    programme_changed(published_meeting, by=cast.panitia)
    text = news().parts[0]["text"]
    assert "Baru: “Acara tambahan”" in text and "menjadi" not in text


def test_before_it_left_the_letter_and_the_news_are_one_message(belu, cast, published_meeting):
    shift(published_meeting.sessions.order_by("starts_at").last(), 1)
    programme_changed(published_meeting, by=cast.panitia)
    assert [part["key"] for part in news().parts] == ["surat", "jadwal"]


def test_the_desk_of_another_regency_is_no_news(belu, cast, published_meeting):
    from tests.factories import regency

    ende = guests.make_invitation(published_meeting, "53.08", by=cast.panitia)
    letter_sent(ende.copies.all(), by=cast.panitia)
    guests.let_messages_go(cast.panitia)
    make_session(
        published_meeting, "Desk Ende", starts_at=at(20), ends_at=at(21), kind="desk", regency=regency("53.08")
    )
    programme_changed(published_meeting, by=cast.panitia)
    assert news().recipient_key == f"undangan-{ende.pk}"


def test_a_programme_published_after_the_letters_is_one_line(cast, draft_meeting):
    invitation = guests.make_invitation(draft_meeting, by=cast.panitia)
    letter_sent(invitation.copies.all(), by=cast.panitia)
    assert b"SUMMARY:" + draft_meeting.title[:20].encode() in bytes(Message.objects.get().attachments.get().content)
    guests.let_messages_go(cast.panitia)
    draft_meeting.status, draft_meeting.published = "terjadwal", True
    draft_meeting.save()
    programme_changed(draft_meeting, by=cast.panitia)
    assert "Susunan acara sudah ditetapkan: 3 mata acara." in news().text and "Baru:" not in news().text


def test_the_clock_waits_until_the_programme_stands_still(belu, cast, published_meeting):
    guests.let_messages_go(cast.panitia)
    assert watch_programmes() == 0
    session = published_meeting.sessions.order_by("starts_at").last()
    shift(session, 1)
    assert watch_programmes() == 0
    shift(session, 1)
    assert watch_programmes() == 0
    assert watch_programmes() == 1 and watch_programmes() == 0
    row = ToldProgramme.objects.select_related("meeting").get()
    assert watch_programme(row) == 0


def test_a_cancelled_edition_is_told(belu, cast, published_meeting):
    guests.let_messages_go(cast.panitia)
    published_meeting.status, published_meeting.cancelled_reason = "dibatalkan", "Wabah"
    published_meeting.save()
    watch_programmes()
    watch_programmes()
    assert "dibatalkan. Alasan: Wabah." in news().text
    [file] = news().attachments.all()
    assert b"STATUS:CANCELLED" in bytes(file.content)


def test_a_withdrawal_is_told_only_to_those_who_had_the_letter(belu, cast):
    belu.withdrawn_reason = "Salah alamat"
    assert invitation_withdrawn(belu, by=cast.panitia) is None
    assert Message.objects.get().status == "batal"
    letter_sent(belu.copies.all(), by=cast.panitia)
    guests.let_messages_go(cast.panitia)
    message = invitation_withdrawn(belu, by=cast.panitia)
    assert "ditarik. Alasan: Salah alamat." in message.text


def test_letters_to_many_take_the_same_few_statements_each(published_meeting, cast, django_assert_max_num_queries):
    letter = guests.make_letter(published_meeting, by=cast.panitia)
    rows = [
        guests.make_invitation(published_meeting, code, by=cast.panitia, letter=letter)
        for code in ("53.01", "53.02", "53.03", "53.04", "53.05", "53.06")
    ]  # fmt: skip
    copies = [row.copies.select_related("invitation__meeting", "letter__meeting", "number").get() for row in rows]
    with django_assert_max_num_queries(30 + 12 * len(rows)):
        letter_sent(copies, by=cast.panitia)


def test_an_answer_takes_the_reminder_back(belu, cast, published_meeting):
    from rakor.facts.notices import REMINDER, reminder_part
    from rakor.queries.notices import recipients_of

    guests.let_messages_go(cast.panitia)
    outbox.put(
        published_meeting, recipient=recipients_of([belu])[belu.pk], part=reminder_part(published_meeting, "Ayo", "/"),
        by=cast.panitia,
    )  # fmt: skip
    assert news().parts[0]["key"] == REMINDER
    accept(belu, by=cast.kadis_belu, base_version=belu.version)
    assert not Message.objects.filter(status="menunggu").exists()
