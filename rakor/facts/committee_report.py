"""The committee's report A–E as a paper (domain §2.2 H). Pure; what it says at first: rakor.facts.committee_words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.documents.shape_parts import Html, Signature
from portal.documents.shapes_letter_texts import ReportPart, SummedReport
from portal.kernel.markup import to_html
from rakor.facts.committee_figures import Figures
from rakor.facts.text_content import DRAFT, TextContent
from regencies.facts import letterhead_facts

INTRODUCTION = (
    ("background", "1. Umum"), ("purpose", "2. Maksud dan tujuan"), ("scope", "3. Ruang lingkup"),
    ("basis", "4. Dasar"),
)  # fmt: skip
CONCLUSIONS = (("conclusions", "1. Simpulan"), ("suggestions", "2. Saran"))


@dataclass(frozen=True, slots=True)
class ReportContent(TextContent):
    """The text of the report, each part in Markdown-light. `figures`: whether the Lampiran of figures is printed."""

    background: str = ""
    purpose: str = ""
    scope: str = ""
    basis: str = ""
    activities: str = ""
    results: str = ""
    conclusions: str = ""
    suggestions: str = ""
    closing: str = ""
    attachments: tuple[str, ...] = ()
    place: str = ""
    figures: bool = True


def report_facts(
    meeting: Any, about: str, content: ReportContent, *, agency: Any, number: str, date: str,
    signatures: list[Signature], figures: Figures,
) -> SummedReport:  # fmt: skip
    """The facts of template laporan_panitia/v2; without a number it is a draft."""
    shown = content.figures
    return {
        "title": f"Laporan tentang {about}",
        "short_title": f"Laporan Panitia – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead_facts(agency),
        "status": "" if number else DRAFT,
        "number": number,
        "about": about,
        "introduction": _parts(content, INTRODUCTION),
        "activities": _html(content.activities),
        "results": _html(content.results),
        "conclusions": _parts(content, CONCLUSIONS),
        "closing": _html(content.closing),
        "place": content.place,
        "date": date,
        "signatures": signatures,
        "attachments": list(content.attachments),
        "categories": figures.category_lines() if shown else [],
        "categories_total": figures.category_total() if shown else [],
        "attendance": figures.attendance_lines() if shown else [],
        "totals": [figures.totals] if shown and figures.totals else [],
        "regencies": list(figures.regencies) if shown and figures.totals else [],
        "undecided": figures.undecided_line(meeting.planning_year) if shown and figures.totals else "",
    }


def _parts(content: ReportContent, names: tuple[tuple[str, str], ...]) -> list[ReportPart]:
    return [{"heading": heading, "text": _html(getattr(content, name))} for name, heading in names]


def _html(text: str) -> Html:
    return Html(to_html(text))
