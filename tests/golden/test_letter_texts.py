"""The committee's decree and report have the parts of their formats, in order."""

from __future__ import annotations

import io

import pypdf

from portal.documents import rendering
from tests.golden.test_papers import flat, text_of
from tests.portal.documents.papers import VERIFY, envelope


def in_order(text: str, parts: list[str]) -> None:
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found


def test_the_decree_has_the_parts_of_the_format() -> None:
    """Source: domain §2.2 I."""
    in_order(
        flat(text_of("sk_panitia", "A4")[0]),
        [
            "DINAS PERINDUSTRIAN DAN PERDAGANGAN", "KEPUTUSAN KEPALA DINAS", "NOMOR: 100.3.3/12/DISPERINDAG/2019",
            "TENTANG", "PEMBENTUKAN PANITIA", "TIMUR,", "Menimbang", "bahwa dalam rangka", "Mengingat",
            "Memperhatikan", "MEMUTUSKAN:", "Menetapkan", "KESATU", "KEDUA", "KELIMA", "sejak tanggal ditetapkan",
            "Ditetapkan di Kupang pada tanggal 12 Maret 2019", "Plt. Kepala Dinas", "NIP 19650101 199003 1 001",
            "Tembusan:", "sebagai laporan", "LAMPIRAN", "SUSUNAN PANITIA", "Kedudukan dalam panitia", "Nama",
            "Jabatan", "Pengarah", "Ketua", "Notulis dan tim perumus", "Plt. Kepala Dinas",
        ],
    )  # fmt: skip


def test_the_report_has_the_parts_of_the_format() -> None:
    """Source: domain §2.2 H."""
    in_order(
        flat(text_of("laporan_panitia", "A4")[0]),
        [
            "LAPORAN", "TENTANG", "PELAKSANAAN RAPAT KOORDINASI", "A. PENDAHULUAN", "1. Umum", "2. Maksud dan tujuan",
            "3. Ruang lingkup", "4. Dasar", "B. KEGIATAN YANG DILAKSANAKAN", "58 (lima puluh delapan) alamat",
            "96 (sembilan puluh enam) orang", "C. HASIL YANG DICAPAI", "91 (sembilan puluh satu) program",
            "D. SIMPULAN DAN SARAN", "1. Simpulan", "2. Saran", "E. PENUTUP", "Dibuat di Kupang",
            "pada tanggal 6 Mei 2019", "Lampiran:", "Rincian biaya", "DATA PESERTA DAN KEHADIRAN",
            "HASIL PEMBAHASAN USULAN PROGRAM", "132 91.650.000.000",
        ],
    )  # fmt: skip


def test_a_draft_says_so_and_leaves_the_number_to_be_written() -> None:
    for kind, empty in (
        ("sk_panitia", {"seats": []}),
        ("laporan_panitia", {"attendance": [], "categories": [], "totals": []}),
    ):
        facts = {"status": "RANCANGAN", "number": "", "date": "", "signatures": [], **empty}
        done = rendering.press().render(envelope(kind, **facts), VERIFY)
        pages = [flat(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]
        assert all("RANCANGAN" in page for page in pages)
        assert "NOMOR: ...." in pages[0]
    assert "DATA PESERTA" not in " ".join(pages)
