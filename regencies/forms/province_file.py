"""Reading a CSV of kabupaten/kota: every fault is a sentence with row and column; one fault and nothing is loaded.

Columns: those of regencies/data/ntt.csv, and `province_code`, `province` when the file tells the province itself.
Only `code`, `name` and `kind` are required. BPS codes are taken as they stand, never made from the other code.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.errors import PortalError
from regencies.actions.provinces import ProvinceData
from regencies.models import Province, Regency

REQUIRED = ("code", "name", "kind")
KINDS = {"kabupaten": "Kabupaten ", "kota": "Kota "}
MAX_TILE = 15


class FileFault(PortalError):
    """The file cannot be loaded; `faults` are its sentences."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Misread(ValueError):
    """One cell cannot be read; the text is the rest of the sentence."""


def _code(text: str) -> str:
    if not re.fullmatch(r"\d{2}\.\d{2}", text):
        raise Misread(_("harus berbentuk dua angka, titik, dua angka, misalnya 53.04"))
    return text


def _bps_code(text: str) -> str | None:
    if text and not re.fullmatch(r"\d{4}", text):
        raise Misread(_("harus empat angka, misalnya 5306"))
    return text or None


def _kind(text: str) -> str:
    if text not in KINDS:
        raise Misread(_("harus “kabupaten” atau “kota”"))
    return text


def _name(text: str) -> str:
    whole = re.sub(r"^Kab\.?\s+", "Kabupaten ", " ".join(text.split()))
    if not whole.startswith(tuple(KINDS.values())):
        raise Misread(_("harus dimulai dengan “Kabupaten” atau “Kota”"))
    return whole


def _number(text: str) -> int | None:
    if text and not re.fullmatch(r"[0-9]{1,9}", text):
        raise Misread(_("harus bilangan bulat tanpa titik atau koma"))
    return int(text) if text else None


def _tile(text: str) -> int | None:
    number = _number(text)
    if number is not None and number > MAX_TILE:
        raise Misread(_("paling besar %(most)s") % {"most": MAX_TILE})
    return number


def _between(least: float, most: float) -> Callable[[str], Decimal | None]:
    def read(text: str) -> Decimal | None:
        try:
            number = Decimal(text) if text else None
        except InvalidOperation as error:
            raise Misread(_("harus bilangan dengan titik desimal, misalnya 1126.8")) from error
        if number is not None and not least <= number <= most:
            raise Misread(_("harus antara %(least)s dan %(most)s") % {"least": least, "most": most})
        return number

    return read


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            raise Misread(_("paling panjang %(longest)s huruf") % {"longest": longest})
        return text

    return read


# column of the file: (field of Regency, reader)
COLUMNS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "code": ("code", _code),
    "bps_code": ("bps_code", _bps_code),
    "name": ("name", _name),
    "kind": ("kind", _kind),
    "capital": ("capital", _text(60)),
    "island": ("island", _text(80)),
    "island_group": ("island_group", _text(40)),
    "capital_lat": ("latitude", _between(-11.5, 6.5)),
    "capital_lon": ("longitude", _between(94.5, 141.5)),
    "population": ("population", _number),
    "population_male": ("population_male", _number),
    "population_female": ("population_female", _number),
    "area_km2": ("area_km2", _between(0.1, 99999)),
    "districts": ("districts", _number),
    "villages": ("villages", _number),
    "short": ("short", _text(4)),
    "aliases": ("aliases", _text(1000)),
    "tile_row": ("tile_row", _tile),
    "tile_col": ("tile_col", _tile),
}
PROVINCE_COLUMNS = ("province_code", "province")


