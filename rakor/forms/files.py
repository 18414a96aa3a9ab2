"""Reading YAML and XLSX into one shape in which every value knows its place in the file, for error messages."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from portal.kernel.errors import PortalError
from portal.kernel.plain_text import plain

MAX_BYTES = 5_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 3000
MAX_DEPTH = 20
OPENING = (
    yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken, yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken,
)  # fmt: skip
CLOSING = (yaml.BlockEndToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
NO_XLSX = (InvalidFileException, zipfile.BadZipFile, OSError, KeyError, ValueError, TypeError, SyntaxError, zlib.error)
"""What the library raises over a broken archive, broken XML (a SyntaxError) or parts that are missing."""
LISTS = ("penyelenggara", "sesi", "notula")


class FileError(PortalError):
    """The file cannot be read at all; the sentence says why."""


@dataclass(frozen=True)
class Node:
    """A text, a list of nodes or a mapping of names to nodes, with the place it stands at."""

    value: str | list[Node] | dict[str, Node]
    place: str

    @property
    def text(self) -> str:
        """The value of a text; "" for anything else."""
        return self.value.strip() if isinstance(self.value, str) else ""


def read_file(path: Path) -> Node:
    """The content of a .yaml, .yml or .xlsx file as a mapping.

    Errors: FileError.
    """
    if not path.is_file():
        raise FileError(_("Berkas %(name)s tidak ditemukan.") % {"name": path})
    if path.stat().st_size > MAX_BYTES:
        raise FileError(_("Berkas %(name)s terlalu besar.") % {"name": path.name})
    readers: dict[str, Callable[[Path], Node]] = {".yaml": _read_yaml, ".yml": _read_yaml, ".xlsx": _read_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileError(_("Berkas harus berakhiran .yaml atau .xlsx."))
    return reader(path)


def _read_yaml(path: Path) -> Node:
    try:
        text = path.read_text(encoding="utf-8-sig")
        _refuse_bombs(text)
        root = yaml.compose(text, yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise FileError(_("Berkas YAML harus disimpan sebagai teks UTF-8.")) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileError(
            _("Baris %(line)s: susunan YAML tidak terbaca (%(why)s). Apit teks bertitik dua dengan tanda kutip.")
            % {"line": line, "why": error.problem}
        ) from error
    except yaml.YAMLError as error:
        raise FileError(_("Susunan YAML tidak terbaca.")) from error
    if not isinstance(root, yaml.MappingNode):
        raise FileError(_("Berkas YAML harus dimulai dengan “rakor:”."))
    return _from_yaml(root, "")


def _refuse_bombs(text: str) -> None:
    """Return when reading the text takes time and memory in proportion to its size.

    Errors: FileError.
    """
    depth = 0
    for token in yaml.scan(text, yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            raise FileError(_("Berkas YAML tidak boleh memakai rujukan (tanda *)."))
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > MAX_DEPTH:
            raise FileError(_("Berkas YAML bersusun terlalu dalam."))


def _from_yaml(node: yaml.Node, path: str) -> Node:
    line = _("baris %(line)s") % {"line": node.start_mark.line + 1}
    place = f"{line}, {path}" if path else line
    if isinstance(node, yaml.ScalarNode):
        return Node("" if node.tag.endswith(":null") else plain(node.value), place)
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) > MAX_ROWS:
            raise FileError(_("%(place)s: lebih dari %(count)s baris.") % {"place": place, "count": MAX_ROWS})
        return Node([_from_yaml(item, f"{path}[{number}]") for number, item in enumerate(node.value, 1)], place)
    fields = {}
    for key, value in node.value:
        name = str(key.value)
        if name in fields:
            raise FileError(_("%(place)s: “%(name)s” tertulis dua kali.") % {"place": place, "name": name})
        fields[name] = _from_yaml(value, f"{path}.{name}" if path else name)
    return Node(fields, place)


def _read_xlsx(path: Path) -> Node:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise FileError(_("Berkas %(name)s terlalu besar.") % {"name": path.name})
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        if "rakor" not in book.sheetnames:
            raise FileError(_("Berkas Excel harus mempunyai lembar “rakor”."))
        content = {"rakor": _pairs(book["rakor"])}
        for name in LISTS:
            if name in book.sheetnames:
                content[name] = _table(book[name], name)
    except NO_XLSX as error:
        raise FileError(_("Berkas %(name)s bukan berkas Excel (.xlsx) yang utuh.") % {"name": path.name}) from error
    return Node(content, path.name)


def _pairs(sheet: Any) -> Node:
    """The sheet "rakor": name in column A, value in column B."""
    fields = {}
    for number, row in enumerate(sheet.iter_rows(max_row=200, max_col=2, values_only=True), 1):
        name, value = (*row, None, None)[:2]
        place = _("lembar rakor, baris %(row)s, kolom B (%(name)s)") % {"row": number, "name": name}
        if name:
            fields[str(name).strip()] = Node(_cell(value), place)
    return Node(fields, _("lembar rakor"))


def _table(sheet: Any, title: str) -> Node:
    """A sheet with names in its first row and one thing per row; empty rows are left out."""
    rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=40, values_only=True)
    names = [_cell(value) for value in next(rows, ())]
    items = []
    for number, row in enumerate(rows, 2):
        if all(value in (None, "") for value in row):
            continue
        where = _("lembar %(sheet)s, baris %(row)s") % {"sheet": title, "row": number}
        fields = {
            name: Node(_cell(value), f"{where}, {_('kolom')} {get_column_letter(column)} ({name})")
            for column, (name, value) in enumerate(zip(names, row, strict=False), 1)
            if name
        }
        items.append(Node(fields, where))
    return Node(items, _("lembar %(sheet)s") % {"sheet": title})


def _cell(value: Any) -> str:
    """A cell as text: dates as 2019-04-24, times as 09.00, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H.%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain(str(value)).strip()
