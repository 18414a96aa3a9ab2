"""Reading which sessions want the same room or person at the same time, to say it in a sentence.

The database alone decides whether there is a clash; this only finds the words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock_range, long_date, zone_label
from rakor.models import Meeting, Session, SessionPerson


@dataclass
class Slot:
    """When and where a session is, and whom it keeps busy (pk → name)."""

    pk: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    room_id: int | None
    room: str
    people: dict[int, str] = field(default_factory=dict)

    def overlaps(self, other: Slot) -> bool:
        """Whether both take place at some moment; touching ends do not count."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def when(self) -> str:
        """ "Rabu, 24 April 2019 pukul 09.00–09.45 WITA"."""
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        zone = zone_label(timezone.get_default_timezone())
        return _("%(day)s pukul %(time)s %(zone)s") % {
            "day": long_date(starts.date()), "time": clock_range(starts, ends), "zone": zone,
        }  # fmt: skip


def slots_of(sessions: Iterable[Session]) -> list[Slot]:
    """The slots of sessions that were read with room and busy people."""
    return [
        Slot(
            session.pk, session.title, session.starts_at, session.ends_at, session.room_id,
            session.room.name if session.room else "",
            {row.participant_id: row.participant.name for row in session.people.all() if row.occupies},
        )
        for session in sessions
    ]  # fmt: skip


def slots_in(meeting: Meeting, pks: Iterable[int] | None = None) -> dict[int, Slot]:
    """The slots of an edition's sessions by pk, all or those named."""
    rows = Session.objects.filter(meeting=meeting).select_related("room")
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    people = SessionPerson.objects.filter(occupies=True).select_related("participant")
    return {slot.pk: slot for slot in slots_of(rows.prefetch_related(Prefetch("people", people)).order_by("starts_at"))}


def first_clash(meeting: Meeting, intended: dict[int, Slot], *, kind: str) -> str:
    """The sentence on the first clash between what was intended and what is stored; `kind` is "room" or "person"."""
    stored = {**slots_in(meeting), **intended}
    for mine in sorted(intended.values(), key=lambda slot: slot.starts_at):
        for other in stored.values():
            if other.pk == mine.pk or not mine.overlaps(other):
                continue
            if kind == "room" and mine.room_id and mine.room_id == other.room_id:
                return _("Ruang “%(room)s” sudah dipakai sesi “%(title)s” pada %(when)s.") % {
                    "room": mine.room, "title": other.title, "when": other.when,
                }  # fmt: skip
            both = mine.people.keys() & other.people.keys()
            if kind == "person" and both:
                return _("%(name)s sudah bertugas di sesi “%(title)s” pada %(when)s.") % {
                    "name": mine.people[min(both)], "title": other.title, "when": other.when,
                }  # fmt: skip
    if kind == "room":
        return _("Ruang ini sudah dipakai sesi lain pada waktu itu.")
    return _("Orang ini sudah bertugas di sesi lain pada waktu itu.")
