"""Reading what became of agreed programs: reports by quarter, totals, and who has not reported."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop

from programs.facts.quarters import HALF, QUARTERS, WHOLE, finished_but_unpaid, percent, quarters_due
from programs.models import Funding, Indicator, Proposal, Realisation

STATES = {
    "belum": gettext_noop("Laporan kurang"),
    "lengkap": gettext_noop("Laporan lengkap"),
    "janggal": gettext_noop("Fisik selesai, uang di bawah separuh"),
}

SORTS = {
    "code": (gettext_noop("Kabupaten/kota"), ("regency__code", "rank", "number")),
    "money": (gettext_noop("Pagu terbesar"), ("-agreed_rupiah", "pk")),
    "spent": (gettext_noop("Serapan terendah"), ("spent_share", "regency__code", "rank", "number")),
}

PERCENT = DecimalField(max_digits=5, decimal_places=2)


def agreed_programs(user: Any, year: int, *, upto: int = QUARTERS[-1]) -> QuerySet[Proposal]:
    """The agreed programs of a year that the user sees, each with its latest report up to a quarter.

    Shape: annotated with `quarter` (0: none), `spent`, `physical`, `reported` (number of reports), `spent_share`.
    """
    latest = Realisation.objects.filter(proposal=OuterRef("pk"), quarter__lte=upto).order_by("-quarter")
    until = Q(realisations__quarter__lte=upto)
    return (
        Proposal.objects.visible_to(user)
        .kept()
        .agreed()
        .filter(year=year)
        .annotate(
            quarter=Coalesce(Subquery(latest.values("quarter")[:1]), 0),
            spent=Coalesce(Subquery(latest.values("spent_rupiah")[:1]), 0),
            physical=Coalesce(Subquery(latest.values("physical_percent")[:1]), Value(Decimal(0)), output_field=PERCENT),
            reported=Count("realisations", filter=until),
        )
        .annotate(spent_share=F("spent") * WHOLE / (F("agreed_rupiah") + 1))
    )


def narrowed(
    rows: QuerySet[Proposal], *, due: int, text: str = "", regency: str = "", source: str = "", state: str = ""
) -> QuerySet[Proposal]:
    """The programs with every word in title, product or regency, of that regency, source and state of reporting."""
    for word in text.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(product__icontains=word) | Q(regency__name__icontains=word)
            | Q(regency__short__iexact=word)
        )  # fmt: skip
    if regency:
        rows = rows.filter(regency__code=regency)
    if source:
        rows = rows.filter(pk__in=Funding.objects.filter(source__key=source, agreed_rupiah__gt=0).values("proposal"))
    if state == "belum":
        rows = rows.filter(reported__lt=due)
    elif state == "lengkap":
        rows = rows.filter(reported__gte=due)
    elif state == "janggal":
        rows = rows.filter(physical__gte=WHOLE, spent__lt=F("agreed_rupiah") * HALF / WHOLE)
    return rows


def listed(rows: QuerySet[Proposal], sort: str = "code") -> QuerySet[Proposal]:
    """In order, with everything a row shows."""
    _label, order = SORTS.get(sort) or SORTS["code"]
    outputs = Indicator.objects.kept().filter(kind=Indicator.Kind.OUTPUT)
    return (
        rows.select_related("regency", "sub_activity")
        .prefetch_related(
            "realisations", Prefetch("indicators", outputs, to_attr="outputs"),
            Prefetch("shares", Funding.objects.filter(agreed_rupiah__gt=0).select_related("source"), to_attr="paid_by"),
        )
        .order_by(*order)
    )  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """Sums of a list: `physical` is weighted by the money agreed (domain §3.7)."""

    programs: int
    agreed: int
    spent: int
    reported: int
    physical: Decimal

    @property
    def spent_percent(self) -> Decimal:
        """Money spent of what was agreed."""
        return percent(self.spent, self.agreed)

    @property
    def left(self) -> int:
        """Money not spent."""
        return self.agreed - self.spent


def totals(rows: QuerySet[Proposal]) -> Totals:
    """The sums of a list in one statement."""
    weighted = Cast(F("agreed_rupiah"), DecimalField(max_digits=18, decimal_places=0)) * F("physical")
    found = rows.order_by().aggregate(
        programs=Count("pk"), agreed_sum=Sum("agreed_rupiah", default=0), spent_sum=Sum("spent", default=0),
        reported_sum=Sum("reported", default=0),
        weight=Sum(weighted, default=Value(Decimal(0)), output_field=DecimalField(max_digits=24, decimal_places=2)),
    )  # fmt: skip
    agreed = int(found["agreed_sum"])
    physical = (found["weight"] / agreed).quantize(Decimal("0.01")) if agreed else Decimal(0)
    return Totals(found["programs"], agreed, int(found["spent_sum"]), int(found["reported_sum"]), physical)


@dataclass(frozen=True)
class Line:
    """A program in the list, with the share of its money that is spent."""

    program: Proposal
    due: int

    @property
    def spent_percent(self) -> Decimal:
        """Money spent of what was agreed."""
        return percent(self.program.spent, self.program.agreed_rupiah)

    @property
    def left(self) -> int:
        """Money not spent."""
        return self.program.agreed_rupiah - self.program.spent

    @property
    def odd(self) -> bool:
        """Work done, less than half of the money spent."""
        return finished_but_unpaid(self.program.spent, self.program.agreed_rupiah, self.program.physical)

    @property
    def missing(self) -> int:
        """Reports that are overdue."""
        return max(self.due - self.program.reported, 0)

    @property
    def report(self) -> Realisation | None:
        """The latest report in force for the list."""
        return next((row for row in self.program.realisations.all() if row.quarter == self.program.quarter), None)


def reports_due(year: int) -> int:
    """How many quarters of that year ought to be reported by today."""
    return quarters_due(year, timezone.localdate())


def years_reported(user: Any) -> list[int]:
    """Years in which this user sees agreed programs, the latest first."""
    rows = Proposal.objects.visible_to(user).kept().agreed().order_by("-year").values_list("year", flat=True)
    return list(rows.distinct())


def default_year(years: list[int]) -> int:
    """The year whose programs run now: this one if there are any, else the latest before it, else the latest."""
    today = timezone.localdate().year
    return next((year for year in years if year <= today), years[-1] if years else today)
