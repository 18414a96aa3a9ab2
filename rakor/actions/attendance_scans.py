"""Scans arrive: from devices at the door, many at once and perhaps again, and from participants' own phones.

Everything about a list happens under its row's lock, so that two devices never write the same person at once. What
holds when they disagree is in docs/decisions/0014-conflicts-at-the-door.md.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, PortalError, ensure
from rakor import rules
from rakor.actions.attendance import held, said_of, state_at, write
from rakor.actions.registrations import AlreadyRegistered, register, replace_registration
from rakor.facts.attendance import (
    AGAIN,
    HERE,
    KEPT,
    REFUSED,
    Broken,
    Scan,
    code_fits,
    pass_hash,
    settle,
)
from rakor.models import Attendance, AttendanceList, CheckIn, Registration
from rakor.queries.attendance import (
    Person,
    editions_of_passes,
    editions_of_people,
    is_open,
    label_of,
    lists_of,
    people_of,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one scan, for the device that sent it."""

    key: str
    outcome: str
    sentence: str
    person: int | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the scans, and list, people and rows as they are afterwards."""

    results: list[Result]
    attendance_list: AttendanceList
    people: list[Person]
    rows: dict[int, Attendance]


def receive(
    attendance_list: AttendanceList, items: Sequence[Scan | Broken], *, device: str, by: Any
) -> Received:  # fmt: skip
    """What became of each scan of a device; those that arrive again are answered as they were the first time.

    Errors: Denied. A scan that cannot be counted is a Result, never an error: the others count.
    """
    ensure(rules.may_send_scans(by, attendance_list.meeting))
    items = [_with_place(attendance_list, item, by=by) for item in items]
    with transaction.atomic():
        row = held(attendance_list)
        ensure(rules.may_send_scans(by, row.meeting))
        people = people_of(row.meeting_id)
        book = _Book(row, people, device=device, by=by)
        results = book.take_all(items)
        book.store()
    return Received(results, row, people, book.rows)


def _with_place(attendance_list: AttendanceList, item: Scan | Broken, *, by: Any) -> Scan | Broken:
    """The scan of somebody who is added at the door, now with a place; the others as they are."""
    if isinstance(item, Broken) or item.newcomer is None:
        return item
    try:
        with transaction.atomic():
            place, remark = _place_of(attendance_list, item.newcomer, item.key, by=by)
    except AlreadyRegistered as known:
        place, remark = known.registration, ""
    except PortalError as refused:
        return Broken(str(item.key), str(refused))
    except IntegrityError:  # the key was used in another edition: a device that mixes up its queues
        return Broken(str(item.key), _("Peserta ini tidak dapat ditambahkan. Daftarkan lewat halaman peserta."))
    return replace(item, person=place.pk, newcomer=None, pass_hash="", remark=remark)


def _place_of(
    attendance_list: AttendanceList, newcomer: Mapping[str, Any], key: uuid.UUID, *, by: Any
) -> tuple[Registration, str]:  # fmt: skip
    """The place of whoever was added at the door, and what is to be told of it.

    Somebody stands there, so he is registered in any case: where nobody can be replaced, besides the others.
    Errors: PortalError.
    """
    values = {name: value for name, value in newcomer.items() if name != "stands_in_for"}
    meeting, old, remark = attendance_list.meeting, newcomer.get("stands_in_for"), ""
    if old and not Registration.objects.filter(client_key=key).exists():
        found = Registration.objects.filter(meeting=meeting, pk=old).select_related("participant", "meeting").first()
        here = attendance_list.rows.filter(registration=old, state__in=HERE).exists()
        if found and not here and found.status == Registration.Status.EXPECTED:
            why, told = gettext_noop("Diwakili di pintu"), _("Menggantikan %(name)s.")
            made = replace_registration(found, values, why, by=by, client_key=key, source=Registration.Source.DOOR)
            return made, told % {"name": found.participant.name}
        remark = _("Dicatat sebagai tambahan: yang digantikan sudah hadir, sudah diganti, atau batal.")
    return register(meeting, values, by=by, source=Registration.Source.DOOR, client_key=key), remark


def check_in_by_code(registration: Registration, code: str, *, key: uuid.UUID) -> Result:
    """What became of a participant's own check-in with the digits of the hall's screen.

    Errors: Blocked when no list of the edition shows these digits now, or he is not expected any more.
    """
    now = timezone.now()
    lists = lists_of(registration.meeting)
    shown = next((each for each in lists if code_fits(each.secret, code, now)), None)
    if shown is None:
        raise Blocked(_("Kode ini tidak berlaku. Ketik enam angka yang sedang tampil di layar ruang sidang."))
    with transaction.atomic():
        row = held(shown)
        people = people_of(row.meeting_id, pk=registration.pk)
        book = _Book(row, people, device="", by=None)
        [result] = book.take_all([Scan(key, now, CheckIn.Method.CODE, person=registration.pk)])
        book.store()
    if result.outcome == REFUSED:
        raise Blocked(result.sentence)
    return result


class _Book:
    """One list while its lock is held: takes scans one by one and stores all that came of them in four statements."""

    def __init__(self, row: AttendanceList, people: Iterable[Person], *, device: str, by: Any) -> None:
        self.list, self.device, self.by = row, device, by
        self.people = {person.id: person for person in people}
        only = {"registration__in": self.people} if len(self.people) == 1 else {}
        self.rows = {each.registration_id: each for each in row.rows.filter(**only)}
        self.open = is_open(row)
        self.made: dict[uuid.UUID, CheckIn] = {}
        self.touched: set[int] = set()

    def take_all(self, items: Sequence[Scan | Broken]) -> list[Result]:
        """What became of each, in this order."""
        scans = [item for item in items if isinstance(item, Scan)]
        keys = [scan.key for scan in scans]
        self.known = {row.client_key: row for row in CheckIn.objects.filter(client_key__in=keys)}
        self.passes = {pass_hash(person.token): person for person in self.people.values()}
        strange = {scan.pass_hash for scan in scans if scan.pass_hash and scan.pass_hash not in self.passes}
        self.strange_passes = editions_of_passes(strange) if strange else {}
        absent = {scan.person for scan in scans if scan.person and scan.person not in self.people}
        self.strange_people = editions_of_people(absent) if absent else {}
        return [self._take(item) for item in items]

    def _take(self, item: Scan | Broken) -> Result:
        if isinstance(item, Broken):
            return Result(item.key, REFUSED, item.sentence, None)
        if stored := self.known.get(item.key) or self.made.get(item.key):
            return self._answered(item, stored)
        person = self._person(item)
        if isinstance(person, str):
            return Result(str(item.key), REFUSED, person, None)
        said = said_of(self.rows.get(person.id), self.list)
        outcome, takes = settle(said, item.came_at, closed=not self.open)
        self.made[item.key] = CheckIn(
            attendance_list=self.list, registration_id=person.id, client_key=item.key, method=item.method,
            device=self.device, came_at=item.came_at, outcome=outcome, by=self.by,
        )  # fmt: skip
        if takes:
            self._note(person, item.came_at)
        return Result(str(item.key), outcome, self._sentence(person, outcome), person.id, item.remark)

    def _answered(self, item: Scan, stored: CheckIn) -> Result:
        """The answer to a scan that was taken before."""
        if stored.attendance_list_id != self.list.pk or stored.registration_id not in self.people:
            return Result(str(item.key), REFUSED, _("Pemindaian ini sudah tercatat pada daftar lain."), None)
        person = self.people[stored.registration_id]
        return Result(str(item.key), stored.outcome, self._sentence(person, stored.outcome), person.id)

    def _person(self, item: Scan) -> Person | str:
        """Whom the scan is of, or why it is of nobody."""
        if item.pass_hash:
            found = self.passes.get(item.pass_hash)
            if found is None and (edition := self.strange_passes.get(item.pass_hash)):
                return _("Kartu ini dari %(edition)s, bukan dari rakor ini.") % {"edition": edition}
            if found is None:
                return _("Kode QR ini tidak dikenal: bukan kartu peserta yang dibuat portal ini.")
        else:
            found = self.people.get(item.person or 0)
            if found is None and (edition := self.strange_people.get(item.person or 0)):
                return _("Peserta ini terdaftar pada %(edition)s, bukan pada rakor ini.") % {"edition": edition}
            if found is None:
                return _("Peserta ini tidak terdaftar. Cari namanya, atau tambahkan di pintu.")
        return found if found.expected else _why_not_expected(found)

    def _note(self, person: Person, came_at: dt.datetime) -> None:
        row = self.rows.get(person.id) or Attendance(attendance_list=self.list, registration_id=person.id, version=0)
        row.state, row.came_at = state_at(self.list, came_at), came_at
        self.rows[person.id] = row
        self.touched.add(person.id)

    def _sentence(self, person: Person, outcome: str) -> str:
        """What the device shows, of the person as the list knows him now."""
        row = self.rows.get(person.id)
        at = clock(timezone.localtime(row.came_at)) if row and row.came_at else ""
        known = {"name": person.name, "time": at, "list": label_of(self.list)}
        if outcome == KEPT and not self.open:
            return _("%(name)s: daftar sudah ditutup, pemindaian disimpan untuk panitia.") % known
        if outcome == KEPT:
            known["state"] = row.get_state_display() if row else ""
            return _("%(name)s: panitia sudah mencatat “%(state)s”, pemindaian hanya disimpan.") % known
        if outcome == AGAIN:
            return _("%(name)s sudah tercatat sejak pukul %(time)s.") % known
        if self.list.on != timezone.localdate():
            return _("%(name)s tercatat pada daftar %(list)s.") % known
        if row and row.state == Attendance.State.LATE:
            return _("%(name)s tercatat terlambat, pukul %(time)s.") % known
        return _("%(name)s tercatat hadir, pukul %(time)s.") % known

    def store(self) -> None:
        """Write the scans as they arrived, the persons they changed, and the list's next change."""
        if self.made:
            CheckIn.objects.bulk_create(self.made.values(), ignore_conflicts=True)
        if self.touched:
            write(self.list, [self.rows[person] for person in sorted(self.touched)])


def _why_not_expected(person: Person) -> str:
    if person.status == Registration.Status.CANCELLED:
        return _("Pendaftaran %(name)s sudah dibatalkan.") % {"name": person.name}
    if person.stand_in:
        return _("%(name)s digantikan oleh %(other)s. Catat penggantinya.") % {
            "name": person.name, "other": person.stand_in,
        }  # fmt: skip
    return _("%(name)s sudah diganti oleh peserta lain.") % {"name": person.name}
