"""Closing desks: verdicts in force, proposals locked, berita acara ordered, all or nothing.

All desks that are confirmed cost as many statements as one. Locks: the desks' rows first, then the proposals'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.documents.actions import Order, order_documents
from portal.journal.actions import Step, make_moves
from portal.kernel.errors import Blocked, PortalError, ensure
from portal.kernel.plain_text import plain
from programs.actions import verdicts
from programs.models import Proposal
from rakor import rules
from rakor.actions.desks import all_decided, locked, plenary_ahead
from rakor.models import Desk, Meeting
from rakor.queries.desk_papers import desk_record_papers
from rakor.queries.desks import running_desks, waiting_by_regency
from rakor.workflow import DESK


@dataclass(frozen=True)
class Closable:
    """A running desk: what it has to close, or in `refusal` why that cannot be now."""

    desk: Desk
    waiting: list[Proposal]
    refusal: str = ""


@transaction.atomic
def close_desk(desk: Desk, *, by: Any, number: str = "", closed_at: dt.datetime | None = None) -> Desk:
    """The closed desk: verdicts in force, proposals locked, berita acara ordered, all or nothing.

    The berita acara bears the day and hour of closing: `closed_at`, or now.
    Errors: Denied; Blocked when a verdict or the confirmation is missing, or somebody else closed it first.
    """
    row = locked(desk)
    if row.status == "ditutup":
        raise Blocked(_("Desk ini sudah ditutup oleh %(name)s.") % {"name": row.closed_by})
    plenary_ahead(row.session.meeting_id)
    waiting = _to_close(row, waiting_by_regency([row])[row.session.regency_id], by)
    row.number = plain(number).strip()[:80]
    _close([row], waiting, at=closed_at or timezone.now(), by=by)
    return row


@transaction.atomic
def close_confirmed(meeting: Meeting, seen: Mapping[int, int], *, by: Any) -> list[Desk]:
    """The desks that were closed, all at once: those of `seen` that can be, and whose verdicts nobody changed since.

    Shape: seen = {pk of a desk: its `change` when it was read}.
    Errors: Denied; Blocked when none is left, or when the plenary has agreed.
    """
    ensure(rules.desk_leaders(by))
    plenary_ahead(meeting.pk)
    list(Desk.objects.select_for_update().filter(pk__in=seen).order_by("pk"))  # two who close many meet in one order
    rows = list(running_desks(meeting).filter(pk__in=seen))
    ready = [each for each in closable(rows, by=by) if not each.refusal and each.desk.change == seen[each.desk.pk]]
    if not ready:
        raise Blocked(_("Tidak ada desk yang dapat ditutup: semua sudah ditutup atau berubah sejak Anda membacanya."))
    _close([each.desk for each in ready], [row for each in ready for row in each.waiting], at=timezone.now(), by=by)
    return [each.desk for each in ready]


def closable(desks: Sequence[Desk], *, by: Any) -> list[Closable]:
    """These running desks of one edition, each with what closing it would lock, or why it cannot be. One query."""
    if not desks:
        return []
    waiting = waiting_by_regency(desks)
    found = []
    for desk in desks:
        try:
            found.append(Closable(desk, _to_close(desk, waiting[desk.session.regency_id], by)))
        except PortalError as error:
            found.append(Closable(desk, [], str(error)))
    return found


def _to_close(desk: Desk, found: list[Proposal], by: Any) -> list[Proposal]:
    """The proposals that closing the desk locks.

    Errors: Denied; Blocked.
    """
    ensure(rules.may_close_desk(by, desk))
    waiting = all_decided(found)
    if not desk.confirmed:
        raise Blocked(
            _("Kabupaten/kota belum mengonfirmasi putusan yang sekarang. Minta konfirmasi dahulu, lalu tutup desk.")
        )
    return waiting


def _close(desks: Sequence[Desk], waiting: Sequence[Proposal], *, at: dt.datetime, by: Any) -> None:
    """Close locked desks of one edition, whose proposals `waiting` are."""
    verdicts.apply_verdicts(waiting, by=by)
    for desk in desks:
        desk.closed_at, desk.closed_by = at, by
    papers = desk_record_papers(desks)
    documents = order_documents("ba_desk", [Order(*pair) for pair in zip(papers, desks, strict=True)], by=by)
    steps = [
        Step(desk, "close", evidence={"closed_at": at, "closed_by": by, "document": paper, "number": desk.number})
        for desk, paper in zip(desks, documents, strict=True)
    ]
    make_moves(DESK, steps, by=by)
