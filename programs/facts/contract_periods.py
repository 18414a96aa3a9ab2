"""How long contracts run: months are counted by the calendar, the last day belongs to the period."""

from __future__ import annotations

import calendar
import datetime as dt

ORDINALS = ("pertama", "kedua", "ketiga", "keempat", "kelima")


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last day of a month that is too short; at most the calendar's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_after(day: dt.date, days: int) -> dt.date:
    """So many days later; at most the calendar's last day."""
    return day + dt.timedelta(days=min(days, (dt.date.max - day).days))


def last_day(starts_on: dt.date, months: int) -> dt.date:
    """The last day of a period of so many months: 1 January and twelve months give 31 December."""
    return months_after(starts_on, months) - dt.timedelta(days=1)


def following(starts_on: dt.date, ends_on: dt.date) -> tuple[dt.date, dt.date]:
    """The period after this one, of the same length: in months where it is whole months, else in days."""
    first = days_after(ends_on, 1)
    months = (first.year - starts_on.year) * 12 + first.month - starts_on.month
    if months > 0 and months_after(starts_on, months) == first:
        return first, last_day(first, months)
    return first, days_after(first, (ends_on - starts_on).days)


def ordinal(number: int) -> str:
    """A place in a row of years or parties: 1 gives "pertama"."""
    return ORDINALS[number - 1] if 0 < number <= len(ORDINALS) else f"ke-{number}"
