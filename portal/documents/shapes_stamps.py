"""What becomes visible where somebody signs electronically."""

from __future__ import annotations

from typing import TypedDict


class Stamp(TypedDict):
    """One signer. The time is not printed: the signature itself holds it, and the stamp is made before."""

    name: str
    office: str
    kind_line: str  # "Sertifikat portal (tidak tersertifikasi)" or "Sertifikat BSrE"
    code: str  # of the paper, as people see it: ABCDE-FGHJK
    verify_url: str


class Stamps(TypedDict):
    """All signers of one paper: one page each."""

    title: str
    stamps: list[Stamp]
