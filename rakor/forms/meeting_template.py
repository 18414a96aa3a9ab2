"""The empty Excel file for `manage.py load_meeting`, with one example row in each sheet."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from rakor.queries.meeting_table import PROGRAMME_COLUMNS

PAIRS = (
    ("alamat", "contoh-2027"), ("judul", "Rapat Koordinasi Pelaksanaan Kegiatan 2027 dan Penyusunan Program IKM 2028"),
    ("tahun", "2027"), ("mulai", "2027-04-20"), ("sampai", "2027-04-22"), ("tempat", "Aula"), ("kota", "Kupang"),
    ("tuan_rumah", "53.71"), ("sebelumnya", ""), ("tujuan", "Menyepakati program IKM tahun 2028"),
    ("dasar_pembiayaan", ""), ("kode_sub_kegiatan", "3.31.01.1.06.0009"), ("nomor_undangan", ""),
    ("tanggal_susunan_acara", ""), ("sumber", ""),
)  # fmt: skip
EXAMPLE = {
    "tanggal": "2027-04-20", "mulai": "09.00", "selesai": "09.30", "jenis": "sambutan",
    "acara": "Sambutan Gubernur", "pemilik_sambutan": "Gubernur Nusa Tenggara Timur",
    "pembaca": "Nama Pembaca (Instansi)", "ruang": "Aula",
}  # fmt: skip
ENTRY_COLUMNS = (
    "sesi", "jenis", "pembicara", "instansi", "isi", "tanggapan", "penanggap", "penanggung_jawab", "batas_waktu",
    "sumber",
)  # fmt: skip


def write_template(path: Path) -> None:
    """Write the file; every cell is text, so that "09.30" stays what was typed."""
    book = Workbook()
    sheet = book.active
    sheet.title = "rakor"
    for pair in PAIRS:
        sheet.append(pair)
    _tidy(sheet, 60)
    tables = {
        "penyelenggara": [("peran", "kantor"), ("penyelenggara", "provinsi")],
        "sesi": [PROGRAMME_COLUMNS, [EXAMPLE.get(name, "") for name in PROGRAMME_COLUMNS]],
        "notula": [ENTRY_COLUMNS, ("1", "pembahasan", "Nama", "Instansi", "Isi pembicaraan", "", "", "", "", "")],
    }
    for title, rows in tables.items():
        table = book.create_sheet(title)
        for row in rows:
            table.append(list(row))
        for cell in table[1]:
            cell.font = Font(bold=True)
        table.freeze_panes = "A2"
        _tidy(table, 22)
    book.save(path)


def _tidy(sheet, width: int) -> None:
    for column in range(1, sheet.max_column + 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width if column > 1 else 24
        for cell in sheet[letter]:
            cell.number_format = "@"
