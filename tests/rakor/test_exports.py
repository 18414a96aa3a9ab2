"""Totals of an agreement: the same on screen, in the sums of the database, and in the Excel files read back."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.models import Sum
from openpyxl import load_workbook

from portal.kernel.money import rupiah, thousands
from programs.facts.nomenclature import official_code, program_name
from programs.models import Funding, LineVerdict, Proposal, ReadinessItem
from programs.queries.agreed import recap
from programs.queries.matrix import KRISNA_COLUMNS, SIPD_COLUMNS, unit_cost
from tests import factories
from tests.factories_agreements import make_agreement, make_decided_meeting
from tests.factories_programs import SENT_AT, make_line, make_proposal

pytestmark = pytest.mark.django_db
ROOT = "/rakor/rakor-atambua/kesepakatan/"
PAID = "Pagu disepakati (Rp)"


@pytest.fixture
def agreement(cast):
    """Belu: two programs, one of them partly from DAK and with a changed and a redirected line; Ende: one from DAK."""
    meeting = make_decided_meeting({"53.04": ("disepakati", "ditunda"), "53.08": ()})
    mixed = make_proposal("53.04", status="perbaikan", source="DAK_FISIK", lines=2, title="=SUM(A1:A9)")
    make_line(mixed, source="APBN", description="+62 telepon")
    make_line(mixed, source="KUR", description="Modal kerja")
    make_proposal("53.08", status="disepakati", source="DAK_NONFISIK", lines=1)
    first, second, *_rest = mixed.lines.all()
    verdict = mixed.verdict
    for line, decision, money in ((first, "perbaikan", 7_000_000), (second, "dialihkan", 0)):
        LineVerdict.objects.create(
            line=line, verdict=verdict, decision=decision, agreed_rupiah=money, reason="Disesuaikan.",
            redirect_to=mixed.shares.get(source__key="APBN").source if decision == "dialihkan" else None,
            by=cast.verifikator,
        )  # fmt: skip
    verdict.agreed_rupiah = 17_000_000
    verdict.save()
    Proposal.objects.filter(pk=mixed.pk).update(agreed_rupiah=17_000_000)
    for key, money in (("DAK_FISIK", 7_000_000), ("APBN", 10_000_000), ("KUR", 10_000_000)):
        mixed.shares.filter(source__key=key).update(agreed_rupiah=money)
    return make_agreement(cast, "disepakati", meeting)


def book_of(client, path: str):
    answer = client.get(path)
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content))


def rows_of(sheet) -> list[dict]:
    """The rows of a sheet without its sums, by column name."""
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(header, row, strict=True)) for row in rows[:-1]]


def sums_of(sheet) -> dict:
    """The last row, by column name."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return dict(zip(rows[0], rows[-1], strict=True))


# -- totals ------------------------------------------------------------------------------------------------------------


def test_every_total_says_the_same(agreement, cast, client_of):
    client = client_of(cast.panitia)
    sums = recap(2020, agreement.meeting.province_id)
    agreed = Proposal.objects.filter(status__in=["disepakati", "perbaikan"])
    money = agreed.aggregate(sum=Sum("agreed_rupiah"))["sum"]
    assert money == 57_000_000  # 30 + 17 + 10 million
    assert sums.total.agreed_rupiah == sums.agreed.agreed_rupiah == money
    assert sum(line.agreed_rupiah for line in sums.regencies) == money
    assert sum(line.agreed_rupiah for line in sums.sources) == money
    assert [(line.source.key, line.agreed_rupiah) for line in sums.others] == [("KUR", 10_000_000)]
    assert sum(line.proposed_rupiah for line in sums.decisions) == sums.total.proposed_rupiah
    assert sum(line.proposed_rupiah for line in sums.sources) == sums.total.proposed_rupiah
    book = book_of(client, f"{ROOT}sipd/")
    assert sums_of(book["Rekap"])["Jumlah (Rp)"] == money
    assert sums_of(book["Rekap"])["Program disepakati"] == 3
    rows = [row for sheet in book.worksheets[1:] for row in rows_of(sheet)]
    assert sum(row[PAID] for row in rows) == money
    assert sum(sums_of(sheet)[PAID] for sheet in book.worksheets[1:]) == money
    listed = load_workbook(BytesIO(client.get(f"{ROOT}putusan/?format=xlsx").content)).active
    table = [[cell.value for cell in row] for row in listed.iter_rows()]
    assert sum(row[table[0].index(PAID)] for row in table[1:]) == money
    assert sum(row[table[0].index("Pagu usulan (Rp)")] for row in table[1:]) == sums.total.proposed_rupiah
    page = client.get(ROOT).content.decode()
    assert f"program disepakati, {rupiah(money)}" in page
    assert agreement.document.facts["totals"]["agreed"] in (rupiah(money), thousands(money))


