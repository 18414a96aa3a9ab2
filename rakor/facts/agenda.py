"""What the susunan acara says (domain §2.2 C). Pure: everything it needs is given, and no clock is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.documents.shapes import Agenda, AgendaDay, AgendaRow, Letterhead, Signature
from portal.kernel.dates import date_range

DRAFT = "Rancangan"
"""Papers are Indonesian whatever the reader's language: their words are no messages to translate."""


def agenda_facts(
    meeting: Any, days: Iterable[Any], *, zone: str, letterhead: Letterhead, signatures: list[Signature]
) -> Agenda:
    """The facts of template agenda/v1: `meeting` is an edition, `days` its `rakor.queries.programme.Day`s."""
    return {
        "title": f"Susunan Acara {meeting.title}",
        "short_title": f"Susunan Acara – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead,
        "meeting": meeting.title,
        "dates": date_range(meeting.starts_on, meeting.ends_on),
        "place": place_of(meeting),
        "zone": zone,
        "status": status_of(meeting),
        "days": [_day(day) for day in days if day.items],
        "notes": [],
        "signatures": signatures,
    }


def place_of(meeting: Any) -> str:
    """ "Hotel Matahari, Atambua"; the town once when the venue names it already."""
    if meeting.town.lower() in meeting.venue.lower():
        return meeting.venue
    return f"{meeting.venue}, {meeting.town}"


def status_of(meeting: Any) -> str:
    """ "Rancangan" while it is being prepared, "" once it is fixed, "Dibatalkan" when it was called off."""
    return {"persiapan": DRAFT, "dibatalkan": "Dibatalkan"}.get(meeting.status, "")


def _day(day: Any) -> AgendaDay:
    return {"name": day.name, "date": day.long_date, "rows": [_row(item) for item in day.items]}


def _row(item: Any) -> AgendaRow:
    return {
        "time": item.time,
        "title": item.session.title,
        "details": item.detail_lines,
        "speakers": item.speakers,
        "moderator": item.moderator,
        "minute_taker": item.minute_taker,
        "room": item.room,
        "note": item.session.note,
        "is_break": item.is_break,
    }
