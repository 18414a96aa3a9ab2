"""How letters address offices and heads of regions, and how to tell one from the other."""

from __future__ import annotations

import re

# Points belong to what stands between titles alone: with two places for one point "Yth. Yth. …" takes for ever.
_TITLES = (
    r"kepada|yth|yang terhormat|para|bapak|bpk|ibu|sdri?|saudara|saudari|pjs?|plt|plh|penjabat|pejabat|pelaksana \w+"
    r"|wakil|prof|drs?|dra|ir|hj?"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # what word processors leave between letters
_HEAD = re.compile(rf"^(?:(?:{_TITLES})[\s.,/]+)*(?:bupati|wali\s*-?\s*kota|gubernur)\b", re.IGNORECASE)


def names_head_of_region(addressee: str) -> bool:
    """Whether the words address a Bupati, Wali Kota or Governor (domain §2.2 A): "Pj. Bupati Belu", "Walikota Kupang".

    An office of the region ("Asisten Bupati", "Sekretariat Daerah") is none.
    """
    return bool(_HEAD.match(" ".join(_UNSEEN.sub("", addressee).split())))


def head_of_region(kind: str, bare_name: str) -> str:
    """ "Bupati Belu", "Wali Kota Kupang"."""
    return f"Wali Kota {bare_name}" if kind == "kota" else f"Bupati {bare_name}"


def head_of_office(agency_name: str) -> str:
    """ "Kepala Dinas Perindustrian dan Perdagangan Kabupaten Belu"; an office whose name is no office's stays."""
    return agency_name if agency_name.casefold().startswith("kepala ") else f"Kepala {agency_name}"
