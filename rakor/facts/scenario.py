"""The synthetic edition with known totals: which proposals 22 regencies bring, and what their desks decide.

Source: domain §8.3. i = 0…21 in the order of the codes 53.01 … 53.21, 53.71; j = 1…6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SOURCES = ("APBN", "DAK_FISIK", "DAK_NONFISIK", "APBD_I", "APBD_II")
UNIT_RUPIAH = 50_000_000
PER_REGENCY = 6
PHYSICAL = "DAK_FISIK"

Line = tuple[str, str, str, str, int]
"""Account code, description, quantity in words, unit, unit price in rupiah."""


@dataclass(frozen=True)
class Planned:
    """Proposal j of regency number i: its money by the rule, and what its desk will decide."""

    i: int
    j: int

    @property
    def source(self) -> str:
        """Key of its only funding source."""
        return SOURCES[(self.i + self.j) % len(SOURCES)]

    @property
    def units(self) -> int:
        """1…9, the size of the proposal."""
        return 1 + (7 * self.i + 3 * self.j) % 9

    @property
    def rupiah(self) -> int:
        """The proposed sum; buildings cost ten times as much."""
        return UNIT_RUPIAH * self.units * (10 if self.source == PHYSICAL else 1)

    @property
    def decision(self) -> str:
        """The verdict's key."""
        k = (3 * self.i + 5 * self.j) % 16
        for limit, decision in ((8, "disepakati"), (11, "perbaikan"), (13, "ditunda"), (15, "tidak_disepakati")):
            if k < limit:
                return decision
        return "dialihkan"

    @property
    def lines(self) -> list[Line]:
        """Twelve cost lines whose sum is `rupiah` to the last one."""
        make = _building if self.source == PHYSICAL else _training
        return list(make(self.units))


def planned(regencies: int = 22) -> list[Planned]:
    """All proposals in the order of the rule: 132 for 22 regencies."""
    return [Planned(i, j) for i in range(regencies) for j in range(1, PER_REGENCY + 1)]


def _training(n: int) -> Iterator[Line]:
    """Twelve lines of n × 50 million."""
    yield "5.1.02.02.01.0003", "Honorarium narasumber", f"{4 * n} orang × 5 jam", "orang jam", 100_000
    yield "5.1.02.02.01.0003", "Honorarium instruktur", f"{2 * n} orang × 5 hari", "orang hari", 250_000
    yield "5.1.02.02.01.0026", "Uang harian peserta", f"{20 * n} orang × 5 hari", "orang hari", 50_000
    yield "5.1.02.01.01.0052", "Konsumsi peserta dan panitia", f"{25 * n} orang × 5 hari × 2 kali", "porsi", 10_000
    yield "5.1.02.04.01.0003", "Akomodasi peserta", f"{20 * n} orang × 4 malam", "orang malam", 50_000
    yield "5.1.02.04.01.0003", "Transpor lokal peserta", f"{20 * n} orang × 2 kali", "orang kali", 50_000
    yield "5.1.02.01.01.0004", "Bahan praktik", f"{10 * n} paket", "paket", 750_000
    yield "5.1.02.01.01.0030", "Peralatan kerja kelompok", f"{8 * n} unit", "unit", 1_500_000
    yield "5.1.02.01.01.0024", "Alat tulis peserta", f"{20 * n} set", "set", 50_000
    yield "5.1.02.01.01.0026", "Cetak modul", f"{50 * n} buku", "buku", 25_000
    yield "5.1.02.04.01.0001", "Perjalanan dinas pendampingan", f"{4 * n} orang × 5 kali", "orang kali", 200_000
    yield "5.1.02.02.01.0080", "Dokumentasi dan pelaporan", f"{n} paket", "paket", 6_250_000


