"""Reading what the ceiling simulator works on: candidates with their shares, stored ceilings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from programs.facts.simulation import Candidate
from programs.models import Ceiling, Funding, FundingSource, Proposal
from programs.rules import IN_PROCESS


def candidates(user: Any, year: int) -> list[Candidate]:
    """Every proposal of the year that is in process, with its shares of budget money; two statements."""
    found = Proposal.objects.visible_to(user).filter(year=year, status__in=IN_PROCESS)
    shares: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Funding.objects.filter(proposal__in=found, source__in_budget=True).order_by("source__position")
    for proposal, source, rupiah in rows.values_list("proposal_id", "source__key", "share_rupiah"):
        shares[proposal][source] = rupiah
    values = found.order_by("pk").values_list("pk", "regency_id", "title", "rank", "score")
    return [
        Candidate(pk, regency, title, rank, None if score is None else float(score), shares[pk])
        for pk, regency, title, rank, score in values
    ]


def sources() -> list[FundingSource]:
    """The budget's sources in use."""
    return list(FundingSource.objects.filter(in_budget=True, is_active=True))


def stored_ceilings(year: int) -> dict[str, int]:
    """What the province expects for that year, by source key."""
    return dict(Ceiling.objects.filter(year=year).values_list("source__key", "amount_rupiah"))
