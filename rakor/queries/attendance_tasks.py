"""Reading what attendance asks of the committee: the door on the edition's days, and lists that stayed open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.tasks import Task
from rakor.facts.attendance import HERE
from rakor.models import Attendance, AttendanceList, Meeting, Registration
from rakor.queries.attendance import label_of

AFTERNOON = dt.time(12, 30)
"""From then on it is the list of the afternoon that people come for."""


def door_tasks(user: Any) -> Iterable[Task]:
    """The committee on a day of the edition: the list of this half-day with who is here already. One query."""
    for meeting in _running_today():
        if meeting.list_id is None:
            title, tone = _("Siapkan daftar hadir"), "warning"
            note = _("Hari rakor sudah tiba, tetapi daftar hadirnya belum ada.")
        elif meeting.closed_at is None:
            title, tone = _("Jaga pintu %(name)s") % {"name": meeting.short_name}, "info"
            note = _("%(present)s dari %(expected)s peserta sudah hadir.") % {
                "present": meeting.present, "expected": meeting.expected,
            }  # fmt: skip
        else:
            continue
        yield Task(title, reverse("attendance", args=[meeting.slug]), note, tone, "qr", 1)


def _running_today() -> QuerySet[Meeting]:
    """Editions whose day it is, with the list of this half-day and its numbers."""
    today = timezone.localdate()
    half = AttendanceList.Half.MORNING if timezone.localtime().time() < AFTERNOON else AttendanceList.Half.AFTERNOON
    lists = AttendanceList.objects.filter(meeting=OuterRef("pk"), on=today, half=half)
    here = Attendance.objects.filter(attendance_list=OuterRef("list_id"), state__in=HERE).order_by()
    expected = Registration.objects.active().filter(meeting=OuterRef("pk")).order_by()
    return Meeting.objects.filter(
        status__in=["terjadwal", "berlangsung"], starts_on__lte=today, ends_on__gte=today
    ).annotate(
        list_id=Subquery(lists.values("pk")[:1]),
        closed_at=Subquery(lists.values("closed_at")[:1]),
        present=_counted(here.values("attendance_list")),
        expected=_counted(expected.values("meeting")),
    )  # fmt: skip


def _counted(rows: QuerySet) -> Coalesce:
    """How many rows there are, in the query itself."""
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def closing_tasks(user: Any) -> Iterable[Task]:
    """Panitia and kabid: lists of days that are over and that nobody closed."""
    left = (
        AttendanceList.objects.filter(closed_at__isnull=True, on__lt=timezone.localdate())
        .filter(meeting__status__in=["berlangsung", "selesai"], rows__state__in=HERE)
        .select_related("meeting")
        .order_by("on", "half")
        .distinct()
    )
    for row in left[:3]:
        yield Task(
            _("Tutup daftar hadir %(list)s") % {"list": label_of(row)},
            reverse("attendance_list", args=[row.meeting.slug, row.pk]),
            _("Yang tidak tercatat lalu dinyatakan tidak hadir."), "info", "lock", 5,
        )  # fmt: skip
