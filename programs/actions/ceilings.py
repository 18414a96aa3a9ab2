"""Verbs on the province's ceilings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import ensure
from portal.kernel.money import rupiah
from programs.models import Ceiling, FundingSource
from programs.rules import division_heads


@transaction.atomic
def save_ceilings(year: int, amounts: dict[str, int | None], *, by: Any) -> None:
    """Store how much each source (by key) holds for that year; None forgets the ceiling.

    Errors: Denied for all but the division head.
    """
    ensure(division_heads(by))
    known = {
        row.source.key: row for row in Ceiling.objects.select_for_update().filter(year=year).select_related("source")
    }
    for source in FundingSource.objects.filter(key__in=amounts):
        amount, row = amounts[source.key], known.get(source.key)
        if amount == (row.amount_rupiah if row else None):
            continue
        old = rupiah(row.amount_rupiah) if row else None
        if amount is None:
            row.delete()
        else:
            row, _new = Ceiling.objects.update_or_create(
                year=year, source=source, defaults={"amount_rupiah": amount, "by": by}
            )
        changes = {source.key: [old, None if amount is None else rupiah(amount)]}
        record(gettext_noop("Mengubah pagu sumber dana"), source, by=by, note=str(year), changes=changes)
