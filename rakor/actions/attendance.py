"""Attendance lists: made for every half-day, closed and opened again, corrected by hand."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from rakor.models import AttendanceList, Meeting, Session
from rakor.queries.programme import BREAKS

GRACE = dt.timedelta(minutes=15)
"""Who comes so long after the first item of a half-day is not late yet."""

NOON = dt.time(12)


@transaction.atomic
def ensure_lists(meeting: Meeting) -> list[AttendanceList]:
    """The lists of all half-days of an edition, in order; those that were missing are made.

    A list of a day that no longer belongs to the edition goes, unless somebody was scanned or written on it.
    """
    for stale in meeting.attendance_lists.exclude(on__range=(meeting.starts_on, meeting.ends_on)):
        if not stale.rows.exists() and not stale.check_ins.exists():
            stale.delete()
    known = set(meeting.attendance_lists.values_list("on", "half"))
    limits = late_limits(meeting)
    wanted = [(day, half) for day in meeting.days for half in AttendanceList.Half.values]
    AttendanceList.objects.bulk_create(
        [
            AttendanceList(meeting=meeting, on=day, half=half, late_after=limits.get((day, half)))
            for day, half in wanted
            if (day, half) not in known
        ],
        ignore_conflicts=True,
    )
    return list(meeting.attendance_lists.order_by("on", "half"))


def late_limits(meeting: Meeting) -> dict[tuple[dt.date, str], dt.datetime]:
    """When somebody is late for which half-day, after the programme: a while after its first item. One query."""
    limits: dict[tuple[dt.date, str], dt.datetime] = {}
    begins = Session.objects.filter(meeting=meeting).exclude(kind__in=BREAKS).order_by("starts_at")
    for starts_at in begins.values_list("starts_at", flat=True):
        local = timezone.localtime(starts_at)
        half = AttendanceList.Half.MORNING if local.time() < NOON else AttendanceList.Half.AFTERNOON
        limits.setdefault((local.date(), half), starts_at + GRACE)
    return limits
