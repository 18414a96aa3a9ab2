"""What delegates are told themselves (docs/decisions/0015): their place and calendar, beside their office's message."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from portal.outbox.actions import drop, put
from portal.outbox.facts import ICS, Enclosure, Part
from rakor.facts import notices as facts
from rakor.models import Meeting, ToldProgramme
from rakor.queries.calendars import ProgrammeFiles
from rakor.queries.delegate_notices import Delegate, delegates_to_tell
from rakor.queries.notices import desk_of


@transaction.atomic
def tell_delegates(meeting: Meeting) -> int:
    """How many messages changed because somebody was named, corrected, replaced, taken off, or got another card.

    By the clock. Nobody is told before the letter of his office was sent. Two clocks at once tell once.
    """
    if ToldProgramme.objects.select_for_update().filter(meeting=meeting).first() is None:
        return 0
    calendars = ProgrammeFiles(meeting)
    with override(settings.LANGUAGE_CODE):
        return sum(_tell(meeting, delegate, calendars) for delegate in delegates_to_tell(meeting))


def _tell(meeting: Meeting, delegate: Delegate, calendars: ProgrammeFiles) -> bool:
    """Whether the delegate's message changed."""
    if delegate.stands and delegate.reachable:
        return _name(meeting, delegate, calendars)
    if delegate.unsent:
        for key in list(delegate.unsent):
            if key != facts.NO_DELEGATE or delegate.stands:
                drop(meeting, delegate.recipient.key, key, by=None)
        return facts.NO_DELEGATE not in delegate.unsent
    if delegate.stands or delegate.said != facts.DELEGATE or not delegate.reachable:
        return False
    part = facts.no_delegate_part(meeting, delegate.registration)
    put(meeting, recipient=delegate.recipient, part=part, by=None)
    return True


def _name(meeting: Meeting, delegate: Delegate, calendars: ProgrammeFiles) -> bool:
    row, unsent = delegate.registration, delegate.unsent
    part = _part(meeting, delegate)
    if facts.NO_DELEGATE in unsent:  # taken off and back before he heard of it
        return drop(meeting, delegate.recipient.key, facts.NO_DELEGATE, by=None) is not None
    told = delegate.said == facts.DELEGATE and delegate.said_card == delegate.card and facts.DELEGATE not in unsent
    if told or (unsent.get(facts.DELEGATE) == part.stored() and delegate.unsent_to == _address(delegate)):
        return False
    file = Enclosure(f"agenda-{meeting.slug}.ics", content=calendars.file(desk_of(row.invitation)), mime=ICS)
    put(meeting, recipient=delegate.recipient, part=part, attachments=[file], by=None)
    return True


def _part(meeting: Meeting, delegate: Delegate) -> Part:
    return facts.delegate_part(meeting, delegate.registration, delegate.card)


def _address(delegate: Delegate) -> tuple[str, str]:
    return delegate.recipient.name[:200], delegate.recipient.email
