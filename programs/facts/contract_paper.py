"""What a contract or a memorandum says in print: the wording filled, the parties, a place for all who sign. Pure.

Source: domain §2.2 F and G: two numbers on a memorandum, PIHAK KEDUA signs left and PIHAK KESATU right, below them the
witnesses, each saying whose signature he witnesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.documents.shape_parts import Letterhead
from portal.documents.shapes_contracts import ContractPaper, ContractParty, Labelled, SigningPlace, SigningRow
from programs.facts.contract_text import Values, fill
from programs.facts.contract_variables import DOTS, MOU

DRAFT = "KONSEP"
STAMP = "Meterai"
BOX_WIDTH_MM, BOX_HEIGHT_MM = 62.0, 24.0
"""The box of a signature; print.css draws it as large."""

WITNESSES_TITLE = {MOU: "Disaksikan oleh"}


@dataclass(slots=True)
class Wording:
    """A version's texts with their variables filled, and what could not be filled."""

    heading: list[str] = field(default_factory=list)
    opening: str = ""
    recital: str = ""
    clauses: list[dict[str, str]] = field(default_factory=list)
    closing: str = ""
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs: `seat` is his Signer's kind and order ("pihak", 1)."""

    seat: tuple[str, int]
    label: str
    rows: list[tuple[str, str]]
    acts_for: str
    office: str
    name: str
    rank: str = ""
    nip: str = ""
    on_behalf: str = ""
    witnesses: str = ""

    @property
    def anchor(self) -> str:
        """The name of his place in the PDF."""
        return anchor_of(*self.seat)


def anchor_of(kind: str, order: int) -> str:
    """The name of a signer's place in the PDF: "ttd-pihak-1"."""
    return f"ttd-{kind}-{order}"


def wording(content: Mapping[str, Any], values: Values) -> Wording:
    """The texts of a version filled; nothing is raised, what is missing or unknown is listed once."""
    made = Wording()

    def filled(text: str) -> Any:
        done = fill(text, values)
        made.missing += [name for name in done.missing if name not in made.missing]
        made.unknown += [name for name in done.unknown if name not in made.unknown]
        return done

    made.heading = [line.strip() for line in filled(content["title"]).plain.splitlines() if line.strip()]
    made.opening = filled(content["opening"]).html
    made.recital = filled(content["recital"]).html
    made.clauses = [
        {"heading": filled(clause["heading"]).plain, "body": filled(clause["body"]).html}
        for clause in content["clauses"]
    ]
    made.closing = filled(content["closing"]).html
    return made


def paper_facts(
    kind: str, said: Wording, *, title: str, letterheads: list[Letterhead], numbers: Sequence[str],
    signatories: Sequence[Signatory], draft: bool, stamped: bool,
) -> ContractPaper:  # fmt: skip
    """The facts of kontrak_tpl/v1 and nota_kesepahaman/v1. `stamped`: on paper, where a revenue stamp belongs."""
    parties = [each for each in signatories if each.seat[0] == "pihak"]
    witnesses = [each for each in signatories if each.seat[0] == "saksi"]
    # The first party signs at the right, the second at its left; further parties stand below.
    return {
        "title": title[:300],
        "short_title": title[:120],
        "letterheads": letterheads,
        "status": DRAFT if draft else "",
        "heading": said.heading,
        "numbers": [number or DOTS * 2 for number in numbers],
        "opening": said.opening,
        "parties": [_party(each) for each in parties],
        "recital": said.recital,
        "clauses": [{"heading": clause["heading"], "body": clause["body"]} for clause in said.clauses],
        "closing": said.closing,
        "signatures": _rows([*reversed(parties[:2]), *parties[2:]], stamp=STAMP if stamped else ""),
        "witnesses_title": WITNESSES_TITLE.get(kind, "Saksi-saksi") if witnesses else "",
        "witnesses": _rows(witnesses),
    }


def _party(each: Signatory) -> ContractParty:
    rows: list[Labelled] = [{"label": label, "value": value} for label, value in each.rows if value]
    acts = each.acts_for.strip().rstrip(",.")
    return {
        "role": each.label,
        "rows": rows,
        "acts_for": acts if not acts or acts.startswith("bertindak") else f"bertindak {acts}",
    }


def _rows(people: Sequence[Signatory], stamp: str = "") -> list[SigningRow]:
    places = [_place(each, stamp) for each in people]
    return [{"places": places[start : start + 2]} for start in range(0, len(places), 2)]


def _place(each: Signatory, stamp: str) -> SigningPlace:
    return {
        "anchor": each.anchor,
        "caption": each.label,
        "witnesses": each.witnesses,
        "on_behalf": each.on_behalf,
        "office": each.office,
        "name": each.name,
        "rank": each.rank,
        "nip": each.nip,
        "stamp": stamp,
    }
