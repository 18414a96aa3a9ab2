"""The pages of monthly reports and of the payment list, and that nobody else's report opens anywhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from PIL import Image

from portal.documents.models import Document
from programs.actions import reports as actions
from programs.facts.contract_periods import months_after
from programs.models import MonthlyReport, ReportPhoto, Visit
from programs.queries import reports_tasks as tasks
from programs.queries.reports_payments import payments
from tests import factories
from tests.cast import Cast
from tests.programs import files
from tests.programs.reports_world import add_visit, contracted, last_month, make_report, submitted, this_month

ClientOf = Callable[..., Client]
FETCH = {"headers": {"X-Requested-With": "fetch"}}


@pytest.fixture
def worker(cast: Cast) -> Any:
    """The worker behind tpl_belu, under contract since last month."""
    return contracted(cast.tpl_belu)


@pytest.fixture
def strangers(cast: Cast) -> dict[str, Any]:
    """Another worker of the same regency, and the division head of another one."""
    other = factories.make_user("tpl_lain")
    contracted(other, "Penyuluh Lain")
    ende = factories.make_user("kabid_ende")
    factories.make_position(ende, "kabid_kab", factories.lead_agency("53.08"))
    return {"tpl_lain": other, "kabid_ende": ende}


def upload(client: Client, report: MonthlyReport, content: bytes, name: str = "foto.jpg", **values: Any) -> Any:
    """Send a photo as the page's script does."""
    file = SimpleUploadedFile(name, content, "image/jpeg")
    values = {"key": str(uuid.uuid4()), "caption": "Penenun di alatnya", **values}
    return client.post(f"/laporan-penyuluh/{report.pk}/foto/", {"file": file, **values}, **FETCH)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_a_worker_first_sees_what_to_write(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.tpl_belu)
    page = client.get("/laporan-penyuluh/").text
    assert page.index("Tulis laporan bulan ini") < page.index("Tulis laporan<")
    answer = client.post("/laporan-penyuluh/tulis/", {"month": f"{last_month():%Y-%m}"})
    report = MonthlyReport.objects.get()
    assert answer.url == f"/laporan-penyuluh/{report.pk}/ubah/"
    assert client.post("/laporan-penyuluh/tulis/", {"month": f"{last_month():%Y-%m}"}).url == answer.url
    assert "Lanjutkan" in client.get("/laporan-penyuluh/").text
    for nonsense in ("", "2026-99", "x"):
        assert client.post("/laporan-penyuluh/tulis/", {"month": nonsense}).status_code == 404
    assert client.post("/laporan-penyuluh/tulis/", {"month": "2001-01"}).status_code == 409
    assert client_of(cast.kabid_belu).post("/laporan-penyuluh/tulis/", {"month": "2026-01"}).status_code == 403


def test_the_list_and_its_budget(worker: Any, cast: Cast, client_of: ClientOf, assert_queries) -> None:
    submitted(worker)
    client = client_of(cast.kabid_belu)
    client.get("/laporan-penyuluh/")
    with assert_queries(6):
        assert "Penyuluh Belu Contoh" in client.get("/laporan-penyuluh/").text
    for number in range(6):
        submitted(contracted(factories.make_user(f"t{number}"), f"Penyuluh {number}"), visits=4)
    with assert_queries(6):
        page = client.get("/laporan-penyuluh/")
    assert len(page.context["rows"]) == 7 and "4</td>" in page.text


