"""Proposals by Excel: the round trip, every error at its place, all or nothing, the same file once, hostile files."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook, load_workbook

from programs.actions.workbooks import TakenBefore, take_workbook
from programs.facts.workbook import SHEETS
from programs.forms.workbook_read import Plan
from programs.models import CostLine, Proposal, ProposalFile
from tests import factories
from tests.factories_programs import make_proposal

UPLOAD, TEMPLATE = "/usulan/excel/unggah/", "/usulan/excel/"
MAIN = {
    "No.": 1, "Judul": "Pelatihan pewarnaan alami", "Kode sub-kegiatan": "3.31.02.02.01.0005",
    "Jenis kegiatan": "Fasilitasi sertifikasi halal", "Sektor industri": "Tenun ikat", "KBLI": "13122",
    "Kecamatan": "Atambua Selatan", "IKM penerima": "1.250", "Bulan mulai": "Maret", "Bulan selesai": 9,
    "Tanda": "Gender; OVOP", "Lintang": "-9,1", "Bujur": 124.9,
}  # fmt: skip
LINE = {"No.": 1, "Uraian": "Narasumber", "Volume": "4 orang x 5 jam", "Satuan": "OJ", "Harga satuan": 100000,
        "Sumber dana": "APBD II"}  # fmt: skip


def workbook(**sheets: list[dict[str, Any]]) -> bytes:
    """A file with those rows by sheet; heads are those that the rows name."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def send(cast, client_of):
    """`send(data)`: the answer to Belu's operator, as text."""
    client = client_of(cast.operator_belu)

    def post(data: bytes, name: str = "usulan.xlsx", year: int = 2020):
        answer = client.post(UPLOAD, {"tahun": str(year), "file": SimpleUploadedFile(name, data)})
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())) if answer.content else ""
        return answer, text

    return post


def test_a_file_brings_proposals_with_everything(send):
    shares = [{"No.": 1, "Sumber dana": "APBD_II", "Porsi (Rp)": "2.000.000"}]
    indicators = [{"No.": 1, "Jenis": "Hasil", "Indikator": "Omzet naik", "Target": "10,5", "Satuan": "%"}]
    answer, text = send(workbook(Usulan=[MAIN], RAB=[LINE], Indikator=indicators, Sumber_dana=shares))
    assert answer.status_code == 200, text
    proposal = Proposal.objects.get()
    assert (proposal.code, proposal.title, proposal.status) == ("BLU-2020-01", MAIN["Judul"], "konsep")
    assert proposal.sub_activity.code == "3.31.02.2.01.0005" and proposal.kbli.code == "13122"
    assert (proposal.ikm_count, proposal.starts_month, proposal.ends_month) == (1250, 3, 9)
    assert (float(proposal.latitude), float(proposal.longitude)) == (-9.1, 124.9)
    assert {tag.key for tag in proposal.tags.all()} == {"gender", "ovop"}
    assert proposal.lines.get().quantity_text == "4 orang × 5 jam" and proposal.budget_rupiah == 2_000_000
    assert proposal.shares.get().share_rupiah == 2_000_000
    assert (proposal.indicators.get().kind, str(proposal.indicators.get().target)) == ("hasil", "10.50")


def test_six_proposals_of_twelve_lines(send):
    mains = [MAIN | {"No.": n, "Judul": f"Usulan {n}"} for n in range(1, 7)]
    lines = [LINE | {"No.": n, "Uraian": f"Baris {k}"} for n in range(1, 7) for k in range(12)]
    answer, text = send(workbook(Usulan=mains, RAB=lines))
    assert answer.status_code == 200, text
    assert CostLine.objects.filter(proposal__regency__code="53.04").count() == 72
    assert [p.rank for p in Proposal.objects.order_by("rank")] == [1, 2, 3, 4, 5, 6]


def test_what_goes_out_comes_back_unchanged(cast, client_of, send):
    proposal = make_proposal("53.04", title="=1+1 tenun")
    make_proposal("53.04", status="diajukan", title="Sudah dikirim")
    data = client_of(cast.operator_belu).get(TEMPLATE, {"tahun": "2020", "isi": "1"}).content
    sheet = load_workbook(io.BytesIO(data))["Usulan"]
    assert sheet["D2"].data_type == "s" and sheet["D2"].value == "=1+1 tenun" and sheet["C3"].value == "terkunci"
    before = proposal.change
    answer, text = send(data)
    assert answer.status_code == 200, text
    proposal.refresh_from_db()
    assert "Tetap" in text and "Diubah" not in text and proposal.change == before
    assert Proposal.objects.count() == 2


