"""The Excel list of participants: its columns, and the words by which people call them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column: the field, its heading in the template, other headings that mean it, and a hint."""

    field: str
    head: str
    others: tuple[str, ...] = ()
    width: int = 18
    hint: str = ""


COLUMNS = (
    Column("name", "Nama", ("nama lengkap", "nama peserta", "nama utusan"), 30, "Wajib. Dengan gelar."),
    Column("institution", "Instansi", ("instansi/kab-kota", "kantor", "asal instansi", "lembaga"), 36,
           "Wajib, kecuali utusan kabupaten/kota."),
    Column("title", "Jabatan", (), 28),
    Column("category", "Golongan", ("kategori", "golongan peserta"), 22, "Pilih dari daftar."),
    Column("regency", "Kabupaten/kota", ("kabupaten", "kab/kota", "kab-kota", "kabupaten/kota asal"), 24,
           "Nama atau kode Kemendagri, misalnya Belu atau 53.04."),
    Column("employee_number", "NIP", ("nip/nipppk",), 22, "18 angka, ditulis sebagai teks."),
    Column("rank", "Pangkat/Gol", ("pangkat/golongan", "pangkat", "pangkat/gol.ruang"), 18),
    Column("phone", "No. HP", ("no hp", "nomor hp", "hp", "telepon", "no. hp/wa", "wa", "whatsapp"), 18),
    Column("email", "Surel", ("e-mail", "email", "surat elektronik"), 24),
    Column("arrival", "Kedatangan", ("tiba", "rencana kedatangan"), 24),
    Column("note", "Keterangan", ("ket", "ket.", "catatan"), 24),
)  # fmt: skip
IGNORED = ("no", "no.", "nomor", "tanda tangan", "ttd")
"""Columns that lists have and nobody reads."""

SHEET = "Peserta"
GUIDE = (
    "Satu baris untuk satu orang. Kolom Nama wajib diisi; urutan kolom bebas, kolom lain boleh kosong.",
    "Golongan dipilih dari daftar; kosong berarti Lainnya, atau Utusan kabupaten/kota bila Kabupaten/kota terisi.",
    "Utusan kabupaten/kota langsung masuk ke undangan kepala dinas kabupaten/kota itu.",
    "NIP terdiri atas 18 angka. Tulis sebagai teks supaya Excel tidak membulatkannya.",
    "Orang yang sudah terdaftar (nama dan instansi sama) dilewati, jadi berkas yang sama boleh diunggah lagi.",
    "Bila satu baris saja salah, tidak ada yang disimpan; portal menunjukkan semua baris yang salah.",
)
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row as it was read: texts by field, its number in the sheet, and the letter of each column."""

    number: int
    texts: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, order=True, slots=True)
class RowError:
    """One thing to mend; `column` may be "" for the row as a whole, `row` 0 for the file."""

    row: int
    column: str
    sentence: str


def heading_of(text: str) -> str | None:
    """The field that a heading means; "" for one that is not read, None for an unknown one."""
    wanted = " ".join(text.split()).casefold()
    if wanted in IGNORED:
        return ""
    for column in COLUMNS:
        if wanted == column.head.casefold() or wanted in column.others:
            return column.field
    return None
