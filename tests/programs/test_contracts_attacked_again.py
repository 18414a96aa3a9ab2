"""What a second attacker tried on contracts and their Excel list, and what is said to him."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook

from programs.facts.contract_list import SHEET
from programs.forms.contract_batches import MOST_ROWS, ListReading
from programs.queries.contract_batches import choice_lists
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HEADS = ("No.", "Nama lengkap", "NIK", "Nomor telepon", "Angkatan", "Kabupaten/kota penempatan")


def reading(cast: Cast, *rows: tuple[Any, ...]) -> ListReading:
    """A list with these rows, as read."""
    book = Workbook()
    book.active.title = SHEET
    for row in (HEADS, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = ListReading(choice_lists(cast.panitia))
    found.read(stream.getvalue())
    return found


@pytest.mark.parametrize("number", [5304151203979001, 5304151203979001.0, 5.304151203979001e15])
def test_a_nik_that_excel_keeps_as_a_number_is_refused(number: Any, cast: Cast) -> None:
    """Excel keeps fifteen digits: the sixteenth is lost before the file is written."""
    [row] = reading(cast, (1, "Ana Contoh", number, None, 2015, "Kabupaten Belu")).found
    assert row["errors"] == [["identity_number", "NIK terdiri atas 16 angka. Tulis sebagai teks di Excel."]]


@pytest.mark.parametrize("number", [81234567890, 81234567890.0])
def test_the_zero_that_excel_took_from_a_telephone_comes_back(number: Any, cast: Cast) -> None:
    [row] = reading(cast, (1, "Ana Contoh", None, number, 2015, "Kabupaten Belu")).found
    assert (row["errors"], row["values"]["phone"]) == ([], "081234567890")


def test_a_name_of_two_lines_becomes_one(cast: Cast) -> None:
    [row] = reading(cast, (1, "Ana\r\nContoh,\n A.Md.", None, None, 2015, "Kabupaten Belu")).found
    assert (row["errors"], row["values"]["name"]) == ([], "Ana Contoh, A.Md.")


def test_rows_behind_the_last_one_that_is_read_are_told(cast: Cast) -> None:
    rows = [(n, f"Penyuluh {n}", None, None, 2015, "Kabupaten Belu") for n in range(MOST_ROWS + 1)]
    assert not reading(cast, *rows[:-1]).errors
    [error] = reading(cast, *rows).errors
    assert f"paling banyak {MOST_ROWS} baris" in error.sentence
