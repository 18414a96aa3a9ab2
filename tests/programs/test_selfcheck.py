"""The self-check: what blocks, what warns, and that prices never tell whose they are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from programs.models import CostLine, FundingSource, SubActivity
from programs.models.price_key import price_key, stored_price_key
from programs.queries.findings import Finding
from programs.queries.prices import prices_elsewhere
from programs.queries.selfcheck import findings, findings_of
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_attachments, make_line, make_proposal, sector, sub_activity

ELSEWHERE = ("53.01", "53.02", "53.03")


@pytest.fixture
def complete(cast: Cast) -> Callable[..., Any]:
    """Makes a proposal of Belu in which the self-check finds nothing."""

    def make(**values: Any) -> Any:
        return make_attachments(make_proposal(**values))

    return make


def found(row: Any, **values: Any) -> list[Finding]:
    """The findings after the fields were changed."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return findings(row)


def said(rows: list[Finding], anchor: str) -> str:
    """The sentences about one place."""
    return " ".join(row.sentence for row in rows if row.anchor == anchor)


def test_a_complete_one_has_no_findings(complete: Callable) -> None:
    assert findings(complete()) == []


@pytest.mark.parametrize(
    ("name", "empty"),
    [*((name, "") for name in ("title", "district", "background", "problem", "purpose", "method", "executor")),
     *((name, None) for name in ("sub_activity", "help_kind", "sector", "starts_month", "ends_month"))],
)  # fmt: skip
def test_mandatory_fields_block(complete: Callable, name: str, empty: Any) -> None:
    rows = found(complete(), **{name: empty})
    assert [(row.level, row.anchor) for row in rows] == [("blocker", name)]
    assert "belum diisi" in rows[0].sentence
    if empty == "":
        assert found(complete(), **{name: "  \n "})[0].blocks


def test_other_blockers_of_fields(complete: Callable) -> None:
    assert said(found(complete(), rank=None), "rank")
    assert "mendahului" in said(found(complete(), starts_month=9, ends_month=3), "ends_month")
    assert found(complete(title="Sebulan", village="Umanen"), starts_month=3, ends_month=3) == []
    drinks = found(complete(title="Sopi"), sector=sector("minuman_beralkohol"))
    assert [row.anchor for row in drinks if row.blocks] == ["special_note"]
    assert "Pergub NTT 44/2019" in drinks[0].sentence
    noted = complete(title="Arak", village="Lidak", sector=sector("minuman_beralkohol"), special_note="Pemurnian.")
    assert findings(noted) == []


def test_beneficiaries_are_missed(complete: Callable) -> None:
    nobody = {"ikm_count": None, "group_count": 0, "male_workers": None, "female_workers": 0}
    rows = found(complete(), **nobody)
    assert [(row.level, row.anchor) for row in rows] == [("warning", "ikm_count")]
    assert found(complete(title="Lain", village="Lain"), **nobody | {"female_workers": 3}) == []


def test_lines_must_be_whole(complete: Callable) -> None:
    assert [row.anchor for row in findings(complete(lines=0)) if row.blocks] == ["lines"]
    row = complete(title="Rincian", village="Lain")
    line = make_line(row, description="", quantity=Decimal(0), unit_price_rupiah=0, source=None, unit="")
    rows = findings(row)
    text = said(rows, f"line-{line.pk}")
    for missing in ("uraian", "volume", "harga satuan", "sumber dana"):
        assert missing in text
    assert [each.level for each in rows if each.anchor == f"line-{line.pk}"] == ["blocker", "warning"]
    line.deleted_at = timezone.now()
    line.save()
    assert findings(row) == []


def test_shares_must_add_up(complete: Callable) -> None:
    row = complete()
    row.shares.update(share_rupiah=29_000_000)
    assert "Rp29.000.000" in said(findings(row), "shares")
    row.shares.all().delete()
    assert "Rp30.000.000" in said(findings(row), "shares")
    other = complete(title="Lain", village="Lain")
    other.shares.create(source=FundingSource.objects.get(key="KUR"), share_rupiah=5_000_000)
    assert "Kredit Usaha Rakyat" in said(findings(other), "shares")


def test_files_by_scope(cast: Cast) -> None:
    bare = make_proposal()
    assert [row.anchor for row in findings(bare) if row.blocks] == ["berkas:kak", "berkas:rab"]
    gone = make_attachments(make_proposal(title="Lain", village="Lain"))
    gone.attachments.filter(item__key="kak").update(deleted_at=timezone.now())
    assert [row.anchor for row in findings(gone)] == ["berkas:kak"]
    special = make_attachments(make_proposal(title="DAK", village="Baru", source="DAK_FISIK"))
    needed = [row.anchor for row in findings(special)]
    assert "berkas:ded" in needed
    assert "DAK Fisik" in said(findings(special), "berkas:ded")
    assert len(needed) == 10


