"""Reading attendance for pages: the half-days of an edition with their numbers, and the table of one list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kernel.dates import clock, long_date
from rakor.facts.attendance import HERE
from rakor.models import Attendance, AttendanceList, CheckIn, Meeting, Registration
from rakor.queries.attendance import expected_on, is_open, label_of, lists_of, says_nothing, with_numbers

WAITING, REPLACED, AFTER = "belum", "diganti", "kemudian"
"""What a list shows of whoever has not come yet, is replaced, or was registered after the list was closed."""

TONES = {
    "hadir": "success", "terlambat": "warning", "izin": "info", "tidak_hadir": "danger", WAITING: "neutral",
    REPLACED: "neutral", AFTER: "neutral",
}  # fmt: skip


def state_labels() -> dict[str, str]:
    """Every word of the column "Kehadiran"."""
    labels = {state.value: str(state.label) for state in Attendance.State}
    return {**labels, WAITING: _("Belum datang"), REPLACED: _("Diganti"), AFTER: _("Terdaftar kemudian")}


@dataclass
class HalfDay:
    """One list as the overview shows it."""

    list: AttendanceList
    label: str
    expected: int
    present: int
    late: int
    excused: int
    is_open: bool
    is_today: bool

    @property
    def missing(self) -> int:
        """Expected and neither here nor excused."""
        return max(0, self.expected - self.present - self.excused)


@dataclass
class Day:
    """A day with its halves."""

    on: dt.date
    name: str
    halves: list[HalfDay] = field(default_factory=list)


def days_of(meeting: Meeting) -> list[Day]:
    """The days of an edition that have lists. Two queries."""
    active = Registration.objects.active().filter(meeting=meeting).count()
    lists = with_numbers(lists_of(meeting))
    days: dict[dt.date, Day] = {}
    today = timezone.localdate()
    for each in lists:
        each.meeting = meeting
        day = days.setdefault(each.on, Day(each.on, long_date(each.on)))
        day.halves.append(
            HalfDay(
                each,
                label_of(each),
                expected_on(each, active),
                each.present,
                each.late,
                each.excused,
                is_open(each),
                each.on == today,
            )
        )
    return list(days.values())


def lists_are_missing(meeting: Meeting, days: Sequence[Day]) -> bool:
    """Whether a half-day of the edition has no list."""
    have = {(half.list.on, half.list.half) for day in days for half in day.halves}
    return any((day, half) not in have for day in meeting.days for half in AttendanceList.Half.values)


@dataclass
class Entry:
    """A person's line in a list: `version` is 0 while there is no row; `kept` is the first scan that does not count."""

    registration: Registration
    state: str
    row: Attendance | None = None
    kept: dt.datetime | None = None
    stand_in: str = ""

    @property
    def name(self) -> str:
        """Of the person."""
        return self.registration.participant.name

    @property
    def office(self) -> str:
        """Whom the person comes from."""
        return self.registration.participant.institution

    @property
    def tone(self) -> str:
        """Of the state."""
        return TONES[self.state]

    @property
    def label(self) -> str:
        """The state in a word."""
        return state_labels()[self.state]

    @property
    def came(self) -> str:
        """ "08.02", with the day where it is another one than the list's."""
        if self.row is None or self.row.came_at is None:
            return ""
        local = timezone.localtime(self.row.came_at)
        other_day = local.date() != self.row.attendance_list.on
        return f"{local:%d-%m-%Y} {clock(local)}" if other_day else clock(local)

    @property
    def note(self) -> str:
        """What was written beside it."""
        return self.row.note if self.row else ""

    @property
    def corrected_by(self) -> str:
        """Who wrote it by hand."""
        return self.row.corrected_by.display_name if self.row and self.row.corrected_by else ""

    @property
    def version(self) -> int:
        """Of the row, 0 without one."""
        return self.row.version if self.row else 0


def entries_of(attendance_list: AttendanceList, **only: Any) -> list[Entry]:
    """Everybody of a list, by name: who is expected, replaced, or came and was cancelled later. Three queries."""
    places = (
        Registration.objects.filter(meeting=attendance_list.meeting_id, **only)
        .select_related("participant", "stand_in__participant")
        .order_by("participant__name", "pk")
    )
    rows = {row.registration_id: row for row in attendance_list.rows.select_related("corrected_by")}
    kept = attendance_list.check_ins.filter(outcome=CheckIn.Outcome.KEPT)
    first = dict(kept.values_list("registration").annotate(first=Min("came_at")).order_by())
    entries = []
    for place in places:
        row = rows.get(place.pk)
        if row is not None:
            row.attendance_list = attendance_list
        entry = _entry(place, row, attendance_list)
        if entry is not None:
            entry.kept = None if entry.state in HERE else first.get(place.pk)
            entries.append(entry)
    return entries


def _entry(place: Registration, row: Attendance | None, attendance_list: AttendanceList) -> Entry | None:
    """The line of a place; None for whoever was cancelled and never came."""
    quiet = row is None or says_nothing(row, attendance_list)
    if place.status == Registration.Status.EXPECTED:
        silent = AFTER if attendance_list.closed_at else WAITING
        return Entry(place, silent if quiet else row.state, row)
    if not quiet and row.state in HERE:
        return Entry(place, row.state, row)
    if place.status == Registration.Status.REPLACED:
        stand_in = getattr(place, "stand_in", None)
        return Entry(place, REPLACED, row, stand_in=stand_in.participant.name if stand_in else "")
    return None


def tally(entries: Iterable[Entry]) -> list[tuple[str, str, str, int]]:
    """(state, label, tone, how many) of every state that occurs, in the order of the states."""
    found = Counter(entry.state for entry in entries)
    return [(state, label, TONES[state], found[state]) for state, label in state_labels().items() if found[state]]


def sorts() -> list[tuple[str, str]]:
    """The orders of the table."""
    return [
        ("name", _("Nama")), ("office", _("Instansi")), ("came", pgettext("urutan", "Jam datang")),
        ("state", _("Kehadiran")),
    ]  # fmt: skip


def chosen(entries: Iterable[Entry], *, q: str, state: str, category: str, sort: str) -> list[Entry]:
    """The lines with this text in name or office, of this state and category, in this order."""
    text = q.casefold()
    found = [
        entry
        for entry in entries
        if (not text or text in f"{entry.name} {entry.office}".casefold())
        and (not state or entry.state == state)
        and (not category or entry.registration.category == category)
    ]
    order = list(TONES)
    late = timezone.now() + dt.timedelta(days=36500)
    keys = {
        "office": lambda entry: (entry.office.casefold(), entry.name.casefold()),
        "came": lambda entry: (entry.row and entry.row.came_at) or late,
        "state": lambda entry: (order.index(entry.state), entry.name.casefold()),
    }
    return sorted(found, key=keys[sort]) if sort in keys else found
