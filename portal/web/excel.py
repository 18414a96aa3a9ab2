"""Excel out: every list of the portal leaves it the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portal.kernel.plain_text import plain

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
LONGEST_TITLE = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: `total` is a bold last row, () for none."""

    title: str
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] = ()


def excel_response(name: str, title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download "name.xlsx" with one sheet."""
    return workbook_response(name, [Sheet(title, header, rows)])


def workbook_response(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """A download "name.xlsx": on each sheet a bold header, fixed first row, columns as wide as their longest text.

    Texts stay texts: what begins with "=" is never a formula; a character that XML cannot hold is left out.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        _fill(book.create_sheet(_free_title(book, sheet.title)), sheet)
    stream = BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _free_title(book: Workbook, wanted: str) -> str:
    """The title as Excel allows it; the second of the same name gets a number."""
    title = _FORBIDDEN.sub(" ", plain(wanted)).strip()[:LONGEST_TITLE] or "1"
    taken, number = {name.casefold() for name in book.sheetnames}, 2
    free = title
    while free.casefold() in taken:
        free = f"{title[: LONGEST_TITLE - 4]} ({number})"
        number += 1
    return free


def _fill(target: Any, sheet: Sheet) -> None:
    table = [list(sheet.header), *(list(row) for row in sheet.rows)]
    bold = {0}
    if sheet.total:
        bold.add(len(table))
        table.append(list(sheet.total))
    target.freeze_panes = "A2"
    for number, column in enumerate(zip(*table, strict=True), start=1):
        widest = max(len(str(value)) for value in column if value is not None)
        target.column_dimensions[get_column_letter(number)].width = min(widest + 2, WIDEST)
    for number, row in enumerate(table):
        target.append([_cell(target, value, bold=number in bold) for value in row])


def _cell(sheet: Any, value: Any, *, bold: bool) -> WriteOnlyCell:
    if value is not None and not isinstance(value, bool | int | float):
        value = value if hasattr(value, "isoformat") or hasattr(value, "as_tuple") else plain(str(value))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
