"""Keeping the stored points of proposals true. Callers hold the lock on the proposals they hand over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked
from programs.models import Proposal, RubricItem, Score
from programs.queries.scoring import Points, benefit_points, computed_points, rubric, sheet_of

OPEN = ("diajukan", "lolos")
"""Statuses whose points still follow the rubric; at the desk they stand."""

BATCH = 500


def recompute_scores(proposal: Proposal) -> Decimal | None:
    """The total after the computed indicators were stored anew; None while a reviewer's indicator is missing."""
    totals = store_points([proposal], rubric())
    proposal.score = totals[proposal.pk]
    return proposal.score


def refresh_others(proposal: Proposal) -> None:
    """Let the quartiles of the year follow when this transaction is through: a proposal came or went."""
    transaction.on_commit(partial(refresh_benefits, proposal.year), robust=True)


def ensure_passable(proposal: Proposal) -> None:
    """Compute the points once more and return when they allow the proposal to pass.

    Errors: Blocked while an indicator has no points, or when one whose 0 fails the proposal has 0.
    """
    recompute_scores(proposal)
    sheet = sheet_of(proposal)
    if sheet.failing:
        row = sheet.failing[0]
        raise Blocked(
            _("“%(item)s” bernilai 0, jadi usulan ini tidak dapat dinyatakan lolos. %(why)s")
            % {"item": row.item.name, "why": row.why}
        )
    if sheet.missing:
        raise Blocked(
            _("Belum semua indikator dinilai, jadi usulan ini belum dapat dinyatakan lolos: %(items)s.")
            % {"items": "; ".join(row.item.name for row in sheet.missing)}
        )


@transaction.atomic
def recompute_open() -> int:
    """How many proposals were computed anew: all that are open, after the rubric changed."""
    items = rubric()
    rows = list(Proposal.objects.select_for_update(of=("self",)).kept().filter(status__in=OPEN).order_by("pk"))
    for start in range(0, len(rows), BATCH):
        store_points(rows[start : start + BATCH], items)
    return len(rows)


@transaction.atomic
def refresh_benefits(year: int) -> int:
    """How many proposals of the year stand in another quartile now, because another one came or went.

    A row that somebody holds right now is left out: the verb that holds it computes it itself.
    """
    item = next((item for item in rubric() if item.computed == RubricItem.Computed.BENEFIT), None)
    if item is None:
        return 0
    rows = list(
        Proposal.objects.select_for_update(of=("self",), skip_locked=True)
        .kept().filter(year=year, status__in=OPEN).order_by("pk")
    )  # fmt: skip
    known = dict(Score.objects.filter(proposal__in=rows, item=item).values_list("proposal", "points"))
    found = benefit_points(rows, item) if rows else {}
    moved = [row for row in rows if row.pk in known and known[row.pk] != found[row.pk].points]
    _write([_score(row, item, found[row.pk]) for row in moved])
    store_totals(moved, rubric())
    return len(moved)


def store_points(proposals: Sequence[Proposal], items: list[RubricItem]) -> dict[int, Decimal | None]:
    """The new totals {proposal pk: total or None} after computed points and points of changed steps were stored."""
    computed = computed_points(proposals, items)
    rows = Score.objects.filter(proposal__in=proposals, item__in=items).select_related("step")
    known = {(row.proposal_id, row.item_id): row for row in rows}
    changed, gone = [], []
    for proposal in proposals:
        for item in items:
            row = known.get((proposal.pk, item.pk))
            if item.computed:
                points = computed[proposal.pk][item.pk]
                if row is None or _differs(row, points):
                    changed.append(_score(proposal, item, points))
            elif row and row.step is None:
                gone.append(row.pk)
            elif row and row.points != row.step.points:
                row.points = row.step.points
                changed.append(row)
    _write(changed)
    Score.objects.filter(pk__in=gone).delete()
    return store_totals(proposals, items)


def store_totals(proposals: Sequence[Proposal], items: Iterable[RubricItem]) -> dict[int, Decimal | None]:
    """The totals of these proposals, stored: the sum of the active indicators, None while one of them is missing."""
    items = list(items)
    rows = Score.objects.filter(proposal__in=proposals, item__in=items).order_by()
    sums = {
        row["proposal"]: row["total"] if row["n"] == len(items) else None
        for row in rows.values("proposal").annotate(total=Sum("points"), n=Count("pk"))
    }
    totals = {proposal.pk: sums.get(proposal.pk) for proposal in proposals}
    for proposal in proposals:
        proposal.score = totals[proposal.pk]
    Proposal.objects.bulk_update(proposals, ["score"], batch_size=BATCH)
    return totals


def _differs(row: Score, points: Points) -> bool:
    step_id = points.step.pk if points.step else None
    return (row.points, row.why, row.step_id) != (points.points, points.why, step_id)


def _score(proposal: Proposal, item: RubricItem, points: Points) -> Score:
    return Score(proposal=proposal, item=item, step=points.step, points=points.points, why=points.why, by=None)


def _write(scores: list[Any]) -> None:
    """Insert or overwrite: one row per proposal and indicator."""
    fresh = [
        Score(
            proposal_id=s.proposal_id, item_id=s.item_id, step_id=s.step_id, points=s.points, why=s.why, by_id=s.by_id
        )
        for s in scores
    ]
    Score.objects.bulk_create(
        fresh, batch_size=BATCH, update_conflicts=True, unique_fields=["proposal", "item"],
        update_fields=["step", "points", "why", "by", "at"],
    )  # fmt: skip
