"""A content (programs.queries.snapshots) arranged for readers: its fields by section, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.dates import MONTHS
from portal.kernel.money import thousands
from programs.models import SubActivity
from programs.queries.points import field_label
from programs.queries.versions import shown_number, shown_value

MAIN = (
    (gettext_noop("Pokok"), ("title", "sub_activity", "help_kind", "sector", "product", "kbli")),
    (gettext_noop("Lokasi"), ("district", "village", "address", "center", "latitude", "longitude")),
    (gettext_noop("Penerima manfaat"), ("ikm_count", "group_count", "male_workers", "female_workers")),
)
TEXTS = (
    gettext_noop("Uraian"),
    ("background", "problem", "purpose", "method", "executor", "policy_support", "special_note"),
)
PERIOD = (gettext_noop("Jadwal"), ("starts_month", "ends_month"))


@dataclass(frozen=True)
class FieldShown:
    """One field: `name` is also its key as a target of return points."""

    name: str
    label: str
    value: str
    long: bool


def arranged(content: dict[str, Any]) -> dict[str, Any]:
    """What templates/programs/verification/_content.html shows: few words, everything in one sheet.

    Shape: sections [(group, [FieldShown] that are filled in)], tags (text), indicators, lines (each with number),
    shares, files, budget_rupiah, other_rupiah.
    """
    sections = [_section(content, *group, filled=True) for group in (*MAIN, TEXTS, PERIOD)]
    return {
        "sections": [(group, rows) for group, rows in sections if rows],
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


def page_of(content: dict[str, Any]) -> dict[str, Any]:
    """What the page of a proposal shows of the same fields: empty short ones too, its title stands above.

    Shape: facts [(group, [FieldShown])], texts [FieldShown] that are filled in, schedule (see `schedule_of`),
    regime: the regulation that restricts the sector, "" for most.
    """
    _group, texts = _section(content, *TEXTS, filled=True)
    main = [_section(content, *group) for group in MAIN]
    return {
        "facts": [(group, [row for row in rows if row.name != "title"]) for group, rows in main],
        "texts": texts,
        "schedule": schedule_of(content),
        "regime": (content.get("fields", {}).get("sector") or {}).get("special_regime", ""),
    }


def schedule_of(content: dict[str, Any]) -> dict[str, Any]:
    """The months as a bar: {"months": [(short name, long name, whether it works then)], "words": "Maret–Agustus"}."""
    fields = content.get("fields", {})
    first, last = fields.get("starts_month"), fields.get("ends_month")
    working = range(first, last + 1) if first and last and first <= last else range(0)
    names = [_(name) for name in MONTHS]
    words = ""
    if working:
        words = names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}"
    return {
        "months": [(name[:3], name, number in working) for number, name in enumerate(names, start=1)],
        "words": words,
    }


def _section(
    content: dict[str, Any], group: str, names: tuple[str, ...], *, filled: bool = False
) -> tuple[str, list[FieldShown]]:
    fields, long = content.get("fields", {}), group == TEXTS[0]
    rows = [FieldShown(name, field_label(name), _words(name, fields.get(name)), long) for name in names]
    return _(group), [row for row in rows if row.value or not filled]


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in PERIOD[1]:
        return _(MONTHS[value - 1])
    if name == "sub_activity":
        return f"{value['code']} {value['name']} ({SubActivity.Level(value['level']).label})"
    if name == "kbli":
        return f"{value['code']} {value['title']} (KBLI {value['edition']})"
    if name in ("latitude", "longitude"):
        return str(value).replace(".", ",")
    return thousands(value) if isinstance(value, int) else shown_value(value)
