"""The facts of contracts and memoranda: what the parties agree on, and a named place for everybody who signs.

Both kinds have one shape (domain §2.2 F and G); they differ in the head and in how many numbers they bear.
"""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Html, Letterhead


class Labelled(TypedDict):
    """One line of who somebody is: "NIP", "19650101 199003 1 001"."""

    label: str
    value: str


class ContractParty(TypedDict):
    """One party as the paper introduces it."""

    role: str  # "PIHAK KESATU"
    rows: list[Labelled]  # Nama, NIP, Jabatan … only those that have a value
    acts_for: str  # "bertindak untuk dan atas nama Pemerintah Kabupaten Belu"


class ContractClause(TypedDict):
    """One pasal; the paper numbers them. Markup: "1." is an ayat (1), "-" is a lettered item."""

    heading: str
    body: Html


class SigningPlace(TypedDict):
    """Where one person signs: a box of 62 × 24 mm under the name `anchor` ("ttd-pihak-1", "ttd-saksi-2")."""

    anchor: str
    caption: str  # "PIHAK KESATU", "Saksi"
    witnesses: str  # "menyaksikan tanda tangan PIHAK KESATU", "" for a party
    on_behalf: str
    office: str
    name: str
    rank: str
    nip: str
    stamp: str  # "Meterai" where a revenue stamp belongs, else ""


class SigningRow(TypedDict):
    """Places beside each other, from left to right: one or two."""

    places: list[SigningPlace]


class ContractPaper(TypedDict):
    """A contract or a nota kesepahaman."""

    title: str
    short_title: str
    letterheads: list[Letterhead]  # one office; of a memorandum both
    status: str  # "KONSEP" or ""
    heading: list[str]
    numbers: list[str]  # one line NOMOR each
    opening: Html
    parties: list[ContractParty]
    recital: Html
    clauses: list[ContractClause]
    closing: Html
    signatures: list[SigningRow]  # PIHAK KEDUA left, PIHAK KESATU right
    witnesses_title: str  # "Saksi-saksi", "Disaksikan oleh"
    witnesses: list[SigningRow]
