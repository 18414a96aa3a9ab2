"""Rows of agencies to invite, pasted from a spreadsheet or read from one: which column is which, what is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.kernel.errors import PortalError
from portal.kernel.plain_text import plain
from rakor.facts.addressees import names_head_of_region

COLUMNS = ("addressee", "place", "email", "phone", "quota", "agency")
LENGTHS = {"addressee": 200, "place": 80, "phone": 30, "email": 254}
HEADERS = {
    "addressee": ("yang terhormat", "yth", "penerima", "nama", "kepada", "instansi", "lembaga"),
    "place": ("di", "tempat", "kota", "alamat"),
    "email": ("surel", "email", "e mail", "surel kantor"),
    "phone": ("telepon", "wa", "whatsapp", "hp", "nomor hp", "telepon whatsapp", "telepon whatsapp kantor"),
    "quota": ("jumlah utusan", "utusan", "kuota", "jumlah"),
    "agency": ("kantor", "kantor di portal"),
    "": ("no", "nomor", "no urut"),
}
MOST_ROWS, LONGEST, MOST_COLUMNS, LARGEST_QUOTA, USUAL_QUOTA = 300, 100_000, 12, 200, 2


class UnreadableRows(PortalError):
    """Nothing can be taken as rows; the sentence says why."""


@dataclass(slots=True)
class RecipientRow:
    """One row of the list: texts by COLUMNS, the quota as a number, and the sentence of every cell that is wrong."""

    number: int
    values: dict[str, str]
    quota: int = USUAL_QUOTA
    errors: dict[str, str] = field(default_factory=dict)


def cells_of(text: str) -> list[list[str]]:
    """Pasted text as rows of cells: tabs as Excel copies them, else semicolons.

    Errors: UnreadableRows.
    """
    if len(text) > LONGEST:
        raise UnreadableRows(_("Teks yang ditempel terlalu panjang. Tempel paling banyak beberapa ratus baris."))
    mark = "\t" if "\t" in text else ";"
    lines = plain(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        return [list(line) for line in csv.reader(io.StringIO(lines), delimiter=mark)]
    except csv.Error as error:
        raise UnreadableRows(_("Teks ini tidak terbaca sebagai tabel. Salin barisnya langsung dari Excel.")) from error


def read_rows(table: Sequence[Sequence[str]]) -> list[RecipientRow]:
    """The rows with something in them, checked one by one and against each other.

    Errors: UnreadableRows.
    """
    filled = [
        (number, [" ".join(plain(str(cell)).split()) for cell in cells])
        for number, cells in enumerate(table, 1) if any(str(cell).strip() for cell in cells)
    ]  # fmt: skip
    if not filled:
        raise UnreadableRows(_("Belum ada baris. Salin daftar dari Excel, lalu tempel di sini."))
    if max(len(cells) for _number, cells in filled) > MOST_COLUMNS:
        raise UnreadableRows(_("Terlalu banyak kolom. Pakai kolom seperti pada templat."))
    columns = _header(filled[0][1])
    body = filled[1:] if columns else filled
    if not body:
        raise UnreadableRows(_("Hanya judul kolom yang terbaca. Sertakan juga baris isinya."))
    if len(body) > MOST_ROWS:
        raise UnreadableRows(_("Paling banyak %(most)s baris sekaligus.") % {"most": MOST_ROWS})
    rows = [_row(number, columns or COLUMNS, cells) for number, cells in body]
    _mark_doubles(rows)
    return rows


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """What the columns of a header row mean; () when the first row is none."""
    known = {word: name for name, words in HEADERS.items() for word in words}
    found = [known.get(re.sub(r"[^a-z]+", " ", cell.casefold()).strip()) for cell in cells]
    return tuple(name or "" for name in found) if "addressee" in found and len(found) > found.count(None) else ()


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> RecipientRow:
    values = dict.fromkeys(COLUMNS, "") | {
        name: cell for name, cell in zip(columns, cells, strict=False) if name
    }  # fmt: skip
    row = RecipientRow(number, values)
    for name, most in LENGTHS.items():
        if len(values[name]) > most:
            row.errors[name] = _("Paling panjang %(most)s huruf.") % {"most": most}
    if not values["addressee"]:
        row.errors["addressee"] = _("Tulis kepada siapa undangannya.")
    elif names_head_of_region(values["addressee"]):
        row.errors["addressee"] = _("Kepala daerah diundang dalam golongannya sendiri.")
    if values["email"] and "email" not in row.errors:
        try:
            validate_email(values["email"])
        except ValidationError:
            row.errors["email"] = _("Alamat surel ini tidak lengkap.")
    quota = values["quota"]
    if quota:
        if quota.isascii() and quota.isdigit() and len(quota) <= 3 and int(quota) <= LARGEST_QUOTA:
            row.quota = int(quota)
        else:
            row.errors["quota"] = _("Jumlah utusan antara 0 dan %(most)s.") % {"most": LARGEST_QUOTA}
    return row


def _mark_doubles(rows: Sequence[RecipientRow]) -> None:
    """A recipient that stands in the list twice is an error of its second row."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.values["addressee"].casefold(), (row.values["place"] or "Tempat").casefold())
        if row.values["addressee"] and key in first:
            row.errors.setdefault("addressee", _("Sama dengan baris %(n)s.") % {"n": first[key]})
        first.setdefault(key, row.number)
