"""What delegates are told themselves: once per person, whatever his account and addresses; nothing of others."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest

from portal.outbox import actions as outbox
from portal.outbox.models import Message
from rakor.actions.delegate_notices import tell_delegates
from rakor.actions.invitations import accept
from rakor.actions.notices import programme_changed
from rakor.actions.registrations import cancel_registration, change_registration, replace_registration
from rakor.clock import watch_programmes
from tests import factories_guests as guests
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def belu(published_meeting, cast, settings):
    """The office of Belu: its letter was sent and read, it comes, nobody is named yet."""
    settings.EMAIL_HOST = "mail.example"
    invitation = guests.make_told_office(published_meeting, by=cast.panitia, quota=9)
    accept(invitation, by=cast.kadis_belu, base_version=invitation.version)
    guests.let_messages_go(cast.panitia)
    return invitation


def waiting() -> dict[str, Message]:
    return {message.name: message for message in Message.objects.filter(status="menunggu")}


def events(message: Message) -> list:
    [file] = message.attachments.all()
    return icalendar.Calendar.from_ical(bytes(file.content)).walk("VEVENT")


def test_who_is_named_gets_his_place_and_calendar_once(belu, cast, mailoutbox, published_meeting):
    place = guests.delegate(belu, "Maria Contoh", by=cast.operator_belu, email="maria@example.org")
    assert tell_delegates(published_meeting) == 1 and tell_delegates(published_meeting) == 0
    message = waiting()["Maria Contoh"]
    assert message.email == "maria@example.org" and place.token in message.text
    assert len(events(message)) == published_meeting.sessions.count()
    guests.let_messages_go(cast.panitia)
    assert tell_delegates(published_meeting) == 0 and watch_programmes() == 0
    [letter] = [mail for mail in mailoutbox if mail.to == ["maria@example.org"]]
    assert "Anda didaftarkan sebagai utusan" in letter.body and letter.attachments[0][0].endswith(".ics")


def test_nobody_is_told_twice(belu, cast, published_meeting):
    """Who reads his office's message is not told again there; who has the office's address not by e-mail."""
    outsider = make_user("perajin", email="perajin@example.org")
    guests.delegate(belu, "Kepala", by=cast.operator_belu, user=cast.kadis_belu)
    guests.delegate(belu, "Sekantor", by=cast.operator_belu, email="BELU@example.go.id")
    guests.delegate(belu, "Tanpa Alamat", by=cast.operator_belu, phone="0812-3456-7890")
    guests.delegate(belu, "Perajin", by=cast.operator_belu, user=outsider)
    tell_delegates(published_meeting)
    assert set(waiting()) == {"Kepala", "Perajin"}
    assert waiting()["Kepala"].email == cast.kadis_belu.email and not waiting()["Kepala"].people()
    guests.let_messages_go(cast.panitia)
    assert Message.objects.received_by(cast.kadis_belu).count() == 1  # his office's
    assert Message.objects.received_by(outsider).count() == 1
    assert not Message.objects.received_by(cast.operator_ende).exists()


def test_without_a_mail_server_only_accounts_are_told(belu, cast, settings, published_meeting):
    settings.EMAIL_HOST = ""
    guests.delegate(belu, "Maria", by=cast.operator_belu, email="maria@example.org")
    guests.delegate(belu, "Perajin", by=cast.operator_belu, user=make_user("perajin"))
    tell_delegates(published_meeting)
    assert set(waiting()) == {"Perajin"}


def test_before_the_letter_nobody_is_told(cast, published_meeting, settings):
    settings.EMAIL_HOST = "mail.example"
    invitation = guests.make_invitation(published_meeting)
    invitation.answer, invitation.answered_at = "hadir", dt.datetime.now(dt.UTC)
    invitation.save()
    guests.delegate(invitation, "Maria", by=cast.panitia, email="maria@example.org")
    assert tell_delegates(published_meeting) == 0


def test_a_corrected_address_is_the_one_that_is_used(belu, cast, published_meeting):
    place = guests.delegate(belu, "Maria", by=cast.operator_belu, email="mria@example.org")
    tell_delegates(published_meeting)
    change_registration(place, {"email": "maria@example.org"}, by=cast.operator_belu, base_version=place.version)
    assert tell_delegates(published_meeting) == 1 and waiting()["Maria"].email == "maria@example.org"
    message = waiting()["Maria"]
    outbox.release([message], by=cast.panitia)
    Message.objects.filter(pk=message.pk).update(status="gagal", error="550")
    place.refresh_from_db()
    change_registration(place, {"email": "maria.c@example.org"}, by=cast.operator_belu, base_version=place.version)
    assert tell_delegates(published_meeting) == 1 and waiting()["Maria"].email == "maria.c@example.org"


def test_replaced_and_taken_off(belu, cast, published_meeting):
    first = guests.delegate(belu, "Maria", by=cast.operator_belu, email="maria@example.org")
    second = guests.delegate(belu, "Yohanes", by=cast.operator_belu, email="yohanes@example.org")
    tell_delegates(published_meeting)
    cancel_registration(second, "Sakit", by=cast.operator_belu)  # before anybody looked at it
    assert tell_delegates(published_meeting) == 1 and set(waiting()) == {"Maria"}
    guests.let_messages_go(cast.panitia)
    values = {"name": "Petrus", "email": "petrus@example.org"}
    replace_registration(first, values, "Sakit", by=cast.operator_belu)
    assert tell_delegates(published_meeting) == 2 and tell_delegates(published_meeting) == 0
    texts = {name: message.text for name, message in waiting().items()}
    assert "tidak berlaku lagi" in texts["Maria"] and "Anda didaftarkan" in texts["Petrus"]
    assert "Sakit" not in texts["Maria"] and "Maria" not in texts["Petrus"]  # reasons and people are not for others
    guests.let_messages_go(cast.panitia)
    assert tell_delegates(published_meeting) == 0


def test_another_card_is_sent_to_him(belu, cast, published_meeting):
    place = guests.delegate(belu, "Maria", by=cast.operator_belu, email="maria@example.org")
    tell_delegates(published_meeting)
    guests.let_messages_go(cast.panitia)
    type(place).objects.filter(pk=place.pk).update(token="kartubaru2345678")
    assert tell_delegates(published_meeting) == 1 and tell_delegates(published_meeting) == 0
    assert "kartubaru2345678" in waiting()["Maria"].text
    guests.let_messages_go(cast.panitia)
    assert tell_delegates(published_meeting) == 0


def test_what_a_keeper_threw_away_does_not_come_back(belu, cast, published_meeting):
    guests.delegate(belu, "Maria", by=cast.operator_belu, email="maria@example.org")
    tell_delegates(published_meeting)
    outbox.discard(waiting()["Maria"], by=cast.panitia)
    assert tell_delegates(published_meeting) == 0 and not waiting()


def test_a_change_of_the_programme_reaches_who_knows_of_his_place(belu, cast, published_meeting):
    maria = guests.delegate(belu, "Maria", by=cast.operator_belu, email="maria@example.org")
    tell_delegates(published_meeting)
    guests.let_messages_go(cast.panitia)
    guests.delegate(belu, "Yohanes", by=cast.operator_belu, email="yohanes@example.org")  # not told of his place yet
    session = published_meeting.sessions.order_by("starts_at").last()
    session.starts_at += dt.timedelta(hours=1)
    session.ends_at += dt.timedelta(hours=1)
    session.version += 1
    session.save()
    assert programme_changed(published_meeting, by=cast.panitia) == 2
    assert set(waiting()) == {belu.addressee, "Maria"}
    assert maria.token in waiting()["Maria"].text and "/agenda/" not in waiting()["Maria"].text
    assert session.title in waiting()["Maria"].text and "perubahan" in waiting()["Maria"].subject.lower()
    moved = [event for event in events(waiting()["Maria"]) if event["UID"].startswith(f"sesi-{session.pk}@")]
    assert moved[0]["DTSTART"].dt == session.starts_at
    tell_delegates(published_meeting)
    assert set(waiting()) == {belu.addressee, "Maria", "Yohanes"}


def test_budget(belu, cast, published_meeting, django_assert_max_num_queries):
    for number in range(6):
        guests.delegate(belu, f"Utusan {number}", by=cast.operator_belu, email=f"u{number}@example.org")
    tell_delegates(published_meeting)
    with django_assert_max_num_queries(16):
        assert tell_delegates(published_meeting) == 0
