"""Reading desks: who sees which, the plan by table and slot, the call board, and what a desk's page needs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.kernel.dates import clock_range
from portal.kernel.workflow import Status
from programs.models import Proposal
from programs.queries.verdicts import at_desk, waiting_at_desks
from programs.rules import province_readers
from rakor import rules
from rakor.models import Desk, Meeting, Session
from rakor.workflow import DESK
from regencies.models import Regency
from regencies.rules import regency_ids

WAITING, CALLED, RUNNING, CLOSED = (status.key for status in DESK.statuses)


def _desk_sessions() -> QuerySet[Session]:
    return (
        Session.objects.filter(kind=Session.Kind.DESK, regency__isnull=False)
        .select_related("room", "regency", "desk__leader", "desk__document")
        .defer("desk__document__facts")
        .order_by("starts_at", "room__name", "pk")
    )


def desk_sessions(meeting: Meeting) -> QuerySet[Session]:
    """The desk sessions of an edition with table, regency and desk, in order of time and table."""
    return _desk_sessions().filter(meeting=meeting)


def readable_sessions(user: Any, slug: str) -> QuerySet[Session]:
    """The desk sessions whose page the user may open: all for the province and observers, its own for a regency."""
    found = _desk_sessions().select_related("meeting").filter(meeting__slug=slug)
    if not rules.sees_drafts(user):
        found = found.filter(meeting__published=True)
    return found if province_readers(user) else found.filter(regency__in=regency_ids(user))


def desk_of(session: Session) -> Desk:
    """The desk of a session read by `desk_sessions`; an unsaved, waiting one when nobody has begun it yet."""
    return getattr(session, "desk", None) or Desk(session=session)


@dataclass
class Place:
    """A desk session as lists show it; times are local."""

    session: Session
    desk: Desk
    mine: bool = False

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return self.desk.state

    @property
    def table(self) -> str:
        """The room's name, "" while it has none."""
        return self.session.room.name if self.session.room else ""

    @property
    def starts(self) -> dt.datetime:
        """Local begin."""
        return timezone.localtime(self.session.starts_at)

    @property
    def time(self) -> str:
        """ "08.00–08.45"."""
        return clock_range(self.starts, timezone.localtime(self.session.ends_at))

    @property
    def name(self) -> str:
        """The regency as a table cell names it."""
        return self.session.regency.name.replace("Kabupaten ", "Kab. ")


def running_desks(meeting: Meeting) -> QuerySet[Desk]:
    """The desks of the edition that are under way, with what closing them asks for, in order of time and table."""
    needed = ("session__meeting", "session__regency", "session__room", "leader")
    found = Desk.objects.filter(session__meeting=meeting, status=RUNNING).select_related(*needed)
    return found.order_by("session__starts_at", "session__room__name", "pk")


def places(meeting: Meeting, user: Any = None) -> list[Place]:
    """Every desk of an edition. One query."""
    own = regency_ids(user) if user is not None else frozenset()
    return [Place(session, desk_of(session), session.regency_id in own) for session in desk_sessions(meeting)]


def late_proposals(meeting: Meeting, found: Iterable[Place]) -> list[tuple[Regency, list[Proposal]]]:
    """The ready proposals of regencies all of whose desks (`found`) are closed, by regency: nobody will decide them.

    One query when a desk is closed.
    """
    statuses: dict[int, set[str]] = {}
    for place in found:
        statuses.setdefault(place.session.regency_id, set()).add(place.desk.status)
    held = [regency for regency, has in statuses.items() if has == {CLOSED}]
    if not held:
        return []
    late = at_desk(meeting.planning_year).filter(status="siap_desk", regency__in=held).select_related("regency")
    return [(regency, list(rows)) for regency, rows in itertools.groupby(late, key=lambda row: row.regency)]


def waiting_by_regency(desks: Sequence[Desk]) -> dict[int, list[Proposal]]:
    """By regency the proposals that these desks of one edition have to close. One query."""
    found: dict[int, list[Proposal]] = {desk.session.regency_id: [] for desk in desks}
    year = desks[0].session.meeting.planning_year
    for proposal in waiting_at_desks(year, found):
        found[proposal.regency_id].append(proposal)
    return found


@dataclass
class Row:
    """One slot of the plan: a cell per table, None where it is free."""

    day: dt.date
    time: str
    cells: list[Place | None] = field(default_factory=list)


@dataclass
class Grid:
    """The plan as a table: tables across, slots down; `loose` have no table or share a place with another."""

    tables: list[str]
    rows: list[Row]
    loose: list[Place]


def grid(found: Iterable[Place]) -> Grid:
    """The desks by table and slot."""
    found = list(found)
    tables = sorted({place.table for place in found if place.table}, key=_natural)
    slots: dict[tuple[dt.datetime, str], dict[str, Place]] = {}
    loose = []
    for place in found:
        if place.table:
            slots.setdefault((place.starts, place.time), {})[place.table] = place
        else:
            loose.append(place)
    rows = [
        Row(starts.date(), time, [cells.get(table) for table in tables])
        for (starts, time), cells in sorted(slots.items(), key=lambda item: item[0])
    ]
    return Grid(tables, rows, loose)


def _natural(name: str) -> tuple[str, int]:
    """ "Meja 10" after "Meja 9"."""
    head, _space, tail = name.rpartition(" ")
    return (head, int(tail)) if tail.isascii() and tail.isdigit() else (name, 0)


@dataclass
class Table:
    """One table of the call board."""

    name: str
    running: list[Place] = field(default_factory=list)
    called: list[Place] = field(default_factory=list)
    waiting: list[Place] = field(default_factory=list)
    closed: list[Place] = field(default_factory=list)

    @property
    def soon(self) -> list[Place]:
        """The next two."""
        return self.waiting[:2]


@dataclass
class Board:
    """The call board: tables with what goes on there, and how many desks are done."""

    tables: list[Table]
    done: int
    total: int

    @property
    def content(self) -> tuple:
        """Everything the board shows, to tell whether it changed."""
        return tuple(
            (table.name, *((p.session.pk, p.name, p.time, p.desk.status) for p in _all_of(table)))
            for table in self.tables
        )


def _all_of(table: Table) -> list[Place]:
    return [*table.running, *table.called, *table.waiting, *table.closed]


def board(found: Iterable[Place]) -> Board:
    """The desks by table: running, called, waiting and done."""
    found = list(found)
    tables = {name: Table(name) for name in sorted({place.table for place in found}, key=_natural)}
    for place in found:
        table = tables[place.table]
        target = {WAITING: table.waiting, CALLED: table.called, RUNNING: table.running, CLOSED: table.closed}
        target[place.desk.status].append(place)
    done = sum(len(table.closed) for table in tables.values())
    return Board(list(tables.values()), done, len(found))


def next_desk(session: Session) -> Session | None:
    """The next desk at the same table that is not over; at any table when this one is through."""
    left = (
        desk_sessions(session.meeting)
        .exclude(pk=session.pk)
        .filter(Q(desk__isnull=True) | Q(desk__status__in=[WAITING, CALLED]))
    )
    return left.filter(room=session.room_id).first() or left.first()
