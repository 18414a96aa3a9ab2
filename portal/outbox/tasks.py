"""The worker's part: claim the row, hand the letter over, store the answer. Safe to be killed at any line.

The claim is an advisory lock together with the status "mengirim", stored before the mail server hears a word. A worker
that dies in between frees the lock and leaves the status: nobody knows then whether the letter left, so a person says.
What the server has surely not taken is tried again by itself.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.documents.claims import claimed
from portal.documents.workflow import FAILED as PAPER_FAILED
from portal.documents.workflow import READY as PAPER_READY
from portal.journal.actions import make_move
from portal.kernel.errors import Blocked
from portal.outbox import mail
from portal.outbox.models import Attempt, Message
from portal.outbox.workflow import MESSAGE, OUTBOX_LOCK, RELEASED, SENDING

PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""So long until the next try; after the last the message has failed."""

log = logging.getLogger(__name__)


@shared_task(name="portal.outbox.tasks.send_message")
def send_message(pk: int) -> str:
    """What became of the hint: "busy", "gone", "done", "waiting", "lost", "sent", "later" or "failed"."""
    with override("id"), claimed(pk, OUTBOX_LOCK) as mine:
        if not mine:
            return "busy"
        message = Message.objects.filter(pk=pk).first()
        if message is None:
            return "gone"
        if message.status == SENDING:
            return _lose(message)
        if message.status != RELEASED or (message.next_at and message.next_at > timezone.now()):
            return "done"
        if not message.by_email:
            return _publish(message)
        return _deliver(message)


def _publish(message: Message) -> str:
    """Without e-mail the portal is where it is read, and it stands there since it was released."""
    make_move(MESSAGE, "publish", message, by=None, sent_at=timezone.now())
    return "sent"


def _deliver(message: Message) -> str:
    states = set(message.attachments.filter(document__isnull=False).values_list("document__status", flat=True))
    if PAPER_FAILED in states:
        return _fail(message, _("Lampirannya gagal disusun. Susun ulang dokumennya, lalu kirim ulang."))
    if states - {PAPER_READY}:
        return "waiting"
    try:
        mail.enclosed(message)
    except Blocked as error:
        return _fail(message, str(error))
    connection = mail.open_mailbox()
    if connection is None:
        return _unreachable(message)
    try:
        attempt = _claim(message)
        return _send(message, attempt, connection) if attempt else "done"
    finally:
        connection.close()


@transaction.atomic
def _claim(message: Message) -> Attempt | None:
    """The attempt that begins now, with the message as it reads now; None when it was taken back meanwhile."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.status != RELEASED:
        return None
    make_move(MESSAGE, "start", row, by=None, claimed_at=timezone.now(), attempts=row.attempts + 1)
    message.refresh_from_db()
    return Attempt.objects.create(message=message, channel=Attempt.Channel.EMAIL, address=message.email)


def _send(message: Message, attempt: Attempt, connection: Any) -> str:
    try:
        answer = mail.hand_over(message, connection)
    except SoftTimeLimitExceeded:
        answer = mail.Answer(mail.UNKNOWN, _("Pengiriman melewati batas waktu."))
    with transaction.atomic():
        return _store(message, attempt, answer)


def _store(message: Message, attempt: Attempt, answer: mail.Answer) -> str:
    now = timezone.now()
    if answer.what == mail.TAKEN:
        _end(attempt, Attempt.Outcome.SENT)
        make_move(MESSAGE, "finish", message, by=None, sent_at=now, emailed_at=now, next_at=None)
        return "sent"
    if answer.what == mail.UNKNOWN:
        _end(attempt, Attempt.Outcome.UNCERTAIN, answer.sentence)
        make_move(MESSAGE, "lose", message, by=None, note=answer.sentence)
        return "lost"
    _end(attempt, Attempt.Outcome.FAILED, answer.sentence)
    if answer.what == mail.LATER and message.attempts <= len(PAUSES):
        make_move(
            MESSAGE, "postpone", message, by=None, note=answer.sentence, next_at=now + PAUSES[message.attempts - 1]
        )
        return "later"
    return _fail(message, answer.sentence)


def _lose(message: Message) -> str:
    """The worker that claimed it is gone: whether the server took the letter is not known."""
    sentence = _("Pengiriman terputus di tengah jalan, jadi tidak pasti apakah pesan sudah sampai.")
    with transaction.atomic():
        for attempt in message.tries.filter(outcome=Attempt.Outcome.RUNNING):
            _end(attempt, Attempt.Outcome.UNCERTAIN, sentence)
        make_move(MESSAGE, "lose", message, by=None, note=sentence)
    return "lost"


@transaction.atomic
def _unreachable(message: Message) -> str:
    """The server does not answer, so surely nothing left: try again later, at last give up."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.status != RELEASED:
        return "done"
    sentence = _("Server surel tidak dapat dihubungi.")
    now = timezone.now()
    Attempt.objects.create(
        message=row, channel=Attempt.Channel.EMAIL, address=row.email, outcome=Attempt.Outcome.FAILED, ended_at=now,
        answer=sentence,
    )  # fmt: skip
    row.attempts += 1
    if row.attempts > len(PAUSES):
        row.save(update_fields=["attempts"])
        return _fail(row, sentence)
    row.next_at = now + PAUSES[row.attempts - 1]
    row.save(update_fields=["attempts", "next_at"])
    return "later"


def _fail(message: Message, sentence: str) -> str:
    make_move(MESSAGE, "fail", message, by=None, error=sentence, next_at=None)
    return "failed"


def _end(attempt: Attempt, outcome: str, answer: str = "") -> None:
    attempt.outcome, attempt.answer, attempt.ended_at = outcome, answer[:500], timezone.now()
    attempt.save(update_fields=["outcome", "answer", "ended_at"])