def test_the_level_of_the_code(complete: Callable) -> None:
    provincial = SubActivity.objects.filter(level="provinsi").first()
    own = complete(sub_activity=provincial)
    assert [row.anchor for row in findings(own) if row.blocks] == ["sub_activity"]
    theirs = complete(title="Lain", sub_activity=provincial, source="APBD_I", village="Lidak")
    assert [(row.level, row.anchor) for row in findings(theirs)] == [("warning", "sub_activity")]
    make_line(theirs, source="APBN")
    assert not any(row.blocks for row in findings(theirs))
    for foreign in ("DANA_DESA", "KUR"):
        line = make_line(theirs, source=foreign)
        assert any(row.blocks for row in findings(theirs)), foreign
        line.delete()
    shop = complete(title="Pasar", village="Umanen", sub_activity=sub_activity(
        SubActivity.objects.filter(level="perdagangan_kabupaten").first().code), source="DAK_NONFISIK")  # fmt: skip
    assert [(row.level, row.anchor) for row in findings(shop)] == [("warning", "sub_activity")]


def test_an_output_with_target(complete: Callable) -> None:
    row = complete()
    row.indicators.filter(kind="keluaran").update(target=None)
    assert [each.anchor for each in findings(row)] == ["indicators"]
    row.indicators.filter(kind="keluaran").update(target=0)
    assert findings(row)[0].blocks
    row.indicators.filter(kind="keluaran").update(target=5, unit="")
    assert [each.level for each in findings(row)] == ["warning"]


def test_odd_totals(complete: Callable) -> None:
    row = complete()
    make_line(row, quantity=Decimal(1), unit_price_rupiah=1_234_567)
    assert "tidak bulat ribuan" in said(findings(row), "lines")
    small = complete(title="Kecil", village="Lain", lines=0)
    make_line(small, quantity=Decimal(2), unit_price_rupiah=5000)
    assert "hanya Rp10.000" in said(findings(small), "lines")


# -- doubles ----------------------------------------------------------------------------------------------------------


def test_doubles_of_the_same_regency(complete: Callable) -> None:
    first = complete(title="Pelatihan tenun ikat bagi IKM Desa Fatukbot", village="Fatukbot")
    second = complete(title="Pelatihan Tenun Ikat untuk IKM, Desa Fatukbot", village="Lidak")
    assert first.code in said(findings(second), "title")
    third = complete(title="Sesuatu yang lain sama sekali", village=" fatukbot ", year=2021)
    assert "lokasinya sama" in said(findings(third), "title")
    assert findings(complete(title="Jauh", village="Jauh", year=2023)) == []
    assert findings(complete(title=first.title, regency="53.08", village="Lain")) == []
    for row in (first, second):
        row.rank = None
        row.deleted_at = timezone.now()
        row.save()
    assert findings(third) == []


def test_doubles_tell_no_draft_to_the_province(cast: Cast, complete: Callable) -> None:
    complete(title="Garam rakyat rahasia Wemasa", village="A")
    sent = complete(title="Garam rakyat rahasia Wemasa dua", village="B", status="diajukan")
    assert findings(sent, user=cast.operator_belu)
    assert findings(sent, user=cast.verifikator) == []
    complete(title="Garam rakyat rahasia Wemasa tiga", village="C", status="ditarik")
    assert findings(sent, user=cast.verifikator) == []


# -- prices -----------------------------------------------------------------------------------------------------------


def elsewhere(*prices: int, status: str = "diajukan", year: int = 2020, description: str = "Mesin jahit") -> None:
    """One line of that description in each of so many other regencies."""
    for code, price in zip((*ELSEWHERE, "53.05", "53.06"), prices, strict=False):
        row = make_proposal(code, lines=0, status=status, year=year)
        make_line(row, description=description, unit="Unit", quantity=Decimal(1), unit_price_rupiah=price)


def price_finding(price: int, description: str = "mesin  JAHIT.") -> str:
    """What is said of a line of Belu at that price."""
    row = make_attachments(make_proposal())
    line = make_line(row, description=description, unit=" unit", quantity=Decimal(1), unit_price_rupiah=price)
    return said(findings(row), f"line-{line.pk}")


def test_a_price_far_from_the_others(cast: Cast) -> None:
    elsewhere(4_000_000, 5_000_000, 9_000_000)
    assert price_finding(15_000_000) == ""
    assert price_finding(1_700_000) == ""
    far = price_finding(16_000_000)
    for part in ("Rp16.000.000", "Rp5.000.000", "Rp4.000.000", "Rp9.000.000", "3 kabupaten/kota lain"):
        assert part in far
    assert "angka nol" not in far
    assert "median" in price_finding(1_600_000)
    assert "kelebihan tiga angka nol" in price_finding(4_500_000_000)
    assert "kekurangan tiga angka nol" in price_finding(5000)
    assert "kekurangan enam angka nol" in price_finding(5)
    assert price_finding(16_000_000, "Mesin jahit besar") == ""


