"""The Excel list of participants: the template out, a filled one in. Any list with a heading "Nama" is understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from portal.kernel.dates import clock, short_date
from portal.kernel.errors import WrongFile
from portal.kernel.plain_text import plain
from programs.facts.file_checks import check_workbook
from rakor.facts.participant_rows import COLUMNS, GUIDE, MOST_ROWS, SHEET, ListedRow, RowError, heading_of
from rakor.models import Registration

HEAD_ROWS = 15
"""Rows above the headings: kop and title of an office's own list."""

EMPTY_ROWS = 100
"""Rows without anything after which a sheet is at its end: Excel keeps formatted empty rows by the thousand."""

EXACT = 1e15
"""Whole numbers below this are what was typed; Excel keeps 15 digits."""

UNREADABLE = (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, AttributeError, IndexError)


def template_bytes(title: str, regencies: Sequence[str]) -> bytes:
    """The empty list with its drop-down lists, and a sheet that says how to fill it in."""
    book = Workbook()
    sheet, guide, lists = book.active, book.create_sheet("Petunjuk"), book.create_sheet("Daftar")
    sheet.title, sheet.freeze_panes = SHEET, "B2"
    for number, line in enumerate((title, "", *GUIDE), 1):
        guide.cell(number, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    guide["A1"].font, guide.column_dimensions["A"].width = Font(bold=True, size=14), 110
    choices = {"category": [str(label) for label in Registration.Category.labels], "regency": list(regencies)}
    for place, column in enumerate(COLUMNS, 1):
        head, letter = sheet.cell(1, place, column.head), get_column_letter(place)
        head.font, sheet.column_dimensions[letter].width = Font(bold=True), column.width
        if column.hint:
            head.comment = Comment(column.hint, "Portal Rakor")
        if column.field in {"employee_number", "phone"}:
            sheet.column_dimensions[letter].number_format = "@"
        if column.field in choices:
            _offer(sheet, lists, letter, choices[column.field])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _offer(sheet: Any, lists: Any, letter: str, values: Sequence[str]) -> None:
    """A drop-down list for a column."""
    for number, value in enumerate(values, 1):
        lists[f"{letter}{number}"] = value
    check = DataValidation(type="list", formula1=f"Daftar!${letter}$1:${letter}${len(values)}", allow_blank=True)
    check.showErrorMessage = False  # other spellings are understood too
    sheet.add_data_validation(check)
    check.add(f"{letter}2:{letter}{MOST_ROWS}")


def read_list(name: str, data: bytes) -> tuple[list[ListedRow], list[RowError]]:
    """The rows of the first sheet that has a heading "Nama", and what is wrong with its headings.

    Errors: WrongFile when it is no workbook, or no such sheet is in it.
    """
    check_workbook(data, name)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=HEAD_ROWS + MOST_ROWS + EMPTY_ROWS, max_col=60, values_only=True)
            found = _headings(rows)
            if found is not None:
                return _rows(rows, *found)
    except UNREADABLE as error:
        raise WrongFile(_("Berkas Excel ini rusak. Simpan ulang dari Excel, lalu unggah lagi.")) from error
    raise WrongFile(_("Tidak ada baris judul dengan kolom “Nama”. Pakai templat dari portal."))


def _headings(rows: Iterator[Sequence[Any]]) -> tuple[int, dict[str, int], list[RowError]] | None:
    """Where the headings stand: row number, place by field, and unknown or doubled ones; None when there are none."""
    for number, cells in enumerate(rows, 1):
        texts = [_text(cell) for cell in cells]
        if "name" in [heading_of(text) for text in texts if text]:
            return (number, *_places(number, texts))
        if number >= HEAD_ROWS:
            break
    return None


def _places(number: int, texts: Sequence[str]) -> tuple[dict[str, int], list[RowError]]:
    places: dict[str, int] = {}
    errors = []
    for place, text in enumerate(texts):
        name = heading_of(text) if text else ""
        if name is None or name in places:
            sentence = _("Kolom “%(head)s” tidak dikenal.") if name is None else _("Kolom “%(head)s” ada dua kali.")
            errors.append(RowError(number, get_column_letter(place + 1), sentence % {"head": text[:60]}))
        elif name:
            places[name] = place
    return places, errors


def _rows(
    rows: Iterator[Sequence[Any]], head: int, places: dict[str, int], errors: list[RowError]
) -> tuple[list[ListedRow], list[RowError]]:
    """What stands below the headings; rows without any text are left out."""
    letters = {name: get_column_letter(place + 1) for name, place in places.items()}
    found: list[ListedRow] = []
    empty = 0
    for number, cells in enumerate(rows, head + 1):
        texts = {name: _text(cells[place]) if place < len(cells) else "" for name, place in places.items()}
        empty = 0 if any(texts.values()) else empty + 1
        if empty > EMPTY_ROWS:
            break
        if empty:
            continue
        if len(found) == MOST_ROWS:
            errors.append(RowError(number, "", _("Lebih dari %(n)s peserta dalam satu berkas.") % {"n": MOST_ROWS}))
            break
        found.append(ListedRow(number, texts, letters))
    return found, errors


def _moment(value: dt.date | dt.time) -> str:
    """A day or an hour as people say it; a day without an hour is midnight in Excel."""
    hour = value if isinstance(value, dt.time) else value.time() if isinstance(value, dt.datetime) else dt.time()
    parts = [] if isinstance(value, dt.time) else [short_date(value)]
    return ", ".join([*parts, clock(hour)] if hour != dt.time() or not parts else parts)


def _text(value: Any) -> str:
    """What a cell says, as people would type it; of a number that Excel has rounded, how Excel shows it: 1.97E+17."""
    if value is None:
        return ""
    if isinstance(value, int | float) and abs(value) >= EXACT:
        value = f"{value:.5G}"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:.5G}"
    if isinstance(value, dt.date | dt.time):
        value = _moment(value)
    return " ".join(plain(str(value)).split())
