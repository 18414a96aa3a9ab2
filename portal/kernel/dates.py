"""Indonesian dates and times. The weekday is always computed, never typed (domain §1.6).

Source: Permendagri 1/2023 usage as collected in the domain notes: "Rabu, 24 April 2019", "pukul 09.00 WITA".
"""

from __future__ import annotations

import datetime as dt

from portal.kernel.terbilang import terbilang

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_ZONE_LABELS = {7: "WIB", 8: "WITA", 9: "WIT"}


def weekday(day: dt.date) -> str:
    """Name of the weekday: "Rabu"."""
    return WEEKDAYS[day.weekday()]


def short_date(day: dt.date) -> str:
    """The date without weekday: "24 April 2019"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: dt.date) -> str:
    """The date with its computed weekday: "Rabu, 24 April 2019"."""
    return f"{weekday(day)}, {short_date(day)}"


def month_year(day: dt.date) -> str:
    """The month of a day: "April 2019"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def date_range(first: dt.date, last: dt.date) -> str:
    """The shortest formal range: "24–26 April 2019", "30 April–2 Mei 2019", "30 Desember 2019–2 Januari 2020"."""
    if first == last:
        return short_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_date(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]}–{short_date(last)}"
    return f"{short_date(first)}–{short_date(last)}"


def words_date(day: dt.date) -> str:
    """The date written out for a berita acara: "hari ini Rabu, tanggal dua puluh empat, bulan April, tahun …"."""
    return (
        f"hari ini {weekday(day)}, tanggal {terbilang(day.day)}, "
        f"bulan {MONTHS[day.month - 1]}, tahun {terbilang(day.year)}"
    )


def clock(time: dt.time | dt.datetime) -> str:
    """Hours and minutes with a point: "09.00"."""
    return f"{time:%H.%M}"


def clock_range(start: dt.time | dt.datetime, end: dt.time | dt.datetime) -> str:
    """From–to with points: "09.00–09.45"."""
    return f"{clock(start)}–{clock(end)}"


def zone_label(zone: dt.tzinfo, at: dt.datetime | None = None) -> str:
    """The Indonesian name of a time zone: WIB, WITA or WIT; other zones give their UTC offset."""
    moment = (at or dt.datetime(2019, 1, 1)).replace(tzinfo=zone)
    offset = moment.utcoffset() or dt.timedelta()
    hours = offset.total_seconds() / 3600
    return _ZONE_LABELS.get(hours, f"UTC{hours:+g}")
