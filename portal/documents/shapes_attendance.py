"""The facts of papers about who comes: attendance sheets, cards, certificates (domain §2.2 B)."""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Letterhead, Signature
from portal.documents.shapes_programs import Row


class AttendeeRow(TypedDict):
    """One person on a sheet. `came`, `state` and `note` are empty on a sheet for signing."""

    number: str
    name: str
    nip: str  # spaced
    rank: str
    title: str
    office: str
    came: str  # "08.41"
    state: str  # "Hadir", "Terlambat", "Izin", "Tidak hadir", "–"
    note: str
    is_odd: bool  # signs at the left


class AttendeeGroup(TypedDict):
    """The people of one kind: "Utusan kabupaten/kota"."""

    name: str
    rows: list[AttendeeRow]


class AttendanceSheet(TypedDict):
    """Daftar hadir of a half-day or a session: for signing, or filled with what was recorded."""

    title: str
    short_title: str
    letterhead: Letterhead
    signing: bool
    heading: list[str]
    head: list[Row]  # Acara, Hari/Tanggal, Waktu, Tempat
    zone: str
    groups: list[AttendeeGroup]
    spare: list[AttendeeRow]  # empty rows for those who come without being on the list
    counted: str  # "Hadir 92 (sembilan puluh dua) orang dari 96 orang yang terdaftar."
    totals: list[Row]  # "Hadir", "88"
    signatures: list[Signature]


class Card(TypedDict):
    """One participant's card. `url` is in its QR code and secret: whoever has it is taken for this person."""

    name: str
    title: str
    office: str
    category: str
    url: str


class Cards(TypedDict):
    """Cards to cut, eight on a sheet."""

    title: str
    short_title: str
    author: str
    event: str  # "Rakor Atambua 2019"
    when: str  # "24–26 April 2019 · Hotel Matahari, Atambua"
    sheets: list[Sheet]


class Sheet(TypedDict):
    """Up to eight cards."""

    cards: list[Card]


class Certificate(TypedDict):
    """The certificate of one person."""

    name: str
    title: str
    office: str
    role: str  # "Peserta", "Narasumber"
    text: str  # "atas kehadirannya pada 6 (enam) dari 6 (enam) paruh hari"


class Certificates(TypedDict):
    """Certificates of attendance, a page each."""

    title: str
    short_title: str
    letterhead: Letterhead
    event: str  # full name of the edition
    when: str  # "di Hotel Matahari, Atambua, pada tanggal 24–26 April 2019"
    certificates: list[Certificate]
    signature: list[Signature]