def read_province_file(content: bytes, *, only: str = "", name: str = "") -> list[ProvinceData]:
    """The provinces of the file, or the one with code `only`. `name` names a province that the file does not name.

    Errors: FileFault with every sentence.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFault([_("Berkas bukan teks UTF-8. Simpan ulang sebagai “CSV UTF-8”.")]) from error
    reader = csv.DictReader(io.StringIO(text), strict=True)
    _check_header(reader.fieldnames or [])
    faults: list[str] = []
    rows = _read_rows(reader, faults)
    if only:
        rows = [row for row in rows if row["province_code"] == only]
    if not rows and not faults:
        nothing = _("Berkas tidak memuat kabupaten/kota provinsi itu.") if only else _("Berkas tidak berisi baris.")
        faults.append(nothing)
    _check_together(rows, faults)
    provinces = _by_province(rows, name, faults)
    if faults:
        raise FileFault(faults)
    return provinces


def _check_header(header: list[str] | tuple[str, ...]) -> None:
    faults = [
        _("Baris 1: kolom wajib “%(column)s” tidak ada.") % {"column": name} for name in REQUIRED if name not in header
    ]
    faults += [
        _("Baris 1: kolom “%(column)s” tidak dikenal.") % {"column": name}
        for name in header
        if name not in COLUMNS and name not in PROVINCE_COLUMNS
    ]
    faults += [
        _("Baris 1: kolom “%(column)s” ada dua kali.") % {"column": name}
        for number, name in enumerate(header)
        if name in header[:number]
    ]
    if faults:
        raise FileFault(faults)


def _read_rows(reader: csv.DictReader, faults: list[str]) -> list[dict[str, Any]]:
    rows = []
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                faults.append(_("Baris %(row)s: banyaknya kolom berbeda dari baris judul.") % {"row": reader.line_num})
                continue
            rows.append(_read_row(reader.line_num, cells, faults))
    except csv.Error as error:
        faults.append(_("Baris %(row)s: bukan CSV yang sah (%(why)s).") % {"row": reader.line_num, "why": error})
    return [row for row in rows if row]


def _read_row(number: int, cells: dict[str, str], faults: list[str]) -> dict[str, Any] | None:
    """The row's values with its number and its province's code; None when a required cell cannot be read."""
    values: dict[str, Any] = {}
    for column, written in cells.items():
        cell = written.strip()
        if column in PROVINCE_COLUMNS:
            values[column] = cell
            continue
        field, read = COLUMNS[column]
        if not cell and column in REQUIRED:
            faults.append(fault(number, column, _("wajib diisi")))
            continue
        try:
            values[field] = read(cell)
        except Misread as error:
            faults.append(fault(number, column, str(error), cell))
    if any(name not in values for name in REQUIRED):
        return None
    # The first two digits of a Kemendagri code are the province's code by the code's own definition.
    values.setdefault("province_code", values["code"][:2])
    return {"row": number, **values}


def fault(row: int, column: str, what: str, cell: str = "") -> str:
    """One sentence: "Baris 5, kolom population: “abc” harus bilangan bulat …"."""
    quoted = f"“{cell}” " if cell else ""
    return _("Baris %(row)s, kolom %(column)s: %(cell)s%(what)s.") % {
        "row": row, "column": column, "cell": quoted, "what": what,
    }  # fmt: skip


def _check_together(rows: list[dict[str, Any]], faults: list[str]) -> None:
    """What only shows when cells are read side by side, or rows one after the other."""
    first: dict[tuple[str, Any], int] = {}
    for row in rows:
        number = row["row"]
        if not row["name"].startswith(KINDS[row["kind"]]):
            faults.append(fault(number, "kind", _("tidak sesuai dengan nama “%(name)s”") % {"name": row["name"]}))
        if row["province_code"] != row["code"][:2]:
            faults.append(fault(number, "code", _("tidak termasuk provinsi %(code)s") % {"code": row["province_code"]}))
        men, women, people = (row.get(f"population{part}") for part in ("_male", "_female", ""))
        if None not in (men, women, people) and men + women != people:
            faults.append(fault(number, "population", _("bukan jumlah laki-laki dan perempuan"), str(people)))
        if (row.get("tile_row") is None) != (row.get("tile_col") is None):
            faults.append(fault(number, "tile_row", _("baris dan kolom ubin diisi keduanya atau tidak sama sekali")))
        for column, value in _keys(row):
            if (column, value) in first:
                earlier = _("sudah dipakai pada baris %(row)s") % {"row": first[column, value]}
                faults.append(fault(number, column, earlier, value[-1] if isinstance(value, tuple) else value))
            else:
                first[column, value] = number


def _keys(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """What may occur once: over the file the codes, in a province name, abbreviation and tile."""
    home, keys = row["province_code"], [("code", row["code"])]
    keys += [("bps_code", row["bps_code"])] if row.get("bps_code") else []
    keys += [(column, (home, row[column])) for column in ("name", "short") if row.get(column)]
    if row.get("tile_row") is not None:
        keys.append(("tile_row", (home, f"{row['tile_row']},{row.get('tile_col')}")))
    return keys


def _by_province(rows: list[dict[str, Any]], name: str, faults: list[str]) -> list[ProvinceData]:
    """The rows of each province, without the columns that do not belong to a regency."""
    known = dict(Province.objects.values_list("code", "name"))
    elsewhere = dict(Regency.objects.exclude(bps_code=None).values_list("bps_code", "code"))
    provinces: dict[str, ProvinceData] = {}
    in_file = {row["code"] for row in rows}
    for row in rows:
        code = row["province_code"]
        called = row.get("province") or name or known.get(code, "")
        if not called and code not in provinces:
            sentence = _("Baris %(row)s: nama provinsi %(code)s tidak diketahui; isi kolom province.")
            faults.append(sentence % {"row": row["row"], "code": code})
        home = provinces.setdefault(code, ProvinceData(code, called, []))
        if called != home.name:
            faults.append(fault(row["row"], "province", _("nama berbeda untuk provinsi yang sama"), called))
        owner = elsewhere.get(row.get("bps_code"))
        if owner and owner != row["code"] and owner not in in_file:
            faults.append(fault(row["row"], "bps_code", _("sudah milik %(code)s") % {"code": owner}, row["bps_code"]))
        home.regencies.append({key: value for key, value in row.items() if key not in ("row", *PROVINCE_COLUMNS)})
    return list(provinces.values())
