"""Which government's sub-activities a source of funds may pay: the one table of the self-check and of the points.

Source: domain §3.3 (the sources) and §3.4 (the digit after the program tells whose code it is). Which source pays whose
code is convention, no quoted regulation: each budget pays its own codes; a province may help a regency with
its own affairs, so its budget may stand behind a regency's code too, never the other way.
"""

from __future__ import annotations

from collections.abc import Iterable

PROVINCE, REGENCY, SUPPORT, TRADE = "provinsi", "kabupaten_kota", "penunjang", "perdagangan_kabupaten"

PAYS = {
    "APBN": {PROVINCE, REGENCY, SUPPORT, TRADE},
    "APBD_I": {PROVINCE, REGENCY, SUPPORT},
    "APBD_II": {REGENCY, SUPPORT, TRADE},
    "DAK_FISIK": {REGENCY},
    "DAK_NONFISIK": {REGENCY},
    "DANA_DESA": {REGENCY, TRADE},
}
"""Levels of the nomenclature by source. The ministry (dekonsentrasi) and the province alone pay a province's code."""

OTHERS = {REGENCY, SUPPORT, TRADE}
"""What a source pays that is not named above (DBHCHT, KUR, CSR, the rest)."""


def misfits(level: str, sources: Iterable[str]) -> list[str]:
    """Keys of those sources that do not pay a sub-activity of this level, in the order given."""
    return [key for key in sources if level not in PAYS.get(key, OTHERS)]


def within_authority(level: str, sources: Iterable[str]) -> bool:
    """Whether a code of this level suits at least one of the sources; never without a code or without a source.

    One program may be paid by province and regency together while its code can only be one's own.
    """
    keys = list(sources)
    return bool(level and keys) and len(misfits(level, keys)) < len(keys)
