"""Planning the desks: every regency one table and one slot by one button, then changed by hand.

Desks are sessions of the programme: the database refuses a table or a person twice, and every change can be taken back.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, StaleVersion
from rakor.actions.sessions import SessionPlan, fill_session, planning, set_people, snapshot
from rakor.models import Desk, Meeting, ProgrammeChange, Session, SessionPerson
from regencies.models import Regency

MOST_TABLES = 12
MOST_SLOTS = 16
TABLE_PARTS = (SessionPerson.Part.MODERATOR, SessionPerson.Part.MINUTE_TAKER)


def table_name(number: int) -> str:
    """What a table is called: "Meja 1"."""
    return f"Meja {number}"


@dataclass(frozen=True)
class DeskSlots:
    """Which tables at which times: `tables` tables side by side, a slot at each of `starts` on `day`."""

    day: dt.date
    starts: tuple[dt.time, ...]
    tables: int = 4
    minutes: int = 45

    def moments(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """Begin and end of each slot, in order."""
        zone = timezone.get_default_timezone()
        begins = [dt.datetime.combine(self.day, start, zone) for start in sorted(set(self.starts))]
        return [(begin, begin + dt.timedelta(minutes=self.minutes)) for begin in begins]


def plan_desks(meeting: Meeting, *, by: Any, slots: DeskSlots) -> ProgrammeChange:
    """The change that gave every regency without a desk a table and a time, by code, slot after slot.

    Places that are taken already are passed over; doing it again makes no second desk.
    Errors: Denied; Blocked when there is nobody left, too little room, or a table is taken by another session.
    """
    _check(meeting, slots)
    with planning(meeting, by=by) as touched:
        have = meeting.sessions.filter(kind=Session.Kind.DESK, regency__isnull=False).values("regency")
        waiting = list(Regency.objects.visible_to(by).exclude(pk__in=have).order_by("code"))
        if not waiting:
            raise Blocked(_("Semua kabupaten/kota sudah mempunyai desk."))
        free = _free_places(meeting, slots)
        if len(free) < len(waiting):
            raise Blocked(
                _("Hanya ada %(free)s tempat kosong untuk %(n)s kabupaten/kota. Tambah meja atau waktu mulai.")
                % {"free": len(free), "n": len(waiting)}
            )
        after = {}
        for regency, (begin, end, table) in zip(waiting, free, strict=False):
            session = Session(meeting=meeting, version=0)
            plan = SessionPlan(Session.Kind.DESK, f"Desk {regency.name}", begin, end, room=table, regency=regency)
            fill_session(session, plan)
            touched.add(session.pk)
            after[str(session.pk)] = snapshot(session)
        what = gettext_noop("Membagi desk")
        note = f"{len(after)} kabupaten/kota"  # of the journal, which is Indonesian
        record(what, meeting, by=by, note=note)
        return ProgrammeChange.objects.create(
            meeting=meeting, what=f"{what} {note}", before=dict.fromkeys(after), after=after, by=by
        )


def _check(meeting: Meeting, slots: DeskSlots) -> None:
    if slots.day not in meeting.days:
        raise Blocked(_("Pilih salah satu hari rakor."))
    if not 1 <= slots.tables <= MOST_TABLES or not 1 <= len(slots.starts) <= MOST_SLOTS:
        raise Blocked(
            _("Isi 1 sampai %(tables)s meja dan 1 sampai %(slots)s waktu mulai.")
            % {"tables": MOST_TABLES, "slots": MOST_SLOTS}
        )
    moments = slots.moments()
    for (begin, end), (following, _end) in itertools.pairwise(moments):
        if following < end:
            raise Blocked(
                _("Desk pukul %(first)s belum selesai ketika desk pukul %(second)s dimulai.")
                % {"first": clock(timezone.localtime(begin)), "second": clock(timezone.localtime(following))}
            )
    if moments[-1][1].date() != slots.day and moments[-1][1].time() != dt.time(0):
        raise Blocked(_("Desk tidak boleh melewati tengah malam."))


def _free_places(meeting: Meeting, slots: DeskSlots) -> list[tuple[dt.datetime, dt.datetime, str]]:
    """Slot after slot, table after table, where no desk is yet."""
    desks = list(meeting.sessions.filter(kind=Session.Kind.DESK, room__isnull=False).select_related("room"))
    return [
        (begin, end, table)
        for begin, end in slots.moments()
        for table in map(table_name, range(1, slots.tables + 1))
        if not any(
            desk.room.name.lower() == table.lower() and desk.starts_at < end and begin < desk.ends_at for desk in desks
        )
    ]


def place_desk(
    session: Session, *, starts_at: dt.datetime, room_id: int, version: int, by: Any
) -> ProgrammeChange | None:
    """The change that moved a desk to another slot or table; with the desk that is there, it changes places.

    None when it is there already. Both keep their own length. Who leads and writes at a table stays at the table.
    Errors: Denied; StaleVersion; Blocked for an overlap, or when one of the two is under way.
    """
    meeting = session.meeting
    with planning(meeting, by=by) as touched:
        row = meeting.sessions.select_for_update().get(pk=session.pk)
        if row.version != version:
            raise StaleVersion(_("Desk ini sudah dipindahkan orang lain."), current=row, yours=starts_at)
        if (row.starts_at, row.room_id) == (starts_at, room_id):
            return None
        if not meeting.rooms.filter(pk=room_id).exists():
            raise Blocked(_("Meja itu tidak ada dalam rakor ini."))
        other = (
            meeting.sessions.select_for_update()
            .filter(kind=Session.Kind.DESK, starts_at=starts_at, room_id=room_id)
            .first()
        )
        moved = [(row, starts_at, room_id)] + ([(other, row.starts_at, row.room_id)] if other else [])
        _not_under_way([each for each, _start, _room in moved])
        before = {str(each.pk): snapshot(each) for each, _start, _room in moved}
        crews = [_crew(meeting, each, room, row if each is other else other) for each, _start, room in moved]
        for (each, start, room), crew in zip(moved, crews, strict=True):
            own = [person for person in before[str(each.pk)]["people"] if person[0] not in TABLE_PARTS]
            _move(each, start, room)
            set_people(each, [*map(tuple, own), *crew])
            touched.add(each.pk)
        after = {str(each.pk): snapshot(each) for each, _start, _room in moved}
        what = gettext_noop("Memindahkan desk")
        note = f"ke pukul {clock(timezone.localtime(row.starts_at))}"
        record(what, row, by=by, note=note)
        return ProgrammeChange.objects.create(
            meeting=meeting, what=f"{what} “{row.title}” {note}"[:300], before=before, after=after, by=by
        )


def _crew(meeting: Meeting, session: Session, room_id: int | None, partner: Session | None) -> list[tuple]:
    """Who leads and writes for the session at that table: of the desk it changes with, else of another desk there."""
    source = partner or session
    if partner is None and room_id != session.room_id:
        there = meeting.sessions.filter(kind=Session.Kind.DESK, room=room_id)
        source = there.order_by("starts_at").last() or session
    return list(source.people.filter(part__in=TABLE_PARTS).values_list("part", "participant", "position"))


def _move(session: Session, starts_at: dt.datetime, room_id: int | None) -> None:
    length = session.ends_at - session.starts_at
    session.starts_at, session.ends_at, session.room_id = starts_at, starts_at + length, room_id
    session.version += 1
    session.save(update_fields=["starts_at", "ends_at", "room", "version"])


def _not_under_way(sessions: list[Session]) -> None:
    begun = Desk.objects.filter(session__in=sessions, status__in=["berlangsung", "ditutup"])
    if desk := begun.select_related("session__regency").first():
        raise Blocked(_("%(desk)s sudah dibuka, jadi tidak dipindahkan lagi.") % {"desk": desk})
