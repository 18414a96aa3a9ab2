"""Reading attendance: the people of an edition, what its lists say of them, and the numbers for the hall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Func, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import long_date
from rakor.facts.attendance import HERE, pass_hash
from rakor.models import Attendance, AttendanceList, Meeting, Registration, Session
from rakor.queries.programme import BREAKS

GRACE = dt.timedelta(minutes=15)
"""Who comes so long after the first item of a half-day is not late yet."""

NOON = dt.time(12)

PEOPLE = 1_000_000
"""What `change_of` multiplies a list's counter with; an edition's people change less often than that."""


class Person(NamedTuple):
    """Somebody with a place, as the door needs him: no NIP, no telephone, no e-mail."""

    id: int
    token: str
    status: str
    version: int
    category: str
    name: str
    title: str
    office: str
    stand_in: str | None

    @property
    def expected(self) -> bool:
        """Neither replaced nor cancelled."""
        return self.status == Registration.Status.EXPECTED


_PERSON = (
    "pk", "token", "status", "version", "category", "participant__name", "participant__title",
    "participant__institution", "stand_in__participant__name",
)  # fmt: skip


def people_of(meeting_id: int, **only: Any) -> list[Person]:
    """Everybody with a place in an edition, by name. One query."""
    rows = Registration.objects.filter(meeting=meeting_id, **only).order_by("participant__name", "pk")
    return [Person(*values) for values in rows.values_list(*_PERSON)]


def editions_of_passes(hashes: Iterable[str]) -> dict[str, str]:
    """To which edition the cards with these hashes belong, wherever that is. One query."""
    digest = Func(
        F("token"), template="left(encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex'), 16)",
        output_field=CharField(),
    )  # fmt: skip
    rows = Registration.objects.annotate(hash=digest).filter(hash__in=list(hashes)).select_related("meeting")
    return {row.hash: row.meeting.short_name for row in rows}


def editions_of_people(ids: Iterable[int]) -> dict[int, str]:
    """To which edition these places belong. One query."""
    return {row.pk: row.meeting.short_name for row in Registration.objects.filter(pk__in=ids).select_related("meeting")}


def lists_of(meeting: Meeting) -> QuerySet[AttendanceList]:
    """The lists of an edition in order of time."""
    return AttendanceList.objects.filter(meeting=meeting).order_by("on", "half")


def list_of_screen(key: str) -> AttendanceList | None:
    """What the hall's screen of that address shows now: on its day the half-day of now, else the list it was made for.

    None for an address that was taken back or whose time is over. At most two queries.
    """
    rows = AttendanceList.objects.select_related("meeting")
    now = timezone.now()
    row = rows.filter(screen_key=key, screen_until__gt=now).first() if key else None
    local = timezone.localtime(now)
    if row is None or row.on != local.date():
        return row
    half = AttendanceList.Half.MORNING if local.time() < NOON else AttendanceList.Half.AFTERNOON
    return row if row.half == half else rows.filter(meeting=row.meeting_id, on=row.on, half=half).first() or row


def label_of(attendance_list: AttendanceList) -> str:
    """ "Rabu, 24 April 2019, pagi"."""
    return _("%(day)s, %(half)s") % {
        "day": long_date(attendance_list.on), "half": attendance_list.get_half_display(),
    }  # fmt: skip


def change_of(attendance_list: AttendanceList, people: Iterable[Person]) -> int:
    """One number that grows with every change of the list's rows and of the edition's people.

    Versions only grow and places are never deleted, so their sum tells of any change of the people.
    """
    return attendance_list.change * PEOPLE + sum(person.version for person in people)


def is_open(attendance_list: AttendanceList) -> bool:
    """Whether scans count: the list is not closed and the edition not over. Needs `meeting`."""
    return attendance_list.closed_at is None and attendance_list.meeting.status in ("terjadwal", "berlangsung")


def says_nothing(row: Attendance, attendance_list: AttendanceList) -> bool:
    """Whether a row is only left from an earlier closing of a list that is open again."""
    by_hand = row.corrected_by_id is not None
    return row.state == Attendance.State.ABSENT and not by_hand and attendance_list.closed_at is None


def late_limits(meeting: Meeting) -> dict[tuple[dt.date, str], dt.datetime]:
    """When somebody is late for which half-day, after the programme: a while after its first item. One query."""
    limits: dict[tuple[dt.date, str], dt.datetime] = {}
    begins = Session.objects.filter(meeting=meeting).exclude(kind__in=BREAKS).order_by("starts_at")
    for starts_at in begins.values_list("starts_at", flat=True):
        local = timezone.localtime(starts_at)
        half = AttendanceList.Half.MORNING if local.time() < NOON else AttendanceList.Half.AFTERNOON
        limits.setdefault((local.date(), half), starts_at + GRACE)
    return limits


def usual_moment(attendance_list: AttendanceList) -> dt.datetime:
    """When somebody came of whom only that is known: now on the list's day, else when its half-day begins."""
    now = timezone.now()
    if timezone.localtime(now).date() == attendance_list.on:
        return now
    if attendance_list.late_after:
        return attendance_list.late_after - GRACE
    begins = dt.time(8) if attendance_list.half == AttendanceList.Half.MORNING else dt.time(13)
    return timezone.make_aware(dt.datetime.combine(attendance_list.on, begins))


