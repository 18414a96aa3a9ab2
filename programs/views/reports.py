"""Monthly reports of extension workers: the list, one report for readers, and its way from hand to hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.kernel.dates import month_year
from portal.kernel.decision import allow_if
from portal.kernel.errors import Blocked, ensure
from portal.kernel.workflow import OfferedMove
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.forms import ReasonForm
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import form_status, sent
from programs import contract_rules as rules
from programs.actions import reports as actions
from programs.facts.report_months import month_key, read_month
from programs.models import MonthlyReport
from programs.queries import reports as queries
from programs.queries.workers import own_worker
from programs.workflow import REPORT
from regencies.models import Regency
from regencies.rules import Role, only_worker, roles

PAGE = 25
DONE = {
    "submit": gettext_noop("Laporan diajukan. Sesudah disetujui Kepala Bidang, honorarium dapat dibayar."),
    "recall": gettext_noop("Laporan ditarik kembali dan dapat diubah."),
    "return": gettext_noop("Laporan dikembalikan kepada penyuluh."),
    "approve": gettext_noop("Laporan disetujui. PDF-nya sedang disusun."),
}


def report_or_404(request: HttpRequest, pk: int) -> MonthlyReport:
    """The report, if this user may see it."""
    rows = MonthlyReport.objects.visible_to(request.user)
    rows = rows.select_related("worker", "contract__regency", "contract__number", "document", "approved_by")
    return get_object_or_404(rows, pk=pk)


# -- the list ---------------------------------------------------------------------------------------------------------


@page(who=rules.worker_readers, reads=True)
def reports(request: HttpRequest) -> HttpResponse:
    """Search, filters, sort, pages, Excel; a worker sees first what he has to write."""
    alone = only_worker(request.user)
    worker = own_worker(request.user) if Role.TPL in roles(request.user) else None
    wanted = _wanted(request)
    found = queries.listed(request.user, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(found)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown, "only_worker": alone, "worker": worker,
        "to_write": queries.to_write(worker) if worker else [],
        "rows": [(report, queries.is_late(report)) for report in shown.object_list],
        "count": ngettext("%(n)s laporan", "%(n)s laporan", shown.paginator.count) % {"n": shown.paginator.count},
        "filtered": any(value for name, value in wanted.items() if name != "sort"),
        "q": None if alone else wanted["text"], "sort": wanted["sort"],
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "filters": _filters(request, wanted, alone=alone),
        "excel": f"?{query_with(request, format='xlsx')}",
        "may_pay": rules.payment_readers(request.user),
    }  # fmt: skip
    return render(request, "programs/reports/list.html", context)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    return {
        "text": search_text(request),
        "month": read_month(search_text(request, "bulan")),
        "regency": whole_number(request.GET.get("kabupaten")),
        "status": search_text(request, "status"),
        "sort": search_text(request, "sort") or "month",
    }


def _filters(request: HttpRequest, wanted: dict[str, Any], *, alone: bool) -> list[dict[str, Any]]:
    months = queries.months_listed(request.user)
    found = [
        {"name": "status", "label": _("Status"), "value": wanted["status"],
         "choices": [(key, _(str(label))) for key, label in REPORT.choices]},
        {"name": "bulan", "label": _("Bulan"), "value": month_key(wanted["month"]) if wanted["month"] else "",
         "choices": [(month_key(month), month_year(month)) for month in months]},
    ]  # fmt: skip
    if rules.province_readers(request.user) and not alone:
        regencies = Regency.objects.visible_to(request.user).values_list("pk", "name")
        found.append({"name": "kabupaten", "label": _("Kabupaten/kota"), "value": wanted["regency"] or "",
                      "choices": regencies})  # fmt: skip
    return found


def _excel(found: Any) -> HttpResponse:
    header = [
        _("Bulan"), _("Penyuluh"), _("Kabupaten/kota"), _("Kunjungan"), _("IKM didampingi"), _("NIB terbit"),
        _("P-IRT terbit"), _("Sertifikat halal terbit"), _("Izin/sertifikat lain"), _("KUR yang dicairkan (rupiah)"),
        _("Status"), _("Diajukan"), _("Disetujui"), _("Terlambat"),
    ]  # fmt: skip
    rows = [
        [
            month_year(report.month), report.worker.name, str(report.contract.regency), report.visit_count,
            report.ikm_count, report.nib_count, report.pirt_count, report.halal_count, report.other_count,
            report.kur_rupiah, _(report.state.label), _day(report.submitted_at), _day(report.approved_at),
            _("ya") if queries.is_late(report) else "",
        ]
        for report in found
    ]  # fmt: skip
    return excel_response("laporan-penyuluh", _("Laporan penyuluh"), header, rows)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None


@page(who=rules.report_writers, writes=True)
def report_open(request: HttpRequest) -> HttpResponse:
    """Open the own report of a month and go to its editor; opened twice it is the same one."""
    worker, month = own_worker(request.user), read_month(request.POST.get("month", ""))
    if request.method != "POST":
        return redirect("reports")
    if worker is None or month is None:
        raise Http404
    return redirect("report_edit", actions.open_report(worker, month, by=request.user).pk)


# -- one report -------------------------------------------------------------------------------------------------------


@page(who=rules.worker_readers, reads=True)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as its readers see it, with what this user can do now."""
    row = report_or_404(request, pk)
    visits, photos = queries.kept_visits(row), queries.kept_photos(row)
    own = row.worker.user_id == request.user.pk
    writing = rules.may_write_report(request.user, row)
    lacks = queries.lacks_of(row, visits, photos) if writing else []
    context = {
        "report": row, "visits": visits, "photos": photos, "figures": queries.figures_of(visits), "own": own,
        "late": queries.is_late(row), "may_write": writing, "lacks": lacks,
        "moves": offered_moves(request.user, row, lacks), "waits_for": waits_for(row, own=own),
    }  # fmt: skip
    return render(request, "programs/reports/detail.html", context)


