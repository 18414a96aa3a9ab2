"""Reading what stands in somebody's calendar, and what its owner was told of an edition."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from rakor import rules
from rakor.facts.calendar import Removed, Share, calendar, calendar_of
from rakor.facts.programme_news import Snapshot
from rakor.models import CalendarFeed, LetterCopy, Meeting, Registration
from rakor.queries.programme import Item, programme_of
from regencies.rules import regency_ids

KEPT = dt.timedelta(days=400)
"""Editions that ended longer ago leave subscribed calendars."""

_NO_STAMP = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def items_for(meeting: Meeting, regencies: frozenset[int] = frozenset()) -> list[Item]:
    """The sessions for people of these regencies, desks of others left out; none before the programme is published."""
    if not meeting.published:
        return []
    items = programme_of(meeting).items
    return [item for item in items if item.session.regency_id is None or item.session.regency_id in regencies]


class ProgrammeFiles:
    """The programme as ICS files for one office after the other: read once, written once for equal content."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self._items = programme_of(meeting).items if meeting.published else []
        self._desks = {item.session.regency_id for item in self._items} - {None}
        self._made: dict[tuple[int | None, tuple[Removed, ...]], bytes] = {}

    def file(self, regency_id: int | None, gone: Sequence[Removed] = ()) -> bytes:
        """For the office of that regency, or for somebody without a desk; `gone` are sessions to be taken out."""
        own = regency_id if regency_id in self._desks else None
        key = (own, tuple(gone))
        if key not in self._made:
            items = [item for item in self._items if item.session.regency_id in (None, own)]
            self._made[key] = calendar_of(self.meeting, items, site=settings.PUBLIC_URL, removed=key[1])
        return self._made[key]


def snapshot_of(meeting: Meeting) -> Snapshot:
    """What the invited can be told of the edition now (rakor.facts.programme_news)."""
    edition = [
        meeting.starts_on.isoformat(), meeting.ends_on.isoformat(), meeting.place, meeting.status == "dibatalkan",
    ]  # fmt: skip
    items = programme_of(meeting).items if meeting.published else []
    sessions = {
        item.key: [
            item.session.title, item.starts.isoformat(), item.ends.isoformat(), item.room, item.session.regency_id,
            item.session.version,
        ]
        for item in items
    }  # fmt: skip
    return {"edition": edition, "sessions": sessions}


def feed_of(key: str) -> CalendarFeed | None:
    """The calendar of that secret address, unless its owner has left the portal."""
    rows = CalendarFeed.objects.select_related("user", "registration__meeting", "registration__participant")
    feed = rows.filter(key=key).first()
    if feed is None or (feed.user_id and not feed.user.is_active):
        return None
    return feed


def feed_file(feed: CalendarFeed) -> tuple[bytes, str]:
    """The subscribed calendar, and a mark that changes when it does."""
    shares = _shares(feed)
    owner = feed.user.display_name if feed.user_id else feed.registration.participant.name
    name = f"Rakor – {owner}"
    plain = calendar(name, shares, site=settings.PUBLIC_URL, stamp=_NO_STAMP, subscribed=True)
    mark = hashlib.sha256(plain).hexdigest()[:32]
    return calendar(name, shares, site=settings.PUBLIC_URL, stamp=timezone.now(), subscribed=True), mark


def _shares(feed: CalendarFeed) -> list[Share]:
    if feed.registration_id:
        registration = feed.registration
        if registration.status != "terdaftar":
            return []
        regency = registration.participant.regency_id
        own = frozenset({regency}) if regency else frozenset()
        return [Share(registration.meeting, items_for(registration.meeting, own))]
    own = regency_ids(feed.user)
    return [Share(meeting, items_for(meeting, own)) for meeting in taken_part_in(feed.user)]


def taken_part_in(user: Any) -> list[Meeting]:
    """The editions of this user's calendar: all known ones for the provincial office, else where he is invited.

    Also where he is registered by name, whatever his office.
    """
    recent = Meeting.objects.filter(ends_on__gte=timezone.localdate() - KEPT).order_by("starts_on")
    if rules.sees_drafts(user):
        return list(recent.filter(published=True))
    sent = LetterCopy.objects.standing().filter(sent_at__isnull=False, invitation__withdrawn_at__isnull=True)
    invited = sent.filter(rules.invited(user, "invitation__")).values("letter__meeting")
    named = Registration.objects.active().filter(user=user).values("meeting")
    return list(recent.filter(Q(pk__in=invited) | Q(pk__in=named)))
