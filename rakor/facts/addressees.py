"""How letters address offices and heads of regions, and how to tell one from the other."""

from __future__ import annotations

import re

_TITLES = r"yth\.?|bapak|ibu|sdr\.?|saudara|pjs?\.?|plt\.?|plh\.?|penjabat|pelaksana \w+|wakil|drs?\.?|hj?\.?"
_HEAD = re.compile(rf"^(?:(?:{_TITLES})[\s.,/]+)*(?:bupati|wali\s*-?\s*kota|gubernur)\b", re.IGNORECASE)


def names_head_of_region(addressee: str) -> bool:
    """Whether the words address a Bupati, Wali Kota or Governor (domain §2.2 A): "Pj. Bupati Belu", "Walikota Kupang".

    An office of the region ("Asisten Bupati", "Sekretariat Daerah") is none.
    """
    return bool(_HEAD.match(" ".join(addressee.split())))


def head_of_region(kind: str, bare_name: str) -> str:
    """ "Bupati Belu", "Wali Kota Kupang"."""
    return f"Wali Kota {bare_name}" if kind == "kota" else f"Bupati {bare_name}"


def head_of_office(agency_name: str) -> str:
    """ "Kepala Dinas Perindustrian dan Perdagangan Kabupaten Belu"; an office whose name is no office's stays."""
    return agency_name if agency_name.casefold().startswith("kepala ") else f"Kepala {agency_name}"
