"""The workbook from which a list of contracts is made: one sheet, one row per extension worker."""

from __future__ import annotations

from programs.facts.workbook import CHOICE, COUNT, MONEY, Column

SHEET = "Kontrak"

COLUMNS: tuple[Column, ...] = (
    Column("No.", "no", COUNT, width=6, hint="Nomor urut, boleh kosong."),
    Column("Nama lengkap", "name", width=32, hint="Dengan gelar, seperti tercetak di kontrak."),
    Column("NIK", "identity_number", width=20, hint="16 angka, ditulis sebagai teks. Penyuluh dikenali dari NIK-nya."),
    Column("Tempat lahir", "birth_place", width=18),
    Column("Tanggal lahir", "birth_on", width=14, hint="Contoh: 17-8-1995."),
    Column("Alamat", "address", width=36),
    Column("Nomor telepon", "phone", width=18),
    Column("Surel", "email", width=26),
    Column("Angkatan", "cohort", CHOICE, "cohorts", 11, "Tahun masuk kuliah program beasiswa."),
    Column("Perguruan tinggi", "school", width=30),
    Column("Program studi", "programme", width=24),
    Column("Kabupaten/kota penempatan", "regency", CHOICE, "regencies", 28),
    Column("Wilayah kerja", "placement", width=30, hint="Kecamatan atau sentra yang didampingi."),
    Column("Kontrak tahun ke", "contract_year", CHOICE, "years", 11, "Kosong: tahun berikutnya dari penyuluh itu."),
    Column("Honorarium sebulan", "honorarium_rupiah", MONEY, width=18, hint="Kosong: menurut isian bersama."),
    Column("Biaya operasional sebulan", "operational_rupiah", MONEY, width=18, hint="Kosong: menurut isian bersama."),
)
"""Source: the fields of a worker and of his contract, domain §2.2 G and §5.1."""

PERSONAL = ("identity_number", "birth_place", "birth_on", "address", "phone", "email")
"""Fields of a row that are kept only until the contracts are made."""

GUIDE = (
    "Isi lembar Kontrak, satu baris per penyuluh. Nama, angkatan, dan kabupaten/kota penempatan wajib diisi.",
    "Penyuluh yang NIK-nya sudah ada di register dikenali dan datanya tidak diubah; yang belum ada didaftarkan.",
    "NIK 16 angka ditulis sebagai teks: bila Excel mengubahnya menjadi 5,30E+15, beri tanda petik di depannya.",
    "Kabupaten/kota, angkatan, dan tahun kontrak dipilih dari daftar. Tanggal boleh 17-8-1995 atau 1995-08-17.",
    "Templat naskah, masa kontrak, honorarium, tempat dan tanggal penandatanganan diisi satu kali di portal.",
    "Baris yang salah tidak menghalangi yang benar: perbaiki barisnya, lalu unggah berkas yang sama sekali lagi.",
    "Berkas yang sama dua kali tidak membuat kontrak ganda: satu penyuluh satu kontrak setiap tahun kontrak.",
)
