"""The facts of the committee's own papers: the decree that appoints it, and its report (domain §2.2 H and I).

A clause ("KESATU") and the sums of decisions are those of berita acara.
"""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Html, Letterhead, Signature
from portal.documents.shapes_agreements import Clause, RegencyTotal, Totals


class SeatHolder(TypedDict):
    """Somebody on the committee; `nip` is "" where it is not printed."""

    name: str
    nip: str
    title: str


class Seat(TypedDict):
    """One seat of the committee with everybody who holds it: "Seksi persidangan dan acara"."""

    seat: str
    people: list[SeatHolder]


class Decree(TypedDict):
    """Keputusan pembentukan panitia with its Lampiran. Empty lists are not printed, nor is their word."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str  # "RANCANGAN" or ""
    office: str  # who decides: "Kepala Dinas Perindustrian dan Perdagangan Provinsi …"
    number: str  # "" prints dots
    about: str  # behind TENTANG
    considering: list[str]  # Menimbang
    recalling: list[str]  # Mengingat
    observing: list[str]  # Memperhatikan
    decisions: list[Clause]
    place: str  # Ditetapkan di
    date: str  # "12 Maret 2019" or "" (dots)
    signatures: list[Signature]
    copies_to: list[str]  # Tembusan
    committee: str  # title of the Lampiran: "Susunan Panitia Rapat Koordinasi …"
    seats: list[Seat]


class ReportPart(TypedDict):
    """A part with its own small heading: "1. Umum"."""

    heading: str
    text: Html


class AttendanceLine(TypedDict):
    """One list of the door: "Rabu, 24 April 2019", "pagi" and how many were in which state."""

    day: str
    half: str
    expected: str
    present: str
    late: str
    excused: str
    absent: str


class CategoryLine(TypedDict):
    """How many of a category were registered, and how many of them came at least once."""

    category: str
    registered: str
    present: str


class CommitteeReport(TypedDict):
    """Laporan panitia A–E; its figures stand in a Lampiran, left out where there are none."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str  # "RANCANGAN" or ""
    number: str
    about: str
    introduction: list[ReportPart]  # A. Pendahuluan
    activities: Html  # B. Kegiatan yang dilaksanakan
    results: Html  # C. Hasil yang dicapai
    conclusions: list[ReportPart]  # D. Simpulan dan saran
    closing: Html  # E. Penutup
    place: str  # Dibuat di
    date: str
    signatures: list[Signature]
    attachments: list[str]  # what is handed over with it
    categories: list[CategoryLine]
    attendance: list[AttendanceLine]
    totals: list[Totals]  # none or one
    regencies: list[RegencyTotal]


class SummedReport(CommitteeReport):
    """Laporan panitia from version 2 on: it sums its participants up and names what waits for a decision."""

    categories_total: list[CategoryLine]  # none or one: the sum of `categories`
    undecided: str  # "Pembahasan belum selesai: …", printed above the sums of decisions; "" where all are decided