def test_prices_need_three_other_regencies(cast: Cast) -> None:
    elsewhere(4_000_000, 5_000_000)
    for _number in range(3):
        make_line(
            make_proposal("53.01", lines=0, status="lolos"), description="Mesin jahit", unit="unit",
            quantity=Decimal(1), unit_price_rupiah=4_000_000,
        )  # fmt: skip
    assert price_finding(16_000_000) == ""
    elsewhere(1, 1, 1, year=2018)
    elsewhere(4_000_000, 5_000_000, 9_000_000, status="konsep", description="Oven")
    assert price_finding(90_000_000, "Oven") == ""
    elsewhere(4_000_000, 5_000_000, 9_000_000, status="dikembalikan", description="Tungku")
    assert price_finding(90_000_000, "Tungku") == ""
    elsewhere(4_000_000, 5_000_000, 9_000_000, year=2019, description="Alat pintal")
    assert "median Rp5.000.000" in price_finding(90_000_000, "Alat pintal")


def test_prices_never_name_a_regency(cast: Cast) -> None:
    elsewhere(4_000_000, 5_000_000, 9_000_000, 5_000_000)
    text = price_finding(90_000_000)
    for code in ELSEWHERE:
        regency = factories.regency(code)
        assert regency.bare_name not in text
        assert regency.short not in text


def test_likely_slips_without_others(cast: Cast) -> None:
    assert "sangat kecil" in price_finding(750)
    row = make_attachments(make_proposal())
    line = make_line(row, description="Kursi", unit="buah", quantity=Decimal(2), unit_price_rupiah=1_000_000_000)
    assert "lebih dari 90 persen" in said(findings(row), f"line-{line.pk}")
    machine = make_attachments(make_proposal(title="Mesin", village="Lain"))
    line = make_line(
        machine, description="Mesin besar", unit="unit", quantity=Decimal(1), unit_price_rupiah=987_500_000
    )
    assert said(findings(machine), f"line-{line.pk}") == ""


@pytest.mark.parametrize(
    ("description", "unit"),
    [
        ("Mesin  Jahit.", "Unit"),
        ("Konsumsi (3×)", " org/hr "),
        ("É à ñ | x", ""),
        ("", "buah"),
        ("İstanbul", "ß"),
        ("100% Kapas", "m²"),
    ],
)
def test_the_price_key_is_the_same_on_both_sides(cast: Cast, description: str, unit: str) -> None:
    line = make_line(make_proposal(lines=0), description=description, unit=unit)
    stored = CostLine.objects.annotate(key=stored_price_key()).values_list("key", flat=True).get(pk=line.pk)
    assert stored == price_key(description, unit)


def test_prices_come_by_the_index(cast: Cast) -> None:
    row = make_proposal("53.01", status="diajukan", lines=0)
    CostLine.objects.bulk_create(
        CostLine(proposal=row, position=1, description=f"Barang {n}", unit="unit", quantity=1, unit_price_rupiah=1000)
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE programs_costline")
    keys = CostLine.objects.alias(key=stored_price_key()).filter(key__in=["barang7|unit"])
    assert "line_by_price_key" in keys.explain()


# -- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("many", "lines"), [(1, 1), (30, 8)])
def test_the_check_asks_as_often_for_many(cast: Cast, assert_queries: Callable, many: int, lines: int) -> None:
    elsewhere(4_000_000, 5_000_000, 9_000_000)
    rows = [make_proposal(lines=lines, title=f"Usulan {n}", village=f"Desa {n}") for n in range(many)]
    with assert_queries(8):
        assert len(findings_of(rows)) == many
    with assert_queries(0):
        assert findings_of([]) == {}


def test_prices_are_one_statement(cast: Cast, assert_queries: Callable) -> None:
    elsewhere(4_000_000, 5_000_000, 9_000_000)
    row = make_proposal(lines=12)
    lines = list(row.lines.all())
    with assert_queries(1):
        prices_elsewhere(lines, regency_id=row.regency_id, year=2020)


def test_many_doubles_are_told_in_short(cast: Cast) -> None:
    rows = [make_attachments(make_proposal(title=f"Usulan {word}")) for word in "abcdefgh"]
    told = [each.sentence for each in findings(rows[0]) if each.anchor == "title"]
    assert len(told) == 4
    assert rows[-1].code in told[-1]
