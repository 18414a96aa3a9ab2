"""Reading decided proposals as berita acara print them: the same few statements however many there are."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Prefetch, QuerySet

from programs.models import Funding, LineVerdict, Proposal
from programs.queries.verdicts import at_desk
from programs.rules import DECIDED
from rakor.facts.decisions import Decided, decided_of
from rakor.models import Meeting

COLUMNS = (
    "year", "number", "rank", "title", "regency__code", "regency__short", "regency__name", "sub_activity__code",
    "verdict__decision", "verdict__reason", "verdict__applied_at", "verdict__redirect_to__key",
)  # fmt: skip
LINE_COLUMNS = (
    "verdict", "decision", "agreed_rupiah", "reason", "redirect_to__key", "line__position", "line__description",
    "line__amount_rupiah", "line__source",
)  # fmt: skip


def desk_rows(meeting: Meeting, regencies: Collection[int]) -> dict[int, list[Decided]]:
    """By regency the proposals that its desk has before it or has decided, in priority order. Three queries."""
    found: dict[int, list[Decided]] = {pk: [] for pk in regencies}
    for proposal in with_verdicts(at_desk(meeting.planning_year).filter(regency__in=regencies)):
        found[proposal.regency_id].append(decided_of(proposal))
    return found


def decided_rows(meeting: Meeting) -> list[Decided]:
    """Every decided proposal of the edition's province, by regency code and priority. Three queries."""
    found = Proposal.objects.kept().filter(
        year=meeting.planning_year, regency__province=meeting.province_id, status__in=DECIDED
    )
    return [decided_of(proposal) for proposal in with_verdicts(found.in_paper_order())]


def with_verdicts(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The rows with what `decided_of` needs, and without the long texts nobody prints."""
    changed = LineVerdict.objects.select_related("line", "redirect_to").only(*LINE_COLUMNS)
    shares = Funding.objects.select_related("source").order_by("source__position")
    return (
        proposals.select_related("regency", "sub_activity", "verdict__redirect_to")
        .only(*COLUMNS)
        .prefetch_related(
            Prefetch("shares", shares, to_attr="share_rows"), Prefetch("verdict__lines", changed, to_attr="changed")
        )
    )
