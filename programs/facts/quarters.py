"""Quarters of a budget year, and what a realisation report may say (domain §3.7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

QUARTERS = (1, 2, 3, 4)
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}

REPORT_DAYS = 10
"""Days after a quarter within which its report is expected.

Source: domain notes §3.7, custom of the offices; no regulation was found.
"""

WHOLE = 100
HALF = 50


def begins_on(year: int, quarter: int) -> dt.date:
    """First day of the quarter."""
    return dt.date(year, 3 * quarter - 2, 1)


def due_on(year: int, quarter: int) -> dt.date:
    """The day until which the quarter's report is expected."""
    after = dt.date(year + 1, 1, 1) if quarter == QUARTERS[-1] else begins_on(year, quarter + 1)
    return after + dt.timedelta(days=REPORT_DAYS - 1)


def quarters_due(year: int, today: dt.date) -> int:
    """How many reports of that year are overdue today: 0 to 4."""
    return sum(due_on(year, quarter) < today for quarter in QUARTERS)


def percent(part: int, whole: int) -> Decimal:
    """The share in percent with two decimals; 0 of nothing."""
    return (Decimal(part) * WHOLE / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def finished_but_unpaid(spent: int, agreed: int, physical: Decimal) -> bool:
    """Whether the work is reported done while less than half of the money is spent: worth a second look."""
    return physical >= WHOLE and spent * WHOLE < agreed * HALF