def test_the_recap_of_each_regency_and_source_is_that_of_its_sheet(agreement, cast, client_of):
    book = book_of(client_of(cast.panitia), f"{ROOT}sipd/")
    assert len(book.worksheets) == 23
    for line in rows_of(book["Rekap"]):
        sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith(line["Kode"]))
        rows = rows_of(sheet)
        assert line["Jumlah (Rp)"] == sum(row[PAID] for row in rows) == sums_of(sheet)[PAID]
        for key in ("APBN", "DAK_FISIK", "DAK_NONFISIK", "APBD_I", "APBD_II", "DANA_DESA", "DBHCHT"):
            assert line[key] == sum(row[PAID] for row in rows if row["Kode sumber dana"] == key)
        assert line["Program disepakati"] == len({row["Nomor usulan"] for row in rows})


# -- layouts -----------------------------------------------------------------------------------------------------------


def test_a_row_for_sipd_names_codes_indicator_place_and_money(agreement, cast, client_of):
    book = book_of(client_of(cast.panitia), f"{ROOT}sipd/")
    sheet = book["53.04 Belu"]
    assert [cell.value for cell in sheet[1]] == list(SIPD_COLUMNS)
    rows = rows_of(sheet)
    first = rows[0]
    assert (first["Kode program"], first["Program"]) == ("3.31.02", "Program Perencanaan dan Pembangunan Industri")
    assert (first["Kode kegiatan"], first["Kode sub-kegiatan"]) == ("3.31.02.2.01", "3.31.02.2.01.0005")
    assert (first["Indikator keluaran"], first["Target"], first["Satuan target"]) == ("Jumlah IKM dilatih", 30, "IKM")
    assert first["Lokasi"] == "Desa/Kel. Fatukbot, Kec. Atambua Selatan, Kabupaten Belu"
    assert (first["Kode sumber dana"], first["Volume"], first["Harga satuan usulan (Rp)"], first[PAID]) == (
        "APBD_II", 10, 1_000_000, 10_000_000
    )  # fmt: skip
    changed = next(row for row in rows if row[PAID] == 7_000_000)
    assert (changed["Jumlah usulan (Rp)"], changed["Keterangan"]) == (10_000_000, "Disesuaikan.")
    assert "Modal kerja" not in [row["Uraian"] for row in rows]  # KUR is outside the budget
    assert len(rows) == 5  # 3 as proposed, 1 changed, 1 from APBN; the redirected line got nothing


def test_a_row_for_krisna_names_menu_unit_cost_and_readiness(agreement, cast, client_of):
    from tests.factories_programs import make_attachments

    mixed = Proposal.objects.get(status="perbaikan")
    make_attachments(mixed)
    book = book_of(client_of(cast.panitia), f"{ROOT}krisna/")
    items = [item.name for item in ReadinessItem.objects.exclude(scope="opsional")]
    sheet = book["53.04 Belu"]
    assert [cell.value for cell in sheet[1]] == [*KRISNA_COLUMNS, *items, "Kesiapan lengkap"]
    (row,) = rows_of(sheet)
    assert (row["Jenis DAK"], row["Bidang"]) == ("DAK Fisik bidang industri", "Industri")
    assert row["Menu kegiatan"] and row["Rincian menu"]
    assert (row["Volume"], row["Harga satuan (Rp)"], row[PAID]) == (10, 700_000, 7_000_000)
    there = set(mixed.attachments.values_list("item__name", flat=True))
    assert {name for name in items if row[name] == "Ya"} == there & set(items)
    assert row["Kesiapan lengkap"] == ("Ya" if set(items) <= there else "Tidak")
    recap_row = sums_of(book["Rekap"])
    assert (recap_row["DAK_FISIK"], recap_row["DAK_NONFISIK"], recap_row["Jumlah (Rp)"]) == (
        7_000_000, 10_000_000, 17_000_000
    )  # fmt: skip


