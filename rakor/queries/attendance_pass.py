"""Reading what a participant's own page says: whose card it is, the day's programme, and whether he is checked in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.kernel.dates import clock, clock_range, long_date
from rakor.models import Attendance, AttendanceList, Registration, Session
from rakor.queries.attendance import is_open, says_nothing


@dataclass
class Half:
    """One half-day on the participant's page; `state` is "" while it says nothing."""

    name: str
    state: str
    tone: str
    came: str
    is_open: bool


@dataclass
class Day:
    """The day that the page shows: today, or the first one before the edition begins."""

    name: str
    is_today: bool
    halves: list[Half]
    sessions: list[tuple[str, str, str]]

    @property
    def waits(self) -> bool:
        """Whether a list is open on which nothing is said yet."""
        return any(half.is_open and not half.state for half in self.halves)


def card_of(token: str) -> Registration | None:
    """Whose card this is, with person and edition."""
    return Registration.objects.select_related("participant", "meeting").filter(token=token).first()


def card_of_user(user: Any) -> Registration | None:
    """The card of somebody who is signed in, in an edition that is near or running."""
    if not user.is_authenticated:
        return None
    rows = Registration.objects.active().filter(user=user, meeting__status__in=["terjadwal", "berlangsung"])
    return rows.order_by("-meeting__starts_on").first()


def day_of(place: Registration) -> Day | None:
    """The day to show; None when the edition is over or its programme is not public yet. Three queries."""
    meeting, today = place.meeting, timezone.localdate()
    if not meeting.published or (today > meeting.ends_on and meeting.status != "berlangsung"):
        return None
    on = today if meeting.starts_on <= today <= meeting.ends_on else meeting.starts_on
    return Day(long_date(on), on == today, _halves(place, on), _sessions(meeting.pk, on))


def _halves(place: Registration, on: dt.date) -> list[Half]:
    lists = list(AttendanceList.objects.filter(meeting=place.meeting, on=on).order_by("half"))
    rows = {
        row.attendance_list_id: row for row in Attendance.objects.filter(attendance_list__in=lists, registration=place)
    }
    halves = []
    for each in lists:
        each.meeting, row = place.meeting, rows.get(each.pk)
        said = row is not None and not says_nothing(row, each)
        halves.append(
            Half(
                name=each.get_half_display(),
                state=row.get_state_display() if said else "",
                tone={"hadir": "success", "terlambat": "warning", "izin": "info"}.get(row.state, "danger")
                if said
                else "neutral",
                came=clock(timezone.localtime(row.came_at)) if said and row.came_at else "",
                is_open=is_open(each),
            )
        )
    return halves


def _sessions(meeting: int, on: dt.date) -> list[tuple[str, str, str]]:
    """(time, title, room) of the day's programme."""
    first = timezone.make_aware(dt.datetime.combine(on, dt.time()))
    rows = Session.objects.filter(
        meeting=meeting, starts_at__gte=first, starts_at__lt=first + dt.timedelta(days=1)
    ).order_by("starts_at", "room__name")
    found = rows.values_list("starts_at", "ends_at", "title", "room__name")
    local = timezone.localtime
    return [(clock_range(local(starts), local(ends)), title, room or "") for starts, ends, title, room in found]
