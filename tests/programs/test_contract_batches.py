"""Twelve contracts from one Excel list: template, reading, preview, making, and the same file again."""

from __future__ import annotations

import io
import re
import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.kernel.errors import Blocked, Denied
from programs.actions.contract_batches import keep_batch, make_contracts, sweep_batches
from programs.facts.contract_list import COLUMNS, SHEET
from programs.models import Contract, ContractBatch, ExtensionWorker
from programs.queries.contract_batches import batch_rows
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_template, make_worker

COMMON = {
    "starts_on": "2027-01-01", "ends_on": "2027-12-31", "honorarium_rupiah": "2.400.000", "operational_rupiah": "0",
    "place": "Atambua", "signing_on": "", "route": "basah",
}  # fmt: skip


def person(n: int, **changed: Any) -> dict[str, Any]:
    """One row as people fill it in."""
    row = {
        "No.": n, "Nama lengkap": f"Penyuluh {n}, A.Md.", "NIK": f"53040101019500{n:02}", "Tempat lahir": "Atambua",
        "Tanggal lahir": "17-8-1995", "Alamat": "Jalan Contoh", "Nomor telepon": "0812 3456 7890", "Surel": "",
        "Angkatan": 2014 if n % 2 else 2015, "Perguruan tinggi": "Politeknik STTT", "Program studi": "Tekstil",
        "Kabupaten/kota penempatan": ("Kabupaten Belu", "Kabupaten Ende")[n % 2], "Wilayah kerja": "Sentra tenun",
    }  # fmt: skip
    return row | changed


def workbook(rows: list[dict[str, Any]], sheet: str = SHEET) -> bytes:
    book = Workbook()
    book.active.title = sheet
    heads = list(dict.fromkeys(head for row in rows for head in row))
    book.active.append(heads)
    for row in rows:
        book.active.append([row.get(head) for head in heads])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def send(cast: Cast, client_of: Any) -> Any:
    """`send(rows)`: (answer, text of the page that follows, the list as kept)."""
    template = make_template()
    client = client_of(cast.panitia)

    def post(rows: list[dict[str, Any]] | bytes, name: str = "daftar.xlsx", **changed: str) -> tuple[Any, str, Any]:
        data = rows if isinstance(rows, bytes) else workbook(rows)
        common = COMMON | {"template": str(template.pk)} | changed
        answer = client.post(
            reverse("contract_batches"), common | {"file": SimpleUploadedFile(name, data)}, follow=True
        )  # fmt: skip
        return answer, told(answer), ContractBatch.objects.order_by("pk").last()

    return post


