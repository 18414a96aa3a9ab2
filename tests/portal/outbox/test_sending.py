"""What the mail server says decides what becomes of a message; parallel workers claim it once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from portal.outbox import actions
from portal.outbox.facts import Enclosure, Part, Recipient
from portal.outbox.models import Message
from portal.outbox.queries import forgotten
from portal.outbox.tasks import send_message
from tests.portal.outbox.mail_server import MailServer, mail_server

BELU = Recipient("belu", "Kepala Dinas Belu", "belu@example.go.id")
ICS = Enclosure("agenda.ics", content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", mime="text/calendar")


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield running


@pytest.fixture
def message(published_meeting, cast) -> Message:
    made = actions.put(
        published_meeting, recipient=BELU, part=Part("surat", "Undangan", "Hadir ya", "/rakor/"), attachments=[ICS],
        by=cast.panitia,
    )  # fmt: skip
    actions.release([made], by=cast.panitia)
    return made


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


@pytest.mark.django_db
def test_taken(server, message):
    assert send_message(message.pk) == "sent" and send_message(message.pk) == "done"
    [letter] = server.taken
    assert letter["To"] == "belu@example.go.id" and "Undangan" in letter["Subject"]
    text, calendar = letter.get_payload()
    assert "Hadir ya" in text.get_payload(decode=True).decode() and calendar.get_filename() == "agenda.ics"
    row = fresh(message)
    assert (row.status, row.tries.get().outcome) == ("terkirim", "terkirim") and row.emailed_at


@pytest.mark.django_db
def test_refused_for_good_and_taken_up_with_the_next_part(server, message, published_meeting, cast):
    server.mood = "refuse"
    assert send_message(message.pk) == "failed"
    assert "550" in fresh(message).error
    actions.put(published_meeting, recipient=BELU, part=Part("jadwal", "Jadwal", "Berubah"), by=cast.panitia)
    row = fresh(message)
    assert (row.status, row.error, len(row.parts)) == ("menunggu", "", 2)


@pytest.mark.django_db
def test_not_now_is_tried_again_by_itself(server, message):
    server.mood = "later"
    assert send_message(message.pk) == "later"
    row = fresh(message)
    assert row.status == "dilepas" and row.next_at > timezone.now() and send_message(message.pk) == "done"
    server.mood = "kind"
    Message.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1), hinted_at=row.made_at - dt.timedelta(1))
    assert forgotten().get() == message and send_message(message.pk) == "sent"


@pytest.mark.django_db
def test_a_line_cut_after_the_letter_waits_for_a_person(server, message, cast):
    server.mood = "hang up"
    assert send_message(message.pk) == "lost" and send_message(message.pk) == "done"
    assert fresh(message).status == "tak_pasti" and len(server.taken) == 1 and not forgotten().exists()
    actions.settle(fresh(message), True, by=cast.panitia)
    assert fresh(message).status == "terkirim"


@pytest.mark.django_db
def test_said_not_to_have_arrived_and_sent_again(server, message, cast):
    server.mood = "hang up"
    send_message(message.pk)
    actions.settle(fresh(message), False, by=cast.panitia, note="Belum ada di kotak masuk")
    assert fresh(message).error == "Belum ada di kotak masuk"
    server.mood = "kind"
    actions.resend(fresh(message), by=cast.panitia)
    assert send_message(message.pk) == "sent" and len(server.taken) == 2


@pytest.mark.django_db
def test_an_uncertain_message_joins_a_newer_one_when_it_is_sent_again(server, message, published_meeting, cast):
    server.mood = "hang up"
    send_message(message.pk)
    newer = actions.put(published_meeting, recipient=BELU, part=Part("jadwal", "Jadwal", "Berubah"), by=cast.panitia)
    joined = actions.resend(fresh(message), by=cast.panitia)
    assert joined.pk == newer.pk and [row["key"] for row in fresh(newer).parts] == ["surat", "jadwal"]
    assert fresh(message).status == "batal" and newer.attachments.count() == 1


@pytest.mark.django_db
def test_a_server_that_is_away_gives_up_after_five_tries(server, message, settings):
    settings.EMAIL_PORT = 1
    for outcome in ("later", "later", "later", "later", "failed"):
        assert send_message(message.pk) == outcome
        Message.objects.update(next_at=None)
    row = fresh(message)
    assert row.status == "gagal" and row.tries.count() == 5 and not server.taken


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["belu", "belu@", "a b@c", "bélu@example.go.id", "x@y\nBcc: z@y"])
def test_an_address_that_no_letter_can_bear_fails_surely(server, message, address):
    Message.objects.update(email=address)
    server.mood = "refuse"
    assert send_message(message.pk) == "failed" and fresh(message).status == "gagal" and not server.taken


@pytest.mark.django_db(transaction=True)
def test_what_is_put_at_the_same_moment_is_one_message(published_meeting, cast):
    def work(number: int) -> int:
        try:
            part = Part(f"hal{number}", f"Hal {number}", "Isi")
            return actions.put(published_meeting, recipient=BELU, part=part, by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert len(set(workers.map(work, range(4)))) == 1
    assert {part["key"] for part in Message.objects.get().parts} == {"hal0", "hal1", "hal2", "hal3"}


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_claim_a_message_once(server, message):
    def work(_number: int) -> str:
        try:
            return send_message(message.pk)
        finally:
            connection.close()

    server.pause = 0.2
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(work, range(4)))
    assert answers.count("sent") == 1 and set(answers) <= {"sent", "busy", "done"}
    assert len(server.taken) == 1 and fresh(message).tries.count() == 1
