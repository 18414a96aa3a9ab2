"""One desk as an Excel workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.web.access import page
from portal.web.excel import Sheet, workbook_response
from programs.models import Decision, LineVerdict, Verdict
from programs.queries.verdicts import Totals
from rakor import rules
from rakor.queries.desk_room import Room, room
from rakor.views.desk_room import session_or_404


@page(who=rules.desk_people, reads=True)
def desk_workbook(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The desk in Excel: its proposals, every cost line with its answer, and the sums of the screen."""
    session, _desk = session_or_404(request, slug, session_id)
    found = room(session)
    sheets = [_proposal_sheet(found), _line_sheet(found), _sum_sheet(found.totals)]
    return workbook_response(f"desk-{session.regency.code}-{slug}", sheets)


def _proposal_sheet(found: Room) -> Sheet:
    header = (
        _("Prioritas"), _("Kode"), _("Usulan"), _("Sub-kegiatan"), _("Nilai"), _("Pagu usulan"), _("Putusan"),
        _("Disepakati"), _("Dialihkan ke"), _("Alasan"),
    )  # fmt: skip
    rows = [
        (
            each.proposal.rank, each.proposal.code, str(each.proposal),
            each.proposal.sub_activity.code if each.proposal.sub_activity else "", each.proposal.score,
            each.proposal.budget_rupiah,
            *_answer_cells(each.verdict, each.verdict.agreed_rupiah if each.verdict else None),
        )
        for each in found.items
    ]  # fmt: skip
    total = ("", "", _("Jumlah"), "", "", found.totals.proposed_rupiah, "", found.totals.agreed_rupiah, "", "")
    return Sheet(_("Usulan"), header, rows, total)


def _answer_cells(answer: Verdict | LineVerdict | None, agreed: int | None) -> tuple[Any, ...]:
    if answer is None:
        return ("", agreed, "", "")
    source = answer.redirect_to.key if answer.redirect_to else ""
    return (str(Decision(answer.decision).label), agreed, source, answer.reason)


def _line_sheet(found: Room) -> Sheet:
    header = (
        _("Kode"), _("Uraian"), _("Volume"), _("Harga satuan"), _("Sumber dana"), _("Usulan"), _("Putusan"),
        _("Disepakati"), _("Dialihkan ke"), _("Alasan"),
    )  # fmt: skip
    rows = [
        (
            each.proposal.code, row.line.description, row.line.quantity_text, row.line.unit_price_rupiah,
            row.line.source.key if row.line.source else "", row.line.amount_rupiah,
            *_answer_cells(row.answer, row.agreed_rupiah),
        )
        for each in found.items
        for row in each.lines
    ]  # fmt: skip
    return Sheet(_("Rincian biaya"), header, rows)


def _sum_sheet(whole: Totals) -> Sheet:
    header = (_("Jumlah menurut"), _("Banyaknya"), _("Usulan"), _("Disepakati"))
    rows = [(each.source.key, None, each.proposed_rupiah, each.agreed_rupiah) for each in whole.shares]
    rows += [(str(each.decision.label), each.count, each.proposed_rupiah, each.agreed_rupiah) for each in whole.answers]
    total = (_("Anggaran"), whole.count, whole.proposed_rupiah, whole.agreed_rupiah)
    return Sheet(_("Jumlah"), header, rows, total)
