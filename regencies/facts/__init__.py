"""What papers say of an office and of who signs for it. The shapes are those of portal.documents.shapes."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import override

from portal.documents.shapes import Letterhead, Signature

REGION = re.compile(r"\b(Kabupaten|Kota|Provinsi) (?=\S)", re.IGNORECASE)


def unbroken(name: str) -> str:
    """The name of an office, with a space that does not break after the kind of its region."""
    return REGION.sub("\\1\u00a0", name)


def letterhead_facts(agency: Any) -> Letterhead:
    """The kop of an office: the body above it, its name in large letters, its address (empty lines left out).

    A long name breaks before "Kabupaten Belu", never within it.
    Source: Permendagri 1/2023; line 1 to line 2 as 3 to 4 is the style sheet's work (domain §2.1).
    """
    head: Letterhead = {
        "lines": _lines(agency.letterhead_top),
        "office": unbroken(agency.letterhead_name or agency.name),
        "address": _lines(agency.letterhead_address),
    }
    return with_emblem(head, agency.kop_emblem)


def with_emblem(head: Letterhead, emblem: Any) -> Letterhead:
    """The kop with that picture; as it is without one. A paper is Indonesian whoever orders it."""
    if emblem is None:
        return head
    with override("id"):
        return {**head, "emblem": {"sha256": emblem.sha256, "name": str(emblem)}}


def signature_block(position: Any, *, caption: str = "", place_date: str = "", on_behalf: str = "") -> Signature:
    """The block a position signs with: "Plt. Kepala Dinas …", name, rank, NIP as 8-6-1-3 digits.

    `caption` stands above ("Pimpinan Rapat"), `on_behalf` is the whole line "a.n. Gubernur …" or "".
    """
    return {
        "caption": caption,
        "place_date": place_date,
        "on_behalf": on_behalf,
        "office": office_line(position.full_title, position.agency.name),
        "name": position.person.display_name,
        "rank": position.rank,
        "nip": spaced_nip(position.employee_number),
    }


def office_line(title: str, agency_name: str) -> str:
    """The title with the office it belongs to, once: "Plt. Kepala" + "Dinas X" or "Kepala Dinas" + "Dinas X".

    A title that names more than the bare office stays as somebody wrote it.
    """
    if agency_name.casefold() in title.casefold():
        return title
    kind, _space, _rest = agency_name.partition(" ")
    stem = title.removesuffix(f" {kind}")
    return f"{stem} {agency_name}" if stem.endswith("Kepala") else title


def spaced_nip(number: str) -> str:
    """An employee number as letters print it: "19650101 199003 1 001"."""
    if len(number) != 18:
        return number
    return f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
