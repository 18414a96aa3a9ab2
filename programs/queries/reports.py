"""Reading monthly reports: months under contract, the list, the figures of a month, what a report still lacks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs.facts.report_months import due_on, last_of, month_of, months_within
from programs.models import Contract, ContractKind, ExtensionWorker, MonthlyReport, ReportPhoto, Visit

IN_FORCE = ("aktif", "berakhir", "diperpanjang", "diputus")
"""Statuses of contracts that were in force at some time."""

FIELDS = (
    "nib_count", "pirt_count", "halal_count", "other_count", "kur_rupiah", "results", "problems", "plan",
)  # fmt: skip
"""What the worker fills in of the report itself; visits and photos are rows of their own."""

VISIT_FIELDS = ("on", "ikm", "is_new", "topic", "result", "location", "latitude", "longitude")

SORTS = {
    "month": (gettext_noop("Bulan terbaru"), ("-month", "contract__regency__code", "worker__name", "pk")),
    "worker": (gettext_noop("Nama penyuluh"), ("worker__name", "-month", "pk")),
    "submitted": (gettext_noop("Terakhir diajukan"), (F("submitted_at").desc(nulls_last=True), "pk")),
}
"""Orders of the list."""

KEPT = Q(visits__deleted_at__isnull=True)


# -- months -----------------------------------------------------------------------------------------------------------


def contracts_in(month: dt.date) -> QuerySet[Contract]:
    """Employment contracts in force on some day of the month."""
    return (
        Contract.objects.filter(kind=ContractKind.TPL, status__in=IN_FORCE, starts_on__lte=last_of(month))
        .annotate(until=Coalesce("ended_on", "ends_on"))
        .filter(until__gte=month)
    )


def contract_for(worker: ExtensionWorker, month: dt.date) -> Contract | None:
    """The contract the worker's report of that month stands on: the later one where two meet."""
    return contracts_in(month).filter(worker=worker).order_by("-starts_on", "-pk").first()


@dataclass(frozen=True)
class Month:
    """A month under contract: its report if there is one, and how it stands with the due day."""

    month: dt.date
    report: MonthlyReport | None
    today: dt.date

    @property
    def due_on(self) -> dt.date:
        """The last day in time."""
        return due_on(self.month)

    @property
    def handed_in(self) -> bool:
        """Whether nothing is left for the worker to do."""
        return self.report is not None and self.report.status in ("diajukan", "disetujui")

    @property
    def late(self) -> bool:
        """Whether it should have been handed in by now."""
        return not self.handed_in and self.today > self.due_on

    @property
    def is_current(self) -> bool:
        """Whether the month still runs."""
        return self.month == month_of(self.today)


def months_of(worker: ExtensionWorker) -> list[Month]:
    """Every month so far in which a contract of his was in force, the latest first."""
    today = timezone.localdate()
    periods = worker.contracts.filter(status__in=IN_FORCE, starts_on__lte=today).values_list(
        "starts_on", Coalesce("ended_on", "ends_on")
    )
    months = {month for first, last in periods if last for month in months_within(first, min(last, today))}
    reports = {report.month: report for report in worker.reports.all()}
    return [Month(month, reports.get(month), today) for month in sorted(months, reverse=True)]


def to_write(worker: ExtensionWorker) -> list[Month]:
    """The months whose report he has still to hand in, the latest first."""
    return [month for month in months_of(worker) if not month.handed_in]


def is_late(report: MonthlyReport) -> bool:
    """Whether it was handed in after the due day, or is not handed in although that day is over."""
    if report.status in ("diajukan", "disetujui") and report.submitted_at:
        return timezone.localtime(report.submitted_at).date() > due_on(report.month)
    return timezone.localdate() > due_on(report.month)


# -- the list ---------------------------------------------------------------------------------------------------------


def listed(
    user: Any, *, text: str = "", month: dt.date | None = None, regency: int | None = None, status: str = "",
    sort: str = "month",
) -> QuerySet[MonthlyReport]:  # fmt: skip
    """The reports this user may see, each with visit_count and ikm_count."""
    found = MonthlyReport.objects.visible_to(user).select_related("worker", "contract__regency")
    exact = {"month": month, "contract__regency": regency, "status": status}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    for word in text.split():
        found = found.filter(Q(worker__name__icontains=word) | Q(contract__regency__name__icontains=word))
    found = found.annotate(
        visit_count=Count("visits", filter=KEPT, distinct=True),
        ikm_count=Count(Lower("visits__ikm"), filter=KEPT & ~Q(visits__ikm=""), distinct=True),
    )
    return found.order_by(*SORTS.get(sort, SORTS["month"])[1])


def months_listed(user: Any) -> list[dt.date]:
    """The months of the reports this user may see, the latest first."""
    found = MonthlyReport.objects.visible_to(user).order_by("-month").values_list("month", flat=True)
    return list(found.distinct())


# -- one report -------------------------------------------------------------------------------------------------------


def kept_visits(report: MonthlyReport) -> list[Visit]:
    """Its visits in the order of their days; those without a day last."""
    return list(report.visits.filter(deleted_at__isnull=True).order_by(F("on").asc(nulls_last=True), "pk"))


def kept_photos(report: MonthlyReport) -> list[ReportPhoto]:
    """Its photos as they came, each with its visit."""
    return list(report.photos.filter(deleted_at__isnull=True).select_related("visit"))


@dataclass(frozen=True)
class Figures:
    """The month in numbers. An IKM counts once however often it was visited."""

    visits: int
    ikm: int
    new: int
    continuing: int


def figures_of(visits: list[Visit]) -> Figures:
    """The numbers of these visits; an IKM is new when one of its visits says so."""
    fresh: dict[str, bool] = {}
    for visit in visits:
        name = " ".join(visit.ikm.split()).casefold()
        if name:
            fresh[name] = fresh.get(name, False) or visit.is_new
    new = sum(fresh.values())
    return Figures(len(visits), len(fresh), new, len(fresh) - new)


def lacks_of(report: MonthlyReport, visits: list[Visit], photos: list[ReportPhoto]) -> list[str]:
    """A sentence for each thing without which the report cannot be handed in."""
    found = []
    if not visits and not report.problems.strip():
        found.append(_("Tulis kunjungan bulan ini, atau jelaskan di permasalahan mengapa tidak ada."))
    for number, visit in enumerate(visits, start=1):
        missing = [name for name, value in ((_("tanggal"), visit.on), (_("nama IKM"), visit.ikm.strip())) if not value]
        if missing:
            found.append(_("Kunjungan %(n)s belum lengkap: %(missing)s.") % {
                "n": number, "missing": ", ".join(missing),
            })  # fmt: skip
    for number, photo in enumerate(photos, start=1):
        if not photo.caption.strip():
            found.append(_("Foto %(n)s belum berketerangan.") % {"n": number})
    if not report.plan.strip():
        found.append(_("Tulis rencana bulan depan."))
    return found
