"""Reading a filled-in workbook: every error with sheet, row and column, or the proposals it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django import forms
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from portal.kernel.plain_text import plain
from programs.actions.lines import MOST_LINES
from programs.facts.codes import official_spelling
from programs.facts.file_checks import check_workbook
from programs.facts.quantities import UnreadableNumber, parse_rupiah
from programs.facts.workbook import CHOICE, LOCKED, MAIN, NOT_READ, SHEETS, Column
from programs.facts.wrong_file import WrongFile
from programs.forms.lines import CostLineForm, IndicatorForm
from programs.forms.proposals import ProposalForm
from programs.models import FundingSource, Proposal

MOST_PROPOSALS = 100
MOST_ROWS = MOST_PROPOSALS * MOST_LINES
MOST_ERRORS = 500
EMPTY_ROWS = 200
"""Rows without anything after which a sheet is at its end: Excel keeps formatted empty rows by the thousand."""


@dataclass(frozen=True, order=True, slots=True)
class CellError:
    """One thing to mend. `row` and `column` may be 0 and "" for a whole sheet."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass
class Plan:
    """One proposal of the file, cleaned. `known` is the own proposal that its code names."""

    no: int
    row: int
    known: Proposal | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    tags: list[Any] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    shares: dict[str, int] = field(default_factory=dict)


@dataclass
class Row:
    """One row of a sheet: texts by field, and where each stands."""

    sheet: str
    number: int
    values: dict[str, str]
    places: dict[str, str]


