"""The programme as iCalendar (RFC 5545), with the province's time zone spelled out for old phones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import icalendar
from django.urls import reverse
from django.utils import timezone

REFRESH = dt.timedelta(hours=1)
"""How often a subscribed calendar is asked to look again."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A session that calendars may still hold: it is taken out by being cancelled."""

    pk: int
    title: str
    starts: dt.datetime
    ends: dt.datetime
    version: int


@dataclass(frozen=True, slots=True)
class Share:
    """What of an edition stands in somebody's calendar; without items the edition itself does."""

    meeting: Any
    items: Sequence[Any]
    removed: Sequence[Removed] = ()


def calendar_of(meeting: Any, items: Iterable[Any], *, site: str, removed: Sequence[Removed] = ()) -> bytes:
    """The ICS file of the items. UIDs never change; SEQUENCE rises with every change, so that calendars follow.

    `site` is the portal's address without a final slash, for the links.
    """
    return calendar(meeting.title, [Share(meeting, list(items), removed)], site=site, stamp=timezone.now())


def calendar(name: str, shares: Iterable[Share], *, site: str, stamp: dt.datetime, subscribed: bool = False) -> bytes:
    """The ICS file of several editions, written at `stamp`."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Portal Rakor//ID")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    if subscribed:
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT1H")
    for share in shares:
        for event in _events(share, site):
            event.add("dtstamp", stamp)
            made.add_component(event)
    for key in sorted(made.get_missing_tzids()):
        made.subcomponents.insert(0, _zone(key))
    return made.to_ical()


@cache
def _zone(key: str) -> icalendar.Timezone:
    """A time zone spelled out: worked out once, for it takes longer than the calendar."""
    return icalendar.Timezone.from_tzid(key)


def _events(share: Share, site: str) -> Iterable[icalendar.Event]:
    meeting = share.meeting
    if not share.items:
        yield _edition(meeting, site)
    for item in share.items:
        yield _event(meeting, item, site)
    for gone in share.removed:
        event = icalendar.Event()
        event.add("uid", _uid(meeting, gone.pk))
        event.add("sequence", gone.version + meeting.version)
        event.add("dtstart", gone.starts)
        event.add("dtend", gone.ends)
        event.add("summary", gone.title)
        event.add("status", "CANCELLED")
        yield event


def _uid(meeting: Any, pk: int) -> str:
    return f"sesi-{pk}@{meeting.slug}.rakor"


def _status(meeting: Any) -> str:
    return "CANCELLED" if meeting.status == "dibatalkan" else "CONFIRMED"


def _edition(meeting: Any, site: str) -> icalendar.Event:
    """The days of an edition whose programme is not published yet."""
    event = icalendar.Event()
    event.add("uid", f"rakor@{meeting.slug}.rakor")
    event.add("sequence", meeting.version - 1)
    event.add("dtstart", meeting.starts_on)
    event.add("dtend", meeting.ends_on + dt.timedelta(days=1))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("url", f"{site}{meeting.get_absolute_url()}")
    event.add("status", _status(meeting))
    return event


def _event(meeting: Any, item: Any, site: str) -> icalendar.Event:
    session = item.session
    event = icalendar.Event()
    event.add("uid", _uid(meeting, session.pk))
    event.add("sequence", session.version + meeting.version - 1)
    event.add("dtstart", item.starts)
    event.add("dtend", item.ends)
    event.add("summary", session.title)
    event.add("location", ", ".join(part for part in (item.room, meeting.venue, meeting.town) if part))
    event.add("description", "\n".join(_description(item)))
    event.add("url", f"{site}{reverse('session', args=[meeting.slug, session.pk])}")
    event.add("status", _status(meeting))
    return event


def _description(item: Any) -> list[str]:
    lines = [item.kind_label, *item.detail_lines]
    lines += [f"Narasumber: {', '.join(item.speakers)}"] if item.speakers else []
    lines += [f"Moderator: {item.moderator}"] if item.moderator else []
    return lines
