"""Reading the committee of an edition: its members in order, its decree, and whom the portal would propose."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rakor.models import CommitteeMember, Invitation, Letter, Meeting
from rakor.queries.signers import usual_signer
from regencies.facts import office_line
from regencies.models import Agency, Position
from regencies.queries import head_on, lead_agency
from regencies.rules import Role

Seat = CommitteeMember.Seat
FIELDS = ("seat", "name", "title", "employee_number")
RANK = {seat: place for place, seat in enumerate(Seat.values)}


def members_of(meeting: Meeting) -> QuerySet[CommitteeMember]:
    """The members in the order of the Lampiran."""
    return CommitteeMember.objects.filter(meeting=meeting).order_by("order", "pk")


def found_members(meeting: Meeting, *, q: str = "", seat: str = "") -> list[CommitteeMember]:
    """Those whose name or title holds every word, of one seat if it is named."""
    rows = members_of(meeting)
    if seat in RANK:
        rows = rows.filter(seat=seat)
    words = q.casefold().split()
    return [row for row in rows if all(word in f"{row.name} {row.title}".casefold() for word in words)]


def decree_of(meeting: Meeting) -> Letter | None:
    """The edition's last SK panitia that was not cancelled: one that revokes another comes after it."""
    return _text(meeting, Letter.Kind.DECREE)


def report_of(meeting: Meeting) -> Letter | None:
    """The edition's laporan panitia that was not cancelled."""
    return _text(meeting, Letter.Kind.REPORT)


def _text(meeting: Meeting, kind: str) -> Letter | None:
    return Letter.objects.filter(meeting=meeting, kind=kind).exclude(status="dibatalkan").order_by("-pk").first()


def successor_of(decree: Letter) -> Letter | None:
    """The decree that revokes this one, in whatever status it is; None while nobody began one."""
    return decree.revokers.exclude(status="dibatalkan").first()


def proposed_members(meeting: Meeting) -> list[dict[str, Any]]:
    """Whom positions suggest: heads above, the division head as chair, the staff of the committee, the note takers.

    Shape: dicts by FIELDS. Seven queries at most.
    """
    day = min(timezone.localdate(), meeting.ends_on)
    agency = lead_agency()
    held = Position.objects.in_force(day).filter(agency=agency).select_related("person", "agency")
    staff: dict[str, list[Position]] = {}
    for row in held.order_by("starts_on", "pk"):
        staff.setdefault(row.role, []).append(row)
    committee = staff.get(Role.PANITIA, [])
    wanted: list[tuple[str, Position | None]] = [
        (Seat.PATRON, usual_signer(Invitation.Group.HEAD_OF_REGION, day)),
        (Seat.RESPONSIBLE, head_on(agency, day)),
        *((Seat.CHAIR, row) for row in staff.get(Role.KABID_PROV, [])[:1]),
        (Seat.DEPUTY, _head_of_host(meeting, day)),
        *((Seat.SECRETARY, row) for row in committee[:1]),
        *((Seat.REGISTRATION, row) for row in committee[1:]),
        *((Seat.DRAFTING, row) for row in staff.get(Role.NOTULIS, [])),
    ]
    return [
        {
            "seat": seat, "name": row.person.display_name, "title": _title(row),
            "employee_number": row.employee_number,
        }
        for seat, row in wanted if row
    ]  # fmt: skip


def _head_of_host(meeting: Meeting, day: dt.date) -> Position | None:
    office = Agency.objects.filter(regency=meeting.host_regency_id, is_lead=True).first()
    return head_on(office, day, Role.KADIS_KAB) if office and meeting.host_regency_id else None


def _title(row: Position) -> str:
    """The title of a head with his office; of everybody else, who works there, as it is."""
    return office_line(row.full_title, row.agency.name)[:150]


def members_of_previous(meeting: Meeting) -> list[dict[str, Any]]:
    """The committee of the edition before, by FIELDS; [] when there was none."""
    if meeting.previous_id is None:
        return []
    rows = CommitteeMember.objects.filter(meeting=meeting.previous_id).order_by("order", "pk")
    return [{name: getattr(row, name) for name in FIELDS} for row in rows]
