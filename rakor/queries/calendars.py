"""Reading what stands in somebody's calendar: the programme as far as it concerns him."""

from __future__ import annotations

from django.conf import settings

from rakor.facts.calendar import calendar_of
from rakor.models import Meeting
from rakor.queries.programme import Item, programme_of


def items_for(meeting: Meeting, regencies: frozenset[int] = frozenset()) -> list[Item]:
    """The sessions for people of these regencies: desks of others are left out."""
    items = programme_of(meeting).items
    return [item for item in items if item.session.regency_id is None or item.session.regency_id in regencies]


def programme_file(meeting: Meeting, regency_id: int | None = None) -> bytes:
    """The programme as ICS for the office of that regency, or for somebody without a desk."""
    own = frozenset({regency_id}) if regency_id else frozenset()
    return calendar_of(meeting, items_for(meeting, own), site=settings.PUBLIC_URL)
