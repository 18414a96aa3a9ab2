"""The programme as iCalendar (RFC 5545), with the province's time zone spelled out for old phones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import icalendar
from django.urls import reverse
from django.utils import timezone


def calendar_of(meeting: Any, items: Iterable[Any], *, site: str) -> bytes:
    """The ICS file of the items. UIDs never change; SEQUENCE is the session's version, so that calendars follow.

    `site` is the portal's address without a final slash, for the links.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Portal Rakor//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", meeting.title)
    for item in items:
        calendar.add_component(_event(meeting, item, site))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(meeting: Any, item: Any, site: str) -> icalendar.Event:
    session = item.session
    event = icalendar.Event()
    event.add("uid", f"sesi-{session.pk}@{meeting.slug}.rakor")
    event.add("sequence", session.version)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", item.starts)
    event.add("dtend", item.ends)
    event.add("summary", session.title)
    event.add("location", ", ".join(part for part in (item.room, meeting.venue, meeting.town) if part))
    event.add("description", "\n".join(_description(item)))
    event.add("url", f"{site}{reverse('session', args=[meeting.slug, session.pk])}")
    event.add("status", "CANCELLED" if meeting.status == "dibatalkan" else "CONFIRMED")
    return event


def _description(item: Any) -> list[str]:
    lines = [item.kind_label, *item.detail_lines]
    lines += [f"Narasumber: {', '.join(item.speakers)}"] if item.speakers else []
    lines += [f"Moderator: {item.moderator}"] if item.moderator else []
    return lines
