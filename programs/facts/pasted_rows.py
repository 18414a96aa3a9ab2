"""Rows copied from a spreadsheet: which column means what, which rows are none, which source a word names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kernel.errors import PortalError
from programs.facts.quantities import UnreadableNumber, parse_quantity, parse_rupiah

COLUMNS = ("account_code", "description", "quantity_text", "unit", "unit_price_rupiah", "source", "note")
IGNORED, AMOUNT = "", "amount"
LONGEST = 100_000
MOST_COLUMNS = 20

HEADERS = {
    "account_code": ("kode rekening", "kode", "rekening", "kode rek", "akun", "account code"),
    "description": ("uraian", "rincian", "nama barang", "uraian belanja", "deskripsi", "description"),
    "quantity_text": ("volume", "vol", "jumlah volume", "koefisien", "banyaknya", "kuantitas", "qty", "quantity"),
    "unit": ("satuan", "sat", "unit"),
    "unit_price_rupiah": ("harga satuan", "harga", "harga satuan rp", "harga rp", "tarif", "unit price"),
    "source": ("sumber dana", "sumber", "sumber pendanaan", "dana", "source"),
    "note": ("keterangan", "ket", "catatan", "note"),
    AMOUNT: ("jumlah", "total", "jumlah harga", "jumlah rp", "total rp", "jumlah biaya", "biaya", "amount"),
    IGNORED: ("no", "nomor", "no urut"),
}  # fmt: skip
_CODE = re.compile(r"[0-9](?:\.[0-9]{1,4}){2,}\.?")
_SUM_ROW = re.compile(r"(sub ?-?)?(jumlah|total)\b", re.IGNORECASE)
_ROMAN = {"iii": "3", "ii": "2", "i": "1"}


class UnreadablePaste(PortalError):
    """Nothing in the text can be taken as rows; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row as it was copied. `skipped` says why it is no cost line ("" when it is one)."""

    number: int
    cells: tuple[str, ...]
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The rows without the header, and what each column means: a name of COLUMNS, AMOUNT or IGNORED."""

    columns: tuple[str, ...]
    rows: tuple[PastedRow, ...]

    def values(self, row: PastedRow) -> dict[str, str]:
        """The cells of one row by the meaning of their column."""
        return {name: cell for name, cell in zip(self.columns, row.cells, strict=True) if name != IGNORED}


def read_paste(text: str, sources: Sequence[tuple[str, str]], chosen: Sequence[str] | None = None) -> Pasted:
    """What was copied from a spreadsheet. `chosen` are the meanings the user gave the columns; else they are guessed.

    Shape: sources = [(key, name)].
    Errors: UnreadablePaste.
    """
    table = _table(text)
    width = max(len(cells) for _number, cells in table)
    table = [(number, (*cells, *[""] * (width - len(cells)))) for number, cells in table]
    header = _header(table[0][1])
    body = table[1:] if header else table
    if not body:
        raise UnreadablePaste(_("Yang disalin hanya judul kolom. Salin juga baris isinya."))
    columns = header or _guess([cells for _number, cells in body], sources)
    if chosen and len(chosen) == width:
        columns = tuple(name if name in (*COLUMNS, AMOUNT) else IGNORED for name in chosen)
    pasted = Pasted(columns, ())
    rows = []
    for number, cells in body:
        row = PastedRow(number, cells)
        rows.append(PastedRow(number, cells, _why_skipped(pasted.values(row))))
    return Pasted(columns, tuple(rows))


def find_source(text: str, sources: Iterable[tuple[str, str]]) -> str | None:
    """The key of the source that a cell names: "APBD II", "apbd 2", "DAK Fisik" or its whole name; None when none."""
    wanted = _plain(text)
    for key, name in sources:
        if wanted in (_plain(key), _plain(name)):
            return key
    return None


