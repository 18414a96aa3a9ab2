"""The months that extension workers report on: when a report is due, how a month is written in addresses."""

from __future__ import annotations

import datetime as dt

from programs.facts.contract_periods import months_after

DUE_DAY = 5
"""The report of a month is due on this day of the next one (domain §5.1)."""


def month_of(day: dt.date) -> dt.date:
    """The month a day lies in, named by its first day."""
    return day.replace(day=1)


def month_before(month: dt.date) -> dt.date:
    """The month before."""
    return months_after(month, -1)


def last_of(month: dt.date) -> dt.date:
    """The last day of the month."""
    return months_after(month, 1) - dt.timedelta(days=1)


def due_on(month: dt.date) -> dt.date:
    """The last day on which the report of that month is in time."""
    return months_after(month, 1).replace(day=DUE_DAY)


def months_within(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every month with a day in the period, the earliest first."""
    found, month = [], month_of(first)
    while month <= last:
        found.append(month)
        month = months_after(month, 1)
    return found


def month_key(month: dt.date) -> str:
    """The month as addresses write it: "2026-10"."""
    return f"{month:%Y-%m}"


def read_month(text: str) -> dt.date | None:
    """The month that "2026-10" means; None for everything else."""
    if len(text) != 7 or not text.isascii():
        return None
    try:
        month = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return None
    return month if 2000 <= month.year <= 2100 else None
