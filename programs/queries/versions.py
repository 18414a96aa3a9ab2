"""What differs between two contents of a proposal (programs.queries.snapshots): field by field, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.kernel.money import rupiah
from programs.models import Indicator, Proposal
from programs.queries.points import cell_label, field_label

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"

Content = dict[str, Any]
Cell = tuple[str, Callable[[dict[str, Any]], str]]


@dataclass(frozen=True)
class Change:
    """One value before and after, as people read it."""

    label: str
    old: str
    new: str

    @property
    def kind(self) -> str:
        """How it differs."""
        if self.old == self.new:
            return SAME
        return ADDED if not self.old else REMOVED if not self.new else CHANGED

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The new text word by word with what went: [("same" | "removed" | "added", text), …]."""
        old, new = self.old.split(" "), self.new.split(" ")
        found = []
        for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if what == "equal":
                found.append((SAME, " ".join(old[a:b])))
                continue
            found += [(REMOVED, " ".join(old[a:b]))] * (b > a) + [(ADDED, " ".join(new[c:d]))] * (d > c)
        return found


@dataclass(frozen=True)
class RowChange:
    """A row of a list: `cells` holds every column; `number` is its place in the newer version, else in the older."""

    kind: str
    number: int
    name: str
    cells: list[Change]
    key: Any = None

    @property
    def changed(self) -> list[Change]:
        """Only the cells that differ."""
        return [cell for cell in self.cells if cell.kind != SAME]


@dataclass
class Difference:
    """Everything that differs between an older and a newer content."""

    fields: list[Change] = field(default_factory=list)
    lines: list[RowChange] = field(default_factory=list)
    indicators: list[RowChange] = field(default_factory=list)
    shares: list[RowChange] = field(default_factory=list)
    files: list[RowChange] = field(default_factory=list)
    totals: list[Change] = field(default_factory=list)
    budget_step: int = 0

    @property
    def count(self) -> int:
        """How many fields and rows differ."""
        rows = self.lines + self.indicators + self.shares + self.files
        return len(self.fields) + sum(row.kind != SAME for row in rows)

    @property
    def touched_lines(self) -> list[RowChange]:
        """Cost lines that came, went or changed."""
        return [row for row in self.lines if row.kind != SAME]

    def touches(self, field_name: str, line_id: int | None) -> bool:
        """Whether something changed where a return point points."""
        if line_id is not None:
            rows = [row for row in self.touched_lines if row.key == line_id]
            label = cell_label(field_name) if field_name else ""
            return any(not label or row.kind != CHANGED or label in [c.label for c in row.changed] for row in rows)
        if field_name.startswith("berkas:"):
            return any(row.kind != SAME and row.key == field_name[7:] for row in self.files)
        lists = {"lines": self.lines, "indicators": self.indicators, "shares": self.shares}
        if field_name in lists:
            return any(row.kind != SAME for row in lists[field_name])
        if not field_name:
            return self.count > 0
        return any(change.label == field_label(field_name) for change in self.fields)


def difference(old: Content, new: Content) -> Difference:
    """The difference of two contents, each in the shape of programs.queries.snapshots.content_of."""
    return Difference(
        fields=list(_fields(old, new)),
        lines=_rows(old, new, "lines", LINE_CELLS, key="id", name=lambda row: row.get("description", "")),
        indicators=_rows(old, new, "indicators", INDICATOR_CELLS, key="id", name=lambda row: row.get("name", "")),
        shares=_rows(old, new, "shares", SHARE_CELLS, key="source", name=lambda row: row.get("source_name", "")),
        files=_rows(
            old, new, "attachments", FILE_CELLS, key="id", name=lambda row: row.get("item_name") or row.get("name", "")
        ),
        totals=[
            Change(str(Proposal._meta.get_field(name).verbose_name), _money(old.get(name)), _money(new.get(name)))
            for name in ("budget_rupiah", "other_rupiah")
        ],
        budget_step=(new.get("budget_rupiah") or 0) - (old.get("budget_rupiah") or 0),
    )


