"""Realisation of agreed programs: who reports what, and the sums."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions.realisation import report_realisation, stamp
from programs.facts.quarters import begins_on, due_on, finished_but_unpaid, quarters_due
from programs.models import Realisation
from programs.queries.realisation import agreed_programs, default_year, totals
from tests.cast import Cast
from tests.factories_programs import make_proposal

YEAR = 2020
EVERYBODY_ELSE = (
    "admin", "kadis_prov", "kabid", "panitia", "notulis", "verifikator", "kadis_belu", "kadis_ende", "operator_ende",
    "observer", "stranger",
)  # fmt: skip


def report(row: Any, quarter: int, spent: int, physical: Any, by: Any, **values: Any) -> Realisation:
    """A quarter's report."""
    return report_realisation(row, quarter, spent_rupiah=spent, physical_percent=Decimal(physical), by=by, **values)


def test_quarters_of_a_year() -> None:
    assert begins_on(2020, 3) == dt.date(2020, 7, 1)
    assert due_on(2020, 1) == dt.date(2020, 4, 10)
    assert due_on(2020, 4) == dt.date(2021, 1, 10)
    assert quarters_due(2020, dt.date(2020, 4, 10)) == 0
    assert quarters_due(2020, dt.date(2020, 4, 11)) == 1
    assert quarters_due(2020, dt.date(2021, 1, 11)) == 4
    assert finished_but_unpaid(49, 100, Decimal(100))
    assert not finished_but_unpaid(50, 100, Decimal(100))
    assert not finished_but_unpaid(1, 100, Decimal("99.99"))


def test_only_its_operator_reports(cast: Cast) -> None:
    row = make_proposal(status="disepakati")
    for name in EVERYBODY_ELSE:
        with pytest.raises(Denied):
            report(row, 1, 0, 0, cast[name])
    report(row, 1, 1_000_000, 10, cast.operator_belu)
    assert Entry.objects.about(row).first().actor == cast.operator_belu


@pytest.mark.parametrize("status", ["konsep", "diajukan", "siap_desk", "ditunda", "tidak_disepakati", "dialihkan"])
def test_only_what_was_agreed_is_reported(cast: Cast, status: str) -> None:
    with pytest.raises(Denied):
        report(make_proposal(status=status), 1, 0, 0, cast.operator_belu)


def test_reports_are_cumulative_and_possible(cast: Cast) -> None:
    row, by = make_proposal(status="perbaikan"), cast.operator_belu
    report(row, 2, 10_000_000, "40.5", by, obstacle=" Hujan ")
    assert row.realisations.get().obstacle == "Hujan"
    for quarter, spent, physical in (
        (3, 9_999_999, 50), (3, 10_000_000, 40), (1, 10_000_001, 10), (1, 1, 41), (3, 30_000_001, 50), (3, -1, 50),
        (3, 20_000_000, 101), (3, 20_000_000, -1),
    ):  # fmt: skip
        with pytest.raises(Blocked):
            report(row, quarter, spent, physical, by)
    for quarter in (0, 5):
        with pytest.raises(Blocked):
            report(row, quarter, 20_000_000, 50, by)
    report(row, 3, 30_000_000, 100, by)
    report(row, 1, 0, 0, by)
    assert row.realisations.count() == 3


def test_no_report_before_its_quarter(cast: Cast) -> None:
    row = make_proposal(status="disepakati", year=timezone.localdate().year + 1)
    with pytest.raises(Blocked, match="belum berjalan"):
        report(row, 1, 0, 0, cast.operator_belu)


def test_two_reporters_of_one_quarter(cast: Cast) -> None:
    row, by = make_proposal(status="disepakati"), cast.operator_belu
    first = report(row, 1, 1, 1, by, seen="")
    with pytest.raises(StaleVersion):
        report(row, 1, 2, 2, by, seen="")
    report(row, 1, 3, 3, by, seen=stamp(first))
    assert Realisation.objects.get().spent_rupiah == 3


def test_sums_are_weighted_by_money(cast: Cast) -> None:
    small, large = make_proposal(status="disepakati", lines=1), make_proposal(status="disepakati", lines=3)
    make_proposal("53.08", status="tidak_disepakati")
    report(small, 1, 5_000_000, 100, cast.operator_belu)
    report(large, 1, 3_000_000, 20, cast.operator_belu)
    report(large, 2, 9_000_000, 40, cast.operator_belu)
    found = totals(agreed_programs(cast.kabid, YEAR))
    assert (found.programs, found.agreed, found.spent) == (2, 40_000_000, 14_000_000)
    assert found.physical == Decimal("55.00")
    assert found.spent_percent == Decimal("35.00")
    early = totals(agreed_programs(cast.kabid, YEAR, upto=1))
    assert (early.spent, early.physical) == (8_000_000, Decimal("40.00"))
    assert totals(agreed_programs(cast.operator_ende, YEAR)).programs == 0
    assert totals(agreed_programs(cast.stranger, YEAR)).programs == 0


def test_the_year_that_runs() -> None:
    this = timezone.localdate().year
    assert default_year([]) == this
    assert default_year([this + 1, this, this - 1]) == this
    assert default_year([this + 1, this - 2]) == this - 2
    assert default_year([this + 2, this + 1]) == this + 1


