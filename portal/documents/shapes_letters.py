"""The facts of a surat undangan with its attachments (domain §2.2 A)."""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Letterhead


class LetterSigner(TypedDict):
    """Who signs a letter. The head of a region has neither rank nor NIP."""

    on_behalf: list[str]  # ["a.n. Gubernur Nusa Tenggara Timur"], with "u.b." as its own line; empty for himself
    office: str  # "Plt. Kepala Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"
    name: str
    rank: str
    nip: str  # spaced: "19650101 199003 1 001"


class WhenRow(TypedDict):
    """One line of the aligned block: "hari, tanggal" and what it says; several lines are numbered."""

    label: str
    lines: list[str]


class InvitedRow(TypedDict):
    """One of the list of those who are invited."""

    addressee: str
    place: str


class ProgrammeRow(TypedDict):
    """One row of the attached programme. `is_break` rows are tinted."""

    time: str  # "09.00–09.45"
    title: str
    details: list[str]
    speakers: list[str]
    room: str
    is_break: bool


class ProgrammeDay(TypedDict):
    """One day of the attached programme."""

    date: str  # "Rabu, 24 April 2019"
    rows: list[ProgrammeRow]


class InvitationLetter(TypedDict):
    """Surat undangan to one recipient. Attachments that are empty are not printed."""

    title: str
    short_title: str  # foot of every page
    letterhead: Letterhead
    head_of_region: bool  # the kop names the head of the region himself
    status: str  # "RANCANGAN" or ""
    place_date: str  # "Kupang, 13 Maret 2019"
    number: str
    urgency: str  # "Biasa", "Segera", "Sangat Segera"
    attached: str  # "3 (tiga) berkas" or "–"
    subject: str
    addressee: str
    place: str  # "Atambua"
    opening: list[str]
    when: list[WhenRow]
    notes: list[str]
    closing: list[str]
    signer: LetterSigner
    copies_to: list[str]
    annex_of: str  # "Surat Kepala Dinas … Provinsi …"
    annex_date: str  # "13 Maret 2019"
    invited_title: str  # "Lampiran I", "" when not attached
    invited: list[InvitedRow]
    programme_title: str  # "Lampiran II", "" when not attached
    programme_name: str
    zone: str
    programme: list[ProgrammeDay]
    data_title: str  # "Lampiran III", "" when not attached
    data: list[str]
