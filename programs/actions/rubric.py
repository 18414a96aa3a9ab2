"""Changing the rubric. Every change is one journal entry and computes the points of all open proposals anew."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import rules
from programs.actions.scores import recompute_open
from programs.models import RubricItem, RubricStep
from programs.queries.scoring import number

FIELDS = ["name", "explanation", "weight", "must_pass", "is_active", "position"]
RESERVED = ("baru",)
FEWEST, MOST = 2, 8
"""Steps of an indicator that a reviewer judges."""


@transaction.atomic
def save_item(
    item: RubricItem | None, values: dict[str, Any], steps: list[dict[str, Any]], *, by: Any, version: int = 0
) -> RubricItem:
    """The stored indicator with its steps, best first; a new one (item None) is judged by a reviewer.

    Shape: values by FIELDS; steps [{"id": pk or None, "label", "points"}]; a step that is left out is taken away.
    Errors: Denied for all but the division head; StaleVersion; Blocked when the steps do not fit the indicator.
    """
    ensure(rules.division_heads(by))
    if item is None:
        row, before, old_steps = RubricItem(key=_free_key(values["name"])), None, []
        values = {**values, "position": (RubricItem.objects.aggregate(last=Max("position"))["last"] or 0) + 1}
    else:
        row = RubricItem.objects.select_for_update().get(pk=item.pk)
        if row.version != version:
            raise StaleVersion(_("Indikator ini sudah diubah orang lain."), current=row, yours=values)
        before, old_steps = RubricItem.objects.get(pk=row.pk), list(row.steps.all())
        row.version += 1
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    _ensure_fitting(row, steps, old_steps)
    row.save()
    were = _told(old_steps)
    _store_steps(row, steps, old_steps)
    are = _told(list(row.steps.all()))
    changes = changes_between(before, row, FIELDS)
    if were != are:
        changes[gettext_noop("Tingkat")] = [were, are]
    record(
        gettext_noop("Mengubah rubrik") if before else gettext_noop("Menambah indikator"), row, by=by, changes=changes
    )
    recompute_open()
    return row


def _free_key(name: str) -> str:
    base = slugify(name)[:25] or "indikator"
    taken = {*RubricItem.objects.filter(key__startswith=base).values_list("key", flat=True), *RESERVED}
    return next(key for key in [base, *(f"{base}-{n}" for n in range(2, 1000))] if key not in taken)


def _ensure_fitting(row: RubricItem, steps: list[dict[str, Any]], old: list[RubricStep]) -> None:
    """Return when the steps give meaning to the indicator: the best one gives its whole weight, none gives more."""
    if row.computed == RubricItem.Computed.READINESS:
        if steps:
            raise Blocked(_("Indikator kesiapan dihitung dari bagian berkas yang ada, jadi tidak memakai tingkat."))
        return
    if row.computed and len(steps) != len(old):
        raise Blocked(
            _("Indikator ini dihitung otomatis dengan %(n)s tingkat; ubah nama dan poinnya saja.") % {"n": len(old)}
        )
    if not row.computed and not FEWEST <= len(steps) <= MOST:
        raise Blocked(_("Isi %(least)s sampai %(most)s tingkat.") % {"least": FEWEST, "most": MOST})
    best = max((Decimal(step["points"]) for step in steps), default=Decimal(0))
    if best != row.weight:
        raise Blocked(
            _("Poin tertinggi (%(best)s) harus sama dengan bobot (%(weight)s).")
            % {"best": number(best), "weight": row.weight}
        )
    points = [Decimal(step["points"]) for step in steps]
    if row.computed and points != sorted(points, reverse=True):
        raise Blocked(_("Urutkan tingkat dari poin tertinggi ke poin terendah."))


def _store_steps(row: RubricItem, steps: list[dict[str, Any]], old: list[RubricStep]) -> None:
    known = {step.pk: step for step in old}
    kept = set()
    for place, step in enumerate(sorted(steps, key=lambda step: -Decimal(step["points"])), start=1):
        stored = known.get(step.get("id")) or RubricStep(item=row)
        stored.label, stored.points, stored.position = step["label"], step["points"], place
        stored.save()
        kept.add(stored.pk)
    row.steps.exclude(pk__in=kept).delete()


def _told(steps: list[RubricStep]) -> str:
    return "; ".join(f"{step.label} {number(Decimal(step.points))}" for step in steps)
