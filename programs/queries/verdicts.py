"""Reading verdicts: what a proposal's answer says now, and what it comes to per source, decision and regency.

Everything is computed from the cost lines and the answers to them, pending or in force, so that screen, paper and
Excel add up the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Prefetch, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from programs.models import CostLine, Decision, FundingSource, LineVerdict, Proposal, Realisation, Verdict
from programs.rules import AGREED, AT_DESK


@dataclass(frozen=True, slots=True)
class Given:
    """What one source gives to one proposal."""

    source_id: int
    in_budget: bool
    agreed_rupiah: int


@dataclass
class Share:
    """One funding source, proposed and agreed."""

    source: FundingSource
    proposed_rupiah: int = 0
    agreed_rupiah: int = 0


@dataclass
class Answer:
    """One of the five decisions: how many proposals, what they asked for and what they got."""

    decision: Decision
    count: int = 0
    proposed_rupiah: int = 0
    agreed_rupiah: int = 0


@dataclass
class Totals:
    """What verdicts come to. Units: rupiah of the budget; `other_*` is money outside it (KUR, CSR)."""

    count: int = 0
    decided: int = 0
    proposed_rupiah: int = 0
    agreed_rupiah: int = 0
    other_rupiah: int = 0
    other_agreed_rupiah: int = 0
    shares: list[Share] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def undecided(self) -> int:
        """How many proposals still have no answer."""
        return self.count - self.decided

    @property
    def agreed_count(self) -> int:
        """How many proposals are agreed, as proposed or with changes."""
        return sum(answer.count for answer in self.answers if answer.decision in AGREED)


def agreed_line() -> Case:
    """What a cost line comes to by the answers that stand: an expression on CostLine."""
    return Case(
        When(proposal__verdict__decision=Decision.AGREED, then=F("amount_rupiah")),
        When(
            proposal__verdict__decision=Decision.AMENDED,
            then=Coalesce(F("verdict__agreed_rupiah"), F("amount_rupiah")),
        ),
        default=Value(0),
        output_field=BigIntegerField(),
    )


def at_desk(year: int, regency_id: int | None = None) -> QuerySet[Proposal]:
    """The proposals of a year that desks have before them or have decided, by regency and priority."""
    found = Proposal.objects.kept().filter(year=year, status__in=AT_DESK)
    if regency_id is not None:
        found = found.filter(regency_id=regency_id)
    return found.in_paper_order()


def agreed_by_source(proposals: Iterable[Proposal]) -> dict[int, list[Given]]:
    """What each source gives to each of the proposals by the answers that stand, by the proposal's pk. One query."""
    found: dict[int, list[Given]] = {proposal.pk: [] for proposal in proposals}
    for proposal_id, *given in _given().filter(proposal__in=list(found)):
        found[proposal_id].append(Given(*given))
    return found


@cache
def _given() -> QuerySet:
    """What each source gives to each proposal, never read itself: putting it together costs more than asking it."""
    return (
        CostLine.objects.kept()
        .filter(source__isnull=False)
        .order_by("source_id")
        .values_list("proposal_id", "source_id", "source__in_budget")
        .annotate(agreed=Sum(agreed_line()))
    )


def totals(year: int, regency_id: int | None = None) -> Totals:
    """What the answers come to for a year, of one regency or all. Three queries."""
    return totals_by_regency(year, regency_id)[1]


def totals_by_regency(year: int, regency_id: int | None = None) -> tuple[dict[int, Totals], Totals]:
    """The totals of each regency that has proposals at its desk, by its pk, and of all. Three queries."""
    sources = {source.pk: source for source in FundingSource.objects.all()}
    each: dict[int, Totals] = {}
    whole = Totals()
    for row in _proposal_rows(year, regency_id):
        for target in (each.setdefault(row["regency_id"], Totals()), whole):
            _count(target, row)
    for row in _line_rows(year, regency_id):
        for target in (each[row["proposal__regency_id"]], whole):
            _share(target, sources[row["source_id"]], row)
    for target in (*each.values(), whole):
        target.shares.sort(key=lambda share: (share.source.position, share.source.key))
        target.answers.sort(key=lambda answer: Decision.values.index(answer.decision))
    return each, whole


def _proposal_rows(year: int, regency_id: int | None) -> Iterable[dict[str, Any]]:
    return (
        at_desk(year, regency_id)
        .order_by()
        .values("regency_id", "verdict__decision")
        .annotate(
            n=Count("pk"), asked=Sum("budget_rupiah"), other=Sum("other_rupiah"),
            agreed=Coalesce(Sum("verdict__agreed_rupiah"), 0),
        )
    )  # fmt: skip


