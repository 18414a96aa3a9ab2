"""The workbook in which a regency fills in its proposals: sheets, columns, and what each column takes."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, COUNT, NUMBER, MONEY, CHOICE, QUANTITY = "text", "count", "number", "money", "choice", "quantity"

GUIDE, LISTS = "Petunjuk", "Daftar"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the field it fills, what it takes, and the list (of sheet Daftar) it chooses from."""

    head: str
    field: str
    takes: str = TEXT
    choices: str = ""
    width: int = 18
    hint: str = ""


NUMBER_COLUMN = Column("No.", "no", COUNT, width=6, hint="Nomor usulan di berkas ini; sama di semua lembar.")

SHEETS: dict[str, tuple[Column, ...]] = {
    "Usulan": (
        NUMBER_COLUMN,
        Column("Kode usulan", "code", width=14, hint="Kosong untuk usulan baru. Jangan ubah yang sudah terisi."),
        Column("Keadaan", "state", width=16, hint="Diisi portal: yang terkunci tidak dibaca kembali."),
        Column("Judul", "title", width=40),
        Column("Kode sub-kegiatan", "sub_activity", CHOICE, "sub_activities", 24),
        Column("Jenis kegiatan", "help_kind", CHOICE, "help_kinds", 30),
        Column("Sektor industri", "sector", CHOICE, "sectors", 20),
        Column("Produk", "product"),
        Column("KBLI", "kbli", CHOICE, "kbli", 30),
        Column("Kecamatan", "district"),
        Column("Desa/kelurahan", "village"),
        Column("Alamat lokasi", "address", width=30),
        Column("Lintang", "latitude", NUMBER, width=11),
        Column("Bujur", "longitude", NUMBER, width=11),
        Column("Sentra IKM", "center"),
        Column("IKM penerima", "ikm_count", COUNT, width=10),
        Column("Kelompok penerima", "group_count", COUNT, width=10),
        Column("Tenaga kerja laki-laki", "male_workers", COUNT, width=10),
        Column("Tenaga kerja perempuan", "female_workers", COUNT, width=10),
        Column("Latar belakang", "background", width=40),
        Column("Permasalahan", "problem", width=40),
        Column("Maksud dan tujuan", "purpose", width=40),
        Column("Cara pelaksanaan", "method", width=40),
        Column("Pelaksana", "executor", width=24),
        Column("Dukungan kebijakan", "policy_support", width=30),
        Column("Catatan rezim khusus", "special_note", width=30),
        Column("Bulan mulai", "starts_month", CHOICE, "months", 12),
        Column("Bulan selesai", "ends_month", CHOICE, "months", 12),
        Column("Tanda", "tags", width=24, hint="Beberapa tanda dipisah titik koma; pilihannya di lembar Daftar."),
    ),
    "Indikator": (
        NUMBER_COLUMN,
        Column("Jenis", "kind", CHOICE, "kinds", 12),
        Column("Indikator", "name", width=50),
        Column("Kondisi awal", "baseline", NUMBER, width=12),
        Column("Target", "target", NUMBER, width=12),
        Column("Satuan", "unit", width=14),
    ),
    "RAB": (
        NUMBER_COLUMN,
        Column("Kode rekening", "account_code", width=20),
        Column("Uraian", "description", width=40),
        Column("Volume", "quantity_text", QUANTITY, width=26, hint="Boleh perkalian: 30 orang × 3 hari × 1 keg."),
        Column("Satuan", "unit", width=14),
        Column("Harga satuan", "unit_price_rupiah", MONEY, width=16),
        Column("Jumlah", "amount", MONEY, width=18, hint="Dihitung portal; tidak dibaca kembali."),
        Column("Sumber dana", "source", CHOICE, "sources", 18),
        Column("Keterangan", "note", width=30),
    ),
    "Sumber dana": (
        NUMBER_COLUMN,
        Column("Sumber dana", "source", CHOICE, "sources", 18),
        Column("Porsi (Rp)", "share", MONEY, width=20),
    ),
}
"""Source: the fields of domain §3.5, in the order people fill them in."""

MAIN = "Usulan"
NOT_READ = {"state", "amount"}
LOCKED = "terkunci"

GUIDE_LINES = (
    "Isi lembar Usulan satu baris per usulan, lalu Indikator, RAB dan Sumber dana dengan nomor (No.) usulan yang sama.",
    "Kolom bertanda daftar pilihan hanya menerima isi lembar Daftar. Angka boleh ditulis 1250000 atau 1.250.000.",
    "Volume boleh berupa perkalian, misalnya 30 orang × 3 hari × 1 keg. Rumus Excel dibaca sebagai nilainya.",
    "Kode usulan yang terisi memperbarui usulan itu; rincian, porsi dan indikatornya diganti dengan isi berkas ini.",
    "Usulan yang keadaannya terkunci sudah dikirim dan tidak dibaca kembali.",
    "Bila ada satu kesalahan saja, tidak ada yang disimpan; portal menunjukkan lembar, baris dan kolomnya.",
)
