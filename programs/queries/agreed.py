"""Reading what was agreed: sums per decision, source and regency, all from Proposal and Funding (never from drafts)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, F, Prefetch, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from programs.models import Decision, Funding, FundingSource, Proposal
from programs.rules import AGREED, DECIDED, IN_PROCESS, NOT_AGREED
from programs.workflow import PROPOSAL
from regencies.models import Regency


@dataclass
class Line:
    """One line of a recap. `agreed_count` counts the proposals of the first two decisions. Units: rupiah."""

    count: int = 0
    agreed_count: int = 0
    proposed_rupiah: int = 0
    agreed_rupiah: int = 0

    def add(self, other: Line) -> None:
        """Take the other line's figures into this one."""
        self.count += other.count
        self.agreed_count += other.agreed_count
        self.proposed_rupiah += other.proposed_rupiah
        self.agreed_rupiah += other.agreed_rupiah

    @property
    def percent(self) -> int:
        """Agreed of proposed, in whole percent rounded down; 0 when nothing was proposed."""
        return self.agreed_rupiah * 100 // self.proposed_rupiah if self.proposed_rupiah else 0


@dataclass
class DecisionLine(Line):
    """The proposals of one decision."""

    decision: Decision = Decision.AGREED


@dataclass
class SourceLine(Line):
    """The money of one source: a proposal with two sources counts in both."""

    source: FundingSource | None = None


@dataclass
class RegencyLine(Line):
    """The proposals of one regency; `undecided` of them wait for a decision."""

    regency: Regency | None = None
    undecided: int = 0


@dataclass
class Recap:
    """What desks and plenary came to. `others` are the sources outside the budget."""

    decisions: list[DecisionLine] = field(default_factory=list)
    sources: list[SourceLine] = field(default_factory=list)
    others: list[SourceLine] = field(default_factory=list)
    regencies: list[RegencyLine] = field(default_factory=list)
    total: Line = field(default_factory=Line)
    undecided: int = 0

    @property
    def agreed(self) -> Line:
        """The two agreed decisions together."""
        return self._sum(AGREED)

    @property
    def not_agreed(self) -> Line:
        """The other three together."""
        return self._sum(NOT_AGREED)

    def _sum(self, keys: Iterable[str]) -> Line:
        found = Line()
        for line in self.decisions:
            if line.decision.value in keys:
                found.add(line)
        return found


def in_process(year: int, province_id: int) -> QuerySet[Proposal]:
    """The proposals of a year that the province has before it, decided or not."""
    return Proposal.objects.kept().filter(year=year, regency__province=province_id, status__in=IN_PROCESS)


def undecided(year: int, province_id: int) -> QuerySet[Proposal]:
    """Those of them that nobody has decided on, in the order of every paper."""
    return in_process(year, province_id).exclude(status__in=DECIDED).select_related("regency").in_paper_order()


def recap(year: int, province_id: int) -> Recap:
    """The recap of a year, decided proposals only; three queries, however many proposals."""
    found = Recap(decisions=[DecisionLine(decision=decision) for decision in Decision])
    by_decision = {line.decision.value: line for line in found.decisions}
    regencies = Regency.objects.filter(province=province_id).order_by("code")
    by_regency = {regency.pk: RegencyLine(regency=regency) for regency in regencies}
    for row in _proposal_sums(year, province_id):
        home = by_regency[row["regency"]]
        if row["status"] not in by_decision:
            found.undecided += row["n"]
            home.undecided += row["n"]
            continue
        sums = Line(row["n"], row["n"] if row["status"] in AGREED else 0, row["proposed"], row["agreed"])
        for line in (by_decision[row["status"]], home, found.total):
            line.add(sums)
    found.regencies = list(by_regency.values())
    for line in _source_lines(year, province_id):
        (found.sources if line.source.in_budget else found.others).append(line)
    return found


def _proposal_sums(year: int, province_id: int) -> QuerySet:
    return (
        in_process(year, province_id)
        .order_by()
        .values("regency", "status")
        .annotate(n=Count("pk"), proposed=Sum("budget_rupiah"), agreed=_total("agreed_rupiah"))
    )


def _source_lines(year: int, province_id: int) -> list[SourceLine]:
    """A line per source that any decided proposal names, in the order of the sources."""
    decided = in_process(year, province_id).filter(status__in=DECIDED)
    rows = (
        Funding.objects.filter(proposal__in=decided)
        .order_by()
        .values("source")
        .annotate(
            n=Count("pk"), agreed_n=Count("pk", filter=Q(proposal__status__in=AGREED)),
            proposed=Sum("share_rupiah"), agreed=_total("agreed_rupiah"),
        )
    )  # fmt: skip
    sums = {row["source"]: row for row in rows}
    return [
        SourceLine(row["n"], row["agreed_n"], row["proposed"], row["agreed"], source=source)
        for source in FundingSource.objects.order_by("position", "key")
        if (row := sums.get(source.pk))
    ]


def _total(column: str) -> Coalesce:
    return Coalesce(Sum(column), Value(0), output_field=BigIntegerField())


def decided(
    year: int, province_id: int, *, text: str = "", regency: str = "", decision: str = "", source: str = "",
    sort: str = "",
) -> QuerySet[Proposal]:  # fmt: skip
    """The decided proposals of a year for a list: with regency, verdict and shares (`share_rows`).

    `decision` is one of the five, or "agreed"/"not_agreed" for the two lists of the berita acara.
    """
    found = in_process(year, province_id).filter(status__in=_statuses(decision))
    if regency:
        found = found.filter(regency__code=regency)
    if source:
        found = found.filter(pk__in=Funding.objects.filter(source__key=source).values("proposal"))
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(product__icontains=word)
            | Q(regency__name__icontains=word)
            | Q(sub_activity__code__startswith=word)
            | Q(verdict__reason__icontains=word)
        )
    shares = Prefetch("shares", Funding.objects.select_related("source"), to_attr="share_rows")
    found = found.select_related("regency", "sub_activity", "verdict__redirect_to").prefetch_related(shares)
    return found.order_by(*_order(sort))


def _statuses(decision: str) -> tuple[str, ...]:
    return {"agreed": AGREED, "not_agreed": NOT_AGREED}.get(decision) or (
        (decision,) if decision in DECIDED else DECIDED
    )


def _order(sort: str) -> list[Any]:
    usual = ["regency__code", F("rank").asc(nulls_last=True), "number"]
    first = {
        "-proposed": ["-budget_rupiah"],
        "-agreed": [F("agreed_rupiah").desc(nulls_last=True)],
        "title": ["title"],
        "decision": ["status"],
    }.get(sort, [])
    return [*first, *usual]


def decision_choices() -> list[tuple[str, str]]:
    """The five decisions with their labels, for a filter."""
    return [(key, PROPOSAL.status(key).label) for key in DECIDED]