def test_the_list_with_its_filters(cast: Cast, client_of: Callable) -> None:
    done, late = make_proposal(status="disepakati", title="Garam"), make_proposal(status="disepakati", title="Kelor")
    make_proposal("53.08", status="disepakati", title="Tenun Ende", source="DAK_FISIK")
    for quarter in (1, 2, 3, 4):
        report(done, quarter, 1_000_000 * quarter, 100 if quarter == 4 else quarter, cast.operator_belu)
    client = client_of(cast.kabid)

    def titles(query: str) -> list[str]:
        page = client.get(f"/realisasi/?tahun=2020{query}").content.decode()
        return [title for title in ("Garam", "Kelor", "Tenun Ende") if f">{title}</a>" in page]

    assert titles("") == ["Garam", "Kelor", "Tenun Ende"]
    assert titles("&q=kelor") == ["Kelor"]
    assert titles("&regency=53.08") == ["Tenun Ende"]
    assert titles("&source=DAK_FISIK") == ["Tenun Ende"]
    assert titles("&state=lengkap") == ["Garam"]
    assert titles("&state=belum") == ["Kelor", "Tenun Ende"]
    assert titles("&state=janggal") == ["Garam"]
    assert titles("&state=janggal&tw=3") == []
    assert titles("&sort=spent&tw=x&source=TIDAK_ADA") == []
    assert client.get("/realisasi/?tahun=99999999999999999999").status_code == 200
    own = client_of(cast.operator_belu).get("/realisasi/").content.decode()
    assert "Kelor" in own
    assert "Tenun Ende" not in own
    assert late.realisations.count() == 0


def test_the_excel(cast: Cast, client_of: Callable) -> None:
    row = make_proposal(status="disepakati", title="=1+1")
    report(row, 2, 15_000_000, "62.5", cast.operator_belu, obstacle="Hujan", follow_up="Percepat")
    answer = client_of(cast.observer).get("/realisasi/?tahun=2020&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    header, line = list(sheet.iter_rows(values_only=True))
    found = dict(zip(header, line, strict=True))
    assert found["Program"] == "=1+1"
    assert (found["Pagu disepakati"], found["Realisasi keuangan"], found["Sisa"]) == (
        30_000_000,
        15_000_000,
        15_000_000,
    )
    assert (float(found["Keuangan (%)"]), float(found["Fisik (%)"])) == (50.0, 62.5)
    assert (found["Laporan terakhir"], found["Kendala"], found["Tindak lanjut"]) == ("TW II", "Hujan", "Percepat")
    assert sheet["D2"].data_type == "s"


def test_reporting_by_the_form(cast: Cast, client_of: Callable) -> None:
    row, client = make_proposal(status="disepakati"), client_of(cast.operator_belu)
    address = f"/realisasi/{row.pk}/tw/1/"
    assert client.post(address, {"spent_rupiah": "banyak", "physical_percent": "x"}).status_code == 422
    assert client.post(address, {"spent_rupiah": "1", "physical_percent": "101"}).status_code == 422
    assert client.post(address, {"spent_rupiah": "99.000.000", "physical_percent": "1"}).status_code == 409
    first = client.post(address, {"spent_rupiah": "1.250.000", "physical_percent": "12,5", "seen": ""})
    assert first.status_code == 302
    assert (row.realisations.get().spent_rupiah, row.realisations.get().physical_percent) == (
        1_250_000,
        Decimal("12.5"),
    )
    stale = client.post(address, {"spent_rupiah": "2.000.000", "physical_percent": "20", "seen": ""})
    assert stale.status_code == 409
    assert "Rp1.250.000" in stale.content.decode()
    odd = client.post(
        address, {"spent_rupiah": "2.000.000", "physical_percent": "100", "seen": stamp(row.realisations.get())},
        follow=True,
    )  # fmt: skip
    assert "belum separuh" in odd.content.decode()
    assert client.get(f"/realisasi/{row.pk}/tw/5/").status_code == 404
    assert client.get(f"/realisasi/{make_proposal().pk}/").status_code == 404
    assert client_of(cast.operator_ende).get(f"/realisasi/{row.pk}/").status_code == 404
    assert "Riwayat" not in client_of(cast.kabid).get(f"/realisasi/{row.pk}/").content.decode()


@pytest.mark.parametrize("many", [1, 60])
def test_the_list_asks_as_often_for_many(cast: Cast, client_of: Callable, assert_queries: Callable, many: int) -> None:
    for number in range(many):
        row = make_proposal(status="disepakati", lines=1)
        if number < 30:
            report(row, 1, 1, 1, cast.operator_belu)
    client = client_of(cast.kabid)
    client.get("/realisasi/?tahun=2020")
    with assert_queries(12):
        client.get("/realisasi/?tahun=2020")


ODD = (
    "",
    " ",
    "\x00",
    "-1",
    "1e9",
    "NaN",
    "∞",
    "9" * 400,
    "12,345",
    "100.01",
    "Rp",
    "1.000.000",
    "50",
    "<b>",
    "😀" * 3000,
)


def test_no_input_breaks_the_form(cast: Cast, client_of: Callable) -> None:
    row = make_proposal(status="disepakati")
    draw = random.Random(5)  # noqa: S311  the same inputs in each run
    client = client_of(cast.operator_belu)
    names = ("spent_rupiah", "physical_percent", "obstacle", "follow_up", "seen")
    for _number in range(150):
        values = {name: draw.choice(ODD) for name in names if draw.random() > 0.1}
        quarter = draw.choice((1, 2, 3, 4))
        assert client.post(f"/realisasi/{row.pk}/tw/{quarter}/", values).status_code in (302, 409, 422)
    for odd in ODD:
        query = dict.fromkeys(("q", "tahun", "tw", "regency", "source", "state", "sort", "page"), odd)
        assert client.get("/realisasi/", query).status_code == 200
    assert client.get(f"/realisasi/{row.pk}/tw/99999999999999999999/").status_code == 404
