"""The published papers read today as they did when they were published.

`UPDATE_GOLDEN=1` writes the texts anew (only while a version is not published);
look at the difference before you commit it.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdf
import pytest

from portal.documents import rendering
from portal.documents.facts import show_code
from portal.documents.publishing import fingerprint, published_versions
from tests.portal.documents.papers import TEMPLATES, VERIFY, envelope, sample, versions

GOLDEN = Path(__file__).parent
KINDS = (
    "agenda", "notula", "kak", "rab", "usulan_bundel", "ba_desk", "ba_kesepakatan", "ba_adendum", "kontrak_tpl",
    "nota_kesepahaman", "laporan_tpl", "daftar_pembayaran", "undangan", "sk_panitia", "laporan_panitia", "daftar_hadir",
    "kartu_peserta", "sertifikat",
)  # fmt: skip
PAPERS = [(kind, version, paper) for kind in KINDS for version in versions(kind) for paper in ("A4", "F4")]


def text_of(kind: str, paper: str, version: int = 0) -> tuple[str, int]:
    done = rendering.press().render(envelope(kind, paper, version), VERIFY)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]
    assert len(pages) == done.pages
    return "\n".join(f"=== halaman {number}\n{text}" for number, text in enumerate(pages, 1)) + "\n", done.pages


@pytest.mark.parametrize(("kind", "version", "paper"), PAPERS)
def test_the_paper_reads_as_published(kind: str, version: int, paper: str) -> None:
    text, pages = text_of(kind, paper, version)
    file = GOLDEN / f"{kind}-v{version}-{paper}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text)
    assert text == file.read_text()
    for number in range(1, pages + 1):
        assert f"Halaman {number} dari {pages}" in text
    code = show_code(envelope(kind, paper, version).code)
    assert text.count(f"Kode {code}") == pages
    assert f"Keaslian dokumen dapat diperiksa di {VERIFY}/v/{code}/" in flat(text)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_agenda_has_the_parts_of_the_format() -> None:
    """Source: domain §2.2 C."""
    text = flat(text_of("agenda", "A4")[0])
    parts = [
        "PEMERINTAH PROVINSI NUSA TENGGARA TIMUR", "DINAS PERINDUSTRIAN DAN PERDAGANGAN", "SUSUNAN ACARA",
        "24–26 April 2019", "Hari/Tanggal: Rabu, 24 April 2019", "Waktu (WITA)", "Acara", "Penanggung Jawab",
        "Moderator", "Notulis", "Ruang", "Keterangan", "Laporan panitia", "Dibacakan oleh Bupati Belu",
        "Kamis, 25 April 2019",
        "Jumat, 26 April 2019", "Kupang, 1 April 2019 Plt. Kepala Dinas", "NIP 19650101 199003 1 001",
    ]  # fmt: skip
    missing = [part for part in parts if part not in text]
    assert not missing
    positions = [text.index(part) for part in parts]
    assert positions == sorted(positions)
    assert sum(len(day["rows"]) for day in sample("agenda")["days"]) == 34


def test_every_page_of_the_agenda_repeats_the_head() -> None:
    text, pages = text_of("agenda", "A4")
    assert text.count("Waktu (WITA)") >= pages - 1


def test_the_notula_has_the_parts_of_the_format_in_order() -> None:
    """Source: domain §2.2 D."""
    facts = sample("notula")
    facts["parts"] = facts["parts"][1:]
    done = rendering.press().render(envelope("notula", **facts), VERIFY)
    text = flat(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(done.content)).pages))
    parts = [
        "NOTULA", "Sidang/Rapat :", "Hari/Tanggal :", "Surat Undangan :", "Waktu Panggilan :", "Waktu Sidang/Rapat :",
        "Acara :", "Pimpinan Sidang/Rapat", "Ketua :", "Sekretaris :", "Pencatat :", "Peserta Sidang/Rapat",
        "Kegiatan Sidang/Rapat", "1. Kata Pembukaan", "2. Pembahasan", "Tanggapan Pimpinan sidang", "Permasalahan",
        "3. Peraturan/Kesimpulan", "Tindak Lanjut", "Uraian", "Penanggung Jawab", "Batas Waktu",
        "Pimpinan Rapat,", "NIP 19900101 201503 2 001 NIP 19650101 199003 1 001", "Lampiran:",
    ]  # fmt: skip
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found


def test_the_invitation_has_the_parts_of_the_format_in_order() -> None:
    """Source: domain §2.2 A."""
    text = flat(text_of("undangan", "A4")[0])
    parts = [
        "PEMERINTAH PROVINSI NUSA TENGGARA TIMUR", "DINAS PERINDUSTRIAN DAN PERDAGANGAN", "Nomor : 005/123",
        "Kupang, 13 Maret 2019", "Sifat : Segera", "Lampiran : 3 (tiga) berkas", "Hal : Undangan Rapat Koordinasi",
        "Yth. Kepala Dinas Perindustrian dan Perdagangan Kabupaten Belu di – Atambua", "hari, tanggal : Rabu–Jumat",
        "waktu : pukul 09.00 WITA", "tempat : Hotel Matahari", "acara : Evaluasi", "pakaian :", "Catatan:",
        "Demikian disampaikan", "Plt. Kepala Dinas", "NIP 19650101 199003 1 001", "Tembusan:", "(sebagai laporan)",
        "Lampiran I : Surat Kepala Dinas", "Nomor : 005/123", "Tanggal : 13 Maret 2019",
        "DAFTAR PEJABAT YANG DIUNDANG", "22 Kepala Dinas yang membidangi perindustrian Kota Kupang", "Plt. Kepala",
        "Lampiran II : Surat", "JADWAL ACARA", "Kabupaten Belu: pukul 08.00–08.45, Meja 4", "Plt. Kepala Dinas",
        "Lampiran III : Surat", "DATA DAN DOKUMEN YANG DIBAWA PESERTA", "Plt. Kepala Dinas",
    ]  # fmt: skip
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found


def test_the_attendance_sheet_has_the_parts_of_the_format() -> None:
    """Source: domain §2.2 B."""
    text, pages = text_of("daftar_hadir", "A4")
    parts = [
        "DAFTAR HADIR", "Acara :", "Hari/Tanggal : Rabu, 24 April 2019", "Waktu : pukul", "Tempat :", "No. Nama/NIP",
        "Pangkat/Gol.", "Jabatan", "Instansi/Kabupaten/Kota", "No. HP/e-mail", "Tanda tangan", "Utusan kabupaten/kota",
        "Dinas provinsi", "Peserta tambahan", "Atambua, 24 April 2019 Ketua Panitia,",
    ]  # fmt: skip
    found = [flat(text).find(part) for part in parts]
    assert -1 not in found and found == sorted(found)
    assert text.count("No. Nama/NIP") >= pages - 1, "the head stands on every page"


def test_eight_cards_fill_a_sheet() -> None:
    facts = sample("kartu_peserta")
    people = sum(len(sheet["cards"]) for sheet in facts["sheets"])
    for paper in ("A4", "F4"):
        text, pages = text_of("kartu_peserta", paper)
        assert (people, pages) == (96, 12)
        assert flat(text).count("RAKOR ATAMBUA 2019") == people


def test_published_templates_are_frozen() -> None:
    known = published_versions(TEMPLATES)
    assert sorted(known) == rendering.published(), "run manage.py publish_templates"
    changed = [folder for folder, frozen in known.items() if fingerprint(TEMPLATES, folder) != frozen]
    assert not changed, "a published template version never changes: make a new version (templates/pdf/README.md)"


def test_the_fingerprint_sees_shared_pieces(tmp_path: Path) -> None:
    for name, text in {"x/v1/document.html": "{% include 'shared/v1/a.html' %}", "shared/v1/a.html": "a"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = fingerprint(tmp_path, "x/v1")
    (tmp_path / "x/v1/sample.json").write_text("{}")
    assert fingerprint(tmp_path, "x/v1") == before
    (tmp_path / "shared/v1/a.html").write_text("b")
    assert fingerprint(tmp_path, "x/v1") != before


def test_every_template_has_all_its_files() -> None:
    for folder in rendering.published():
        files = {file.name for file in (TEMPLATES / folder).iterdir()}
        assert {"document.html", "print.css", "A4.css", "F4.css", "sample.json"} <= files
