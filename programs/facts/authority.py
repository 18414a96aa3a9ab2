"""Which government's sub-activities a source of funds may pay.

Source: UU 23/2014 (each budget pays its own codes); PP 12/2019 art. 67: a province may help a regency's own affairs by
earmarked financial assistance, so its budget may stand behind a regency's code too, never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable

PROVINCE, REGENCY, SUPPORT, TRADE = "provinsi", "kabupaten_kota", "penunjang", "perdagangan_kabupaten"

PAYS = {
    "APBD_I": {PROVINCE, SUPPORT, REGENCY},
    "APBD_II": {REGENCY, SUPPORT, TRADE},
    "DAK_FISIK": {REGENCY},
    "DAK_NONFISIK": {REGENCY},
    "DANA_DESA": {REGENCY, TRADE},
}
"""Levels of the nomenclature by source. A source that is not named here (APBN, DBHCHT, KUR, CSR …) pays any level."""

PROVINCIAL_MONEY = {"APBD_I", "APBN"}
"""Sources that may pay a code of the province: its own budget and the ministry's (dekonsentrasi)."""


def misfits(level: str, sources: Iterable[str]) -> list[str]:
    """Keys of those sources that do not pay a sub-activity of this level, in the order given."""
    return [key for key in sources if key in PAYS and level not in PAYS[key]]


def within_authority(level: str, sources: Iterable[str]) -> bool:
    """Whether a code of this level suits at least one of the sources; never without a code or without a source.

    One program may be paid by province and regency together while its code can only be one's own.
    """
    keys = list(sources)
    return bool(level and keys) and len(misfits(level, keys)) < len(keys)