def _line_rows(year: int, regency_id: int | None) -> Iterable[dict[str, Any]]:
    return (
        CostLine.objects.kept()
        .filter(proposal__in=at_desk(year, regency_id).order_by(), source__isnull=False)
        .order_by()
        .values("proposal__regency_id", "source_id")
        .annotate(asked=Sum("amount_rupiah"), agreed=Sum(agreed_line()))
    )


def _count(target: Totals, row: dict[str, Any]) -> None:
    target.count += row["n"]
    target.proposed_rupiah += row["asked"]
    target.other_rupiah += row["other"]
    if not row["verdict__decision"]:
        return
    target.decided += row["n"]
    target.agreed_rupiah += row["agreed"]
    decision = Decision(row["verdict__decision"])
    answer = next((each for each in target.answers if each.decision == decision), None)
    if answer is None:
        answer = Answer(decision)
        target.answers.append(answer)
    answer.count += row["n"]
    answer.proposed_rupiah += row["asked"]
    answer.agreed_rupiah += row["agreed"]


def _share(target: Totals, source: FundingSource, row: dict[str, Any]) -> None:
    share = next((each for each in target.shares if each.source.pk == source.pk), None)
    if share is None:
        share = Share(source)
        target.shares.append(share)
    share.proposed_rupiah += row["asked"]
    share.agreed_rupiah += row["agreed"]
    if not source.in_budget:
        target.other_agreed_rupiah += row["agreed"]


def verdict_content(verdict: Verdict | None, lines: Iterable[LineVerdict] = ()) -> dict[str, Any]:
    """The answer as VerdictRevision.content keeps it; `decision` is "" when there is none."""
    return {
        "decision": verdict.decision if verdict else "",
        "agreed_rupiah": verdict.agreed_rupiah if verdict else 0,
        "reason": verdict.reason if verdict else "",
        "redirect_to": verdict.redirect_to.key if verdict and verdict.redirect_to else "",
        "lines": {
            str(each.line_id): {
                "decision": each.decision,
                "agreed_rupiah": each.agreed_rupiah,
                "reason": each.reason,
                "redirect_to": each.redirect_to.key if each.redirect_to else "",
            }
            for each in sorted(lines, key=lambda each: each.line_id)
        },
    }


def for_desk(year: int, regency_id: int, *, only: int | None = None) -> list[Proposal]:
    """A regency's proposals in priority order with shares, cost lines and the answers to both, ready for a page."""
    found = at_desk(year, regency_id)
    if only is not None:
        found = found.filter(pk=only)
    lines = CostLine.objects.kept().select_related("source", "verdict__redirect_to", "verdict__by")
    return list(
        found.select_related(
            "regency", "sub_activity", "sector", "verdict__redirect_to", "verdict__by"
        ).prefetch_related(Prefetch("lines", lines, to_attr="kept_lines"), "shares__source")
    )


def last_year(year: int, regency_id: int) -> list[Proposal]:
    """What the regency was promised the year before, each with `last_report`: its newest realisation, or None."""
    found = list(
        Proposal.objects.kept()
        .agreed()
        .filter(year=year - 1, regency_id=regency_id)
        .order_by(F("rank").asc(nulls_last=True), "number")
        .select_related("regency", "sub_activity", "sector")
        .prefetch_related(Prefetch("realisations", Realisation.objects.order_by("-quarter"), to_attr="reports"))
    )
    for proposal in found:
        proposal.last_report = proposal.reports[0] if proposal.reports else None
    return found


def waiting_at_desks(year: int, regencies: Collection[int]) -> QuerySet[Proposal]:
    """The proposals that the desks of these regencies have to close, with names only, with `answered` and `stray`.

    Ready ones, and those with a pending answer that are not at the desk any more: somebody took them out meanwhile.
    """
    ready = Q(status="siap_desk", deleted_at__isnull=True)
    pending = Q(verdict__isnull=False, verdict__applied_at__isnull=True)
    found = Proposal.objects.filter(ready | pending, year=year, regency__in=regencies).select_related("regency")
    names = found.only("title", "year", "number", "regency__code", "regency__short")
    return names.annotate(answered=Q(verdict__isnull=False), stray=~ready).in_paper_order()


def undecided(year: int, regency_id: int) -> QuerySet[Proposal]:
    """The proposals that are ready for the desk and have no answer yet."""
    return at_desk(year, regency_id).filter(status="siap_desk", verdict__isnull=True)


def stray_verdicts(year: int, regency_id: int) -> QuerySet[Proposal]:
    """Proposals with a pending answer that are not at the desk any more: somebody took them out meanwhile."""
    return (
        Proposal.objects.filter(year=year, regency_id=regency_id, verdict__applied_at__isnull=True)
        .filter(Q(verdict__isnull=False) & (~Q(status="siap_desk") | Q(deleted_at__isnull=False)))
        .order_by("number")
    )