def test_filters_find_and_nonsense_does_no_harm(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    submitted(worker)
    other = contracted(factories.make_user("ende"), "Penyuluh Ende", "53.08", starts_on=months_after(this_month(), -3))
    late = submitted(other, months_after(this_month(), -3))
    client = client_of(cast.panitia)

    def names(query: str) -> set[str]:
        return {row.worker.name for row, _late in client.get(f"/laporan-penyuluh/{query}").context["rows"]}

    both = {"Penyuluh Belu Contoh", "Penyuluh Ende"}
    assert names("") == both and names("?q=ende") == {"Penyuluh Ende"}
    assert names(f"?bulan={last_month():%Y-%m}") == {"Penyuluh Belu Contoh"}
    assert names(f"?kabupaten={other.regency_id}&status=diajukan") == {"Penyuluh Ende"}
    assert names("?status=disetujui") == set()
    assert names("?bulan=x&kabupaten=y&sort=z&page=-1") == both
    assert "Terlambat" in client.get(late.get_absolute_url()).text
    sheet = load_workbook(BytesIO(client.get("/laporan-penyuluh/?format=xlsx").content)).active
    assert sheet.max_row == 3 and [cell.value for cell in sheet[3]][-1] == "ya"


def test_empty_lists_say_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    assert "dari ponsel" in client_of(cast.kabid_belu).get("/laporan-penyuluh/").text
    assert "belum dihubungkan" in client_of(cast.tpl_belu).get("/laporan-penyuluh/").text
    assert "belum dihubungkan" in client_of(cast.tpl_belu).get("/").text
    assert client_of(cast.stranger).get("/laporan-penyuluh/").status_code == 403


# -- who opens what ---------------------------------------------------------------------------------------------------


def addresses(report: MonthlyReport) -> list[tuple[str, str]]:
    """Every address of one report: (method, address)."""
    base, visit, photo = f"/laporan-penyuluh/{report.pk}/", report.visits.first(), report.photos.first()
    gets = [base, f"{base}ubah/", f"{base}samping/", f"{base}foto/{photo.client_key}/", f"{base}langkah/return/"]
    posts = [f"{base}ubah/", f"{base}foto/", f"{base}kunjungan/{uuid.uuid4()}/"]
    posts += [f"{base}langkah/{move}/" for move in ("submit", "recall", "return", "approve")]
    posts += [f"{base}kunjungan/{visit.client_key}/{verb}" for verb in ("", "hapus/", "kembalikan/")]
    posts += [f"{base}foto/{photo.client_key}/{verb}" for verb in ("ubah/", "hapus/", "kembalikan/")]
    return [*(("get", url) for url in gets), *(("post", url) for url in posts)]


def test_no_other_worker_and_no_other_regency_opens_a_report(
    worker: Any, strangers: dict[str, Any], cast: Cast, client_of: ClientOf
) -> None:
    report = make_report(worker)
    assert upload(client_of(cast.tpl_belu), report, files.photo()).status_code == 200
    for status in ("konsep", "diajukan"):
        if status == "diajukan":
            actions.submit_report(report, by=cast.tpl_belu)
        for method, url in addresses(report):
            assert getattr(client_of(strangers["tpl_lain"]), method)(url, {"note": "x"}).status_code == 404, url
            assert getattr(client_of(strangers["kabid_ende"]), method)(url, {"note": "x"}).status_code in (403, 404), (
                url
            )
            assert getattr(client_of(), method)(url).status_code == 302, url
    report.refresh_from_db()
    assert report.status == "diajukan" and report.visits.filter(deleted_at=None).count() == 1
    assert not client_of(strangers["tpl_lain"]).get("/laporan-penyuluh/").context["rows"]


def test_a_draft_is_the_workers_alone(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report = make_report(worker)
    for who in (cast.kabid_belu, cast.kadis_belu, cast.panitia, cast.observer):
        assert client_of(who).get(report.get_absolute_url()).status_code == 404
    actions.submit_report(report, by=cast.tpl_belu)
    for who in (cast.kabid_belu, cast.kadis_belu, cast.panitia, cast.observer):
        page = client_of(who).get(report.get_absolute_url())
        assert page.status_code == 200 and ("Setujui laporan" in page.text) == (who == cast.kabid_belu)
        assert client_of(who).post(f"/laporan-penyuluh/{report.pk}/ubah/", {"plan": "x"}).status_code == 403


# -- writing ----------------------------------------------------------------------------------------------------------


def test_the_editor_saves_field_by_field(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report, client = make_report(worker, visits=0, whole=False), client_of(cast.tpl_belu)
    url = f"/laporan-penyuluh/{report.pk}/ubah/"
    answer = client.post(url, {"kur_rupiah": "Rp 25.000.000", "base-kur_rupiah": ""}, **FETCH)
    assert answer.json()["values"] == {"kur_rupiah": "25.000.000"}
    late = client.post(url, {"kur_rupiah": "1", "base-kur_rupiah": "7"}, **FETCH)
    assert late.status_code == 409
    assert late.json()["conflicts"] == {"kur_rupiah": {"value": "25.000.000", "shown": "25000000"}}
    wrong = client.post(url, {"nib_count": "99999", "base-nib_count": ""}, **FETCH)
    assert wrong.status_code == 422 and "9.999" in wrong.json()["errors"]["nib_count"][0]
    plain = client.post(url, {"plan": "Tanpa skrip", "base-plan": ""})
    assert plain.url == url and MonthlyReport.objects.get().plan == "Tanpa skrip"
    both = client.post(url, {"plan": "Lain", "base-plan": "usang"})
    assert both.status_code == 409 and "Tersimpan sekarang" in both.text and "Lain" in both.text


def test_a_visit_saves_itself_under_its_key(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report, client, key = make_report(worker, visits=0), client_of(cast.tpl_belu), uuid.uuid4()
    url = f"/laporan-penyuluh/{report.pk}/kunjungan/{key}/"
    day = report.month.replace(day=3)
    for _twice in range(2):
        answer = client.post(url, {"on": day.isoformat(), "base-on": ""}, **FETCH)
        assert answer.json()["values"] == {"on": day.isoformat()}
    answer = client.post(url, {"is_new": "1", "base-is_new": "0"}, **FETCH)
    assert answer.json()["values"] == {"is_new": "1"}
    outside = client.post(url, {"on": "2001-01-01", "base-on": day.isoformat()}, **FETCH)
    assert outside.status_code == 422 and "di luar" in outside.json()["errors"]["on"][0]
    assert client.post(url, {"latitude": "-9,10", "base-latitude": ""}, **FETCH).json()["values"] == {
        "latitude": "-9.10"
    }
    assert (Visit.objects.get().on, Visit.objects.get().is_new) == (day, True)
    gone = client.post(f"{url}hapus/")
    assert "undo:" in "".join(message.extra_tags for message in gone.wsgi_request._messages)
    lost = client.post(url, {"ikm": "Tenun", "base-ikm": ""}, **FETCH)
    assert lost.status_code == 422 and "perangkat lain" in lost.json()["errors"][""][0]
    client.post(f"{url}kembalikan/")
    page = client.get(f"/laporan-penyuluh/{report.pk}/ubah/?tambah=1").text
    assert page.count('data-visit data-key="') == 3, "the stored one, an empty one, the pattern"


def test_a_late_autosave_gets_a_sentence(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report, client = submitted(worker), client_of(cast.tpl_belu)
    visit = report.visits.get()
    for url in (f"{report.get_absolute_url()}ubah/", f"{report.get_absolute_url()}kunjungan/{visit.client_key}/"):
        answer = client.post(url, {"plan": "x", "ikm": "x"}, **FETCH)
        assert answer.status_code == 403 and "tidak hilang" in answer.text and len(answer.text) < 600
    assert upload(client, report, files.photo()).status_code == 403
    assert client.get(f"{report.get_absolute_url()}ubah/").url == report.get_absolute_url()
    assert "data-report-unsent" in client.get(report.get_absolute_url()).text


def test_the_way_of_a_report_through_its_pages(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report = make_report(worker)
    base = f"/laporan-penyuluh/{report.pk}/langkah/"
    own, head = client_of(cast.tpl_belu), client_of(cast.kabid_belu)
    own.post(f"{base}submit/")
    own.post(f"{base}submit/")
    assert head.post(f"{base}return/", {"note": ""}).status_code == 422
    head.post(f"{base}return/", {"note": "Lengkapi lokasi"})
    assert "Lengkapi lokasi" in own.get(f"/laporan-penyuluh/{report.pk}/ubah/").text
    own.post(f"{base}submit/")
    report.refresh_from_db()
    assert head.post(f"{base}approve/?versi={report.change - 1}").status_code == 409
    head.post(f"{base}approve/?versi={report.change}")
    head.post(f"{base}approve/?versi={report.change}")
    report.refresh_from_db()
    assert report.status == "disetujui" and Document.objects.filter(kind="laporan_tpl").count() == 1
    assert head.post(f"{base}terbang/").status_code == 404
    assert own.get(report.document.get_absolute_url()).status_code == 200


def test_pages_have_a_budget(worker: Any, cast: Cast, client_of: ClientOf, assert_queries) -> None:
    report = make_report(worker)
    client = client_of(cast.tpl_belu)
    edit = f"/laporan-penyuluh/{report.pk}/ubah/"
    client.get(edit)
    for more in (0, 20):
        for number in range(more):
            add_visit(report, f"Lagi {number}")
        with assert_queries(7):
            client.get(edit)
        with assert_queries(6):
            client.get(report.get_absolute_url())


# -- photos -----------------------------------------------------------------------------------------------------------


def test_a_photo_loses_where_it_was_made_unless_told(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report, client = make_report(worker), client_of(cast.tpl_belu)
    page = upload(client, report, files.photo(size=(64, 48), orientation=6), visit=str(report.visits.get().client_key))
    assert page.status_code == 200 and "Penenun di alatnya" in page.text
    photo = ReportPhoto.objects.get()
    assert (photo.width, photo.height) == (48, 64), "it stands upright"
    assert photo.visit == report.visits.get() and not photo.with_place
    answer = client.get(f"/laporan-penyuluh/{report.pk}/foto/{photo.client_key}/")
    content = b"".join(answer.streaming_content)
    exif = Image.open(BytesIO(content)).getexif()
    assert 0x8825 not in exif and 0x0110 not in exif and exif[0x0112] == 6
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Disposition"].startswith("attachment")
    upload(client, report, files.photo(size=(80, 60)), with_place="on", caption="Dengan lokasi")
    kept = ReportPhoto.objects.get(caption="Dengan lokasi")
    assert kept.with_place and 0x8825 in Image.open(kept.file).getexif()


def test_a_photo_sent_twice_is_one(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    report, client, key = make_report(worker), client_of(cast.tpl_belu), str(uuid.uuid4())
    for _twice in range(2):
        upload(client, report, files.photo(), key=key)
    upload(client, report, files.photo(), key=str(uuid.uuid4()))
    assert ReportPhoto.objects.count() == 1
    url = f"/laporan-penyuluh/{report.pk}/foto/{key}/"
    assert (
        client.post(f"{url}ubah/", {"caption": "Baru", "base-caption": "Penenun di alatnya"}, **FETCH).status_code
        == 200
    )
    assert client.post(f"{url}ubah/", {"caption": "Lain", "base-caption": "usang"}, **FETCH).status_code == 409
    client.post(f"{url}hapus/")
    assert client.get(url).status_code == 404
    client.post(f"{url}kembalikan/")
    assert client.get(url).status_code == 200 and ReportPhoto.objects.get().caption == "Baru"


def bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks to 8,000 megapixels."""
    small = BytesIO()
    Image.new("L", (8, 8)).save(small, "PNG")
    data = bytearray(small.getvalue())
    import struct
    import zlib

    data[16:24] = struct.pack(">II", 90_000, 90_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("foto.png", bomb(), "megapiksel"),
        ("foto.jpg", files.photo("PNG"), "tetapi isinya"),
        ("foto.pdf", files.pdf(), "Yang diterima: JPEG, PNG."),
        ("foto.jpg", b"<svg onload=alert(1)>", "Yang diterima: JPEG, PNG."),
        ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC dari iPhone"),
        ("foto.jpg", files.photo()[:400], "rusak atau terpotong"),
        ("foto.jpg", b"\xff\xd8\xff" + b"\0" * 11 * 2**20, "paling besar 10 MB"),
        ("foto.jpg", b"", "kosong"),
    ],
)
def test_what_is_no_photo_is_refused(
    worker: Any, cast: Cast, client_of: ClientOf, *, name: str, content: bytes, sentence: str
) -> None:
    report = make_report(worker)
    answer = upload(client_of(cast.tpl_belu), report, content, name)
    assert answer.status_code == 422 and sentence in str(answer.json()["errors"])
    assert not ReportPhoto.objects.exists()
    plain = client_of(cast.tpl_belu).post(f"/laporan-penyuluh/{report.pk}/foto/", {"key": str(uuid.uuid4())})
    assert plain.status_code == 422 and "Pilih foto" in plain.text


def test_a_report_has_room_for_so_many_photos(worker: Any, cast: Cast, client_of: ClientOf, settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 1
    report, client = make_report(worker), client_of(cast.tpl_belu)
    upload(client, report, files.photo())
    assert "batasnya" in str(upload(client, report, files.photo(size=(32, 32))).json()["errors"])


# -- the money --------------------------------------------------------------------------------------------------------


def test_the_payment_list_and_its_paper(worker: Any, cast: Cast, client_of: ClientOf, assert_queries) -> None:
    actions.approve_report(submitted(worker), by=cast.kabid_belu)
    client = client_of(cast.panitia)
    client.get("/laporan-penyuluh/pembayaran/")
    for number in range(4):
        with assert_queries(7):
            page = client.get("/laporan-penyuluh/pembayaran/")
        assert page.context["sums"].amount == 3_500_000 and page.context["sums"].held == number
        contracted(factories.make_user(f"t{number}"), f"Penyuluh {number}", "53.08")
    assert "Laporan belum diajukan" in client.get("/laporan-penyuluh/pembayaran/").text
    sheet = load_workbook(BytesIO(client.get("/laporan-penyuluh/pembayaran/?format=xlsx").content)).active
    assert [cell.value for cell in sheet[sheet.max_row]][2:6] == [
        "Jumlah yang dibayarkan",
        3_000_000,
        500_000,
        3_500_000,
    ]
    month = {"bulan": f"{last_month():%Y-%m}"}
    first = client.post("/laporan-penyuluh/pembayaran/pdf/", month).url
    assert client.post("/laporan-penyuluh/pembayaran/pdf/", month).url == first
    facts = Document.objects.get(kind="daftar_pembayaran").facts
    assert facts["words"] == "Rp3.500.000 (tiga juta lima ratus ribu rupiah)" and len(facts["rows"]) == 5
    assert facts["signatures"][0]["name"] == "Kepala Dinas Contoh"
    empty = client.post("/laporan-penyuluh/pembayaran/pdf/", {**month, "kabupaten": str(factories.regency("53.71").pk)})
    assert "pembayaran" in empty.url and Document.objects.filter(kind="daftar_pembayaran").count() == 1


def test_pay_is_not_everybodys_business(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.panitia).post("/laporan-penyuluh/pembayaran/pdf/", {"bulan": f"{last_month():%Y-%m}"})
    paper = Document.objects.get(kind="daftar_pembayaran")
    for who in (cast.kadis_belu, cast.kabid_belu, cast.tpl_belu, cast.observer, cast.notulis, cast.verifikator):
        assert client_of(who).get("/laporan-penyuluh/pembayaran/").status_code == 403
        assert client_of(who).get(paper.get_absolute_url()).status_code in (403, 404)
    public = client_of().get(f"/v/{paper.shown_code}/").text
    assert "Penyuluh Belu Contoh" not in public and "3.500.000" not in public


# -- the first page ---------------------------------------------------------------------------------------------------


def test_everybody_is_told_his_part(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    assert [task.title.split()[0:2] for task in tasks.writing_tasks(cast.tpl_belu)] == [["Tulis", "laporan"]] * 2
    report = submitted(worker)
    assert [task.title for task in tasks.approving_tasks(cast.kabid_belu)] == ["Periksa 1 laporan penyuluh"]
    assert not list(tasks.payment_tasks(cast.panitia))
    actions.return_report(report, "Kurang", by=cast.kabid_belu)
    assert next(iter(tasks.writing_tasks(cast.tpl_belu))).title.startswith("Perbaiki laporan")
    actions.submit_report(report, by=cast.tpl_belu)
    actions.approve_report(report, by=cast.kabid_belu)
    assert next(iter(tasks.payment_tasks(cast.panitia))).title.endswith("siap")
    assert "Daftar pembayaran" in client_of(cast.panitia).get("/").text
    client_of(cast.panitia).post("/laporan-penyuluh/pembayaran/pdf/", {"bulan": f"{last_month():%Y-%m}"})
    assert not list(tasks.payment_tasks(cast.panitia)) and payments(last_month())


def test_a_workers_first_page_is_about_his_work(worker: Any, cast: Cast, client_of: ClientOf) -> None:
    factories.make_programme(factories.make_meeting(status="terjadwal"))
    page = client_of(cast.tpl_belu).get("/").text
    assert "Tulis laporan" in page and "Data dan kontrak saya" in page and "hari lagi" not in page
    assert "/laporan-penyuluh/" in page and 'href="/usulan/"' not in page and 'href="/rakor/"' not in page
