"""Reading the proposals of a regency: the list with its filters and sums, what may be copied, one for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from portal.journal.models import STATUS, Entry
from portal.journal.queries import told
from programs.facts.codes import official_spelling
from programs.models import Proposal, Round, SubActivity
from programs.queries.rounds import next_year
from programs.queries.selfcheck import findings_of
from programs.rules import SENT
from programs.workflow import PROPOSAL
from regencies.models import Regency
from regencies.rules import regency_ids

PER_PAGE = 50
RELATED = ("regency", "sub_activity", "sector", "help_kind", "kbli")
ORDERS = {
    "rank": (F("rank").asc(nulls_last=True), "number"),
    "-budget": ("-budget_rupiah", "rank", "number"),
    "title": ("title", "number"),
    "-changed": ("-changed_at", "number"),
}


def sort_choices() -> list[tuple[str, str]]:
    """Orders of the list with their labels."""
    return [
        ("rank", _("Prioritas")), ("-budget", _("Pagu terbesar")), ("title", _("Judul A–Z")),
        ("-changed", _("Terakhir diubah")),
    ]  # fmt: skip


def own_regency(user: Any, code: str = "") -> Regency | None:
    """The regency whose list this user works on: the one named if it is his, else his first; None for the province."""
    mine = Regency.objects.filter(pk__in=regency_ids(user)).order_by("code")
    rows = {row.code: row for row in mine}
    return rows.get(code) or next(iter(rows.values()), None)


def years_of(regency: Regency) -> list[int]:
    """Years with a round or with proposals of the regency, the newest first; never empty."""
    used = Proposal.objects.filter(regency=regency).order_by().values_list("year", flat=True)
    found = {*Round.objects.values_list("year", flat=True), *used.distinct()}
    return sorted(found or {next_year()}, reverse=True)


def listed(
    regency: Regency, year: int, *, q: str = "", status: str = "", sector: str = "", source: str = "", sort: str = ""
) -> QuerySet[Proposal]:
    """The kept proposals of a regency and year that fit."""
    rows = Proposal.objects.kept().filter(regency=regency, year=year).select_related(*RELATED)
    for word in q.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(product__icontains=word) | Q(district__icontains=word)
            | Q(village__icontains=word) | Q(center__icontains=word) | Q(sector__name__icontains=word)
            | Q(sub_activity__name__icontains=word) | Q(sub_activity__code__startswith=official_spelling(word))
        )  # fmt: skip
    if status in {key for key, _label in PROPOSAL.choices}:
        rows = rows.filter(status=status)
    if sector:
        rows = rows.filter(sector__key=sector)
    if source:
        rows = rows.filter(pk__in=Proposal.objects.filter(shares__source__key=source).values("pk"))
    return rows.order_by(*ORDERS.get(sort, ORDERS["rank"]))


def sums(rows: QuerySet[Proposal]) -> dict[str, int]:
    """Budget, money outside the budget and agreed money of these proposals."""
    return rows.order_by().aggregate(
        budget=Sum("budget_rupiah", default=0),
        other=Sum("other_rupiah", default=0),
        agreed=Sum("agreed_rupiah", default=0),
    )


@dataclass(frozen=True)
class Row:
    """A proposal in its regency's list: what it still lacks (None once it is out of the operator's hands)."""

    proposal: Proposal
    lacks: int | None
    warns: int


def with_completeness(proposals: list[Proposal], user: Any) -> list[Row]:
    """Rows with the number of blockers and warnings of the self-check, in eight statements however many they are."""
    found = findings_of([row for row in proposals if row.writable], user=user)
    return [
        Row(
            proposal=row,
            lacks=sum(finding.blocks for finding in found[row.pk]) if row.pk in found else None,
            warns=sum(not finding.blocks for finding in found.get(row.pk, ())),
        )
        for row in proposals
    ]


def spliced(regency: Regency, year: int, named: list[int]) -> list[int]:
    """The whole order when the proposals named change places among themselves: for lists that show only a part."""
    order = list(_kept_order(regency, year).values_list("pk", flat=True))
    moved = iter([pk for pk in dict.fromkeys(named) if pk in set(order)])
    places = set(named)
    return [next(moved) if pk in places else pk for pk in order]


def stepped(proposal: Proposal, step: int) -> list[int]:
    """The whole order after the proposal has changed places with the next one that may be moved; step is -1 or 1."""
    rows = list(_kept_order(proposal.regency, proposal.year))
    order = [row.pk for row in rows]
    movable = [row.pk for row in rows if row.writable]
    if proposal.pk not in movable:
        return order
    place = movable.index(proposal.pk) + step
    if 0 <= place < len(movable):
        a, b = order.index(proposal.pk), order.index(movable[place])
        order[a], order[b] = order[b], order[a]
    return order


def _kept_order(regency: Regency, year: int) -> QuerySet[Proposal]:
    return Proposal.objects.kept().filter(regency=regency, year=year).order_by(*ORDERS["rank"])


def thrown_away(regency: Regency, year: int) -> QuerySet[Proposal]:
    """The drafts in the bin, the last thrown first."""
    rows = Proposal.objects.filter(regency=regency, year=year, deleted_at__isnull=False)
    return rows.select_related("regency").order_by("-deleted_at")


def earlier_years(regency: Regency, year: int) -> list[int]:
    """Years before, from which proposals can be copied, the last first."""
    rows = Proposal.objects.kept().filter(regency=regency, year__lt=year).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def copyable(regency: Regency, source_year: int, year: int) -> list[tuple[Proposal, Proposal | None]]:
    """(proposal of `source_year`, its copy in `year` if there is one), in order of priority."""
    copies = Proposal.objects.kept().filter(regency=regency, year=year, copied_from__isnull=False)
    known = {row.copied_from_id: row for row in copies.select_related("regency")}
    return [(row, known.get(row.pk)) for row in listed(regency, source_year)]


def sub_activities(proposal: Proposal) -> list[tuple[str, list[SubActivity]]]:
    """The nomenclature in use by level, the regency's own first; and the code that the proposal already has."""
    order = [SubActivity.Level.REGENCY, SubActivity.Level.PROVINCE, SubActivity.Level.TRADE, SubActivity.Level.SUPPORT]
    rows = SubActivity.objects.filter(Q(is_active=True) | Q(pk=proposal.sub_activity_id))
    found: dict[str, list[SubActivity]] = {level: [] for level in order}
    for row in rows:
        found.setdefault(row.level, []).append(row)
    return [(str(SubActivity.Level(level).label), rows) for level, rows in found.items() if rows]


def timeline_of(proposal: Proposal, user: Any, limit: int = 30) -> list[dict]:
    """What happened to the proposal; to the province only how it came to each status that the province may see.

    What a regency changes, submits to its head and takes back again is its own business.
    """
    entries = Entry.objects.about(proposal)
    if proposal.regency_id not in regency_ids(user):
        seen = [status.label for status in PROPOSAL.statuses if status.key in SENT]
        entries = entries.filter(**{f"changes__{STATUS}__1__in": seen})
    return [told(entry) for entry in entries[:limit]]
