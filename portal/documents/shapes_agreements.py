"""The facts of berita acara: of a desk, of the agreement of the rakor, of an addendum (domain §2.2 E).

Amounts are "91.650.000.000" without a sign, so that they stand under each other; counts are "132".
"""

from __future__ import annotations

from typing import TypedDict

from portal.documents.shape_parts import Letterhead, Signature


class Party(TypedDict):
    """One of the two who signed: who, in which office, for whom."""

    role: str  # "Pihak Pertama"
    name: str
    nip: str
    office: str
    represents: str  # "Pemerintah Provinsi Nusa Tenggara Timur"


class SharePart(TypedDict):
    """One source of a proposal. `proposed` where there are several; `agreed` only where that is another amount."""

    source: str
    proposed: str
    agreed: str


class ChangedLine(TypedDict):
    """A cost line that was not agreed as proposed."""

    description: str
    proposed: str
    agreed: str
    decision: str
    reason: str


class DecidedRow(TypedDict):
    """One proposal in a matrix of decisions."""

    rank: str
    code: str  # the proposal's: "BLU-2020-03"
    sub_activity: str  # official code
    title: str
    shares: list[SharePart]
    proposed: str
    decision: str
    agreed: str
    reason: str
    lines: list[ChangedLine]


class SourceTotal(TypedDict):
    """Totals of one source; `agreed` counts what was agreed as proposed or with changes."""

    source: str
    count: str
    proposed: str
    agreed_count: str
    agreed: str


class DecisionTotal(TypedDict):
    """Totals of one decision: how many proposals, what they asked for, what was agreed."""

    decision: str
    count: str
    proposed: str
    agreed: str


class RegencyTotal(TypedDict):
    """Totals of one regency."""

    code: str
    regency: str
    count: str
    proposed: str
    agreed_count: str
    agreed: str
    other_count: str  # postponed, not agreed, redirected


class Totals(TypedDict):
    """Sums of a set of decisions. `outside`: money that is no budget (KUR, CSR), never in the other sums."""

    sources: list[SourceTotal]
    decisions: list[DecisionTotal]
    count: str
    proposed: str
    agreed_count: str
    agreed: str
    agreed_words: str  # "Rp66.350.000.000 (enam puluh enam miliar … rupiah)"
    other_count: str
    other_proposed: str
    outside: list[SourceTotal]


class DeskRecord(TypedDict):
    """Berita acara of one desk with its matrix."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str  # "KONSEP" or ""
    heading: list[str]
    number: str  # "" prints dots
    opening: str  # "Pada hari ini Kamis, tanggal … bertempat di …"
    parties: list[Party]
    recital: str
    clauses: list[str]
    closing: str
    matrix_title: list[str]
    rows: list[DecidedRow]
    totals: Totals
    signatures: list[Signature]  # Pihak Kedua left, Pihak Pertama right


class Clause(TypedDict):
    """KESATU, KEDUA …"""

    ordinal: str
    text: str


class Representative(TypedDict):
    """Who signs for a delegation, or who was there."""

    name: str
    agency: str
    title: str
    address: str


class RegencyBlock(TypedDict):
    """The rows of one regency in an annex with their sums."""

    code: str
    regency: str
    rows: list[DecidedRow]
    count: str
    proposed: str
    agreed: str


class AgreementRecord(TypedDict):
    """Berita acara kesepakatan with Lampiran I (attendance), II (agreed) and III (not agreed, with reasons)."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    version: str  # "Versi 2"
    heading: list[str]
    number: str
    opening: str
    considerations: list[str]
    decisions: list[Clause]
    closing: str
    chair: list[Signature]
    representatives: list[Representative]
    attendance: list[Representative]
    agreed: list[RegencyBlock]
    not_agreed: list[RegencyBlock]
    regencies: list[RegencyTotal]
    totals: Totals


class Change(TypedDict):
    """One decision before and after an addendum."""

    code: str
    sub_activity: str
    regency: str
    title: str
    before: DecisionState
    after: DecisionState
    reason: str


class DecisionState(TypedDict):
    """What was decided: "Dialihkan ke APBN", amount, reason given then."""

    decision: str
    agreed: str
    reason: str


class Addendum(TypedDict):
    """Adendum of a signed berita acara: changes with their reasons, and what it comes to then."""

    title: str
    short_title: str
    letterhead: Letterhead
    status: str
    which: str  # "KESATU"
    heading: list[str]
    number: str
    opening: str
    reason: str
    changes: list[Change]
    clauses: list[Clause]
    totals: Totals
    closing: str
    signatures: list[Signature]