def offered_moves(user: Any, row: MonthlyReport, lacks: list[str]) -> list[OfferedMove]:
    """The moves that the table allows now and this user may make; handing in says what is missing."""
    found = []
    for move in REPORT.moves_from(row.status):
        decision = rules.may_move_report(user, row, move.key)
        if not decision:
            continue
        if move.key == "submit":
            decision &= allow_if(not lacks, " ".join(lacks[:3]))
        url = f"{reverse('report_move', args=[row.pk, move.key])}?versi={row.change}"
        style = "secondary" if move.key in ("return", "recall") else "primary"
        found.append(
            OfferedMove(move.key, _(move.label), url, decision, not move.note_required, _question(move.key), style)
        )
    return sorted(found, key=lambda each: each.style)


def _question(move: str) -> str:
    if move == "approve":
        return _("Setujui laporan ini? PDF-nya disusun dan honorarium bulan ini dapat dibayar.")
    if move == "submit":
        return _("Ajukan laporan ini kepada Kepala Bidang?")
    return ""


def waits_for(row: MonthlyReport, *, own: bool) -> str:
    """One sentence on what happens next."""
    if row.status in ("konsep", "dikembalikan"):
        return _("Lengkapi, lalu ajukan.") if own else _("Menunggu penyuluh memperbaiki dan mengajukannya kembali.")
    if row.status == "diajukan":
        return _("Menunggu persetujuan Kepala Bidang kantor penempatan.")
    return _("Sudah disetujui: honorarium bulan ini dapat dibayar.")


@page(who=rules.worker_readers, writes=True)
def report_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Hand in, take back, return with a reason, approve."""
    row = report_or_404(request, pk)
    if move not in DONE:
        raise Http404
    ensure(rules.may_move_report(request.user, row, move))
    form = ReasonForm(sent(request)) if move == "return" else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _move(request, row, move, form.cleaned_data["note"] if form else "")
        except Blocked as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _(DONE[move]))
        return redirect(row)
    if form is None:
        return redirect(row)
    context = {"report": row, "form": form, "label": _(REPORT.move(move).label)}
    return render(request, "programs/reports/move.html", context, status=form_status(request))


def _move(request: HttpRequest, row: MonthlyReport, move: str, reason: str) -> None:
    user = request.user
    if move == "submit":
        actions.submit_report(row, by=user)
    elif move == "recall":
        actions.recall_report(row, by=user)
    elif move == "return":
        actions.return_report(row, reason, by=user)
    else:
        actions.approve_report(row, by=user, base_change=whole_number(request.GET.get("versi")))
