"""The facts of an extension worker's monthly report and of the payment list it leads to (domain §5.1).

Amounts in tables are "2.600.000", in sentences "Rp2.600.000 (… rupiah)".
"""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Letterhead, Signature
from portal.documents.shapes_programs import Row


class VisitRow(TypedDict):
    """One visit to an IKM."""

    date: str  # "3 Oktober 2026"
    ikm: str
    guided: str  # "Baru", "Lanjutan"
    topic: str
    result: str
    location: str


class PhotoRow(TypedDict):
    """A photo by its caption; papers hold no pictures, the hash says which file it is."""

    caption: str
    about: str  # the visit it belongs to, or ""
    sha256: str


class WorkerReport(TypedDict):
    """Monthly report of an extension worker."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    heading: list[str]
    head: list[Row]
    figures: list[Row]
    visits: list[VisitRow]
    results: list[str]  # paragraphs
    problems: list[str]
    plan: list[str]
    photos: list[PhotoRow]
    signatures: list[Signature]  # the worker left, the division head right


class PaymentRow(TypedDict):
    """One worker; `amount` is "0" and `note` says why while his report is not approved."""

    name: str
    regency: str
    contract: str
    honorarium: str
    operational: str
    amount: str
    report: str  # "Disetujui 3 November 2026", "Belum ada laporan"
    note: str


class PaymentList(TypedDict):
    """Who is paid for a month, and who not yet."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    heading: list[str]
    rows: list[PaymentRow]
    honorarium: str
    operational: str
    amount: str
    words: str  # "Rp5.200.000 (lima juta dua ratus ribu rupiah)"
    counted: str  # "2 dari 3 penyuluh dibayarkan; 1 ditahan sampai laporannya disetujui."
    signatures: list[Signature]
