"""Reading who is paid for a month: every worker under contract, what he is due, and whether his report is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import date_range, short_date
from programs.facts.report_months import last_of
from programs.models import Contract, ExtensionWorker, MonthlyReport
from programs.queries.reports import contracts_in


@dataclass(frozen=True)
class Payment:
    """One worker of a month: his contract, his report if there is one."""

    contract: Contract
    report: MonthlyReport | None
    month: dt.date

    @property
    def worker(self) -> ExtensionWorker:
        """Who is paid."""
        return self.contract.worker

    @property
    def payable(self) -> bool:
        """Only an approved report is paid for."""
        return self.report is not None and self.report.status == "disetujui"

    @property
    def honorarium(self) -> int:
        """The month's honorarium of the contract."""
        return self.contract.honorarium_rupiah or 0

    @property
    def operational(self) -> int:
        """The month's operational cost of the contract."""
        return self.contract.operational_rupiah or 0

    @property
    def amount(self) -> int:
        """What is paid now."""
        return self.honorarium + self.operational if self.payable else 0

    @property
    def standing(self) -> str:
        """How it stands with the report, as a sentence: why he is not paid yet."""
        if self.report is None or self.report.status == "konsep":
            return _("Laporan belum diajukan")
        if self.report.status == "diajukan":
            return _("Menunggu persetujuan Kepala Bidang")
        if self.report.status == "dikembalikan":
            return _("Laporan dikembalikan untuk diperbaiki")
        approved = timezone.localtime(self.report.approved_at).date()
        return _("Laporan disetujui %(day)s") % {"day": short_date(approved)}

    @property
    def note(self) -> str:
        """What whoever pays should look at: a contract that does not cover the whole month."""
        first = max(self.contract.starts_on, self.month)
        last = min(self.contract.ended_on or self.contract.ends_on, last_of(self.month))
        if (first, last) == (self.month, last_of(self.month)):
            return ""
        return _("Kontrak berlaku %(days)s: periksa besarannya.") % {"days": date_range(first, last)}


@dataclass(frozen=True)
class Sums:
    """The sums of what is paid; `held` counts who has to wait, `held_amount` what for."""

    count: int
    paid: int
    held: int
    honorarium: int
    operational: int
    amount: int
    held_amount: int


def payments(month: dt.date, *, regency: int | None = None) -> list[Payment]:
    """Everybody with a contract in force in that month, once; by regency and name."""
    found = contracts_in(month).select_related("worker__regency", "regency", "number")
    if regency:
        found = found.filter(regency=regency)
    by_worker: dict[int, Contract] = {}
    for contract in found.order_by("starts_on", "pk"):  # the later one of two that meet in the month
        by_worker[contract.worker_id] = contract
    reports = {report.worker_id: report for report in MonthlyReport.objects.filter(month=month, worker__in=by_worker)}
    rows = [Payment(contract, reports.get(pk), month) for pk, contract in by_worker.items()]
    return sorted(rows, key=lambda row: (row.contract.regency.code, row.worker.name))


def sums_of(rows: Iterable[Payment]) -> Sums:
    """The sums of these rows."""
    rows = list(rows)
    paid = [row for row in rows if row.payable]
    honorarium, operational = sum(row.honorarium for row in paid), sum(row.operational for row in paid)
    held = [row for row in rows if not row.payable]
    return Sums(
        count=len(rows), paid=len(paid), held=len(held), honorarium=honorarium, operational=operational,
        amount=honorarium + operational, held_amount=sum(row.honorarium + row.operational for row in held),
    )  # fmt: skip