def told(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_template_has_lists_and_help(cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.panitia).get(reverse("contract_batch_template"))
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Petunjuk", SHEET, "Daftar"]
    assert [cell.value for cell in book[SHEET][1]] == [column.head for column in COLUMNS]
    lists = [[cell.value for cell in column] for column in book["Daftar"].columns]
    assert "Kabupaten Belu" in lists[0] and "2015" in lists[1] and lists[2][1:3] == ["1", "2"]
    assert len(book[SHEET].data_validations.dataValidation) >= 3
    assert "NIK" in str([cell.value for cell in book["Petunjuk"]["A"]])


def test_twelve_rows_become_twelve_drafts_with_signers(cast: Cast, client_of: Any, send: Any) -> None:
    answer, text, batch = send([person(n) for n in range(1, 13)])
    assert answer.status_code == 200 and "Buat 12 konsep" in text and "Rp2.400.000" in text
    assert Contract.objects.count() == 0 and ExtensionWorker.objects.count() == 0
    answer = client_of(cast.panitia).post(reverse("contract_batch_make", args=[batch.pk]), follow=True)
    text = told(answer)
    assert "12 konsep kontrak dibuat." in text and text.count("Konsep dibuat") >= 12
    assert Contract.objects.filter(status="konsep", kind="kontrak_tpl").count() == 12
    first = Contract.objects.get(worker__name="Penyuluh 2, A.Md.")
    assert (first.regency.code, first.worker.status, first.worker.cohort) == ("53.04", "penempatan", 2015)
    assert (first.honorarium_rupiah, first.operational_rupiah, first.placement) == (2_400_000, 0, "Sentra tenun")
    assert (str(first.starts_on), str(first.ends_on), first.contract_year) == ("2027-01-01", "2027-12-31", 1)
    assert str(first.worker.birth_on) == "1995-08-17"
    parties = [(signer.label, signer.account_id) for signer in first.signers.filter(kind="pihak")]
    assert parties == [("PIHAK KESATU", cast.kadis_belu.pk), ("PIHAK KEDUA", None)]
    assert f'href="{first.get_absolute_url()}"' in answer.content.decode()


def test_no_personal_data_stays_in_a_list_that_was_made(cast: Cast, send: Any) -> None:
    _answer, _text, batch = send([person(1), person(2, NIK="12")])
    make_contracts(batch, by=cast.panitia)
    batch.refresh_from_db()
    kept = str(batch.rows)
    assert "530401" not in kept and "Jalan Contoh" not in kept and "0812" not in kept and "Penyuluh 1" in kept


def test_the_same_file_twice_makes_no_doubles(cast: Cast, send: Any) -> None:
    rows = [person(n) for n in range(1, 13)]
    first = send(rows)[2]
    make_contracts(first, by=cast.panitia)
    make_contracts(first, by=cast.kabid)  # a second click
    _answer, text, second = send(rows)
    assert second != first and text.count("Sudah ada kontraknya") >= 12 and "Buat " not in text.split("Berlaku")[0]
    with pytest.raises(Blocked, match="Tidak ada baris"):
        make_contracts(second, by=cast.panitia)
    assert (
        Contract.objects.count() == 12 and ExtensionWorker.objects.filter(name__startswith="Penyuluh 1,").count() == 1
    )


def test_the_database_refuses_a_second_contract_of_the_year(cast: Cast) -> None:
    contract = make_contract()
    with pytest.raises(IntegrityError, match="contract_once_a_year"), transaction.atomic():
        Contract.objects.create(
            kind=contract.kind, template=contract.template, regency=contract.regency, worker=contract.worker,
            contract_year=contract.contract_year, title="Ganda", register=contract.register,
        )  # fmt: skip


def test_wrong_rows_do_not_hold_up_the_others(cast: Cast, send: Any) -> None:
    rows = [
        person(1),
        person(2, NIK="5,30E+15"),
        person(3, **{"Kabupaten/kota penempatan": "Kabupaten Antah"}),
        person(4, Angkatan=None),
        person(5, **{"Tanggal lahir": "kemarin", "Honorarium sebulan": "dua juta"}),
        person(6, NIK="5304010101950001"),
        person(7),
    ]
    _answer, text, batch = send(rows)
    assert "Buat 2 konsep" in text
    assert "Kolom C (NIK): NIK terdiri atas 16 angka" in text
    assert "Kolom L (Kabupaten/kota penempatan): “Kabupaten Antah” tidak ada dalam daftar pilihan." in text
    assert "Kolom I (Angkatan): Angkatan wajib diisi" in text and "Kolom E (Tanggal lahir)" in text
    assert "Kolom N (Honorarium sebulan)" in text and "Orang ini sudah ada di baris 2" in text
    make_contracts(batch, by=cast.panitia)
    assert {c.worker.name for c in Contract.objects.all()} == {"Penyuluh 1, A.Md.", "Penyuluh 7, A.Md."}
    batch.refresh_from_db()
    assert [row.state.key for row in batch_rows(batch)] == ["made", *["wrong"] * 5, "made"]


def test_all_or_nothing_when_asked(cast: Cast, client_of: Any, send: Any) -> None:
    batch = send([person(1), person(2, NIK="1")])[2]
    url = reverse("contract_batch_make", args=[batch.pk])
    answer = client_of(cast.panitia).post(url, {"semua": "on"})
    assert answer.status_code == 409 and "1 baris perlu diperbaiki" in told(answer)
    assert Contract.objects.count() == 0 and not ExtensionWorker.objects.filter(cohort=2014).exists()
    batch.refresh_from_db()
    assert batch.made_at is None
    make_contracts(batch, by=cast.panitia)
    assert Contract.objects.count() == 1


def test_known_workers_are_told_by_nik_and_keep_their_data(cast: Cast, send: Any) -> None:
    known = make_worker("Penyuluh 2, A.Md.", identity_number="5304010101950002", cohort=2013, address="Tetap")
    make_worker("Nama Lain", identity_number="5304010101950004")
    make_worker("Penyuluh 6, A.Md.", regency="53.08", identity_number="5304010101950006")
    make_worker("Penyuluh 8, A.Md.", identity_number="", cohort=2015)
    running = make_worker("Penyuluh 10, A.Md.", identity_number="5304010101950010", cohort=2015)
    make_contract(worker=running, contract_year=1)
    graduate = make_worker("Penyuluh 12, A.Md.", regency=None, status="lulus", identity_number="5304010101950012")
    _answer, text, batch = send([person(n) for n in range(2, 13, 2)])
    states = {row.values["name"]: row.state.key for row in batch_rows(batch)}
    assert [states[f"Penyuluh {n}, A.Md."] for n in range(2, 13, 2)] == [
        "known", "wrong", "wrong", "wrong", "has", "known",
    ]  # fmt: skip
    assert "NIK ini terdaftar atas nama Nama Lain" in text and "ditempatkan di Kabupaten Ende" in text
    assert "terdaftar tanpa NIK" in text
    make_contracts(batch, by=cast.panitia)
    known.refresh_from_db()
    graduate.refresh_from_db()
    assert (known.address, known.cohort) == ("Tetap", 2013) and Contract.objects.filter(worker=known).exists()
    assert (graduate.status, graduate.regency.code) == ("penempatan", "53.04")
    assert Contract.objects.filter(worker=running).count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Berkas ini kosong"),
        (b"%PDF-1.7 nothing", "bukan buku kerja Excel"),
        (workbook([person(1)], sheet="Lain"), "Lembar “Kontrak” tidak ada"),
        (workbook([{"No.": 1}]), "Belum ada baris yang diisi"),
        (workbook([person(1) | {"Gaji": 1}]), "Kolom “Gaji” tidak dikenal"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(send: Any, data: bytes, said: str) -> None:
    answer, text, batch = send(data)
    assert answer.status_code == 422 and said in text and batch is None


def test_the_common_entries_are_checked(send: Any) -> None:
    answer, text, batch = send([person(1)], ends_on="2026-01-01")
    assert answer.status_code == 422 and "Tanggal berakhir mendahului" in text and batch is None


def test_two_people_click_at_once(cast: Cast, send: Any, transactional_db: None) -> None:
    batch = send([person(n) for n in range(1, 4)])[2]
    start, errors = threading.Barrier(2), []

    def click(user: Any) -> None:
        try:
            start.wait(5)
            make_contracts(batch, by=user)
        except Exception as error:  # noqa: BLE001  whatever went wrong belongs to the main thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=[user]) for user in (cast.panitia, cast.kabid)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and Contract.objects.count() == 3


def test_only_drafters(cast: Cast, client_of: Any, send: Any) -> None:
    batch = send([person(1)])[2]
    for name in ("kadis_belu", "observer", "tpl_belu", "verifikator"):
        assert client_of(cast[name]).get(batch.get_absolute_url()).status_code == 403
        with pytest.raises(Denied):
            make_contracts(batch, by=cast[name])
        with pytest.raises(Denied):
            keep_batch([], {}, name="x", sha256="0", by=cast[name])


def test_a_preview_of_many_rows_costs_as_much_as_of_one(
    cast: Cast, client_of: Any, send: Any, assert_queries: Any
) -> None:
    client = client_of(cast.panitia)
    for rows in ([person(1)], [person(n) for n in range(1, 40)]):
        batch = send(rows)[2]
        with assert_queries(7):
            client.get(batch.get_absolute_url())


def test_lists_that_nobody_used_are_thrown_away(cast: Cast, send: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    old, used, fresh = (send([person(n)])[2] for n in (1, 2, 3))
    make_contracts(used, by=cast.panitia)
    ContractBatch.objects.exclude(pk=fresh.pk).update(at=timezone.now() - timedelta(days=15))
    assert sweep_batches() == 1 and not ContractBatch.objects.filter(pk=old.pk).exists()
