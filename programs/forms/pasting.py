"""Rows pasted from a spreadsheet: how they are understood, and every error by row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.money import rupiah
from programs.facts.pasted_rows import AMOUNT, IGNORED, Pasted, PastedRow, UnreadablePaste, read_paste
from programs.facts.quantities import UnreadableNumber, parse_quantity, parse_rupiah
from programs.forms.lines import CostLineForm
from programs.models import FundingSource

MEANINGS = (
    (IGNORED, gettext_lazy("– abaikan –")),
    ("account_code", gettext_lazy("Kode rekening")),
    ("description", gettext_lazy("Uraian")),
    ("quantity_text", gettext_lazy("Volume")),
    ("unit", gettext_lazy("Satuan")),
    ("unit_price_rupiah", gettext_lazy("Harga satuan")),
    (AMOUNT, gettext_lazy("Jumlah (diperiksa)")),
    ("source", gettext_lazy("Sumber dana")),
    ("note", gettext_lazy("Keterangan")),
)

SHOWN_ERRORS = 12
"""More sentences above the table help nobody; every wrong cell has its own in the table."""


@dataclass
class PreviewRow:
    """One copied row with the sentence of each cell that is wrong, and its amount."""

    row: PastedRow
    cells: list[tuple[str, str, str]]  # text, label of the column, error
    amount: int = 0

    @property
    def errors(self) -> int:
        """How many cells are wrong."""
        return sum(bool(error) for _text, _label, error in self.cells)


@dataclass
class Preview:
    """What would be stored, and what is wrong with it."""

    columns: list[tuple[str, str]] = field(default_factory=list)  # meaning, its label
    rows: list[PreviewRow] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0

    @property
    def errors(self) -> int:
        """How many cells are wrong."""
        return sum(row.errors for row in self.rows)

    @property
    def first_errors(self) -> list[tuple[int, str, str]]:
        """The first wrong cells: number of the row, label of the column, sentence."""
        wrong = [
            (row.row.number, label, error) for row in self.rows for _text, label, error in row.cells if error
        ]  # fmt: skip
        return wrong[:SHOWN_ERRORS]

    @property
    def skipped(self) -> int:
        """How many rows are no cost lines."""
        return sum(bool(row.row.skipped) for row in self.rows)

    @property
    def ready(self) -> bool:
        """Whether there is something to store and nothing is wrong."""
        return bool(self.values) and not self.errors


class PasteForm(forms.Form):
    """The copied text, what each column means ("column-0" …), and the source of rows that name none."""

    text = forms.CharField(
        label=gettext_lazy("Baris dari Excel"), strip=False, required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control", "wrap": "off"}),
    )  # fmt: skip
    source = forms.CharField(required=False, max_length=20)
    key = forms.UUIDField(required=False)

    def __init__(self, *args: Any, sources: Sequence[FundingSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        self.preview = Preview()

    @property
    def meanings(self) -> list[tuple[str, Any]]:
        """What a column may mean: (key, label)."""
        return list(MEANINGS)

    def clean(self) -> dict[str, Any]:
        """The data; the preview is filled in as far as the text can be read."""
        data = super().clean()
        names = [(source.key, source.name) for source in self.sources]
        chosen = [self.data.get(f"column-{place}", IGNORED) for place in range(len(self._columns()))]
        try:
            pasted = read_paste(data.get("text", ""), names, chosen)
        except UnreadablePaste as error:
            raise forms.ValidationError(str(error)) from error
        default = data.get("source") if data.get("source") in dict(names) else ""
        self.preview = self._understood(pasted, default)
        if not self.preview.values and not self.preview.errors:
            self.add_error(None, _("Tidak ada baris rincian biaya di antara yang ditempel."))
        return data

    def _columns(self) -> list[str]:
        return [name for name in self.data if name.startswith("column-")]

    def _understood(self, pasted: Pasted, default: str) -> Preview:
        labels = {key: str(label) for key, label in MEANINGS}
        preview = Preview([(name, labels[name]) for name in pasted.columns])
        for row in pasted.rows:
            values = pasted.values(row)
            values["source"] = values.get("source") or default
            line = CostLineForm(values, sources=self.sources)
            errors = {} if row.skipped or line.is_valid() else {n: str(e[0]) for n, e in line.errors.items()}
            shown = PreviewRow(row, [])
            if not row.skipped and not errors:
                preview.values.append(line.values)
                shown.amount = _amount(line.values)
                preview.total += shown.amount
                errors |= _wrong_amount(values.get(AMOUNT, ""), shown.amount)
            shown.cells = [
                (text, labels[name] if name else "", errors.pop(name, "") if name else "")
                for text, name in zip(row.cells, pasted.columns, strict=True)
            ]
            if errors:  # of a column that is not there
                text, label, _none = shown.cells[-1]
                shown.cells[-1] = (text, label, next(iter(errors.values())))
            preview.rows.append(shown)
        return preview


def _amount(values: dict[str, Any]) -> int:
    if not values["quantity_text"]:
        return 0
    product = parse_quantity(values["quantity_text"]).product * values["unit_price_rupiah"]
    return int(product.quantize(Decimal(1), ROUND_HALF_UP))


def _wrong_amount(text: str, amount: int) -> dict[str, str]:
    """A sum in the sheet that volume × price does not give: mostly a column that was taken for another."""
    try:
        told = parse_rupiah(text)
    except UnreadableNumber:
        return {}
    if not text or told == amount:
        return {}
    return {AMOUNT: _("Volume × harga satuan adalah %(amount)s.") % {"amount": rupiah(amount)}}
