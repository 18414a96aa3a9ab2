"""Reading the calendar: which days of a meeting are weekends or Indonesian public holidays."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django.utils.translation import gettext as _

from portal.kernel.dates import long_date

MAX_DAYS = 31
"""Longer ranges are typing mistakes; the form refuses them."""


@lru_cache(maxsize=16)
def _holidays_of(year: int) -> dict[dt.date, str]:
    """Public holidays and joint leave of a year, with their Indonesian names."""
    days = holidays.country_holidays("ID", years=year, language="id", categories=("public", "government"))
    return dict(days.items())


def date_warnings(first: dt.date, last: dt.date) -> list[str]:
    """One sentence for each day that is a Saturday, a Sunday or a public holiday; a warning, never an error.

    Source: the `holidays` package (SKB 3 Menteri); Islamic holidays of coming years are its estimates.
    """
    found = []
    for number in range(min((last - first).days, MAX_DAYS) + 1):
        day = first + dt.timedelta(days=number)
        name = _holidays_of(day.year).get(day)
        if name:
            found.append(_("%(day)s adalah hari libur: %(name)s.") % {"day": long_date(day), "name": name})
        elif day.weekday() >= 5:
            found.append(_("%(day)s jatuh pada akhir pekan.") % {"day": long_date(day)})
    return found
