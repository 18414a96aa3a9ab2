"""Pages of realisation: the agreed programs of a year, the reports of one, the form of a quarter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.money import thousands
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import search_text, whole_number
from portal.web.submissions import form_status, sent
from programs import rules
from programs.actions.realisation import report_realisation, stamp
from programs.facts.quantities import written_number
from programs.facts.quarters import QUARTERS, ROMAN, begins_on, due_on, finished_but_unpaid, percent
from programs.forms.realisation import RealisationForm
from programs.models import FundingSource, Proposal, Realisation
from programs.queries import realisation as queries
from regencies.models import Regency

PER_PAGE = 25
LAST_YEAR = 9999


@page(who=rules.readers, reads=True)
def realisations(request: HttpRequest) -> HttpResponse:
    """The agreed programs of a year with their latest report: filters, order, paging, Excel."""
    years = queries.years_reported(request.user)
    year = whole_number(request.GET.get("tahun"), LAST_YEAR) or queries.default_year(years)
    upto = whole_number(request.GET.get("tw"), QUARTERS[-1]) or QUARTERS[-1]
    wanted = {name: search_text(request, name) for name in ("q", "regency", "source", "state", "sort")}
    due = min(queries.reports_due(year), upto)
    rows = queries.narrowed(
        queries.agreed_programs(request.user, year, upto=upto), due=due, text=wanted["q"], regency=wanted["regency"],
        source=wanted["source"], state=wanted["state"],
    )  # fmt: skip
    found = queries.listed(rows, wanted["sort"])
    if request.GET.get("format") == "xlsx":
        return _excel(year, upto, found)
    sums = queries.totals(rows)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "year": year, "upto": ROMAN[upto], "due": due, "sums": sums, "page": shown, "years": years,
        "lines": [queries.Line(row, due) for row in shown],
        "q": wanted["q"], "sort": wanted["sort"] or "code",
        "filters": _filters(request.user, years, year, upto, wanted),
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "excel": f"?{query.urlencode()}",
        "count": ngettext("%(n)s program", "%(n)s program", sums.programs) % {"n": sums.programs},
        "provincial": rules.province_readers(request.user),
    }  # fmt: skip
    return render(request, "programs/realisation/list.html", context)


def _filters(user: Any, years: list[int], year: int, upto: int, wanted: dict[str, str]) -> list[dict[str, Any]]:
    quarters = [(quarter, f"TW {ROMAN[quarter]}") for quarter in QUARTERS]
    found = [
        ("tahun", _("Tahun"), year, [(each, str(each)) for each in sorted({*years, year}, reverse=True)]),
        ("tw", _("Sampai triwulan"), upto, quarters),
        ("source", _("Sumber dana"), wanted["source"], list(FundingSource.objects.values_list("key", "name"))),
        ("state", _("Keadaan"), wanted["state"], [(key, _(label)) for key, label in queries.STATES.items()]),
    ]
    if rules.province_readers(user):
        regencies = list(Regency.objects.visible_to(user).values_list("code", "name"))
        found.insert(2, ("regency", _("Kabupaten/kota"), wanted["regency"], regencies))
    return [{"name": name, "label": label, "value": value, "choices": choices} for name, label, value, choices in found]


def _excel(year: int, upto: int, rows: Any) -> HttpResponse:
    """The columns of the quarterly report (domain §3.7)."""
    header = [
        _("Kode"), _("Kabupaten/kota"), _("Prioritas"), _("Program"), _("Kode sub-kegiatan"), _("Sub-kegiatan"),
        _("Lokasi"), _("Sumber dana"), _("Pagu disepakati"), _("Target keluaran"), _("Laporan terakhir"),
        _("Realisasi keuangan"), _("Keuangan (%)"), _("Fisik (%)"), _("Sisa"), _("Kendala"), _("Tindak lanjut"),
    ]  # fmt: skip
    name = f"realisasi-{year}-tw{upto}"
    return excel_response(name, _("Realisasi"), header, (_row(queries.Line(row, 0)) for row in rows))


def _row(line: queries.Line) -> list[Any]:
    row, report = line.program, line.report
    targets = "; ".join(
        f"{each.name}: {written_number(each.target)} {each.unit}".strip()
        for each in row.outputs
        if each.target is not None
    )
    return [
        row.regency.code, row.regency.name, row.rank, str(row), row.sub_activity.code if row.sub_activity else "",
        row.sub_activity.name if row.sub_activity else "", ", ".join(filter(None, (row.village, row.district))),
        "; ".join(share.source.name for share in row.paid_by), row.agreed_rupiah, targets,
        f"TW {ROMAN[row.quarter]}" if row.quarter else "", row.spent, line.spent_percent, row.physical, line.left,
        report.obstacle if report else "", report.follow_up if report else "",
    ]  # fmt: skip


def _program(request: HttpRequest, pk: int) -> Proposal:
    """An agreed program that this user sees."""
    rows = Proposal.objects.visible_to(request.user).kept().agreed()
    return get_object_or_404(rows.select_related("regency", "sub_activity"), pk=pk)


@page(who=rules.readers, reads=True)
def realisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The four quarters of one program."""
    program = _program(request, pk)
    reports = {row.quarter: row for row in program.realisations.select_related("reported_by")}
    today, own = timezone.localdate(), rules.may_report(request.user, program)
    quarters = [
        {
            "number": quarter, "roman": ROMAN[quarter], "report": report, "due": due_on(program.year, quarter),
            "percent": percent(report.spent_rupiah, program.agreed_rupiah) if report else None,
            "odd": bool(report) and finished_but_unpaid(
                report.spent_rupiah, program.agreed_rupiah, report.physical_percent),
            "late": report is None and due_on(program.year, quarter) < today,
            "open": bool(own) and begins_on(program.year, quarter) <= today,
        }
        for quarter in QUARTERS for report in [reports.get(quarter)]
    ]  # fmt: skip
    context = {"program": program, "quarters": quarters, "may_report": own, "history": history_of(program, limit=8)}
    if not own:
        context["history"] = []
    return render(request, "programs/realisation/detail.html", context)


