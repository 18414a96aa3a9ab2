"""The pages of extension workers, and that personal data stays where it belongs."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from programs.actions.workers import change_worker
from programs.models import ExtensionWorker
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_worker

SECRETS = ("5304012345678901", "081234567890", "Jalan Rahasia", "rahasia@contoh.test")


def secretive(**values: Any) -> ExtensionWorker:
    """A worker with personal data that the test looks for."""
    nik, phone, address, email = SECRETS
    return make_worker(identity_number=nik, phone=phone, address=address, email=email, **values)


def test_the_list_and_its_budget(cast: Cast, client_of, assert_queries) -> None:
    make_contract("kontrak_tpl", status="aktif", worker=make_worker("Ana"))
    client = client_of(cast.panitia)
    client.get("/penyuluh/")
    with assert_queries(8):
        page = client.get("/penyuluh/")
    assert "Ana" in page.text and "Penyuluh baru" in page.text
    for number in range(30):
        make_worker(f"Penyuluh {number:02}")
    with assert_queries(8):
        page = client.get("/penyuluh/")
    assert len(page.context["page"].object_list) == 25
    assert "Penyuluh baru" not in client_of(cast.kadis_belu).get("/penyuluh/").text


def test_search_filter_and_nonsense(cast: Cast, client_of) -> None:
    make_worker("Ana", cohort=2014)
    make_worker("Budi", "53.08", cohort=2015)
    client = client_of(cast.observer)

    def names(**asked: Any) -> list[str]:
        return [worker.name for worker in client.get("/penyuluh/", asked).context["page"].object_list]

    assert names(angkatan="2015") == ["Budi"] and names(q="ana") == ["Ana"]
    assert names(kabupaten=str(factories.regency().pk), status="penempatan") == ["Ana"]
    assert names(angkatan="9" * 30, kabupaten="x", sort="'; --", page="-1") == ["Ana", "Budi"]
    assert "Tidak ada penyuluh yang cocok" in client.get("/penyuluh/", {"q": "zzz"}).text


def test_empty_lists_say_what_to_do(cast: Cast, client_of) -> None:
    assert "agar kontraknya dapat dibuat" in client_of(cast.panitia).get("/penyuluh/").text
    assert "didaftarkan oleh dinas provinsi" in client_of(cast.kadis_belu).get("/penyuluh/").text
    assert "belum dihubungkan" in client_of(cast.tpl_belu).get("/penyuluh/").text


def test_a_worker_comes_to_his_own_page(cast: Cast, client_of) -> None:
    worker = secretive(user=cast.tpl_belu)
    client = client_of(cast.tpl_belu)
    assert client.get("/penyuluh/").url == worker.get_absolute_url()
    page = client.get(worker.get_absolute_url())
    assert all(secret in page.text for secret in SECRETS)
    assert client.get(make_worker("Orang lain").get_absolute_url()).status_code == 404
    assert "Ubah data" not in page.text


@pytest.mark.parametrize("name", ["panitia", "verifikator", "admin", "kadis_prov"])
def test_the_province_reads_personal_data(cast: Cast, client_of, name: str) -> None:
    contract = make_contract("kontrak_tpl", status="aktif", worker=secretive(), honorarium_rupiah=2_600_000)
    page = client_of(cast[name]).get(contract.worker.get_absolute_url())
    assert all(secret in page.text for secret in SECRETS) and "Rp2.600.000" in page.text


@pytest.mark.parametrize("name", ["kadis_belu", "operator_belu", "kabid_belu", "observer"])
def test_others_do_not(cast: Cast, client_of, name: str) -> None:
    contract = make_contract("kontrak_tpl", status="aktif", worker=secretive(), honorarium_rupiah=2_600_000)
    client, worker = client_of(cast[name]), contract.worker
    change_worker(worker, {"phone": "0899999999"}, by=cast.panitia, base_version=1)
    page = client.get(worker.get_absolute_url())
    assert page.status_code == 200 and "Data pribadi hanya untuk" in page.text
    kept = (*SECRETS, "0899999999", "2.600.000", "Politeknik Contoh", "2015", "1994", "Atambua,")
    assert [text for text in kept if text in page.text] == ["Politeknik Contoh", "2015"]
    assert "Mengubah data penyuluh" not in page.text
    assert client.get(f"/jurnal/riwayat/programs.extensionworker/{worker.pk}/").status_code == 403


def test_another_regency_does_not_even_see_him(cast: Cast, client_of) -> None:
    worker = secretive()
    assert client_of(cast.kadis_ende).get(worker.get_absolute_url()).status_code == 404
    assert client_of(cast.bupati_belu).get(worker.get_absolute_url()).status_code == 403


def test_the_excel_file_holds_personal_data_for_the_province_only(cast: Cast, client_of) -> None:
    secretive(name="=HYPERLINK(0)")

    def sheet(person: Any) -> list[tuple]:
        answer = client_of(person).get("/penyuluh/?format=xlsx")
        return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))

    header, row = sheet(cast.panitia)
    assert header[-6] == "Nik" or "NIK" in header
    assert row[0] == "=HYPERLINK(0)" and all(secret in row for secret in SECRETS)
    for person in (cast.kadis_belu, cast.observer):
        header, row = sheet(person)
        assert len(header) == 12 and not set(SECRETS) & set(row)


def test_the_page_of_a_worker_has_a_budget(cast: Cast, client_of, assert_queries) -> None:
    worker = secretive()
    client = client_of(cast.panitia)
    client.get(worker.get_absolute_url())
    with assert_queries(8):
        client.get(worker.get_absolute_url())
    for year in (1, 2):
        make_contract("kontrak_tpl", status="aktif", worker=worker, contract_year=year)
    with assert_queries(8):
        page = client.get(worker.get_absolute_url())
    assert "Tahun ke-2" in page.text


FORM = {
    "name": "Maria Bere", "scheme": "beasiswa", "cohort": "2014", "school": "STTT", "programme": "Teknik",
    "identity_number": "5304 0123 4567 8901", "phone": "0812 3456 7890", "placement": "Lasiolat", "version": "1",
}  # fmt: skip


def test_a_worker_is_registered_once_on_the_page(cast: Cast, client_of) -> None:
    client = client_of(cast.panitia)
    data = FORM | {"client_key": str(uuid.uuid4()), "regency": str(factories.regency().pk)}
    answers = [client.post("/penyuluh/baru/", data) for _twice in range(2)]
    worker = ExtensionWorker.objects.get()
    assert [answer.url for answer in answers] == [worker.get_absolute_url()] * 2
    assert (worker.identity_number, worker.status, worker.regency.code) == ("5304012345678901", "penempatan", "53.04")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cohort": ""}, "Angkatan wajib diisi"),
        ({"identity_number": "12"}, "16 angka"),
        ({"phone": "abc"}, "Tulis nomor dengan angka"),
        ({"birth_on": "2024-01-01"}, "Periksa tahun lahirnya"),
        ({"name": ""}, "Formulir belum dapat disimpan"),
        ({"regency": "999999"}, "Formulir belum dapat disimpan"),
    ],
)
def test_what_the_form_refuses(cast: Cast, client_of, changes: dict, said: str) -> None:
    data = FORM | {"client_key": str(uuid.uuid4())} | changes
    answer = client_of(cast.panitia).post("/penyuluh/baru/", data)
    assert answer.status_code == 422 and said in answer.text
    assert not ExtensionWorker.objects.exists()


def test_a_nik_that_is_there_is_told_beside_its_field(cast: Cast, client_of) -> None:
    secretive()
    data = FORM | {"client_key": str(uuid.uuid4())}
    answer = client_of(cast.panitia).post("/penyuluh/baru/", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"identity_number": ["NIK ini sudah terdaftar."]}


def test_a_late_save_shows_both(cast: Cast, client_of) -> None:
    worker = make_worker("Maria Bere", cohort=2014)
    change_worker(worker, {"school": "Polban"}, by=cast.kabid, base_version=1)
    client = client_of(cast.panitia)
    late = client.post(f"/penyuluh/{worker.pk}/ubah/", FORM)
    assert late.status_code == 409 and "Polban" in late.text and "STTT" in late.text
    assert client.post(f"/penyuluh/{worker.pk}/ubah/", FORM | {"version": "2"}).status_code == 302
    worker.refresh_from_db()
    assert worker.school == "STTT"


def test_placing_on_the_page(cast: Cast, client_of) -> None:
    worker, client = make_worker(), client_of(cast.panitia)
    address, ende = f"/penyuluh/{worker.pk}/tempatkan/", factories.regency("53.08")
    assert client.post(address, {"regency": ende.pk}).status_code == 422
    assert client.post(address, {"regency": ende.pk, "placement": "Ndona", "note": "Pindah."}).status_code == 302
    worker.refresh_from_db()
    assert (worker.regency, worker.placement) == (ende, "Ndona")
    busy = make_worker("Agus", status="kontrak")
    assert client.get(f"/penyuluh/{busy.pk}/tempatkan/").status_code == 403
    assert "sedang berjalan" in client.get(busy.get_absolute_url()).text


def test_the_account_on_its_page(cast: Cast, client_of) -> None:
    worker, client = make_worker("Maria Bere, A.Md."), client_of(cast.admin)
    address = f"/penyuluh/{worker.pk}/akun/"
    assert 'value="maria.bere"' in client.get(address).text
    missing = client.post(address, {"do": "link", "existing": "tidak.ada"})
    assert missing.status_code == 422 and "Tidak ada akun" in missing.text
    taken = client.post(address, {"do": "create", "username": "panitia"})
    assert taken.status_code == 422 and taken.context["create"].errors
    assert client.post(address, {"do": "create", "username": "maria"}).status_code == 302
    worker.refresh_from_db()
    assert worker.user.username == "maria" and "Lepaskan akun" in client.get(address).text
    assert client.post(address, {"do": "align"}).status_code == 302
    assert client.post(address, {"do": "unlink"}).status_code == 302
    assert client.post(address, {"do": "nonsense"}).status_code == 422
    worker.refresh_from_db()
    assert worker.user is None
    graduate = make_worker("Lulusan", regency=None, status="lulus")
    assert "Tempatkan penyuluh dahulu" in client.get(f"/penyuluh/{graduate.pk}/akun/").text