class Reading:
    """A workbook as read: `plans` are worth something only when `errors` is empty."""

    def __init__(self, lists: dict[str, list[tuple[str, Any]]], own: Sequence[Proposal]) -> None:
        self.lists = {name: {_folded(text): row for text, row in pairs} for name, pairs in lists.items()}
        self.codes = {row.code: row for _text, row in lists["sub_activities"]}
        self.own = {proposal.code.casefold(): proposal for proposal in own}
        self.titles = {_folded(proposal.title): proposal for proposal in own if proposal.title}
        self.sources = list(FundingSource.objects.filter(is_active=True))
        self.plans: dict[int, Plan] = {}
        self.errors: list[CellError] = []
        self.locked: set[int] = set()
        self._fields = ProposalForm().fields

    def add(self, row: Row | None, column: str, sentence: str, sheet: str = "") -> None:
        """Note one error."""
        if len(self.errors) < MOST_ERRORS:
            place = row.places.get(column, "") if row else ""
            self.errors.append(CellError(row.sheet if row else sheet, row.number if row else 0, place, sentence))

    # -- the sheets ---------------------------------------------------------------------------------------------------

    def read(self, data: bytes) -> None:
        """Read all sheets.

        Errors: WrongFile when it is no workbook of ours at all.
        """
        check_workbook(data)
        values, formulas = _opened(data, values=True), _opened(data, values=False)
        names = {name.strip().casefold(): name for name in values.sheetnames}
        if MAIN.casefold() not in names:
            raise WrongFile(_("Lembar “%(sheet)s” tidak ada. Pakai templat dari portal.") % {"sheet": MAIN})
        take: dict[str, Callable[[Row], None]] = {
            "Usulan": self._main, "Indikator": self._indicator, "RAB": self._line, "Sumber dana": self._share,
        }  # fmt: skip
        for sheet, columns in SHEETS.items():
            if name := names.get(sheet.casefold()):
                for row in self._rows(sheet, columns, values[name], formulas[name]):
                    take[sheet](row)
        if not self.plans and not self.errors and not self.locked:
            self.add(None, "", _("Belum ada usulan yang diisi."), sheet=MAIN)

    def _rows(self, sheet: str, columns: Sequence[Column], values: Any, formulas: Any) -> Iterator[Row]:
        pairs = zip(values.iter_rows(max_row=MOST_ROWS + 1), formulas.iter_rows(max_row=MOST_ROWS + 1), strict=False)
        heads = next(pairs, ((), ()))[0]
        places = self._heads(sheet, columns, [cell.value for cell in heads])
        if places is None:
            return
        empty = 0
        for number, (cells, originals) in enumerate(pairs, start=2):
            row = Row(sheet, number, {}, {name: get_column_letter(place + 1) for name, place in places.items()})
            for name, place in places.items():
                if name in NOT_READ and name != "state":
                    continue
                row.values[name] = _text(cells[place].value) if place < len(cells) else ""
                if not row.values[name] and place < len(originals) and originals[place].data_type == "f":
                    self.add(
                        row,
                        name,
                        _("Rumus ini belum punya nilai. Buka dan simpan berkas di Excel, atau ketik nilainya."),
                    )
            empty = 0 if any(row.values.values()) else empty + 1
            if empty > EMPTY_ROWS:
                return
            if not empty:
                yield row

    def _heads(self, sheet: str, columns: Sequence[Column], heads: Sequence[Any]) -> dict[str, int] | None:
        """Where each field stands; None when the sheet cannot be read."""
        known = {_folded(column.head): column.field for column in columns}
        found: dict[str, int] = {}
        for place, head in enumerate(heads):
            text = _text(head)
            if not text:
                continue
            name = known.get(_folded(text))
            if name is None or name in found:
                letter = get_column_letter(place + 1)
                sentence = _("Kolom “%(head)s” tidak dikenal.") if name is None else _("Kolom “%(head)s” ada dua kali.")
                self.errors.append(CellError(sheet, 1, letter, sentence % {"head": text[:60]}))
            else:
                found[name] = place
        if "no" not in found:
            self.add(None, "", _("Kolom “No.” tidak ada."), sheet=sheet)
            return None
        return found

    # -- the rows -----------------------------------------------------------------------------------------------------

    def _main(self, row: Row) -> None:
        no = self._number(row)
        if no is None:
            return
        if no in self.plans or no in self.locked:
            self.add(row, "no", _("Nomor %(no)s dipakai dua kali.") % {"no": no})
            return
        if _folded(row.values.get("state", "")) == LOCKED:
            self.locked.add(no)
            return
        if len(self.plans) >= MOST_PROPOSALS:
            self.add(row, "no", _("Satu berkas memuat paling banyak %(most)d usulan.") % {"most": MOST_PROPOSALS})
            return
        plan = self.plans[no] = Plan(no, row.number, self._known(row))
        for column in SHEETS[MAIN]:
            if column.field in row.values and column.field in self._fields:
                self._field(row, column, plan)
        plan.tags = self._tags(row)
        self._no_double(row, plan)

    def _known(self, row: Row) -> Proposal | None:
        code = row.values.get("code", "")
        if not code:
            return None
        found = self.own.get(code.casefold())
        if found is None:
            self.add(
                row, "code", _("Tidak ada usulan Anda dengan kode “%(code)s” pada tahun ini.") % {"code": code[:40]}
            )
        elif not found.writable:
            self.add(row, "code", _("Usulan %(code)s sudah dikirim, jadi tidak dapat diubah.") % {"code": found.code})
        elif any(plan.known == found for plan in self.plans.values()):
            self.add(row, "code", _("Kode %(code)s dipakai dua kali.") % {"code": found.code})
        return found

    def _field(self, row: Row, column: Column, plan: Plan) -> None:
        text = row.values[column.field]
        if column.takes == CHOICE:
            value = self._choice(row, column, text)
            plan.fields[column.field] = value.pk if hasattr(value, "pk") else value
            return
        try:
            plan.fields[column.field] = self._fields[column.field].clean(text)
        except forms.ValidationError as error:
            self.add(row, column.field, " ".join(error.messages))

    def _choice(self, row: Row, column: Column, text: str) -> Any:
        if not text:
            return None
        found = self.lists[column.choices].get(_folded(text))
        if found is None and column.choices == "sub_activities":
            found = self.codes.get(official_spelling(text.split(maxsplit=1)[0]))
        if found is None and column.choices == "kbli":
            found = next((kbli for label, kbli in self.lists["kbli"].items() if label.startswith(f"{text} ")), None)
        if found is None and column.choices == "months" and text.isdecimal() and 1 <= int(text[:3]) <= 12:
            found = int(text)
        if found is None:
            self.add(row, column.field, _("“%(text)s” tidak ada dalam daftar pilihan.") % {"text": text[:60]})
        return found

    def _tags(self, row: Row) -> list[Any]:
        found = []
        for name in filter(None, (part.strip() for part in row.values.get("tags", "").split(";"))):
            tag = self.lists["tags"].get(_folded(name))
            if tag is None:
                self.add(row, "tags", _("Tanda “%(text)s” tidak ada dalam daftar.") % {"text": name[:40]})
            else:
                found.append(tag)
        return found

    def _no_double(self, row: Row, plan: Plan) -> None:
        title = _folded(row.values.get("title", ""))
        if not title:
            if plan.known is None:
                self.add(row, "title", _("Judul usulan baru wajib diisi."))
            return
        twin = self.titles.get(title)
        if plan.known is None and twin is not None:
            self.add(
                row, "title",
                _("Usulan berjudul sama sudah ada (%(code)s). Isi kolom Kode usulan bila hendak memperbaruinya.")
                % {"code": twin.code},
            )  # fmt: skip
        others = (other for other in self.plans.values() if other is not plan)
        if any(_folded(str(other.fields.get("title") or "")) == title for other in others):
            self.add(row, "title", _("Judul ini dipakai dua kali dalam berkas."))

    def _plan(self, row: Row) -> Plan | None:
        no = self._number(row)
        if no is None or no in self.locked:
            return None
        plan = self.plans.get(no)
        if plan is None:
            self.add(row, "no", _("Tidak ada usulan bernomor %(no)s di lembar %(sheet)s.") % {"no": no, "sheet": MAIN})
        return plan

    def _number(self, row: Row) -> int | None:
        text = row.values.get("no", "")
        if text.isdecimal() and 0 < int(text[:6]) <= MOST_ROWS:
            return int(text)
        self.add(
            row,
            "no",
            _("Isi nomor usulan, misalnya 1.")
            if not text
            else _("“%(text)s” bukan nomor usulan.") % {"text": text[:20]},
        )
        return None

    def _line(self, row: Row) -> None:
        plan = self._plan(row)
        form = CostLineForm({name: row.values.get(name, "") for name in CostLineForm.base_fields}, sources=self.sources)
        if self._valid(row, form) and plan:
            if len(plan.lines) >= MOST_LINES:
                self.add(
                    row, "no", _("Satu usulan memuat paling banyak %(most)d baris rincian.") % {"most": MOST_LINES}
                )
                return
            plan.lines.append(form.values)

    def _indicator(self, row: Row) -> None:
        plan = self._plan(row)
        column = next(column for column in SHEETS["Indikator"] if column.field == "kind")
        kind = self._choice(row, column, row.values.get("kind", "")) if row.values.get("kind") else "keluaran"
        form = IndicatorForm(row.values | {"kind": kind or "keluaran"})
        if self._valid(row, form) and plan:
            plan.indicators.append(form.values)

    def _share(self, row: Row) -> None:
        plan = self._plan(row)
        column = next(column for column in SHEETS["Sumber dana"] if column.field == "source")
        source = self._choice(row, column, row.values.get("source", ""))
        if source is None and not row.values.get("source"):
            self.add(row, "source", _("Sumber dana belum dipilih."))
        try:
            rupiah = parse_rupiah(row.values.get("share", ""))
        except UnreadableNumber as error:
            self.add(row, "share", str(error))
            return
        if plan and source:
            if source in plan.shares:
                self.add(row, "source", _("Sumber dana ini sudah disebut untuk usulan yang sama."))
            plan.shares[source] = rupiah

    def _valid(self, row: Row, form: forms.Form) -> bool:
        if form.is_valid():
            return True
        for name, messages in form.errors.items():
            self.add(row, name, " ".join(str(message) for message in messages))
        return False


def _opened(data: bytes, *, values: bool) -> Any:
    """The workbook; with `values` formulas give what they came to.

    Errors: WrongFile.
    """
    try:
        return load_workbook(BytesIO(data), read_only=True, data_only=values)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise WrongFile(_("Berkas Excel ini rusak. Simpan ulang dari Excel, lalu unggah lagi.")) from error


def _text(value: Any) -> str:
    """What a cell says, as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < 1e15 else f"{value:.6f}".rstrip("0").replace(".", ",")
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    return plain(str(value)).strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
