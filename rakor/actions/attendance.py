"""Attendance lists: made for every half-day, closed and opened again, corrected by hand.

Everything about a list happens under its row's lock: no two writers ever change the same person at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.facts.attendance import HERE, Said, settle, state_of
from rakor.models import Attendance, AttendanceList, CheckIn, Meeting, Registration
from rakor.queries.attendance import late_limits, says_nothing, usual_moment

State = Attendance.State
SCANNED = ""
"""The correction that takes corrections back: what the scans say counts again."""


def held(attendance_list: AttendanceList) -> AttendanceList:
    """The list's row, held until the transaction ends, with its edition."""
    rows = AttendanceList.objects.select_for_update(of=("self",), no_key=True).select_related("meeting")
    return rows.get(pk=attendance_list.pk)


def said_of(row: Attendance | None, attendance_list: AttendanceList) -> Said | None:
    """What a row says of its person, None for nothing."""
    if row is None or says_nothing(row, attendance_list):
        return None
    return Said(row.state, row.came_at, row.corrected_by_id is not None)


def state_at(attendance_list: AttendanceList, came_at: dt.datetime) -> str:
    """ "hadir", or "terlambat" for whoever came after the list's limit."""
    zone = timezone.get_default_timezone()
    return state_of(came_at, attendance_list.late_after, attendance_list.on, zone)


def write(attendance_list: AttendanceList, rows: Sequence[Attendance]) -> None:
    """Store rows of the held list, new or changed, as its next change. Two statements."""
    attendance_list.change += 1
    attendance_list.save(update_fields=["change"])
    for row in rows:
        row.change = attendance_list.change
        row.version += 1
    names = ("state", "came_at", "note", "corrected_by_id", "change", "version")
    Attendance.objects.bulk_create(
        [
            Attendance(
                attendance_list=attendance_list, registration_id=row.registration_id,
                **{name: getattr(row, name) for name in names},
            )
            for row in rows
        ],
        update_conflicts=True, unique_fields=["attendance_list", "registration"],
        update_fields=["state", "came_at", "note", "corrected_by", "change", "version"],
    )  # fmt: skip


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


def prepare_lists(meeting: Meeting, *, by: Any) -> list[AttendanceList]:
    """`ensure_lists` for somebody.

    Errors: Denied.
    """
    ensure(rules.may_keep_door(by, meeting))
    return ensure_lists(meeting)


@transaction.atomic
def change_limit(attendance_list: AttendanceList, late_after: dt.datetime | None, *, by: Any) -> AttendanceList:
    """The list with another moment from which people are late, and everybody judged by it whom nobody corrected.

    Errors: Denied.
    """
    row = held(attendance_list)
    ensure(rules.may_correct_attendance(by, row.meeting))
    if row.late_after == late_after:
        return row
    before, row.late_after = row.late_after, late_after
    row.save(update_fields=["late_after"])
    changed = []
    for each in row.rows.filter(corrected_by__isnull=True, came_at__isnull=False):
        if (state := state_at(row, each.came_at)) != each.state:
            each.state = state
            changed.append(each)
    write(row, changed)
    shown = [timezone.localtime(moment).isoformat() if moment else None for moment in (before, late_after)]
    record(gettext_noop("Mengubah batas terlambat"), row, by=by, changes={"terlambat sesudah": shown})
    return row


@transaction.atomic
def close_list(attendance_list: AttendanceList, *, by: Any) -> AttendanceList:
    """The closed list: whoever is expected and of whom it says nothing did not come. A second click changes nothing.

    Errors: Denied.
    """
    row = held(attendance_list)
    ensure(rules.may_correct_attendance(by, row.meeting))
    if row.closed_at is not None:
        return row
    silent = [each for each in row.rows.all() if says_nothing(each, row)]
    missing = Registration.objects.active().filter(meeting=row.meeting).exclude(attendances__attendance_list=row)
    absent = [
        Attendance(registration_id=pk, state=State.ABSENT, version=0) for pk in missing.values_list("pk", flat=True)
    ]
    row.closed_at, row.closed_by = timezone.now(), by
    row.save(update_fields=["closed_at", "closed_by"])
    write(row, [*silent, *absent])
    here = row.rows.filter(state__in=HERE).count()
    record(gettext_noop("Menutup daftar hadir"), row, by=by, note=f"{here} orang hadir")
    return row


