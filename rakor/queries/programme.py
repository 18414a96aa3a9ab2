"""Reading the programme of an edition: days, items in order of time, tracks by room, and the desk matrix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.dates import clock_range, long_date
from rakor.models import Meeting, Room, Session, SessionPerson

BREAKS = frozenset({Session.Kind.REGISTRATION, Session.Kind.BREAK})
WITHOUT_MINUTES = frozenset({*BREAKS, Session.Kind.VISIT})
_DAYS = (
    gettext_noop("Hari pertama"), gettext_noop("Hari kedua"), gettext_noop("Hari ketiga"), gettext_noop("Hari keempat"),
    gettext_noop("Hari kelima"), gettext_noop("Hari keenam"), gettext_noop("Hari ketujuh"),
)  # fmt: skip


class Person(NamedTuple):
    """Who plays a part."""

    name: str
    institution: str

    def __str__(self) -> str:
        return f"{self.name} ({self.institution})" if self.institution else self.name


class SessionRow(NamedTuple):
    """A session with the names of its room and regency: plain values, since a page shows hundreds of them."""

    pk: int
    kind: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    room_id: int | None
    regency_id: int | None
    details: str
    note: str
    source: str
    version: int
    room: str | None
    regency: str | None
    regency_code: str | None


_ROW = (*SessionRow._fields[:11], "room__name", "regency__name", "regency__code")


@dataclass
class Item:
    """One session as the programme shows it; times are local, `key` is the pk as text, `url` its page."""

    session: SessionRow
    key: str
    url: str
    starts: dt.datetime
    ends: dt.datetime
    kind_label: str
    room: str = ""
    regency: str = ""
    regency_code: str = ""
    parts: dict[str, list[Person]] = field(default_factory=dict)
    is_now: bool = False
    is_mine: bool = False

    @property
    def pk(self) -> int:
        """Of the session."""
        return self.session.pk

    @cached_property
    def time(self) -> str:
        """ "09.00–09.45"."""
        return clock_range(self.starts, self.ends)

    @property
    def minutes(self) -> int:
        """Duration in minutes."""
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def short_title(self) -> str:
        """What a cell of the desk matrix says: the regency, else the title."""
        return self.regency.replace("Kabupaten ", "Kab. ") or self.session.title

    @property
    def is_break(self) -> bool:
        """Registration and rests are tinted."""
        return self.session.kind in BREAKS

    @property
    def lacks_minute_taker(self) -> bool:
        """Whether minutes are expected of it and nobody is named to take them."""
        return self.session.kind not in WITHOUT_MINUTES and not self.parts.get(SessionPerson.Part.MINUTE_TAKER)

    @property
    def css(self) -> str:
        """The classes of the item: what it is for whoever looks at it now."""
        marks = (("is-break", self.is_break), ("is-now", self.is_now), ("is-mine", self.is_mine))
        return " ".join(["item", *(name for name, wanted in marks if wanted)])

    @property
    def people_lines(self) -> list[str]:
        """ "Narasumber: A, B", "Moderator: C", "Notulis: D", as far as there are any."""
        if not self.parts:
            return []
        named = (
            (_("Narasumber"), ", ".join(self.presenters)),
            (_("Moderator"), self.moderator),
            (_("Notulis"), self.minute_taker),
        )
        return [f"{label}: {names}" for label, names in named if names]

    def names(self, part: str) -> list[str]:
        """The names that play this part."""
        return [person.name for person in self.parts.get(part, ())]

    @cached_property
    def speech_line(self) -> str:
        """ "Sambutan Gubernur NTT, dibacakan oleh Bupati Belu", "" when nobody's speech is named."""
        owners = ", ".join(self.names(SessionPerson.Part.OWNER))
        readers = ", ".join(self.names(SessionPerson.Part.READER))
        if owners and readers:
            return _("Sambutan %(owner)s, dibacakan oleh %(reader)s") % {"owner": owners, "reader": readers}
        if owners:
            return _("Sambutan %(owner)s") % {"owner": owners}
        return _("Dibacakan oleh %(reader)s") % {"reader": readers} if readers else ""

    @cached_property
    def detail_lines(self) -> list[str]:
        """What stands under the title."""
        lines = [line.strip() for line in self.session.details.splitlines() if line.strip()]
        return [self.speech_line, *lines] if self.speech_line else lines

    @cached_property
    def speakers(self) -> list[str]:
        """Presenters; of a speech, who holds or reads it."""
        return (
            self.names(SessionPerson.Part.PRESENTER)
            or self.names(SessionPerson.Part.READER)
            or self.names(SessionPerson.Part.OWNER)
        )

    @property
    def presenters(self) -> list[str]:
        """Presenters alone: the holders of a speech stand in its line."""
        return self.names(SessionPerson.Part.PRESENTER)

    @cached_property
    def moderator(self) -> str:
        """Moderator, else who chairs."""
        names = self.names(SessionPerson.Part.MODERATOR) or self.names(SessionPerson.Part.CHAIR)
        return ", ".join(names)

    @cached_property
    def minute_taker(self) -> str:
        """Who takes the minutes."""
        return ", ".join(self.names(SessionPerson.Part.MINUTE_TAKER))