def _building(n: int) -> Iterator[Line]:
    """Twelve lines of n × 500 million."""
    yield "5.2.03.01.01.0001", "Perencanaan teknis (DED)", f"{n} dokumen", "dokumen", 15_000_000
    yield "5.2.03.01.01.0001", "Pengawasan pekerjaan", f"{n} paket", "paket", 20_000_000
    yield "5.2.03.01.01.0006", "Pematangan lahan", f"{200 * n} m²", "m²", 100_000
    yield "5.2.03.01.01.0006", "Gedung produksi", f"{40 * n} m²", "m²", 4_000_000
    yield "5.2.03.01.01.0006", "Gudang bahan baku", f"{15 * n} m²", "m²", 3_000_000
    yield "5.2.03.01.01.0006", "Ruang pamer", f"{10 * n} m²", "m²", 3_500_000
    yield "5.2.04.03.05.0001", "Instalasi listrik", f"{n} paket", "paket", 25_000_000
    yield "5.2.04.03.01.0001", "Instalasi air bersih", f"{n} paket", "paket", 15_000_000
    yield "5.2.02.10.01.0002", "Mesin produksi", f"{10 * n} unit", "unit", 12_000_000
    yield "5.2.02.10.01.0003", "Peralatan penunjang produksi", f"{20 * n} set", "set", 1_250_000
    yield "5.1.02.02.01.0026", "Pelatihan operator mesin", f"{10 * n} orang × 5 hari", "orang hari", 200_000
    yield "5.1.02.02.01.0080", "Administrasi dan pelaporan", f"{n} paket", "paket", 10_000_000


# j: (title, sub-activity, kind of help, output indicator, unit of it, how many per unit of size)
SUBJECTS = {
    1: ("Revitalisasi sentra IKM {product}", "3.31.02.2.01.0004", "sentra", "Sentra IKM direvitalisasi", "Sentra"),
    2: ("Bantuan mesin dan peralatan bagi kelompok {product}", "3.31.02.2.01.0005", "mesin_bantuan",
        "Kelompok menerima mesin/peralatan", "Kelompok"),
    3: ("Pelatihan teknis dan sertifikasi kompetensi perajin {product}", "3.31.02.2.01.0003", "diklat",
        "Tenaga kerja IKM bersertifikat", "Orang"),
    4: ("Fasilitasi halal, HKI dan kemasan produk {product}", "3.31.02.2.01.0005", "halal",
        "IKM difasilitasi sertifikasi", "IKM"),
    5: ("Promosi dan temu usaha {product}", "3.31.02.2.01.0005", "pameran", "IKM mengikuti promosi", "IKM"),
    6: ("Pendataan IKM {product} dalam SIINas", "3.31.04.2.01.0001", "perencanaan", "IKM terdata dalam SIINas", "IKM"),
}  # fmt: skip

REASONS = {
    "perbaikan": "Volume disesuaikan dengan hasil verifikasi; selisihnya menambah rincian lain sehingga pagu tetap.",
    "ditunda": "Status lahan dan kesiapan lokasi belum lengkap; diusulkan kembali pada tahun berikutnya.",
    "tidak_disepakati": "Sudah dibiayai program lain pada lokasi dan kelompok yang sama.",
    "dialihkan": "Lebih sesuai dengan ketentuan sumber dana lain.",
}
"""Why a desk does not simply agree."""

REDIRECTED_TO = {"APBN": "DAK_NONFISIK", "DAK_FISIK": "APBN", "DAK_NONFISIK": "APBD_I", "APBD_I": "APBD_II",
                 "APBD_II": "DANA_DESA"}  # fmt: skip
"""Where money that is redirected goes."""

SHIFTED = (2, 3)
"""Numbers (from 0) of the two lines between which an amended proposal shifts a tenth of the first."""


def verdict_of(plan: Planned) -> dict:
    """What the desk says: decision, reason, source redirected to, and changed lines {number: (rupiah, reason)}."""
    found = {"decision": plan.decision, "reason": REASONS.get(plan.decision, ""), "redirect_to": "", "lines": {}}
    if plan.decision == "dialihkan":
        found["redirect_to"] = REDIRECTED_TO[plan.source]
    if plan.decision == "perbaikan":
        amounts = [amount_of(line) for line in plan.lines]
        less, more = SHIFTED
        tenth = amounts[less] // 10
        found["lines"] = {
            less: (amounts[less] - tenth, "Volume dikurangi sepersepuluh sesuai hasil verifikasi."),
            more: (amounts[more] + tenth, "Ditambah dari penghematan rincian sebelumnya."),
        }
    return found


def amount_of(line: Line) -> int:
    """Quantity times unit price of a planned line, in rupiah."""
    quantity = 1
    for factor in line[2].split(" × "):
        quantity *= int(factor.split()[0])
    return quantity * line[4]