def test_formulas_in_texts_stay_texts(agreement, cast, client_of):
    for path in (f"{ROOT}sipd/", f"{ROOT}krisna/", f"{ROOT}putusan/?format=xlsx"):
        book = book_of(client_of(cast.panitia), path)
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert "=SUM(A1:A9)" in [cell.value for cell in cells]
        assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


def test_the_place_holder_of_the_urusan_becomes_that_of_industry():
    assert official_code("X.XX.01.1.06.0009") == "3.31.01.1.06.0009"
    assert official_code("3.31.02.2.01.0005") == "3.31.02.2.01.0005"
    assert program_name("X.XX.01") == "Program Penunjang Urusan Pemerintahan Daerah"
    assert program_name("9.99.99") == ""


def test_the_unit_cost_of_a_changed_line_is_what_each_unit_got():
    class Line:
        amount_rupiah, unit_price_rupiah, quantity = 10_000_000, 1_000_000, Decimal(3)

    assert unit_cost(Line, 10_000_000) == 1_000_000
    assert unit_cost(Line, 10_000) == 3_333
    Line.quantity = Decimal(0)
    assert unit_cost(Line, 5) == 1_000_000


# -- who gets what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sipd", "krisna"])
def test_a_regency_gets_its_own_sheet_only(agreement, cast, client_of, kind):
    client = client_of(cast.operator_belu)
    assert book_of(client, f"{ROOT}{kind}/").sheetnames == ["Rekap", "53.04 Belu"]
    assert client.get(f"{ROOT}{kind}/?kab=53.08").status_code == 404
    assert client.get(f"{ROOT}{kind}/?kab=99.99").status_code == 404
    assert len(book_of(client_of(cast.observer), f"{ROOT}{kind}/").sheetnames) == 23
    named = client_of(cast.panitia).get(f"{ROOT}{kind}/?kab=53.08")
    assert named["Content-Disposition"] == f'attachment; filename="{kind}-2020-53.08.xlsx"'


def test_every_column_is_documented(settings):
    text = (settings.BASE_DIR / "docs" / "exports.md").read_text(encoding="utf-8")
    for column in (*SIPD_COLUMNS, *KRISNA_COLUMNS, "Kesiapan lengkap"):
        assert re.search(rf"^\| {re.escape(column)} \|", text, re.M), column


# -- budgets: literal, the same with 22 and with 2,200 proposals -------------------------------------------------------


def fill(number: int) -> None:
    """Decided proposals of one source, spread over the regencies, without lines: rows are what counts here."""
    from portal.accounts.models import User
    from programs.models import FundingSource, Verdict
    from regencies.models import Regency

    by, source = User.objects.get(username="verifikator"), FundingSource.objects.get(key="APBD_I")
    regencies = list(Regency.objects.filter(province__code="53"))
    made = Proposal.objects.bulk_create(
        Proposal(
            regency=regencies[n % 22], year=2020, number=1000 + n, rank=1000 + n, title=f"Usulan {n}",
            status="disepakati", budget_rupiah=1_000_000, agreed_rupiah=1_000_000, sent_by=by, sent_at=SENT_AT,
        )
        for n in range(number)
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(proposal=row, decision="disepakati", agreed_rupiah=1_000_000, by=by) for row in made
    )
    Funding.objects.bulk_create(
        Funding(proposal=row, source=source, share_rupiah=1_000_000, agreed_rupiah=1_000_000) for row in made
    )


@pytest.mark.parametrize("number", [22, 2200])
def test_budgets_do_not_grow(cast, client_of, assert_queries, number):
    factories.make_meeting(slug="rakor-atambua", status="berlangsung")
    fill(number)
    from rakor.models import Meeting

    make_agreement(cast, "disepakati", Meeting.objects.get())
    for path, queries in (
        ("", 10), ("putusan/", 9), ("putusan/?q=usulan&regency=53.04&source=APBD_I&decision=agreed&sort=-agreed", 9),
        ("layar/", 11), ("53.04/", 13), ("riwayat/", 5), ("sipd/?kab=53.04", 10), ("krisna/", 9), ("tanda-tangan/", 5),
    ):  # fmt: skip
        client = client_of(cast.panitia)  # a fresh session: one that lasts over a minute notes that it was seen
        with assert_queries(queries):
            assert client.get(f"{ROOT}{path}").status_code == 200, path
