"""The facts of papers about proposals: KAK, RAB, and all of a regency's proposals in one bundle (domain §3.5).

Amounts in tables are "91.650.000.000", in sentences "Rp91.650.000.000 (… rupiah)".
"""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Html, Letterhead, Signature


class Row(TypedDict):
    """A line "label : value" at the head of a paper."""

    label: str
    value: str


class IndicatorRow(TypedDict):
    """One indicator: its state before, its target, its unit."""

    name: str
    baseline: str
    target: str
    unit: str


class SourceAmount(TypedDict):
    """What one source of funds gives."""

    source: str
    amount: str


class Costs(TypedDict):
    """Sums of a cost table: the budget per source with its total in words; money outside the budget apart."""

    sources: list[SourceAmount]
    total: str
    words: str  # "Rp1.250.000 (satu juta … rupiah)"
    outside: list[SourceAmount]  # KUR, CSR …; empty when there is none
    outside_total: str


class KakBody(TypedDict):
    """Kerangka acuan kerja of one proposal, chapter by chapter."""

    heading: list[str]  # lines under the title: the proposal's title, year
    head: list[Row]
    legal: list[str]  # 1a dasar hukum
    overview: Html  # 1b gambaran umum
    reasons: Html  # 1c alasan
    special: Html  # note of a special regime or ""
    purpose: Html
    outputs: list[IndicatorRow]
    outcomes: list[IndicatorRow]
    method: Html
    place: list[Row]
    executor: list[str]
    schedule: str  # "Maret–Agustus 2020 (6 bulan)" or ""
    months: list[bool]  # twelve: January … December, true where work goes on
    costs: Costs
    beneficiaries: list[Row]
    signatures: list[Signature]


class CostRow(TypedDict):
    """One line of the RAB."""

    account: str
    description: str
    quantity: str  # "30 orang × 3 hari"; the product follows in `product` when there are several factors
    product: str  # "90" or ""
    unit: str
    price: str
    amount: str
    source: str  # short: "DAK FISIK"
    note: str


class RabBody(TypedDict):
    """Rencana anggaran biaya of one proposal."""

    heading: list[str]
    head: list[Row]
    rows: list[CostRow]
    costs: Costs
    signatures: list[Signature]


class Kak(TypedDict):
    """KAK of one proposal."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str  # "KONSEP" or ""
    version: str  # "Versi 2" as sent, or ""
    body: KakBody


class Rab(TypedDict):
    """RAB of one proposal."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    version: str
    body: RabBody


class BundleRow(TypedDict):
    """One proposal in the recap of a bundle."""

    rank: str
    code: str
    title: str
    sub_activity: str
    source: str
    budget: str
    outside: str


class BundlePart(TypedDict):
    """KAK and RAB of one proposal in a bundle."""

    name: str  # bookmark: "1. BLU-2020-03 Revitalisasi …"
    status: str
    kak: KakBody
    rab: RabBody


class ProposalBundle(TypedDict):
    """All proposals of a regency and year: recap, then each with its KAK and RAB."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    regency: str
    heading: list[str]
    rows: list[BundleRow]
    costs: Costs
    proposals: list[BundlePart]
    signatures: list[Signature]
