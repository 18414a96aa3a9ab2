"""The berita acara of a desk as a paper: its kind, who may read it, and what it needs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Signature
from portal.documents.shapes_agreements import DeskRecord
from portal.kernel.dates import short_date
from portal.kernel.decision import Decision, allow_if
from rakor.facts.decisions import Decided
from rakor.facts.desk_record import desk_record_facts, named_block
from rakor.models import Desk
from rakor.queries.decided import desk_rows
from regencies.facts import signature_block
from regencies.models import Agency, Position
from regencies.queries import head_on, lead_agency
from regencies.rules import Role

KIND = "ba_desk"


def readable_desk_records(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those of desks the user sees: all for province and observers, a regency its own."""
    desks = Desk.objects.visible_to(user).annotate(key=Cast("pk", CharField()))
    return documents.filter(subject_type="rakor.desk", subject_id__in=desks.values("key"))


def may_read_desk_record(user: Any, document: Document) -> Decision:
    """The provincial office, observers, and the regency whose desk it was."""
    seen = readable_desk_records(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Berita acara ini milik desk kabupaten/kota lain."))


def desk_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: its head and its sums, no names."""
    facts = document.facts
    return [
        (_("Berita acara"), facts["title"]),
        (_("Nomor"), facts["number"] or "–"),
        *decided_pairs(facts["totals"]),
        *([(_("Status"), facts["status"])] if facts["status"] else []),
    ]


def decided_pairs(totals: Any) -> list[tuple[str, str]]:
    """Label and value of what was proposed and agreed."""
    return [
        (_("Usulan"), _("%(count)s usulan, Rp%(amount)s") % {"count": totals["count"], "amount": totals["proposed"]}),
        (
            _("Disepakati"),
            _("%(count)s usulan, Rp%(amount)s") % {"count": totals["agreed_count"], "amount": totals["agreed"]},
        ),
    ]


BA_DESK = DocumentKind(
    key=KIND, version=3, title=gettext_lazy("Berita acara desk"), may_read=may_read_desk_record,
    readable=readable_desk_records, public_summary=desk_summary,
)  # fmt: skip


def desk_record_paper(desk: Desk) -> DeskRecord:
    """`desk_record_papers` for one desk."""
    return desk_record_papers([desk])[0]


def desk_record_papers(desks: Sequence[Desk]) -> list[DeskRecord]:
    """The facts of these desks' berita acara as verdicts stand now, marked KONSEP until `closed_at` is set.

    The desks are of one edition. The number of statements depends neither on theirs nor on that of the proposals.
    """
    agency = lead_agency()
    rows = desk_rows(desks[0].session.meeting, {desk.session.regency_id for desk in desks})
    with override("id"):
        return [
            _paper(desk, rows[desk.session.regency_id], agency, leader, confirmer)
            for desk, leader, confirmer in _held(desks, agency)
        ]


def _paper(
    desk: Desk, rows: list[Decided], agency: Agency, leader: Position | None, confirmer: Position | None
) -> DeskRecord:
    at = _moment(desk)
    place = f"{desk.session.meeting.town}, {short_date(at.date())}"
    return desk_record_facts(
        desk,
        rows,
        at=at,
        agency=agency,
        first=_province_block(desk, leader, agency, at.date(), place),
        second=_regency_block(desk, confirmer, at.date()),
        draft=desk.closed_at is None,
    )


def _moment(desk: Desk) -> dt.datetime:
    """The local time that the paper bears."""
    return timezone.localtime(desk.closed_at or desk.confirmed_at or desk.opened_at or desk.session.starts_at)


def _held(desks: Iterable[Desk], agency: Agency) -> Iterable[tuple[Desk, Position | None, Position | None]]:
    """Each desk with what who led it is in the provincial office, and who confirmed in the regency's.

    One query for the desks of a day.
    """
    for day, of_day in itertools.groupby(desks, key=lambda desk: _moment(desk).date()):
        same_day = list(of_day)
        led = Q(person__in={desk.leader_id for desk in same_day}, agency=agency)
        confirmed = Q(
            person__in={desk.confirmed_by_id for desk in same_day}, agency__is_lead=True,
            agency__regency__in={desk.session.regency_id for desk in same_day},
        )  # fmt: skip
        held = Position.objects.in_force(day).filter(led | confirmed).select_related("person", "agency")
        found = {(row.person_id, row.agency.regency_id): row for row in held.order_by("-starts_on", "-pk")}
        for desk in same_day:
            confirmer = found.get((desk.confirmed_by_id, desk.session.regency_id))
            yield desk, found.get((desk.leader_id, agency.regency_id)), confirmer


def _province_block(desk: Desk, position: Position | None, agency: Agency, day: dt.date, place_date: str) -> Signature:
    """Who led the desk signs, else the head of the division."""
    position = position or head_on(agency, day, Role.KABID_PROV)
    if position is None:
        return named_block(desk.leader.display_name if desk.leader else "", agency.name, place_date=place_date)
    return signature_block(position, place_date=place_date)


def _regency_block(desk: Desk, position: Position | None, day: dt.date) -> Signature:
    """Who confirmed signs: the head with his position, a delegate as he was written down; before that the head."""
    if not desk.delegate_name:
        agency = Agency.objects.filter(regency=desk.session.regency_id, is_lead=True).first()
        head = head_on(agency, day, Role.KADIS_KAB) if agency else None
        return signature_block(head) if head else named_block("", f"Kepala Dinas {desk.session.regency.name}")
    if position and position.person.display_name == desk.delegate_name:
        return signature_block(position)
    return named_block(desk.delegate_name, desk.delegate_title, number=desk.delegate_number)