@dataclass
class Track:
    """The sessions of one room on one day, in order."""

    room: str
    items: list[Item]

    @property
    def add_query(self) -> str:
        """What the form of a new session in this place begins with, as a query string."""
        last = self.items[-1].ends
        return urlencode({"tanggal": last.date().isoformat(), "pukul": f"{last:%H:%M}", "di": self.room})


@dataclass
class Day:
    """One day of the edition with its items in order of time."""

    date: dt.date
    number: int
    items: list[Item]

    @property
    def name(self) -> str:
        """ "Hari pertama"."""
        if self.number <= len(_DAYS):
            return _(_DAYS[self.number - 1])
        return _("Hari ke-%(number)s") % {"number": self.number}

    @property
    def long_date(self) -> str:
        """ "Rabu, 24 April 2019"."""
        return long_date(self.date)

    @property
    def span(self) -> str:
        """From the first beginning to the last end: "07.30–16.00"; the day must have items."""
        return clock_range(self.items[0].starts, max(item.ends for item in self.items))

    @cached_property
    def tracks(self) -> list[Track]:
        """One per room in use, the one that begins first leading; sessions without a room come last."""
        rooms: dict[str, list[Item]] = {}
        for item in self.items:
            rooms.setdefault(item.room, []).append(item)
        ordered = sorted(rooms.items(), key=lambda pair: (pair[0] == "", pair[1][0].starts, pair[0]))
        return [Track(room=room, items=items) for room, items in ordered]

    @cached_property
    def blocks(self) -> list[Block]:
        """The day as a reader goes through it: single items, and parallel desks together as a matrix."""
        return list(_blocks(self.items))


@dataclass
class Block:
    """A single item, or desks in parallel rooms as a matrix."""

    items: list[Item]
    matrix: Matrix | None = None


@dataclass
class MatrixRow:
    """One time slot: a cell per table, an item or None; or a `rest` for all tables."""

    time: str
    cells: list[Item | None]
    rest: Item | None = None


@dataclass
class Matrix:
    """Desks: a column per table, a row per time slot."""

    rooms: list[str]
    rows: list[MatrixRow]


def _blocks(items: list[Item]) -> Iterable[Block]:
    """Single items, and runs from the first to the last desk with nothing but rests between, as one matrix."""
    position = 0
    while position < len(items):
        end = _end_of_desks(items, position)
        matrix = _matrix(items[position:end])
        if matrix:
            yield Block(items[position:end], matrix)
            position = end
        else:
            yield Block([items[position]])
            position += 1


def _end_of_desks(items: list[Item], start: int) -> int:
    """The place after the last desk of a run that begins at `start`; `start` itself when there is none."""
    end = start
    if items[start].session.kind != Session.Kind.DESK:
        return end
    for place in range(start, len(items)):
        if items[place].session.kind == Session.Kind.DESK:
            end = place + 1
        elif items[place].session.kind != Session.Kind.BREAK:
            break
    return end


def _matrix(items: list[Item]) -> Matrix | None:
    """The items as a matrix, None when they are not parallel or slots overlap unevenly within a room."""
    desks = [item for item in items if item.session.kind == Session.Kind.DESK]
    rooms = sorted({item.room for item in desks})
    if len(rooms) < 2:
        return None
    rows: dict[str, MatrixRow] = {}
    for item in items:
        if item.session.kind == Session.Kind.BREAK:
            rows[f"{item.time} {item.pk}"] = MatrixRow(item.time, [], rest=item)
            continue
        row = rows.setdefault(item.time, MatrixRow(item.time, [None] * len(rooms)))
        if row.cells[rooms.index(item.room)] is not None:
            return None
        row.cells[rooms.index(item.room)] = item
    return Matrix(rooms=rooms, rows=list(rows.values()))


