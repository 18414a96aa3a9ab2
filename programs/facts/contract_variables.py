"""The variables that texts of contracts may hold, per kind of paper: what each is called, an example, where it is from.

A template writes "{wilayah_kerja}". Beside these, a template may ask for entries of its own: "{isian_sumber_dana}" is
filled from what the contract's form was given under "sumber_dana" (`Contract.extra`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

TPL, MOU = "kontrak_tpl", "nota_kesepahaman"
OWN_PREFIX = "isian_"
"""What a variable of the template's own begins with."""

DOTS = "........................"
"""Left open on paper, to be written by hand."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `source` says to the writer of a template where the value is taken from."""

    name: str
    label: str
    group: str
    sample: str | tuple[str, ...]
    source: str

    @property
    def is_list(self) -> bool:
        """Whether it stands for several things: lettered when it stands alone in its paragraph."""
        return isinstance(self.sample, tuple)


_PAPER, _FIRST, _SECOND, _WORKER, _TERM, _MANDATE = (
    _("Naskah"), _("PIHAK KESATU"), _("PIHAK KEDUA"), _("Penyuluh"), _("Jangka waktu dan hak"), _("Mandat"),
)  # fmt: skip
_DAY = _("tanggal penandatanganan yang direncanakan; tanpa tanggal menjadi titik-titik")


def _party(prefix: str, group: str, *said: str) -> tuple[Variable, ...]:
    name, title, office, acts = said
    return (
        Variable(f"{prefix}_nama", _("Nama"), group, name, _("penanda tangan")),
        Variable(f"{prefix}_jabatan", _("Jabatan"), group, title, _("jabatan penanda tangan")),
        Variable(f"{prefix}_instansi", _("Instansi"), group, office, _("kantor dari jabatan itu")),
        Variable(f"{prefix}_bertindak", _("Bertindak untuk"), group, acts, _("isian “bertindak untuk” penanda tangan")),
    )


def _witnesses(*people: tuple[str, str]) -> tuple[Variable, ...]:
    named, offices = tuple(", ".join(person) for person in people), tuple(office for _name, office in people)
    return (
        Variable("saksi", _("Saksi-saksi dengan jabatan"), _PAPER, named, _("saksi yang ditetapkan pada naskah")),
        Variable("saksi_jabatan", _("Jabatan para saksi"), _PAPER, offices, _("saksi yang ditetapkan pada naskah")),
    )


def _number(sample: str) -> Variable:
    return Variable("nomor", _("Nomor naskah"), _PAPER, sample, _("register nomor, saat disetujui"))


_COMMON = (
    Variable("tempat", _("Tempat penandatanganan"), _PAPER, "Atambua", _("isian tempat penandatanganan")),
    Variable("tanggal_penandatanganan", _("Tanggal penandatanganan"), _PAPER, "24 April 2019", _DAY),
    Variable(
        "tanggal_terbilang", _("Hari dan tanggal, ditulis dengan kata"), _PAPER,
        "hari ini Rabu, tanggal dua puluh empat, bulan April, tahun dua ribu sembilan belas", _DAY,
    ),
    Variable("tahun", _("Tahun penandatanganan"), _PAPER, "2019", _DAY),
    Variable("provinsi", _("Provinsi"), _PAPER, "Provinsi Nusa Tenggara Timur", _("provinsi kabupaten/kota")),
    Variable("kabupaten", _("Kabupaten/kota"), _PAPER, "Kabupaten Belu", _("kabupaten/kota naskah")),
    Variable("ibu_kota", _("Ibu kota kabupaten/kota"), _PAPER, "Atambua", _("kabupaten/kota naskah")),
)  # fmt: skip

