"""Indonesian dates and times."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.kernel import dates

DAY = dt.date(2019, 4, 24)


def test_the_weekday_is_computed():
    assert dates.long_date(DAY) == "Rabu, 24 April 2019"
    assert dates.long_date(dt.date(2016, 3, 15)) == "Selasa, 15 Maret 2016"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (DAY, DAY, "24 April 2019"),
        (DAY, dt.date(2019, 4, 26), "24–26 April 2019"),
        (dt.date(2019, 4, 30), dt.date(2019, 5, 2), "30 April–2 Mei 2019"),
        (dt.date(2019, 12, 30), dt.date(2020, 1, 2), "30 Desember 2019–2 Januari 2020"),
    ],
)
def test_a_range_says_nothing_twice(first, last, text):
    assert dates.date_range(first, last) == text


def test_the_date_of_a_berita_acara_is_written_out():
    assert dates.words_date(DAY) == (
        "hari ini Rabu, tanggal dua puluh empat, bulan April, tahun dua ribu sembilan belas"
    )


def test_times_have_a_point():
    assert dates.clock(dt.time(9, 0)) == "09.00"
    assert dates.clock_range(dt.time(9, 0), dt.time(9, 45)) == "09.00–09.45"


@pytest.mark.parametrize(
    ("zone", "label"),
    [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"), ("UTC", "UTC+0")],
)
def test_zones_have_their_indonesian_names(zone, label):
    assert dates.zone_label(ZoneInfo(zone)) == label
