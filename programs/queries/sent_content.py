"""A content (programs.queries.snapshots) arranged for a verifier's eye: few words, everything in one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs.queries.points import field_label
from programs.queries.versions import shown_number, shown_value

GROUPS = (
    (gettext_noop("Pokok"), ("title", "sub_activity", "help_kind", "sector", "product", "kbli", "special_note")),
    (gettext_noop("Lokasi"), ("district", "village", "address", "center", "latitude", "longitude")),
    (gettext_noop("Penerima manfaat"), ("ikm_count", "group_count", "male_workers", "female_workers")),
    (gettext_noop("Uraian"), ("background", "problem", "purpose", "method", "executor", "policy_support")),
    (gettext_noop("Jadwal"), ("starts_month", "ends_month")),
)
LONG = frozenset({"background", "problem", "purpose", "method", "policy_support", "special_note"})
MONTH_FIELDS = ("starts_month", "ends_month")


@dataclass(frozen=True)
class FieldShown:
    """One field: `name` is also its key as a target of return points."""

    name: str
    label: str
    value: str
    long: bool


def sections(content: dict[str, Any]) -> list[tuple[str, list[FieldShown]]]:
    """The fields by group, those that are filled in: [(group, [FieldShown])]."""
    found = []
    for group, names in GROUPS:
        rows = [_field(name, content.get("fields", {}).get(name)) for name in names]
        rows = [row for row in rows if row.value]
        if rows:
            found.append((_(group), rows))
    return found


def _field(name: str, value: Any) -> FieldShown:
    text = str(MONTHS.get(value, "")) if name in MONTH_FIELDS else shown_value(value)
    return FieldShown(name, field_label(name), text, name in LONG)


def arranged(content: dict[str, Any]) -> dict[str, Any]:
    """What templates/programs/verification/_content.html shows.

    Shape: sections, tags (text), indicators, lines (each with number), shares, files, budget_rupiah, other_rupiah.
    """
    return {
        "sections": sections(content),
        "tags": ", ".join(tag["name"] for tag in content.get("tags", [])),
        "indicators": [
            {**row, "baseline": shown_number(row["baseline"]), "target": shown_number(row["target"])}
            for row in content.get("indicators", [])
        ],
        "lines": [{**row, "number": number} for number, row in enumerate(content.get("lines", []), start=1)],
        "shares": content.get("shares", []),
        "files": content.get("attachments", []),
        "budget_rupiah": content.get("budget_rupiah", 0),
        "other_rupiah": content.get("other_rupiah", 0),
    }
