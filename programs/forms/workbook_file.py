"""Making the workbook: the template with lists, checks and notes, empty or filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from portal.kernel.plain_text import plain
from programs.facts.workbook import CHOICE, COUNT, GUIDE, GUIDE_LINES, LISTS, MONEY, NUMBER, SHEETS, Column

ROWS = 2000
"""Rows that get lists and checks."""

HEAD = PatternFill("solid", fgColor="1D2A5B")


def workbook_bytes(
    title: str,
    lists: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    parts: Mapping[str, Sequence[Column]] = SHEETS,
    guide: Sequence[str] = GUIDE_LINES,
) -> bytes:
    """The file: guide, a sheet per part with its drop-down lists, and the lists themselves.

    `rows` by sheet and field; texts stay texts, whatever they begin with. `parts`: the columns of each sheet.
    """
    book = Workbook()
    _guide(book.active, title, guide)
    sheets = {name: book.create_sheet(name) for name in parts}
    areas = _lists(book.create_sheet(LISTS), lists)
    for name, sheet in sheets.items():
        _fill(sheet, parts[name], rows.get(name, ()), areas)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _guide(sheet: Worksheet, title: str, lines: Sequence[str]) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate((title, "", *lines), start=1):
        _text(sheet, number, 1, line)
        sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)


def _lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write each list as a column; where each stands, as Excel writes it."""
    areas = {}
    for place, (name, values) in enumerate(lists.items(), start=1):
        _text(sheet, 1, place, name)
        for number, value in enumerate(values, start=2):
            _text(sheet, number, place, value)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 40
        areas[name] = f"'{LISTS}'!${letter}$2:${letter}${max(2, len(values) + 1)}"
    sheet.freeze_panes = "A2"
    return areas


def _fill(
    sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], areas: Mapping[str, str]
) -> None:
    sheet.freeze_panes = "C2" if len(columns) > 8 else "B2"
    for place, column in enumerate(columns, start=1):
        head = sheet.cell(1, place, column.head)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), HEAD
        if column.hint:
            head.comment = Comment(column.hint, "Portal Rakor")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        if check := _check(column, areas):
            sheet.add_data_validation(check)
            check.add(f"{letter}2:{letter}{ROWS}")
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            _value(sheet, number, place, row.get(column.field), column)


def _check(column: Column, areas: Mapping[str, str]) -> DataValidation | None:
    if column.takes == CHOICE:
        check = DataValidation(type="list", formula1=areas[column.choices], allow_blank=True)
        check.error = "Pilih salah satu isi daftar."
    elif column.takes == COUNT:
        check = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        check.error = "Isi bilangan bulat, nol atau lebih."
    else:
        return None
    check.errorTitle, check.showErrorMessage = column.head, True
    return check


def _value(sheet: Worksheet, row: int, place: int, value: Any, column: Column) -> None:
    if value is None or value == "":
        return
    if column.takes in (COUNT, NUMBER, MONEY) and not isinstance(value, str):
        cell = sheet.cell(row, place, value)
        if column.takes == MONEY:
            cell.number_format = "#,##0"
        return
    _text(sheet, row, place, value)


def _text(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    """A text as it is: "=1+1" is no formula."""
    cell = sheet.cell(row, place)
    cell.value = plain(str(value))
    cell.data_type = "s"
