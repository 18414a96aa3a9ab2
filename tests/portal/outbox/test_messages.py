"""What is put in, looked at, let go, replaced while it has not left."""

from __future__ import annotations

import pytest

from portal.kernel.errors import Blocked, Denied
from portal.outbox import actions
from portal.outbox.facts import Enclosure, Part, Recipient, person_key
from portal.outbox.models import Message
from portal.outbox.tasks import send_message

pytestmark = pytest.mark.django_db


def belu(**changes: object) -> Recipient:
    return Recipient(**({"key": "belu", "name": "Kepala Dinas Belu", "email": "belu@example.go.id"} | changes))


def part(key: str = "surat", text: str = "Anda diundang.", url: str = "/rakor/") -> Part:
    return Part(key, f"Hal {key}", text, url)


def test_one_message_says_all_and_a_part_is_replaced(published_meeting, cast):
    first = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    actions.put(published_meeting, recipient=belu(), part=part("jadwal", "Pukul 09.00"), by=cast.panitia)
    second = actions.put(published_meeting, recipient=belu(), part=part("jadwal", "Pukul 10.00"), by=cast.panitia)
    assert first.pk == second.pk and Message.objects.count() == 1
    assert [row["text"] for row in second.parts] == ["Anda diundang.", "Pukul 10.00"]
    assert second.subject == "Hal surat (dan 1 hal lain)"
    assert "http://" in second.text and "1. Hal surat" in second.text


def test_the_same_again_changes_nothing(published_meeting, cast):
    file = Enclosure("agenda.ics", content=b"BEGIN:VCALENDAR", mime="text/calendar")
    message = actions.put(published_meeting, recipient=belu(), part=part(), attachments=[file], by=cast.panitia)
    actions.release([message], by=cast.panitia)
    again = actions.put(published_meeting, recipient=belu(), part=part(), attachments=[file], by=cast.panitia)
    assert (again.pk, again.status, again.version) == (message.pk, "dilepas", message.version)


def test_what_changed_after_its_release_is_looked_at_again(published_meeting, cast):
    message = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    actions.release([message], by=cast.panitia)
    actions.put(published_meeting, recipient=belu(), part=part("jadwal"), by=None)
    message.refresh_from_db()
    assert message.status == "menunggu"
    assert send_message(message.pk) == "done"


def test_nothing_leaves_that_reads_otherwise_than_when_it_was_looked_at(published_meeting, cast):
    seen = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    seen = Message.objects.get(pk=seen.pk)
    actions.put(published_meeting, recipient=belu(), part=part(text="Lain"), by=cast.panitia)
    with pytest.raises(Blocked, match="berubah sesudah Anda lihat"):
        actions.release([seen], by=cast.panitia)


def test_only_keepers_let_messages_go(published_meeting, cast):
    message = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    with pytest.raises(Denied):
        actions.release([message], by=cast.operator_belu)


def test_dropping_the_last_part_cancels(published_meeting, cast):
    message = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    actions.put(published_meeting, recipient=belu(), part=part("pengingat"), by=cast.panitia)
    actions.drop(published_meeting, "belu", "pengingat", by=cast.panitia)
    message.refresh_from_db()
    assert [row["key"] for row in message.parts] == ["surat"]
    actions.drop(published_meeting, "belu", "surat", by=cast.panitia)
    message.refresh_from_db()
    assert message.status == "batal"
    fresh = actions.put(published_meeting, recipient=belu(), part=part(), by=cast.panitia)
    assert fresh.pk != message.pk


def test_without_a_mail_server_it_stands_in_the_portal_only(published_meeting, cast, settings, mailoutbox):
    settings.EMAIL_HOST = ""
    own = belu(audience=(person_key(cast.kadis_belu.pk),))
    message = actions.put(published_meeting, recipient=own, part=part(), by=cast.panitia)
    assert not Message.objects.received_by(cast.kadis_belu).exists()
    actions.release([message], by=cast.panitia)
    assert Message.objects.visible_to(cast.kadis_belu).get() == message
    assert not Message.objects.visible_to(cast.operator_ende).exists()
    assert send_message(message.pk) == "sent"
    message.refresh_from_db()
    assert message.status == "terkirim" and message.emailed_at is None and not mailoutbox
    actions.mark_copied(message, by=cast.panitia)
    assert message.tries.get().outcome == "disalin"