_EMPLOYMENT = (
    _number("17/IKM/KK/4/2019"),
    *_COMMON,
    *_witnesses(
        ("Nama Bupati Contoh", "Bupati Belu"),
        ("Nama Kepala Dinas Contoh",
         "Plt. Kepala Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"),
    ),
    *_party("pihak_kesatu", _FIRST, "Nama Kepala Dinas Belu Contoh, S.E.",
            "Kepala Dinas Perdagangan dan Perindustrian Kabupaten Belu",
            "Dinas Perdagangan dan Perindustrian Kabupaten Belu", "untuk dan atas nama Pemerintah Kabupaten Belu"),
    Variable("penyuluh_nama", _("Nama penyuluh"), _WORKER, "Nama Penyuluh Contoh, A.Md.", _("register penyuluh")),
    Variable("penyuluh_nik", _("NIK"), _WORKER, "5304010101950001", _("register penyuluh")),
    Variable("penyuluh_lahir", _("Tempat dan tanggal lahir"), _WORKER, "Atambua, 1 Januari 1995",
             _("register penyuluh")),
    Variable("penyuluh_alamat", _("Alamat"), _WORKER, "Jalan Contoh Nomor 1, Atambua", _("register penyuluh")),
    Variable("penyuluh_pendidikan", _("Perguruan tinggi dan program studi"), _WORKER,
             "Politeknik STTT Bandung, Teknik Tekstil", _("register penyuluh")),
    Variable("angkatan", _("Angkatan"), _WORKER, "2014", _("register penyuluh")),
    Variable("jenis_penyuluh", _("Jenis penyuluh"), _WORKER, "TPL-IKM program beasiswa", _("register penyuluh")),
    Variable("wilayah_kerja", _("Wilayah kerja"), _WORKER, "Kecamatan Atambua Selatan, Kabupaten Belu",
             _("isian wilayah kerja, atau penempatan penyuluh")),
    Variable("tahun_kontrak", _("Kontrak tahun ke-, dengan kata"), _TERM, "pertama", _("isian kontrak tahun ke-")),
    Variable("tanggal_mulai", _("Tanggal mulai"), _TERM, "1 Mei 2019", _("isian tanggal mulai")),
    Variable("tanggal_berakhir", _("Tanggal berakhir"), _TERM, "30 April 2020", _("isian tanggal berakhir")),
    Variable("jangka_waktu", _("Lamanya, dengan terbilang"), _TERM, "12 (dua belas) bulan",
             _("dihitung dari tanggal mulai dan berakhir")),
    Variable("honorarium", _("Honorarium sebulan, dengan terbilang"), _TERM,
             "Rp2.400.000 (dua juta empat ratus ribu rupiah)", _("isian honorarium")),
    Variable("biaya_operasional", _("Biaya operasional sebulan, dengan terbilang"), _TERM,
             "Rp500.000 (lima ratus ribu rupiah)", _("isian biaya operasional; isi 0 bila tidak ada")),
)  # fmt: skip

_MEMORANDUM = (
    _number("500.9/17/DPP/IV/2019"),
    *_COMMON,
    *_witnesses(("Nama Gubernur Contoh", "Gubernur Nusa Tenggara Timur")),
    *_party("pihak_kesatu", _FIRST, "Nama Kepala Dinas Contoh, S.Sos., M.Si.",
            "Kepala Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur",
            "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur",
            "untuk dan atas nama Pemerintah Provinsi Nusa Tenggara Timur"),
    *_party("pihak_kedua", _SECOND, "Nama Kepala Dinas Belu Contoh, S.E.",
            "Kepala Dinas Perdagangan dan Perindustrian Kabupaten Belu",
            "Dinas Perdagangan dan Perindustrian Kabupaten Belu", "untuk dan atas nama Pemerintah Kabupaten Belu"),
    Variable("nomor_pihak_lain", _("Nomor pada PIHAK KEDUA"), _PAPER, "530/41/IV/2019",
             _("isian nomor pihak lain; tanpa nomor menjadi titik-titik")),
    Variable("bidang_mandat", _("Bidang mandat"), _MANDATE,
             ("industri kompetensi inti daerah", "One Village One Product (OVOP)", "industri kreatif",
              "industri agro"), _("bidang mandat yang dipilih pada naskah")),
    Variable("jumlah_bidang", _("Jumlah bidang, dengan terbilang"), _MANDATE, "4 (empat)",
             _("bidang mandat yang dipilih pada naskah")),
    Variable("jangka_waktu", _("Lamanya, dengan terbilang"), _MANDATE, "36 (tiga puluh enam) bulan",
             _("isian jangka waktu; mandat berlaku sejak hari penandatanganan")),
)  # fmt: skip

VARIABLES: dict[str, tuple[Variable, ...]] = {
    TPL: _EMPLOYMENT,
    MOU: _MEMORANDUM,
}
"""By kind of contract (programs.models.ContractKind)."""

OWN = re.compile(rf"{OWN_PREFIX}[a-z0-9_]{{1,40}}")


def is_own(name: str) -> bool:
    """Whether it is a variable of the template's own."""
    return OWN.fullmatch(name) is not None


def own_key(name: str) -> str:
    """The key in `Contract.extra`: "isian_sumber_dana" is kept as "sumber_dana"."""
    return name.removeprefix(OWN_PREFIX)


def own_label(name: str) -> str:
    """What a form calls it: "Sumber dana"."""
    return own_key(name).replace("_", " ").strip().capitalize() or name


def sample_values(kind: str) -> dict[str, str | list[str]]:
    """An example of every variable of the kind, for previews."""
    return {row.name: list(row.sample) if row.is_list else str(row.sample) for row in VARIABLES[kind]}


def label_of(kind: str, name: str) -> str:
    """What people call the variable; not translated yet."""
    if is_own(name):
        return own_label(name)
    found = next((row for row in VARIABLES[kind] if row.name == name), None)
    if found is None:
        return name
    return f"{found.label} {found.group}" if found.group in (_FIRST, _SECOND) else found.label