@dataclass
class Programme:
    """The sessions of an edition with their people, as plain values; `now` and `regencies` are who looks when."""

    meeting: Meeting
    sessions: tuple[SessionRow, ...]
    people: tuple[tuple[int, str, str, str], ...]
    now: dt.datetime | None = None
    regencies: frozenset[int] = frozenset()

    @property
    def content(self) -> Hashable:
        """Everything that the shown programme depends on, besides filters and language."""
        running = tuple(row.pk for row in self.sessions if self._runs(row))
        edition = (self.meeting.slug, self.meeting.starts_on, self.meeting.ends_on)
        return (*edition, self.sessions, self.people, running, self.regencies)

    def _runs(self, row: SessionRow) -> bool:
        return self.now is not None and row.starts_at <= self.now < row.ends_at

    @cached_property
    def items(self) -> list[Item]:
        """The sessions as people see them, in order of time."""
        zone = timezone.get_default_timezone()
        root = reverse("session", args=[self.meeting.slug, 0]).removesuffix("0/")
        labels = {key: str(label) for key, label in Session.Kind.choices}
        items = {
            row.pk: Item(
                session=row,
                key=str(row.pk),
                url=f"{root}{row.pk}/",
                starts=row.starts_at.astimezone(zone),
                ends=row.ends_at.astimezone(zone),
                kind_label=labels[row.kind],
                room=row.room or "",
                regency=row.regency or "",
                regency_code=row.regency_code or "",
                is_now=self._runs(row),
                is_mine=row.regency_id in self.regencies,
            )
            for row in self.sessions
        }
        for pk, part, name, institution in self.people:
            if pk in items:
                items[pk].parts.setdefault(part, []).append(Person(name, institution))
        return list(items.values())

    @property
    def rooms(self) -> list[str]:
        """Names of the rooms in use."""
        return sorted({row.room for row in self.sessions if row.room})

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds in use with their labels, in the order of the model."""
        used = {row.kind for row in self.sessions}
        return [(key, label) for key, label in Session.Kind.choices if key in used]

    def days(self, *, room: str = "", kind: str = "", day: int = 0) -> list[Day]:
        """The days with the items that fit; all days, also empty ones, unless `day` (1, 2, …) names one."""
        by_date: dict[dt.date, list[Item]] = {date: [] for date in self.meeting.days}
        for item in self.items:
            if (not room or item.room == room) and (not kind or item.session.kind == kind):
                by_date.setdefault(item.starts.date(), []).append(item)
        days = [Day(date, number, items) for number, (date, items) in enumerate(sorted(by_date.items()), 1)]
        return [each for each in days if not day or each.number == day]


def programme_of(
    meeting: Meeting, *, now: dt.datetime | None = None, regencies: frozenset[int] = frozenset()
) -> Programme:
    """The programme of an edition, two statements however long it is. With `now` the running sessions are marked, with
    `regencies` the desks of those."""
    rows = _rows(Session.objects.filter(meeting=meeting).order_by("starts_at", "room__name", "pk"))
    return Programme(meeting, rows, _named(SessionPerson.objects.filter(session__meeting=meeting)), now, regencies)


def programme_of_one(meeting: Meeting, pk: int) -> Programme:
    """A programme of one session, empty when the edition has none of that number."""
    rows = _rows(Session.objects.filter(meeting=meeting, pk=pk))
    return Programme(meeting, rows, _named(SessionPerson.objects.filter(session=pk)))


def _rows(sessions: QuerySet[Session]) -> tuple[SessionRow, ...]:
    return tuple(SessionRow(*row) for row in sessions.values_list(*_ROW))


def _named(people: QuerySet[SessionPerson]) -> tuple[tuple[int, str, str, str], ...]:
    ordered = people.order_by("part", "position", "pk")
    return tuple(ordered.values_list("session_id", "part", "participant__name", "participant__institution"))


def rooms_of(meeting: Meeting) -> list[str]:
    """Names of all rooms of an edition, for completion."""
    return list(Room.objects.filter(meeting=meeting).values_list("name", flat=True))
