"""Pieces that the facts of several papers have in common."""

from __future__ import annotations

from typing import NewType, NotRequired, TypedDict

Html = NewType("Html", str)
"""Markup made by `portal.kernel.markup.to_html`; sanitised again when the paper is rendered."""


class EmblemPicture(TypedDict):
    """A picture of the kop: the fetcher finds it by its hash."""

    sha256: str
    name: str  # "Lambang Provinsi Nusa Tenggara Timur", read aloud in its place


class Letterhead(TypedDict):
    """The kop: one or two lines of the parent body, the office (larger, bold), and its address."""

    lines: list[str]
    office: str
    address: list[str]
    emblem: NotRequired[EmblemPicture]  # missing where none is stored, and in papers ordered before there were any


class Signature(TypedDict):
    """One signature block, read from a position: "a.n. Gubernur …" / "Plt. Kepala Dinas …" / name / rank / NIP."""

    caption: str  # above the office: "Pimpinan Rapat", "Pencatat" or ""
    place_date: str  # "Atambua, 26 April 2019" or ""
    on_behalf: str  # "a.n. Gubernur Nusa Tenggara Timur" or ""
    office: str  # "Plt. Kepala Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"
    name: str
    rank: str  # "Pembina Utama Muda" or ""
    nip: str  # 18 digits or ""
