"""Reading sheets of our own workbooks: rows by field, and every error with sheet, row and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from portal.kernel.errors import WrongFile
from portal.kernel.plain_text import plain
from programs.facts.file_checks import check_workbook
from programs.facts.workbook import Column

MOST_ERRORS = 500
EXACT = 1e15
"""Whole numbers below this are what was typed; Excel keeps 15 digits."""

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
class Row:
    """One row of a sheet: texts by field, and where each stands."""

    sheet: str
    number: int
    values: dict[str, str]
    places: dict[str, str]


class SheetReader:
    """Rows of a workbook and what is wrong in it; `not_read` are fields whose cells are for people only."""

    def __init__(
        self, lists: dict[str, list[tuple[str, Any]]], *, most_rows: int, not_read: Collection[str] = ()
    ) -> None:
        self.lists = {name: {folded(text): row for text, row in pairs} for name, pairs in lists.items()}
        self.errors: list[CellError] = []
        self._most_rows, self._not_read = most_rows, not_read

    def add(self, row: Row | None, column: str, sentence: str, sheet: str = "") -> None:
        """Note one error."""
        if len(self.errors) < MOST_ERRORS:
            place = row.places.get(column, "") if row else ""
            self.errors.append(CellError(row.sheet if row else sheet, row.number if row else 0, place, sentence))

    def open(self, data: bytes, main: str) -> None:
        """Make the bytes ready to be read.

        Errors: WrongFile when it is no workbook, or lacks the sheet `main`.
        """
        check_workbook(data)
        self._values, self._formulas = _opened(data, values=True), _opened(data, values=False)
        self._names = {name.strip().casefold(): name for name in self._values.sheetnames}
        if main.casefold() not in self._names:
            raise WrongFile(_("Lembar “%(sheet)s” tidak ada. Pakai templat dari portal.") % {"sheet": main})

    def rows(self, sheet: str, columns: Sequence[Column]) -> Iterator[Row]:
        """The rows of a sheet in which something stands; none when the sheet is not there.

        More than are read are an error of the sheet: half a list looks like a whole one.
        """
        name = self._names.get(sheet.casefold())
        if name is None:
            return
        pairs = zip(
            self._values[name].iter_rows(max_row=self._most_rows + 2),
            self._formulas[name].iter_rows(max_row=self._most_rows + 2),
            strict=False,
        )
        heads = next(pairs, ((), ()))[0]
        places = self._heads(sheet, columns, [cell.value for cell in heads])
        if places is None:
            return
        empty = 0
        for number, (cells, originals) in enumerate(pairs, start=2):
            row = self._row(sheet, number, places, cells, originals)
            empty = 0 if any(row.values.values()) else empty + 1
            if empty > EMPTY_ROWS:
                return
            if not empty and number > self._most_rows + 1:
                self.add(None, "", _too_many(self._most_rows), sheet=sheet)
                return
            if not empty:
                yield row

    def _row(
        self, sheet: str, number: int, places: dict[str, int], cells: Sequence[Any], originals: Sequence[Any]
    ) -> Row:
        row = Row(sheet, number, {}, {name: get_column_letter(place + 1) for name, place in places.items()})
        for name, place in places.items():
            if name in self._not_read:
                continue
            row.values[name] = _text(cells[place].value) if place < len(cells) else ""
            if not row.values[name] and place < len(originals) and originals[place].data_type == "f":
                self.add(
                    row, name, _("Rumus ini belum punya nilai. Buka dan simpan berkas di Excel, atau ketik nilainya.")
                )
        return row

    def _heads(self, sheet: str, columns: Sequence[Column], heads: Sequence[Any]) -> dict[str, int] | None:
        """Where each field stands; None when the sheet cannot be read."""
        known = {folded(column.head): column.field for column in columns}
        found: dict[str, int] = {}
        for place, head in enumerate(heads):
            text = _text(head)
            if not text:
                continue
            name = known.get(folded(text))
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

    def choice(self, row: Row, column: Column, text: str, *, else_found: Any = None) -> Any:
        """What a text of a drop-down list means; None for an empty one, and with an error for an unknown one."""
        if not text:
            return None
        found = self.lists[column.choices].get(folded(text), else_found)
        if found is None:
            self.add(row, column.field, _("“%(text)s” tidak ada dalam daftar pilihan.") % {"text": text[:60]})
        return found


def folded(text: str) -> str:
    """The text for comparing: blanks and capitals do not matter."""
    return " ".join(text.split()).casefold()


def _opened(data: bytes, *, values: bool) -> Any:
    """The workbook; with `values` formulas give what they came to.

    Errors: WrongFile.
    """
    try:
        return load_workbook(BytesIO(data), read_only=True, data_only=values)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise WrongFile(_("Berkas Excel ini rusak. Simpan ulang dari Excel, lalu unggah lagi.")) from error


def _too_many(most: int) -> str:
    sentence = _("Lembar ini terlalu panjang: paling banyak %(n)s baris dibaca. Bagilah menjadi beberapa berkas.")
    return sentence % {"n": most}


def _text(value: Any) -> str:
    """What a cell says, as people would type it; of a number that Excel has rounded, how Excel shows it: 5.3042E+15."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float) and abs(value) >= EXACT:
        return f"{value:.5G}"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:.6f}".rstrip("0").replace(".", ",")
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    return plain(str(value)).strip()
