"""What recipients are told about an edition. Everything waits in the outbox until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from portal.journal.models import object_type
from portal.outbox.actions import drop, put
from portal.outbox.facts import ICS, Enclosure
from portal.outbox.models import Message
from rakor.facts import notices as facts
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, LetterCopy, Meeting
from rakor.queries.calendars import programme_file
from rakor.queries.notices import recipient_key, recipients_of


@transaction.atomic
def letter_sent(copies: Iterable[LetterCopy], *, by: Any) -> list[Message]:
    """The messages that tell the recipients of these copies: the letter, its calendar, until when to answer."""
    rows = [copy for copy in copies if copy.invitation_id]
    if not rows:
        return []
    meeting = rows[0].letter.meeting
    recipients = recipients_of([copy.invitation for copy in rows])
    calendars: dict[int | None, bytes] = {}
    found = []
    with override(settings.LANGUAGE_CODE):
        for copy in rows:
            deadline = InvitationContent.of(copy.letter.content).deadline
            part = facts.letter_part(meeting, copy, copy.invitation.get_absolute_url(), deadline)
            files = [_calendar(meeting, copy.invitation, calendars)]
            if copy.document_id:
                files.insert(0, Enclosure(f"undangan-{meeting.slug}.pdf", document_id=copy.document_id))
            recipient = recipients[copy.invitation_id]
            found.append(put(meeting, recipient=recipient, part=part, attachments=files, by=by))
    return found


def _calendar(meeting: Meeting, invitation: Invitation, made: dict[int | None, bytes]) -> Enclosure:
    """The programme as far as it concerns this recipient; made once per regency."""
    regency = invitation.regency_id if invitation.group == Invitation.Group.HEAD_OF_OFFICE else None
    if regency not in made:
        made[regency] = programme_file(meeting, regency)
    return Enclosure(f"agenda-{meeting.slug}.ics", content=made[regency], mime=ICS)


@transaction.atomic
def invitation_withdrawn(invitation: Invitation, *, by: Any) -> Message | None:
    """The message that the invitation does not stand; None when nothing of it had left yet, so nothing is said."""
    meeting, key = invitation.meeting, recipient_key(invitation)
    for part in (facts.LETTER, facts.PROGRAMME, facts.REMINDER):
        drop(meeting, key, part, by=by)
    left = Message.objects.filter(
        topic_type=object_type(meeting), topic_id=str(meeting.pk), recipient_key=key
    ).exclude(status__in=["menunggu", "dilepas", "batal"])  # fmt: skip
    if not left.exists():
        return None
    with override(settings.LANGUAGE_CODE):
        part = facts.withdrawn_part(
            meeting, invitation.addressee, invitation.withdrawn_reason, invitation.get_absolute_url()
        )
    return put(meeting, recipient=recipients_of([invitation])[invitation.pk], part=part, by=by)


def answered(invitation: Invitation, *, by: Any) -> None:
    """Take back a reminder that has not left: the office has answered."""
    drop(invitation.meeting, recipient_key(invitation), facts.REMINDER, by=by)