def _table(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows with something in them, each with its number in the text."""
    if len(text) > LONGEST:
        raise UnreadablePaste(
            _("Teks yang ditempel terlalu panjang. Tempel paling banyak beberapa ratus baris sekaligus.")
        )
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
    rows = [tuple(" ".join(cell.split()) for cell in line) for line in lines]
    table = [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
    if not table:
        raise UnreadablePaste(_("Belum ada yang ditempel. Salin baris rincian di Excel, lalu tempel di sini."))
    if max(len(cells) for _number, cells in table) > MOST_COLUMNS:
        raise UnreadablePaste(_("Terlalu banyak kolom. Salin hanya kolom rincian biaya."))
    return table


def _plain(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", text.lower()).split()
    return " ".join(_ROMAN.get(word, word) for word in words)


def _header(cells: Sequence[str]) -> tuple[str, ...] | None:
    """What the columns of a header row mean; None when the row is none."""
    known = {_plain(word): name for name, words in HEADERS.items() for word in words}
    found, names = [known.get(_plain(cell)) for cell in cells], set()
    if sum(name is not None for name in found) < min(2, sum(bool(cell) for cell in cells)):
        return None
    columns = []
    for name in found:
        columns.append(IGNORED if name is None or name in names else name)
        names.add(name)
    return tuple(columns)


def _guess(body: Sequence[Sequence[str]], sources: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """By place and content: [no] [code] description volume [unit] price [amount] [source] [note]."""
    columns = list(zip(*body, strict=True))
    kinds = [_kind([cell for cell in column if cell], sources) for column in columns]
    meant, numbers = [], 0
    for place, kind in enumerate(kinds):
        taken = set(meant)
        if kind == "numbered" and place == 0 and len(columns) > 2:
            meant.append(IGNORED)
        elif kind in ("account_code", "source") and kind not in taken:
            meant.append(kind)
        elif kind in ("number", "quantity", "numbered"):
            name = ("quantity_text", "unit_price_rupiah", AMOUNT)[min(numbers, 2)]
            meant.append(name if name not in taken else IGNORED)
            numbers += 1
        elif kind == "text":
            after = [name for name in ("description", "unit", "note") if name not in taken]
            wants_unit = "quantity_text" in taken and "unit_price_rupiah" not in taken
            name = next((n for n in after if n != "unit" or wants_unit), IGNORED)
            meant.append("note" if name == "unit" and not wants_unit else name)
        else:
            meant.append(IGNORED)
    return tuple(meant)


def _kind(cells: Sequence[str], sources: Sequence[tuple[str, str]]) -> str:
    """What most cells of a column look like."""
    if not cells:
        return "empty"
    most = len(cells) * 2 / 3
    if sum(bool(_CODE.fullmatch(cell)) and not _reads(parse_rupiah, cell) for cell in cells) >= most:
        return "account_code"
    if sum(find_source(cell, sources) is not None for cell in cells) >= most:
        return "source"
    if [cell.rstrip(".") for cell in cells] == [str(number) for number in range(1, len(cells) + 1)]:
        return "numbered"
    if sum(_reads(parse_rupiah, cell) for cell in cells) >= most:
        return "number"
    return "quantity" if sum(_reads(parse_quantity, cell) for cell in cells) >= most else "text"


def _reads(parse: object, cell: str) -> bool:
    try:
        parse(cell)
    except UnreadableNumber:
        return False
    return True


def _why_skipped(values: dict[str, str]) -> str:
    """Sums and titles of groups are no cost lines."""
    parts = [bool(values.get(name)) for name in ("quantity_text", "unit_price_rupiah")]
    counted = any(parts)
    first = values.get("description") or values.get("account_code") or ""
    if not all(parts) and _SUM_ROW.match(first):
        return _("baris jumlah")
    if not first and not counted:
        return _("tanpa isi")
    titles = {"quantity_text", "unit_price_rupiah"} & set(values)
    return _("judul kelompok") if titles and not counted and not values.get(AMOUNT) and not values.get("source") else ""
