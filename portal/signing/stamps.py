"""What becomes visible where somebody signs: drawn once, when the paper is frozen; signing takes its page as it is."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass

import pikepdf

WIDTH_MM, HEIGHT_MM = 62, 24
"""Measure of a stamp, and of the field it goes into."""

LOCAL_LINE = "Sertifikat portal (tidak tersertifikasi)"
"""What `Card.kind_line` says: only portal signatures show a card, the service of BSrE draws its own."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the stamp of one signer says. `code` as people see it; `verify_url` is what the QR code leads to."""

    name: str
    office: str
    kind_line: str
    code: str
    verify_url: str


def stamps_pdf(cards: list[Card], title: str = "Tanda tangan") -> bytes:
    """One page per card, in their order. Only in a worker: this renders.

    Errors: FactsError, RenderingError (portal.documents).
    """
    from portal.documents.actions import draw_stamps

    return draw_stamps({"title": title, "stamps": [asdict(card) for card in cards]})


def address_of(stamps: bytes) -> str:
    """The address in the QR codes of these stamps, for a service that draws its own."""
    with pikepdf.open(io.BytesIO(stamps)) as pdf:
        return str(pdf.docinfo.get("/Subject", ""))