def test_the_template_offers_lists_and_checks(cast, client_of):
    book = load_workbook(io.BytesIO(client_of(cast.operator_belu).get(TEMPLATE, {"tahun": "2020"}).content))
    assert book.sheetnames == ["Petunjuk", *SHEETS, "Daftar"]
    assert [cell.value for cell in book["RAB"][1]] == [column.head for column in SHEETS["RAB"]]
    checks = {str(check.sqref).split("2")[0]: check.formula1 for check in book["RAB"].data_validations.dataValidation}
    assert checks["H"].startswith("'Daftar'!$") and checks["A"] == "0"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"Kode sub-kegiatan": "9.99"}, "Usulan 2 C “9.99” tidak ada dalam daftar"),
        ({"IKM penerima": "banyak"}, "Usulan 2 H"),
        ({"Lintang": "95"}, "Usulan 2 L"),
        ({"Bulan mulai": "Marett"}, "Usulan 2 I “Marett” tidak ada"),
        ({"Tanda": "Gender; Aneh"}, "Usulan 2 K Tanda “Aneh”"),
        ({"Judul": None}, "Usulan 2 B Judul usulan baru wajib diisi"),
        ({"No.": "satu"}, "Usulan 2 A “satu” bukan nomor usulan"),
        ({"Kode usulan": "END-2020-01"}, "Usulan 2 N Tidak ada usulan Anda dengan kode"),
        ({"Kolom aneh": "x"}, "Usulan 1 N Kolom “Kolom aneh” tidak dikenal"),
        ({"Judul": "x" * 251}, "Usulan 2 B"),
    ],
)
def test_an_error_is_named_with_its_place(send, changed, place):
    make_proposal("53.08")
    answer, text = send(workbook(Usulan=[MAIN | changed], RAB=[LINE]))
    assert answer.status_code == 422 and place in text, text
    assert Proposal.objects.filter(regency__code="53.04").count() == 0


def test_errors_of_all_sheets_are_told_at_once_and_nothing_is_stored(send):
    lines = [LINE, LINE | {"Volume": "banyak orang"}, LINE | {"Harga satuan": "-5"}, LINE | {"No.": 7}]
    shares = [{"No.": 1, "Sumber dana": "Bank", "Porsi (Rp)": "1"}, {"No.": 1, "Sumber dana": "KUR", "Porsi (Rp)": "x"}]
    answer, text = send(workbook(Usulan=[MAIN], RAB=lines, Sumber_dana=shares))
    assert answer.status_code == 422 and "5 kesalahan; tidak ada yang disimpan" in text, text
    for place in ("RAB 3 C", "RAB 4 E", "RAB 5 A Tidak ada usulan bernomor 7", "Sumber dana 2 B", "Sumber dana 3 C"):
        assert place in text
    assert not Proposal.objects.exists() and not ProposalFile.objects.exists()


def test_the_same_file_again_changes_nothing(send):
    data = workbook(Usulan=[MAIN], RAB=[LINE])
    assert send(data)[0].status_code == 200
    answer, _text = send(data)
    assert answer.status_code == 302 and Proposal.objects.count() == 1 and ProposalFile.objects.count() == 1


def test_a_mended_file_makes_no_double(send):
    send(workbook(Usulan=[MAIN], RAB=[LINE]))
    answer, text = send(workbook(Usulan=[MAIN | {"Produk": "Kain"}], RAB=[LINE]))
    assert answer.status_code == 422 and "Usulan berjudul sama sudah ada (BLU-2020-01)" in text
    answer, text = send(workbook(Usulan=[MAIN | {"Produk": "Kain", "Kode usulan": "blu-2020-01"}], RAB=[LINE]))
    assert answer.status_code == 200 and "Diubah" in text
    assert Proposal.objects.get().product == "Kain"


