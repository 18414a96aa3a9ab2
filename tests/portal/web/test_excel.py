"""Excel out: texts stay texts, numbers numbers, dates dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from portal.web.excel import TYPE, WIDEST, Sheet, excel_response, workbook_response


def sheet_of(*rows: list, header: list | None = None):
    answer = excel_response("daftar", "Judul yang panjang sekali untuk sebuah lembar", header or ["A", "B"], rows)
    assert answer["Content-Type"] == TYPE
    assert answer["Content-Disposition"] == 'attachment; filename="daftar.xlsx"'
    return load_workbook(BytesIO(answer.content)).active


def test_values_keep_their_kind() -> None:
    sheet = sheet_of([1_250_000, Decimal("12.5")], [dt.date(2019, 4, 24), None], [True, dt.time(9, 30)])
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [[1_250_000, 12.5], [dt.datetime(2019, 4, 24), None], [True, dt.time(9, 30)]]


def test_a_text_is_never_a_formula() -> None:
    sheet = sheet_of(["=1+1", "+62812"], ["@x", "-"])
    assert [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [("=1+1", "s"), ("+62812", "s")],
        [("@x", "s"), ("-", "s")],
    ]


def test_the_head_is_bold_stays_in_sight_and_columns_fit() -> None:
    sheet = sheet_of(["pendek", "x" * 500])
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold and sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 8 and sheet.column_dimensions["B"].width == WIDEST
    assert len(sheet.title) == 31


def test_an_empty_list_is_a_sheet_with_its_head() -> None:
    assert [cell.value for cell in sheet_of()[1]] == ["A", "B"]


def test_a_book_has_several_sheets_whose_names_excel_allows() -> None:
    answer = workbook_response(
        "matriks",
        [
            Sheet("53.04 Belu: 2020/2021", ["A", "B"], [["=1+1", 2]], total=["Jumlah", 2]),
            Sheet("x" * 40, ["A"], []),
            Sheet("X" * 40, ["A"], [[1]]),
        ],
    )
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["53.04 Belu  2020 2021", "x" * 31, f"{'X' * 27} (2)"]
    first = book.worksheets[0]
    assert [[cell.value for cell in row] for row in first.iter_rows()] == [["A", "B"], ["=1+1", 2], ["Jumlah", 2]]
    assert (first["A2"].data_type, first["A3"].font.bold, first["A2"].font.bold) == ("s", True, False)
