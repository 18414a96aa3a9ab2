"""What leaves the agreement: a regency's own copy, and the Excel files for SIPD and KRISNA."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.money import rupiah
from portal.web.access import page
from portal.web.excel import Sheet, workbook_response
from programs.queries import agreed
from programs.queries.matrix import Table, krisna_tables, sipd_tables
from programs.rules import AGREED, NOT_AGREED, province_readers
from rakor import rules
from rakor.models import Agreement, Desk
from rakor.queries import agreements as queries
from rakor.views.agreement_frame import agreement_or_404, frame
from regencies.models import Regency
from regencies.rules import regency_ids

Tables = Callable[[int, Iterable[Regency]], list[Table]]


@page(who=rules.readers, reads=True)
def agreement_regency(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One regency's part: its matrix, its papers, its files, and a text to share."""
    agreement, regency = _own_part(request, slug, code)
    meeting = agreement.meeting
    rows = list(agreed.decided(meeting.planning_year, meeting.province_id, regency=code))
    sums = agreed.recap(meeting.planning_year, meeting.province_id)
    line = next(each for each in sums.regencies if each.regency.pk == regency.pk)
    desk = Desk.objects.filter(session__meeting=meeting, session__regency=regency, document__isnull=False)
    context = frame(request, agreement, "recap") | {
        "regency": regency, "rows": rows, "line": line, "recap": sums,
        "agreed_rows": [row for row in rows if row.status in AGREED],
        "other_rows": [row for row in rows if row.status in NOT_AGREED],
        "desk": desk.select_related("document").defer("document__facts").first(),
        "addenda": list(queries.addenda_touching(agreement, regency)),
        "share_text": _share_text(request, agreement, line),
    }  # fmt: skip
    return render(request, "rakor/agreements/regency.html", context)


def _share_text(request: HttpRequest, agreement: Agreement, line: agreed.RegencyLine) -> str:
    """A few lines for WhatsApp."""
    meeting = agreement.meeting
    address = reverse("agreement_regency", args=[meeting.slug, line.regency.code])
    summary = _("%(agreed)s dari %(all)s usulan disepakati: %(money)s") % {
        "agreed": line.agreed_count, "all": line.count, "money": rupiah(line.agreed_rupiah),
    }  # fmt: skip
    title = _("Kesepakatan program IKM %(year)s – %(regency)s") % {
        "year": meeting.planning_year, "regency": line.regency.name,
    }  # fmt: skip
    where = f"{meeting.short_name}, {meeting.dates}"
    return "\n".join([f"*{title}*", where, summary, request.build_absolute_uri(address)])


def _own_part(request: HttpRequest, slug: str, code: str) -> tuple[Agreement, Regency]:
    """The agreement and a regency whose lines this user may read: his own, or any for who reads all.

    Errors: Http404.
    """
    agreement = agreement_or_404(request, slug)
    regency = get_object_or_404(Regency, code=code, province=agreement.meeting.province_id)
    if regency.pk not in regency_ids(request.user) and not province_readers(request.user):
        raise Http404
    return agreement, regency


@page(who=rules.readers, reads=True)
def agreement_sipd(request: HttpRequest, slug: str) -> HttpResponse:
    """Every agreed budget line with official codes, a sheet per regency, for SIPD."""
    return _book(request, slug, "sipd", sipd_tables)


@page(who=rules.readers, reads=True)
def agreement_krisna(request: HttpRequest, slug: str) -> HttpResponse:
    """Every agreed line of the special allocation funds with readiness, a sheet per regency, for KRISNA."""
    return _book(request, slug, "krisna", krisna_tables)


def _book(request: HttpRequest, slug: str, name: str, tables: Tables) -> HttpResponse:
    """The file of all regencies, or with ?kab= of one; regencies get their own only.

    Errors: Http404.
    """
    agreement = agreement_or_404(request, slug)
    regencies = Regency.objects.filter(province=agreement.meeting.province_id).order_by("code")
    if not province_readers(request.user):
        regencies = regencies.filter(pk__in=regency_ids(request.user))
    if code := request.GET.get("kab", ""):
        regencies = regencies.filter(code=code[:5])
    found = list(regencies)
    if not found:
        raise Http404
    parts = [name, str(agreement.meeting.planning_year)]
    if len(found) == 1:
        parts.append(found[0].code)
    sheets = [
        Sheet(table.title, table.header, table.rows, table.total)
        for table in tables(agreement.meeting.planning_year, found)
    ]
    return workbook_response("-".join(parts), sheets)
