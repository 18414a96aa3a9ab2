"""Reading what the same thing costs elsewhere: median and range over the other regencies, never who asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Aggregate, BigIntegerField, Count, F, Max, Min

from programs.models import CostLine
from programs.models.price_key import price_key, stored_price_key
from programs.rules import IN_PROCESS

FEWEST = 3
"""So many other regencies are needed before a figure is shown: fewer would tell who it was."""


@dataclass(frozen=True)
class Price:
    """Unit prices in rupiah of one thing in `regencies` other regencies."""

    median: int
    lowest: int
    highest: int
    regencies: int


class Median(Aggregate):
    """The middle value (of two, the mean)."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = BigIntegerField()

    def convert_value(self, value: float, expression: object, connection: object) -> int:
        return round(value)


def prices_elsewhere(lines: Iterable[CostLine], *, regency_id: int, year: int) -> dict[str, Price]:
    """Prices by `price_key` of the same or the previous year, in one statement.

    Only lines of proposals that the province works on are looked at: no draft, nothing that was taken back.
    """
    keys = {price_key(line.description, line.unit) for line in lines}
    wanted = {key for key in keys if not key.startswith("|")}
    rows = (
        CostLine.objects.kept()
        .alias(key=stored_price_key())
        .filter(
            key__in=sorted(wanted), unit_price_rupiah__gt=0, proposal__year__in=(year - 1, year),
            proposal__status__in=IN_PROCESS,
        )
        .exclude(proposal__regency=regency_id)
        .values(key=F("key"))
        .annotate(
            median=Median("unit_price_rupiah"), lowest=Min("unit_price_rupiah"), highest=Max("unit_price_rupiah"),
            regencies=Count("proposal__regency", distinct=True),
        )
        .filter(regencies__gte=FEWEST)
        .order_by()
    )  # fmt: skip
    return {row["key"]: Price(row["median"], row["lowest"], row["highest"], row["regencies"]) for row in rows}