@page(who=rules.writers, writes=True)
def realisation_report(request: HttpRequest, pk: int, quarter: int) -> HttpResponse:
    """The form of one quarter; after somebody else's save both are shown and nothing typed is lost."""
    program = _program(request, pk)
    ensure(rules.may_report(request.user, program))
    if quarter not in QUARTERS:
        raise Http404
    stored = Realisation.objects.filter(proposal=program, quarter=quarter).first()
    form = RealisationForm(sent(request), initial=_initial(stored))
    status, blocked, theirs = form_status(request), "", None
    if request.method == "POST" and form.is_valid():
        try:
            report = report_realisation(program, quarter, **form.values(), by=request.user)
        except StaleVersion as stale:
            status, blocked, theirs = 409, str(stale), stale.current
            form.data = form.data.copy()
            form.data["seen"] = stamp(stale.current)
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            _thank(request, program, report)
            return redirect("realisation", pk)
    before = Realisation.objects.filter(proposal=program, quarter__lt=quarter).order_by("-quarter").first()
    context = {
        "program": program, "roman": ROMAN[quarter], "form": form, "blocked": blocked, "theirs": theirs,
        "before": before, "before_roman": ROMAN[before.quarter] if before else "",
        "fresh_url": reverse("realisation_report", args=[pk, quarter]),
    }  # fmt: skip
    return render(request, "programs/realisation/form.html", context, status=status)


def _initial(stored: Realisation | None) -> dict[str, Any]:
    if stored is None:
        return {}
    return {
        "spent_rupiah": thousands(stored.spent_rupiah), "physical_percent": written_number(stored.physical_percent),
        "obstacle": stored.obstacle, "follow_up": stored.follow_up, "seen": stamp(stored),
    }  # fmt: skip


def _thank(request: HttpRequest, program: Proposal, report: Realisation) -> None:
    messages.success(request, _("Laporan TW %(quarter)s tersimpan.") % {"quarter": ROMAN[report.quarter]})
    if finished_but_unpaid(report.spent_rupiah, program.agreed_rupiah, report.physical_percent):
        messages.warning(
            request, _("Fisik sudah 100 persen tetapi uang yang terserap belum separuh. Periksa kembali angkanya.")
        )