def test_what_was_sent_is_not_changed(send):
    sent = make_proposal("53.04", status="diajukan", title="Terkirim")
    answer, text = send(workbook(Usulan=[MAIN | {"Kode usulan": sent.code}]))
    assert answer.status_code == 422 and "sudah dikirim" in text
    sent.refresh_from_db()
    assert sent.title == "Terkirim"


def test_formulas_count_as_their_values(send):
    answer, text = send(workbook(Usulan=[MAIN], RAB=[LINE | {"Harga satuan": "=50000*2"}]))
    assert answer.status_code == 422 and "RAB 2 E Rumus ini belum punya nilai" in text


def bomb() -> bytes:
    """A workbook whose sheet would unpack to 300 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/workbook.xml", "<workbook/>")
        file.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * 2**20))
    return stream.getvalue()


def laughs() -> bytes:
    """A workbook with entities that unfold."""
    data = io.BytesIO(workbook(Usulan=[MAIN]))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = (
                    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
                )
            target.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("usulan.xlsx", lambda: b"%PDF-1.7 x"),
        ("usulan.xlsx", lambda: b""),
        ("usulan.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("usulan.xlsx", lambda: workbook(Usulan=[MAIN])[:-200]),
        ("usulan.xlsx", lambda: bytes(20 * 2**20)),
        ("usulan.xlsx", bomb),
        ("usulan.xlsx", laughs),
        ("usulan.xlsx", lambda: workbook(Lain=[{"a": 1}])),
        ("usulan.xlsx", lambda: workbook(Usulan=[{"Judul": "tanpa nomor"}])),
    ],
    ids=["pdf", "empty", "old or encrypted", "cut", "20 MB", "zip bomb", "entities", "other sheets", "no number"],
)  # fmt: skip
def test_a_hostile_file_gets_a_sentence(send, name, data):
    answer, text = send(data(), name)
    assert answer.status_code == 422 and not Proposal.objects.exists()
    assert "notice" in answer.content.decode() or "kesalahan" in text


def test_hostile_cells_never_crash(send):
    odd = ["=cmd|' /C calc'!A0", "<script>", "'; DROP TABLE", "\u202e9", "\uff19", "1e309", "-1", "NaN", "9" * 40, "\t",
           "\u00bd", "\u0663", "0x10", "None", "1,2,3", "Rp", "%", "{{7*7}}", "\ud7ff", "a" * 40_000]  # fmt: skip
    heads = [*(column.head for column in SHEETS["Usulan"]), *(column.head for column in SHEETS["RAB"])]
    for number, value in enumerate(odd * 3):
        head = heads[(number * 7) % len(heads)]
        main = MAIN | ({head: value} if head in {c.head for c in SHEETS["Usulan"]} else {})
        line = LINE | ({head: value} if head in {c.head for c in SHEETS["RAB"]} else {})
        answer, text = send(workbook(Usulan=[main | {"Judul": f"{number}"} if head != "Judul" else main], RAB=[line]))
        assert answer.status_code in (200, 302, 422), text


@pytest.mark.django_db(transaction=True)
def test_the_same_file_by_two_at_once_is_taken_once(cast):
    regency = factories.regency("53.04")
    results: list[Any] = []
    barrier = threading.Barrier(2)

    def take() -> None:
        try:
            barrier.wait()
            plans = [Plan(1, 2, fields={"title": "Bersamaan"})]
            results.append(take_workbook(regency, 2020, plans, name="a.xlsx", sha256="0" * 64, by=cast.operator_belu))
        except TakenBefore as error:
            results.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Proposal.objects.count() == 1
    assert sum(isinstance(result, str) and "sudah dimasukkan" in result for result in results) == 1


def test_only_operators_of_a_regency_have_it(cast, client_of):
    for name in ("kadis_belu", "panitia", "observer", "stranger"):
        assert client_of(cast[name]).get(UPLOAD).status_code == 403


def test_who_works_for_two_regencies_gets_the_workbook_of_the_one_he_came_from(cast, client_of):
    factories.make_position(cast.operator_belu, "operator_kab", factories.lead_agency("53.08"))
    page = client_of(cast.operator_belu).get(UPLOAD, {"tahun": "2020", "kabupaten": "53.08"})
    assert page.context["regency"].code == "53.08"
    assert 'name="kabupaten" value="53.08"' in page.content.decode()
    assert page.content.decode().count("kabupaten=53.08") >= 2