def with_numbers(lists: QuerySet[AttendanceList]) -> QuerySet[AttendanceList]:
    """The lists with what `expected_on` and pages need: listed, gone (came, given up later), states."""
    here = Q(rows__state__in=HERE)
    return lists.annotate(
        listed=Count("rows"),
        gone=Count("rows", filter=here & ~Q(rows__registration__status=Registration.Status.EXPECTED)),
        present=Count("rows", filter=here),
        late=Count("rows", filter=Q(rows__state="terlambat")),
        excused=Count("rows", filter=Q(rows__state="izin")),
    )


def expected_on(attendance_list: AttendanceList, active: int) -> int:
    """How many were expected: of a closed list those who stand on it, whoever was registered later; else those who are
    expected now, and whoever came although the place is given up since. Needs `with_numbers`."""
    return attendance_list.listed if attendance_list.closed_at else active + attendance_list.gone


def counts_in(attendance_list: AttendanceList, people: Iterable[Person], rows: Iterable[Attendance]) -> dict[str, int]:
    """The numbers of one list out of what was read already, as `expected_on` counts them.

    Shape: expected, present (the late included), late, excused.
    """
    rows = list(rows)
    states = [row.state for row in rows]
    expected = {person.id for person in people if person.expected}
    gone = sum(row.state in HERE and row.registration_id not in expected for row in rows)
    return {
        "expected": len(rows) if attendance_list.closed_at else len(expected) + gone,
        "present": sum(state in HERE for state in states),
        "late": states.count("terlambat"),
        "excused": states.count("izin"),
    }


def counts_of(attendance_list: AttendanceList) -> dict[str, int]:
    """The numbers of one list, as `counts_in`. Two queries whatever the size."""
    row = with_numbers(AttendanceList.objects.filter(pk=attendance_list.pk)).get()
    active = Registration.objects.active().filter(meeting=row.meeting_id).count()
    return {"expected": expected_on(row, active), "present": row.present, "late": row.late, "excused": row.excused}


# -- what a device at the door is told -----------------------------------------------------------------------------


def milliseconds(moment: dt.datetime | None) -> int | None:
    """A moment as scripts count."""
    return None if moment is None else int(moment.timestamp() * 1000)


def list_json(attendance_list: AttendanceList) -> dict[str, Any]:
    """The list itself."""
    return {
        "id": attendance_list.pk,
        "on": attendance_list.on.isoformat(),
        "half": attendance_list.half,
        "label": label_of(attendance_list),
        "late_after": milliseconds(attendance_list.late_after),
        "closed": not is_open(attendance_list),
    }


def people_json(people: Iterable[Person]) -> list[dict[str, Any]]:
    """People as the door shows them; whoever is no longer expected is marked as gone."""
    labels = dict(Registration.Category.choices)
    return [
        {
            "id": person.id, "name": person.name, "title": person.title, "office": person.office,
            "category": person.category, "category_label": str(labels[person.category]),
            "pass": pass_hash(person.token), **({} if person.expected else {"gone": True}),
        }
        for person in people
    ]  # fmt: skip


def rows_json(attendance_list: AttendanceList, rows: Mapping[int, Attendance], since: int = -1) -> dict[str, Any]:
    """What the list says of whom, of rows written after its change `since`; state None takes an older word back."""
    return {
        str(person): {
            "state": None if says_nothing(row, attendance_list) else row.state,
            "came_at": milliseconds(row.came_at),
            "hand": row.corrected_by_id is not None,
        }
        for person, row in rows.items()
        if row.change > since
    }
