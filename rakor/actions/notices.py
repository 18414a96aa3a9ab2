"""What recipients are told about an edition. Everything waits in the outbox until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from portal.journal.actions import record
from portal.outbox.actions import drop, put, readdress, release
from portal.outbox.facts import ICS, Enclosure, Part, Recipient
from portal.outbox.models import Message
from rakor.facts import notices as facts
from rakor.facts.calendar import Removed
from rakor.facts.letters import InvitationContent
from rakor.facts.programme_news import Snapshot, fingerprint, news, removed
from rakor.models import Invitation, LetterCopy, Meeting, Reminder, ToldProgramme
from rakor.queries.calendars import ProgrammeFiles, snapshot_of
from rakor.queries.delegate_notices import delegates_who_know
from rakor.queries.notices import (
    desk_of,
    has_left,
    recipient_key,
    recipients_of,
    silent,
    told,
    unsent_texts,
)


@transaction.atomic
def letter_sent(copies: Iterable[LetterCopy], *, by: Any) -> list[Message]:
    """The messages that tell the recipients of these copies: the letter, its calendar, until when to answer."""
    rows = [copy for copy in copies if copy.invitation_id]
    if not rows:
        return []
    meeting = rows[0].letter.meeting
    recipients = recipients_of([copy.invitation for copy in rows])
    calendars, found = ProgrammeFiles(meeting), []
    with override(settings.LANGUAGE_CODE):
        _remember_told(meeting)
        for copy in rows:
            deadline = InvitationContent.of(copy.letter.content).deadline
            part = facts.letter_part(meeting, copy, copy.invitation.get_absolute_url(), deadline)
            files = [_calendar(calendars, desk_of(copy.invitation))]
            if copy.document_id:
                files.insert(0, Enclosure(f"undangan-{meeting.slug}.pdf", document_id=copy.document_id))
            recipient = recipients[copy.invitation_id]
            found.append(put(meeting, recipient=recipient, part=part, attachments=files, by=by))
    return found


def _remember_told(meeting: Meeting) -> None:
    """From the first letter on, what the programme says is what people know."""
    now = snapshot_of(meeting)
    ToldProgramme.objects.get_or_create(meeting=meeting, defaults={"told": now, "seen": fingerprint(now)})


def _calendar(calendars: ProgrammeFiles, regency: int | None, gone: Sequence[Removed] = ()) -> Enclosure:
    """The programme as far as it concerns this recipient."""
    name = f"agenda-{calendars.meeting.slug}.ics"
    return Enclosure(name, content=calendars.file(regency, gone), mime=ICS)


@transaction.atomic
def programme_changed(meeting: Meeting, *, by: Any) -> int:
    """How many messages now say what is new since their recipients were told; nothing before the first letter.

    One message each, replaced when the programme changes again, taken back when it changes back. Desks of other
    regencies are no news.
    """
    row = ToldProgramme.objects.select_for_update().filter(meeting=meeting).first()
    if row is None:
        return 0
    with override(settings.LANGUAGE_CODE):
        return _tell_news(meeting, row, by=by)


def _tell_news(meeting: Meeting, row: ToldProgramme, *, by: Any) -> int:
    now, waiting = snapshot_of(meeting), unsent_texts(meeting, facts.PROGRAMME)
    if row.put is not None and not waiting:  # what was put has left: that is what people know
        row.told, row.put = row.put, None
    calendars, changed = ProgrammeFiles(meeting), 0
    for recipient, regency, url in _listeners(meeting):
        part = _news_part(meeting, row.told, now, regency, url)
        if part is None:
            changed += drop(meeting, recipient.key, facts.PROGRAMME, by=by) is not None
        elif waiting.get(recipient.key) != part.text:
            file = _calendar(calendars, regency, removed(row.told, now, regency))
            put(meeting, recipient=recipient, part=part, attachments=[file], by=by)
            changed += 1
    row.put = now if unsent_texts(meeting, facts.PROGRAMME) else None
    row.seen, row.settling = fingerprint(now), ""
    row.save(update_fields=["told", "put", "seen", "settling"])
    return changed


def _listeners(meeting: Meeting) -> list[tuple[Recipient, int | None, str]]:
    """Who is told what is new, with the regency whose desk he attends and where he reads on: offices, then delegates.

    A delegate has his card, which asks for no account.
    """
    invitations, agenda = list(told(meeting)), reverse("agenda", args=[meeting.slug])
    recipients = recipients_of(invitations)
    offices = [(recipients[row.pk], desk_of(row), agenda) for row in invitations]
    return offices + [
        (each.recipient, desk_of(each.registration.invitation), each.card) for each in delegates_who_know(meeting)
    ]  # fmt: skip


def _news_part(meeting: Meeting, before: Snapshot, now: Snapshot, regency: int | None, url: str) -> Part | None:
    """What is new for somebody of that regency; None when nothing is."""
    if now["edition"][3] and not before["edition"][3]:
        return facts.cancelled_part(meeting, url)
    lines = news(before, now, regency)
    return facts.programme_part(meeting, lines, url) if lines else None


def watch_programme(row: ToldProgramme) -> int:
    """How many messages changed because the programme did, and has stood still since the last look (by the clock)."""
    mark = fingerprint(snapshot_of(row.meeting))
    if mark == row.seen:
        return 0
    if mark != row.settling:
        ToldProgramme.objects.filter(pk=row.pk).update(settling=mark)
        return 0
    return programme_changed(row.meeting, by=None)


@transaction.atomic
def reminder_due(reminder: Reminder) -> int:
    """How many of those who have not answered are reminded now; a reminder that was sent already reminds nobody.

    Its text was looked at when it was planned, so it leaves by itself, unless a message also has to say something that
    nobody has looked at.
    """
    row = Reminder.objects.select_for_update().select_related("meeting", "by").get(pk=reminder.pk)
    if row.done_at is not None:
        return 0
    meeting = row.meeting
    invitations = list(silent(meeting))
    recipients = recipients_of(invitations)
    with override(settings.LANGUAGE_CODE):
        found = [
            put(
                meeting, recipient=recipients[invitation.pk], by=row.by,
                part=facts.reminder_part(meeting, row.text, invitation.get_absolute_url()),
            )
            for invitation in invitations
        ]  # fmt: skip
    alone = [message for message in found if [part["key"] for part in message.parts] == [facts.REMINDER]]
    release(alone, by=row.by, looked_at=False)
    row.done_at, row.recipients = timezone.now(), len(found)
    row.save(update_fields=["done_at", "recipients"])
    record(gettext_noop("Mengirim pengingat"), meeting, by=row.by, note=f"{len(found)} penerima")
    return len(found)


@transaction.atomic
def invitation_withdrawn(invitation: Invitation, *, by: Any) -> Message | None:
    """The message that the invitation does not stand; None when nothing of it had left yet, so nothing is said."""
    meeting, key = invitation.meeting, recipient_key(invitation)
    for part in (facts.LETTER, facts.PROGRAMME, facts.REMINDER):
        drop(meeting, key, part, by=by)
    if not has_left(meeting, key):
        return None
    with override(settings.LANGUAGE_CODE):
        part = facts.withdrawn_part(
            meeting, invitation.addressee, invitation.withdrawn_reason, invitation.get_absolute_url()
        )
    return put(meeting, recipient=recipients_of([invitation])[invitation.pk], part=part, by=by)


def follow_addresses(meeting: Meeting) -> int:
    """How many unsent messages go to another address, because an office's was corrected or its head is another one."""
    with override(settings.LANGUAGE_CODE):
        return readdress(meeting, recipients_of(told(meeting)).values(), by=None)


def answered(invitation: Invitation, *, by: Any) -> None:
    """Take back a reminder that has not left: the office has answered."""
    drop(invitation.meeting, recipient_key(invitation), facts.REMINDER, by=by)
