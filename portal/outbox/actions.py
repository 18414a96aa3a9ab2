"""Verbs on messages: put in what somebody shall be told, look at it, let it leave, decide what is uncertain."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from kombu.exceptions import OperationalError

from portal.journal.actions import Step, make_move, make_moves, record
from portal.journal.models import object_type
from portal.kernel.errors import Blocked, ensure
from portal.outbox import rules
from portal.outbox.facts import Enclosure, Part, Recipient
from portal.outbox.models import Attachment, Attempt, Audience, Message, Reading
from portal.outbox.tasks import send_message
from portal.outbox.workflow import FAILED, MESSAGE, OPEN, RELEASED, SENT, WAITING

FILLED = gettext_noop("Mengisi pesan")

log = logging.getLogger(__name__)


@transaction.atomic
def put(
    topic: models.Model, *, recipient: Recipient, part: Part, attachments: Sequence[Enclosure] = (), by: Any,
    label: str = "",
) -> Message:  # fmt: skip
    """The message that now says this part to the recipient: the one that has not left yet, else a new one.

    `label` is what lists call the topic, else its own name. A part of the same key is replaced. What was released and
    reads otherwise now waits to be looked at again; what a server refused is taken up again with the new part. The same
    once more changes nothing.
    """
    identity = (object_type(topic), str(topic.pk), recipient.key)
    found = _unsent(identity)
    if found is not None:
        return _put_into(found, recipient, part, attachments, by=by)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                topic_type=identity[0], topic_id=identity[1], topic_label=(label or str(topic))[:250],
                recipient_key=recipient.key, name=recipient.name[:200], email=recipient.email, phone=recipient.phone,
                parts=[part.stored()],
            )  # fmt: skip
    except IntegrityError:  # somebody else put something at this moment
        return _put_into(_unsent(identity), recipient, part, attachments, by=by)
    _enclose(message, part.key, attachments)
    Audience.objects.bulk_create(Audience(message=message, key=key) for key in sorted(set(recipient.audience)))
    record(FILLED, message, by=by, note=part.title[:250])
    return message


def _put_into(
    message: Message, recipient: Recipient, part: Part, attachments: Sequence[Enclosure], *, by: Any
) -> Message:
    fresh = part.stored()
    old = next((row for row in message.parts if row["key"] == part.key), None)
    _refresh_recipient(message, recipient, by=by)
    if old == fresh and _enclosures(message, part.key) == _wanted(attachments):
        return message
    message.parts = [fresh if row["key"] == part.key else row for row in message.parts]
    if old is None:
        message.parts.append(fresh)
    message.attachments.filter(part_key=part.key).delete()
    _enclose(message, part.key, attachments)
    _changed(message, FILLED, part.title, by=by)
    return message


def _unsent(identity: tuple[str, str, str]) -> Message | None:
    """The locked message to this recipient that has not left, else the newest that a server refused."""
    rows = Message.objects.open_for(*identity).select_for_update(of=("self",))
    return rows.first() or _refused(identity)


def _refused(identity: tuple[str, str, str]) -> Message | None:
    """The newest message to this recipient that the server refused and nobody has settled."""
    topic_type, topic_id, key = identity
    rows = Message.objects.filter(topic_type=topic_type, topic_id=topic_id, recipient_key=key, status=FAILED)
    return rows.select_for_update(of=("self",)).order_by("-pk").first()


def _wanted(attachments: Iterable[Enclosure]) -> set[tuple]:
    return {(each.name, each.document_id, each.digest) for each in attachments}


def _enclosures(message: Message, part_key: str) -> set[tuple]:
    return set(message.attachments.filter(part_key=part_key).values_list("name", "document_id", "digest"))


def _enclose(message: Message, part_key: str, attachments: Iterable[Enclosure]) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            message=message, part_key=part_key, name=each.name[:150], mime=each.mime, document_id=each.document_id,
            content=each.content or None, digest=each.digest,
        )
        for each in attachments
    )  # fmt: skip


def _refresh_recipient(message: Message, recipient: Recipient, *, by: Any) -> None:
    """Address and audience as they are now. What a server refused at another address waits to be looked at again."""
    now, refused_at = _address_of(recipient), message.email
    if now != (message.name, message.email, message.phone):
        message.name, message.email, message.phone = now
        message.save(update_fields=["name", "email", "phone"])
        record(gettext_noop("Membetulkan alamat pesan"), message, by=by)
        if message.status == FAILED and refused_at != message.email:
            make_move(MESSAGE, "hold", message, by=by, error="", attempts=0, next_at=None)
    known, wanted = set(message.audience.values_list("key", flat=True)), set(recipient.audience)
    if known - wanted:
        message.audience.exclude(key__in=wanted).delete()
    Audience.objects.bulk_create(Audience(message=message, key=key) for key in sorted(wanted - known))


@transaction.atomic
def readdress(topic: models.Model, recipients: Iterable[Recipient], *, by: Any) -> int:
    """How many unsent messages of the topic now go to another address, or to others; what was refused waits again."""
    wanted = {recipient.key: recipient for recipient in recipients}
    rows = Message.objects.filter(topic_type=object_type(topic), topic_id=str(topic.pk), status__in=[*OPEN, FAILED])
    stale = [
        row.pk for row in rows.filter(recipient_key__in=wanted)
        if _address_of(wanted[row.recipient_key]) != (row.name, row.email, row.phone)
    ]  # fmt: skip
    held = list(rows.filter(pk__in=stale).select_for_update(of=("self",)).order_by("pk"))
    for message in held:
        _refresh_recipient(message, wanted[message.recipient_key], by=by)
    return len(held)


def _address_of(recipient: Recipient) -> tuple[str, str, str]:
    return recipient.name[:200], recipient.email, recipient.phone


def _changed(message: Message, verb: str, note: str, *, by: Any) -> None:
    """Store what the message says now, and have it looked at again if it had been released already."""
    message.version += 1
    message.changed_at = timezone.now()
    message.save(update_fields=["parts", "version", "changed_at"])
    message.readings.all().delete()
    record(verb, message, by=by, note=note[:250])
    if message.status in (RELEASED, FAILED):
        make_move(MESSAGE, "hold", message, by=by, error="", attempts=0, next_at=None)


@transaction.atomic
def drop(topic: models.Model, recipient_key: str, part_key: str, *, by: Any) -> Message | None:
    """The message without that part; cancelled when it has nothing else to say. None when no such part waits.

    What has left stays as it is.
    """
    message = _unsent((object_type(topic), str(topic.pk), recipient_key))
    gone = next((row for row in message.parts if row["key"] == part_key), None) if message else None
    if message is None or gone is None:
        return None
    rest = [row for row in message.parts if row["key"] != part_key]
    if not rest:
        return make_move(MESSAGE, "drop", message, by=by, note=gone["title"], error="")
    message.parts = rest
    message.attachments.filter(part_key=part_key).delete()
    was_released = message.status == RELEASED
    _changed(message, gettext_noop("Mengurangi isi pesan"), gone["title"], by=by)
    if was_released:  # what is left was looked at when it was released
        _release([message], by=by)
    return message


@transaction.atomic
def release(messages: Iterable[Message], *, by: Any, looked_at: bool = True) -> int:
    """How many messages leave now; each is the row as its releaser saw it.

    `looked_at` False: by the portal itself, of texts that were looked at when they were planned.
    Errors: Denied; Blocked, and none leaves, when one reads otherwise than when it was looked at.
    """
    seen = {message.pk: message.version for message in messages}
    if looked_at:
        ensure(rules.keepers(by))
    rows = list(Message.objects.select_for_update(of=("self",)).filter(pk__in=seen, status=WAITING).order_by("pk"))
    changed = [row for row in rows if row.version != seen[row.pk]]
    if changed:
        raise Blocked(
            ngettext(
                "%(n)s pesan berubah sesudah Anda lihat, misalnya untuk %(name)s. Periksa lagi, lalu lepas.",
                "%(n)s pesan berubah sesudah Anda lihat, misalnya untuk %(name)s. Periksa lagi, lalu lepas.",
                len(changed),
            )
            % {"n": len(changed), "name": changed[0].name}
        )
    _release(rows, by=by)
    return len(rows)


def _release(rows: Sequence[Message], *, by: Any) -> None:
    now = timezone.now()
    evidence = {"released_at": now, "released_by": by, "hinted_at": now, "attempts": 0, "next_at": None}
    make_moves(MESSAGE, [Step(row, "release", evidence=evidence) for row in rows], by=by)
    _hint(rows)


@transaction.atomic
def resend(message: Message, *, by: Any) -> Message:
    """The message on its way once more. What has a newer, unsent one to the same recipient goes with that.

    Errors: Denied; Blocked when somebody else decided meanwhile.
    """
    ensure(rules.keepers(by))
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    ensure(rules.may_resend(by, row))
    newer = Message.objects.open_for(row.topic_type, row.topic_id, row.recipient_key).select_for_update().first()
    if newer is not None:
        return _join(row, newer, by=by)
    now = timezone.now()
    make_move(
        MESSAGE, "resend", row, by=by, released_at=now, released_by=by, hinted_at=now, attempts=0, next_at=None,
        error="",
    )  # fmt: skip
    _hint([row])
    return row


def _join(message: Message, newer: Message, *, by: Any) -> Message:
    """The newer message, which says what the other one could not; that one is closed."""
    if message.status == SENT:
        raise Blocked(_("Untuk penerima ini sudah ada pesan yang lebih baru dan belum dikirim. Lepas pesan itu."))
    known = {row["key"] for row in newer.parts}
    missing = [row for row in message.parts if row["key"] not in known]
    newer.parts = [*missing, *newer.parts]
    message.attachments.filter(part_key__in=[row["key"] for row in missing]).update(message=newer)
    make_move(MESSAGE, "drop", message, by=by, note=gettext_noop("Digabung dengan pesan yang lebih baru"), error="")
    if missing:
        _changed(newer, FILLED, missing[0]["title"], by=by)
    return newer


@transaction.atomic
def settle(message: Message, sent: bool, *, by: Any, note: str = "") -> Message:
    """The uncertain or failed message after a person said whether it arrived.

    Errors: Denied; Blocked when somebody else decided meanwhile.
    """
    ensure(rules.keepers(by))
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    ensure(rules.may_settle(by, row))
    if sent:
        return make_move(MESSAGE, "settle_sent", row, by=by, note=note, sent_at=timezone.now(), error="")
    sentence = _("Dinyatakan tidak sampai.")
    return make_move(MESSAGE, "settle_unsent", row, by=by, note=note, error=note.strip() or sentence)


@transaction.atomic
def discard(message: Message, *, by: Any, note: str = "") -> Message:
    """The message that nobody is sent any more.

    Errors: Denied, Blocked.
    """
    ensure(rules.keepers(by))
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    ensure(rules.may_drop(by, row))
    return make_move(MESSAGE, "drop", row, by=by, note=note, error="")


@transaction.atomic
def mark_copied(message: Message, *, by: Any) -> Attempt:
    """The attempt that says who copied the text for WhatsApp.

    Errors: Denied.
    """
    ensure(rules.keepers(by))
    now = timezone.now()
    record(gettext_noop("Menyalin pesan untuk WhatsApp"), message, by=by)
    return Attempt.objects.create(
        message=message, channel=Attempt.Channel.WHATSAPP, address=message.phone, outcome=Attempt.Outcome.COPIED,
        ended_at=now, by=by,
    )  # fmt: skip


def put_aside(message: Message, *, by: Any) -> None:
    """Mark the message as read by this user."""
    Reading.objects.get_or_create(message=message, user=by)


def _hint(rows: Iterable[Message]) -> None:
    """Tell workers on commit. A lost hint costs seconds: the sweep tells again."""
    numbers = [row.pk for row in rows]
    transaction.on_commit(lambda: [send_hint(pk) for pk in numbers])


def send_hint(pk: int) -> None:
    """Put the row's number into the queue; a queue that is down is no reason to refuse a release."""
    try:
        send_message.apply_async((pk,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("message %s waits for the sweep, the queue is not reachable: %s", pk, error)