@transaction.atomic
def reopen_list(attendance_list: AttendanceList, *, by: Any) -> tuple[AttendanceList, int]:
    """The list open again, and how many persons came in by scans that arrived while it was closed.

    Errors: Denied.
    """
    row = held(attendance_list)
    ensure(rules.may_correct_attendance(by, row.meeting))
    if row.closed_at is None:
        return row, 0
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    rows = {each.registration_id: each for each in row.rows.all()}
    changed = [each for each in rows.values() if says_nothing(each, row)]
    came = 0
    for person, moment in _kept_scans(row):
        each = rows.get(person) or Attendance(registration_id=person, version=0)
        _outcome, takes = settle(said_of(rows.get(person), row), moment, closed=False)
        if takes:
            came += each.state not in HERE
            each.state, each.came_at = state_at(row, moment), moment
            if each not in changed:
                changed.append(each)
    write(row, changed)
    record(gettext_noop("Membuka kembali daftar hadir"), row, by=by)
    return row, came


def _kept_scans(attendance_list: AttendanceList) -> Iterable[tuple[int, dt.datetime]]:
    """Who is expected and was scanned while the list was closed, with the first such moment."""
    kept = attendance_list.check_ins.filter(outcome=CheckIn.Outcome.KEPT, registration__status="terdaftar")
    return kept.values_list("registration").annotate(first=Min("came_at")).order_by("registration")


@transaction.atomic
def correct(
    attendance_list: AttendanceList, registration: Registration, state: str, *, by: Any, base_version: int,
    came_at: dt.datetime | None = None, note: str = "",
) -> Attendance:  # fmt: skip
    """What people say of somebody: no scan changes it until SCANNED takes it back.

    Without `came_at` the moment known so far stays, else it is now, or on another day the usual one.
    Errors: Denied; Blocked for an excuse without a reason; StaleVersion when somebody wrote in between.
    """
    row = held(attendance_list)
    ensure(rules.may_correct_attendance(by, row.meeting))
    known = row.rows.filter(registration=registration).select_related("corrected_by").first()
    known = known or Attendance(attendance_list=row, registration=registration, state=State.ABSENT, version=0)
    if known.version != base_version:
        raise StaleVersion(
            _("Kehadiran ini sudah berubah sejak Anda membukanya."), current=known, yours={"state": state, "note": note}
        )
    before = _journal_word(known, row)
    note = " ".join(note.split())[:200]
    if state == SCANNED:
        _as_scanned(row, known)
    else:
        if state == State.EXCUSED and not note:
            raise Blocked(_("Tuliskan keterangan izinnya."))
        known.came_at = (came_at or known.came_at or usual_moment(row)) if state in HERE else None
        known.state, known.note, known.corrected_by = state, note, by
    write(row, [known])
    verb = gettext_noop("Mengoreksi kehadiran") if state else gettext_noop("Menghapus koreksi kehadiran")
    record(verb, row, by=by, note=note, changes={registration.participant.name: [before, _journal_word(known, row)]})
    return known


def _journal_word(row: Attendance, attendance_list: AttendanceList) -> str:
    """What the row says, in the language of the journal."""
    if not row.version or says_nothing(row, attendance_list):
        return "–"
    with override(settings.LANGUAGE_CODE):
        return str(row.get_state_display())


def _as_scanned(attendance_list: AttendanceList, row: Attendance) -> None:
    """Make the row say what the scans say, or nothing."""
    row.note, row.corrected_by = "", None
    first = attendance_list.check_ins.filter(registration=row.registration).aggregate(first=Min("came_at"))["first"]
    row.came_at = first
    row.state = state_at(attendance_list, first) if first else State.ABSENT
