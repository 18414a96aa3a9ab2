"""How a letter number is written: a pattern of an office, and the parts that fill it (domain §2.3)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = 120
"""Characters that a printed number may have."""

LARGEST = 999_999
"""No office writes more letters a year; a longer number is a slip of the finger."""

KNOWN = ("nomor", "klasifikasi", "kode", "bulan", "bulan_romawi", "tahun")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_PLACE = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"nomor:0([1-9])")
_GLUED = re.compile(r"[0-9}]\{nomor|\{nomor(:0[1-9])?\}[0-9{]")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """What a number is made of: 123 with suffix "a" is the number inserted after 123."""

    sequence: int
    on: dt.date
    suffix: str = ""
    classification: str = ""
    office_code: str = ""


def format_number(pattern: str, parts: NumberParts) -> str:
    """The number as it is printed: "500.9/123.a/DISPERINDAG/IV/2019".

    Errors: ValueError with the first fault of the pattern.
    """
    if faults := pattern_faults(pattern):
        raise ValueError(faults[0])
    return _PLACE.sub(lambda found: _filled(found[1], parts), pattern)


def pattern_faults(pattern: str) -> list[str]:
    """What is wrong with a pattern, as sentences; nothing when every number can be made with it."""
    names = _PLACE.findall(pattern)
    faults = [
        _("Tanda {%(name)s} tidak dikenal. Yang dikenal: %(known)s.")
        % {"name": name, "known": ", ".join(f"{{{each}}}" for each in (*KNOWN[:1], "nomor:03", *KNOWN[1:]))}
        for name in names
        if name not in KNOWN and not _WIDTH.fullmatch(name)
    ]
    if set("{}") & set(_PLACE.sub("", pattern)):
        faults.append(_("Ada kurung kurawal tanpa pasangannya."))
    if not any(name == "nomor" or _WIDTH.fullmatch(name) for name in names):
        faults.append(_("Pola harus memuat {nomor}; tanpa itu semua surat bernomor sama."))
    elif _GLUED.search(pattern):
        faults.append(_("Beri pemisah, misalnya garis miring, di kedua sisi {nomor}; tanpa itu 1 dan 12 tertukar."))
    return faults


def missing_codes(pattern: str, classification: str, office_code: str) -> dict[str, str]:
    """The codes that a pattern asks for and the register does not have: {field name: sentence}."""
    asked = set(_PLACE.findall(pattern))
    faults = {}
    if "klasifikasi" in asked and not classification:
        faults["classification"] = _("Pola memuat {klasifikasi}, jadi kode klasifikasi wajib diisi.")
    if "kode" in asked and not office_code:
        faults["office_code"] = _("Pola memuat {kode}, jadi kode perangkat daerah wajib diisi.")
    return faults


def _filled(name: str, parts: NumberParts) -> str:
    if width := _WIDTH.fullmatch(name):
        return _numeral(f"{parts.sequence:0{width[1]}}", parts.suffix)
    return {
        "nomor": _numeral(str(parts.sequence), parts.suffix),
        "klasifikasi": parts.classification,
        "kode": parts.office_code,
        "bulan": str(parts.on.month),
        "bulan_romawi": ROMAN[parts.on.month - 1],
        "tahun": str(parts.on.year),
    }[name]


def _numeral(digits: str, suffix: str) -> str:
    return f"{digits}.{suffix}" if suffix else digits
