"""Reading what has to be done about monthly reports, for the top of the first page. One function per kind of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.documents.models import Document
from portal.kernel.dates import month_year, short_date
from portal.kernel.tasks import Task
from programs.facts.report_months import month_before, month_key, month_of
from programs.models import MonthlyReport
from programs.queries.reports import to_write
from programs.queries.reports_papers import PAYMENT_PAPER
from programs.queries.reports_payments import payments, sums_of
from programs.queries.workers import own_worker
from regencies.rules import Role, regency_ids

NAMED = 3
"""Months that are named one by one."""


def writing_tasks(user: Any) -> Iterable[Task]:
    """Extension workers: returned reports, then the months that are missing, the latest first."""
    worker = own_worker(user)
    if worker is None:
        return
    months = to_write(worker)
    for found in months:
        if found.report is not None and found.report.status == "dikembalikan":
            title = _("Perbaiki laporan %(month)s") % {"month": month_year(found.month)}
            url = reverse("report_edit", args=[found.report.pk])
            yield Task(title, url, found.report.return_reason, "warning", "undo", 0)
    missing = [found for found in months if found.report is None or found.report.status == "konsep"]
    for found in missing[:NAMED]:
        title = _("Tulis laporan %(month)s") % {"month": month_year(found.month)}
        due = {"day": short_date(found.due_on)}
        note = _("Terlambat: batasnya %(day)s.") % due if found.late else _("Paling lambat %(day)s.") % due
        url = reverse("report_edit", args=[found.report.pk]) if found.report else reverse("reports")
        yield Task(title, url, note, "warning" if found.late else "info", "edit", 1 if found.late else 3)
    if more := len(missing[NAMED:]):
        title = ngettext("%(n)s laporan lain belum diajukan", "%(n)s laporan lain belum diajukan", more) % {"n": more}
        yield Task(title, reverse("reports"), _("Honorarium bulan itu menunggu laporannya."), "warning", "clock", 2)


def approving_tasks(user: Any) -> Iterable[Task]:
    """Division heads of regencies: reports that wait for their approval."""
    mine = regency_ids(user, Role.KABID_KAB)
    waiting = MonthlyReport.objects.filter(status="diajukan", contract__regency__in=mine)
    count = waiting.exclude(worker__user=user.pk).count()
    if count:
        title = ngettext("Periksa %(n)s laporan penyuluh", "Periksa %(n)s laporan penyuluh", count) % {"n": count}
        note = _("Honorarium dibayar setelah laporannya disetujui.")
        yield Task(title, f"{reverse('reports')}?status=diajukan", note, "warning", "check-circle", 1)


def payment_tasks(user: Any) -> Iterable[Task]:
    """The provincial office: the payment list of last month, until its paper was made."""
    month = month_before(month_of(timezone.localdate()))
    rows = payments(month)
    made = Document.objects.filter(kind=PAYMENT_PAPER, subject_id__startswith=month_key(month)).exists()
    if not rows or made:
        return
    sums = sums_of(rows)
    url = f"{reverse('payments')}?bulan={month_key(month)}"
    if not sums.held:
        title = _("Daftar pembayaran penyuluh %(month)s siap") % {"month": month_year(month)}
        yield Task(title, url, _("Semua laporan sudah disetujui. Susun daftarnya."), "warning", "sheet", 2)
    elif sums.paid:
        title = _("Daftar pembayaran penyuluh %(month)s") % {"month": month_year(month)}
        note = _("%(n)s dari %(all)s laporan sudah disetujui.") % {"n": sums.paid, "all": sums.count}
        yield Task(title, url, note, "info", "sheet", 4)