def _fields(old: Content, new: Content) -> Iterable[Change]:
    before, after = old.get("fields", {}), new.get("fields", {})
    for name in Proposal.FIELDS:
        change = Change(field_label(name), shown_value(before.get(name)), shown_value(after.get(name)))
        if change.kind != SAME:
            yield change
    tags = [", ".join(tag["name"] for tag in content.get("tags", [])) for content in (old, new)]
    if tags[0] != tags[1]:
        yield Change(_("Tanda"), *tags)


def shown_value(value: Any) -> str:
    """A stored value as people read it: a chosen row by code and name, nothing as ""."""
    if isinstance(value, dict):
        code, name = value.get("code", ""), value.get("name") or value.get("title", "")
        return f"{code} {name}".strip()
    return "" if value is None else str(value)


def shown_number(value: Any) -> str:
    """A decimal stored as text without idle zeros and with a comma: "10.00" → "10"."""
    if value in (None, ""):
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")


def _money(value: Any) -> str:
    return rupiah(value or 0)


def _text(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: str(row.get(name) or "")


LINE_CELLS: tuple[Cell, ...] = (
    ("account_code", _text("account_code")),
    ("description", _text("description")),
    ("quantity_text", _text("quantity_text")),
    ("unit", _text("unit")),
    ("unit_price_rupiah", lambda row: _money(row.get("unit_price_rupiah"))),
    ("amount_rupiah", lambda row: _money(row.get("amount_rupiah"))),
    ("source", _text("source_name")),
    ("note", _text("note")),
)
INDICATOR_CELLS: tuple[Cell, ...] = (
    ("kind", lambda row: str(dict(Indicator.Kind.choices).get(row.get("kind"), ""))),
    ("name", _text("name")),
    ("baseline", lambda row: shown_number(row.get("baseline"))),
    ("target", lambda row: shown_number(row.get("target"))),
    ("unit", _text("unit")),
)
SHARE_CELLS: tuple[Cell, ...] = (("share_rupiah", lambda row: _money(row.get("share_rupiah"))),)
FILE_CELLS: tuple[Cell, ...] = (
    ("item", _text("item_name")), ("name", _text("name")), ("caption", _text("caption")), ("sha256", _text("sha256")),
)  # fmt: skip


def _rows(
    old: Content, new: Content, part: str, cells: tuple[Cell, ...], *, key: str, name: Callable[[dict], str]
) -> list[RowChange]:
    """The newer rows in their order, each compared with the older one of the same key; gone ones at their old place."""
    before = {row[key]: (number, row) for number, row in enumerate(old.get(part, []), start=1)}
    after = {row[key]: (number, row) for number, row in enumerate(new.get(part, []), start=1)}
    found = [(number, 1, _row(before.get(found_key), (number, row), part, cells, name))
             for found_key, (number, row) in after.items()]  # fmt: skip
    found += [
        (number, 0, _row((number, row), None, part, cells, name))
        for found_key, (number, row) in before.items() if found_key not in after
    ]  # fmt: skip
    return [row for _number, _side, row in sorted(found, key=lambda entry: entry[:2])]


def _row(
    old: tuple[int, dict] | None, new: tuple[int, dict] | None, part: str, cells: tuple[Cell, ...],
    name: Callable[[dict], str],
) -> RowChange:  # fmt: skip
    number, row = new or old or (0, {})
    compared = [
        Change(_cell_name(part, column), read(old[1]) if old else "", read(new[1]) if new else "")
        for column, read in cells
    ]
    if old and new:
        kind = CHANGED if any(cell.kind != SAME for cell in compared) else SAME
    else:
        kind = ADDED if new else REMOVED
    return RowChange(kind, number, name(row), compared, row.get("item" if part == "attachments" else "id"))


def _cell_name(part: str, column: str) -> str:
    if part == "lines":
        return cell_label(column)
    if part == "attachments":
        return {"item": _("Berkas"), "name": _("Nama berkas"), "caption": _("Keterangan"), "sha256": "sha256"}[column]
    if part == "shares":
        return _("Pagu usulan")
    return capfirst(str(Indicator._meta.get_field(column).verbose_name))
