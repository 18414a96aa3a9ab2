"""What the nomenclature's codes mean beyond the table itself: names of programs, and the place holder of an urusan."""

from __future__ import annotations

PROGRAMS = {
    "3.30.04": "Program Stabilisasi Harga Barang Kebutuhan Pokok dan Barang Penting",
    "3.31.01": "Program Penunjang Urusan Pemerintahan Daerah",
    "3.31.02": "Program Perencanaan dan Pembangunan Industri",
    "3.31.03": "Program Pengendalian Izin Usaha Industri",
    "3.31.04": "Program Pengelolaan Sistem Informasi Industri Nasional",
}
"""Source: Kepmendagri 900.1.15.5-1317/2023 and its updates (domain §3.4)."""

ANY_URUSAN, INDUSTRY = "X.XX", "3.31"


def official_code(code: str) -> str:
    """The code with the urusan of industry in place of "X.XX", as SIPD wants it: "3.31.01.1.06.0009"."""
    return code.replace(ANY_URUSAN, INDUSTRY, 1) if code.startswith(ANY_URUSAN) else code


def program_name(program_code: str) -> str:
    """What a program is called; "" for a code that is not in the nomenclature."""
    return PROGRAMS.get(official_code(program_code), "")
