"""The payment list of a month: who is paid, who not yet and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.documents.models import Document
from portal.kernel.dates import month_year
from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.excel import Sheet, workbook_response
from portal.web.parameters import query_with, whole_number
from programs import contract_rules as rules
from programs.actions.reports_payments import order_payments
from programs.facts.contract_periods import months_after
from programs.facts.report_months import due_on, month_before, month_key, month_of, read_month
from programs.queries.reports_papers import PAYMENT_PAPER, PaymentSubject
from programs.queries.reports_payments import Payment, payments, sums_of
from regencies.models import Regency

OFFERED_MONTHS = 15


@page(who=rules.payment_readers, reads=True)
def payment_list(request: HttpRequest) -> HttpResponse:
    """The list of a month with its sums; last month's unless another is asked for."""
    month, regency = _asked(request.GET)
    rows = payments(month, regency=regency.pk if regency else None)
    if request.GET.get("format") == "xlsx":
        return _excel(month, rows)
    today = timezone.localdate()
    subject = PaymentSubject(month, regency)
    papers = Document.objects.filter(
        kind=PAYMENT_PAPER, subject_type=PaymentSubject._meta.label_lower, subject_id=subject.pk
    )
    context = {
        "month": month, "key": month_key(month), "regency": regency, "rows": rows, "sums": sums_of(rows),
        "due_on": due_on(month), "over": due_on(month) < today, "running": month == month_of(today),
        "filters": _filters(month, regency, today, request.user),
        "excel": f"?{query_with(request, format='xlsx')}",
        "papers": papers.defer("facts").order_by("-current_at", "-pk")[:5],
    }  # fmt: skip
    return render(request, "programs/reports/payments.html", context)


def _asked(data: Any) -> tuple[dt.date, Regency | None]:
    month = read_month(data.get("bulan", "")) or month_before(month_of(timezone.localdate()))
    pk = whole_number(data.get("kabupaten"))
    return month, Regency.objects.filter(pk=pk).select_related("province").first() if pk else None


def _filters(month: dt.date, regency: Regency | None, today: dt.date, user: Any) -> list[dict[str, Any]]:
    months = {months_after(month_of(today), -n) for n in range(OFFERED_MONTHS)} | {month}
    return [
        {"name": "bulan", "label": _("Bulan"), "value": month_key(month),
         "choices": [(month_key(each), month_year(each)) for each in sorted(months, reverse=True)]},
        {"name": "kabupaten", "label": _("Kabupaten/kota"), "value": regency.pk if regency else "",
         "choices": Regency.objects.visible_to(user).values_list("pk", "name")},
    ]  # fmt: skip


def _excel(month: dt.date, rows: list[Payment]) -> HttpResponse:
    header = [
        _("Penyuluh"), _("Kabupaten/kota"), _("Nomor kontrak"), _("Honorarium (Rp)"), _("Operasional (Rp)"),
        _("Dibayarkan (Rp)"), _("Laporan"), _("Keterangan"),
    ]  # fmt: skip
    table = [
        [row.worker.name, row.contract.regency.name, row.contract.number.text if row.contract.number_id else "",
         row.honorarium, row.operational, row.amount, row.standing, row.note]
        for row in rows
    ]  # fmt: skip
    sums = sums_of(rows)
    total = ["", "", _("Jumlah yang dibayarkan"), sums.honorarium, sums.operational, sums.amount, "", ""]
    name = f"pembayaran-penyuluh-{month_key(month)}"
    return workbook_response(name, [Sheet(f"{_('Pembayaran')} {month_key(month)}", header, table, total)])


@page(who=rules.payment_readers, writes=True)
def payment_paper(request: HttpRequest) -> HttpResponse:
    """Order the PDF of the list as it stands now."""
    month, regency = _asked(request.POST)
    back = f"{reverse('payments')}?bulan={month_key(month)}" + (f"&kabupaten={regency.pk}" if regency else "")
    if request.method != "POST":
        return redirect(back)
    try:
        return redirect(order_payments(month, regency, by=request.user))
    except Blocked as error:
        messages.warning(request, str(error))
    return redirect(back)
