"""Reading who is told about an edition, who has not answered, and what was told already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.journal.models import object_type
from portal.outbox.facts import Recipient
from portal.outbox.models import Message
from portal.outbox.workflow import DROPPED, FAILED, OPEN
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, Letter, LetterCopy, Meeting, Reminder, ToldProgramme
from regencies.models import Position
from regencies.rules import REGIONAL, Role, office_key, post_key

_FIRST = (Role.KADIS_KAB, Role.PIMPINAN, Role.PENGAMAT)
"""Whose address serves where the invitation has none: heads before their staff."""


AHEAD = ("persiapan", "terjadwal", "berlangsung")
"""Statuses of editions that people still prepare for."""


def recipients_of(invitations: Iterable[Invitation]) -> dict[int, Recipient]:
    """Recipient by invitation: the office's own addresses, else those of its people of today. One statement."""
    rows = list(invitations)
    regencies = {row.regency_id for row in rows if row.regency_id}
    agencies = {row.agency_id for row in rows if row.agency_id}
    held = Position.objects.in_force().filter(person__is_active=True).select_related("person", "agency")
    held = held.filter(agency__regency__in=regencies) | held.filter(agency__in=agencies)
    people: dict[str, list[Position]] = defaultdict(list)
    for position in held.order_by("pk"):
        agency = position.agency
        people[post_key(position.role, agency.regency_id) if agency.regency_id else office_key(agency.pk)].append(
            position
        )
    return {row.pk: _recipient(row, [position for key in audience_of(row) for position in people[key]]) for row in rows}


def audience_of(invitation: Invitation) -> tuple[str, ...]:
    """The posts or the office that read this invitation's messages: the same as `rakor.rules.invited`."""
    if invitation.group == Invitation.Group.HEAD_OF_OFFICE:
        return tuple(post_key(role, invitation.regency_id) for role in sorted(REGIONAL))
    if invitation.group == Invitation.Group.HEAD_OF_REGION:
        return (post_key(Role.PIMPINAN, invitation.regency_id),)
    return (office_key(invitation.agency_id),) if invitation.agency_id else ()


def _recipient(invitation: Invitation, positions: list[Position]) -> Recipient:
    ranked = sorted(positions, key=lambda position: (position.role not in _FIRST, position.pk))
    email = invitation.email or next((row.person.email for row in ranked if row.person.email), "")
    phone = invitation.phone or next((row.person.phone for row in ranked if row.person.phone), "")
    return Recipient(recipient_key(invitation), invitation.addressee, email, phone, audience_of(invitation))


def recipient_key(invitation: Invitation) -> str:
    """The key of this invitation's messages."""
    return f"undangan-{invitation.pk}"


def desk_of(invitation: Invitation) -> int | None:
    """The regency whose desk this recipient attends; None for heads of regions and other agencies."""
    return invitation.regency_id if invitation.group == Invitation.Group.HEAD_OF_OFFICE else None


def _messages(meeting: Meeting) -> QuerySet[Message]:
    return Message.objects.filter(topic_type=object_type(meeting), topic_id=str(meeting.pk))


def unsent_texts(meeting: Meeting, part_key: str) -> dict[str, str]:
    """What messages that have not left, or were refused, say under that key, by recipient."""
    rows = _messages(meeting).filter(status__in=[*OPEN, FAILED], parts__contains=[{"key": part_key}])
    return {
        key: next(part["text"] for part in parts if part["key"] == part_key)
        for key, parts in rows.values_list("recipient_key", "parts")
    }


def has_left(meeting: Meeting, key: str) -> bool:
    """Whether any message to this recipient left the portal, or may have."""
    return _messages(meeting).filter(recipient_key=key).exclude(status__in=[*OPEN, DROPPED]).exists()


def told(meeting: Meeting) -> QuerySet[Invitation]:
    """Standing invitations of the edition whose letter was sent."""
    sent = LetterCopy.objects.standing().filter(invitation=OuterRef("pk"), sent_at__isnull=False)
    return meeting.invitations.active().filter(Exists(sent)).select_related("regency", "agency")


def silent(meeting: Meeting) -> QuerySet[Invitation]:
    """Those of them that have not answered."""
    return told(meeting).filter(answer=Invitation.Answer.NONE)


def deadline_of(meeting: Meeting) -> Any:
    """The day until which letters ask for an answer: the latest that a sent letter names; None when none does."""
    letters = meeting.letters.filter(kind=Letter.Kind.INVITATION, status="terkirim")
    days = [InvitationContent.of(content).deadline for content in letters.values_list("content", flat=True)]
    return max((day for day in days if day), default=None)


def due_reminders(today: dt.date) -> QuerySet[Reminder]:
    """Planned reminders whose day has come and that were not sent, of editions that are not over."""
    rows = Reminder.objects.filter(on__lte=today, done_at__isnull=True)
    return rows.filter(meeting__status__in=AHEAD, meeting__ends_on__gte=today).order_by("on", "pk")


def watched_programmes() -> QuerySet[ToldProgramme]:
    """The programmes that invited people know of and that may still change."""
    rows = ToldProgramme.objects.filter(meeting__status__in=[*AHEAD, "dibatalkan"])
    return rows.select_related("meeting").order_by("pk")


REMINDER_ORDERS = {
    "": (F("done_at").desc(nulls_first=True), "on", "pk"), "lama": ("on", "pk"), "baru": ("-on", "-pk"),
}  # fmt: skip
"""How reminders can be sorted: planned ones first in their order and then what was sent, or by their days."""


def reminders_of(meeting: Meeting, *, text: str = "", state: str = "", order: str = "") -> QuerySet[Reminder]:
    """The reminders of an edition. `state`: "dijadwalkan", "terkirim" or ""."""
    found = meeting.reminders.select_related("by")
    if state in ("dijadwalkan", "terkirim"):
        found = found.filter(done_at__isnull=state == "dijadwalkan")
    if text:
        found = found.filter(Q(text__icontains=text) | Q(by__full_name__icontains=text))
    return found.order_by(*REMINDER_ORDERS.get(order, REMINDER_ORDERS[""]))
