"""XLSX and DOCX are ZIP containers of XML. They are measured before anybody unpacks them."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.kernel.errors import WrongFile

MOST_PARTS = 3000
MOST_BYTES = 150 * 2**20
"""Unpacked size of all parts together: what a worker reads in about a second, far above any RAB or KAK."""

MOST_RATIO, RATIO_FROM = 150, 2**20
"""Sheets shrink 10 to 30 times; only a bomb of more than a megabyte shrinks 150 times."""

PIECE = 256 * 1024
ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ", b"MZ")
MAIN_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
MAIN_TYPES = {"xlsx": b"spreadsheetml.sheet.main+xml", "docx": b"wordprocessingml.document.main+xml"}
XML_SUFFIXES = (".xml", ".rels", ".vml")
DECLARES = re.compile(rb"<!\s*(doctype|entity)", re.I)
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", re.I)
ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
MACROS = re.compile(rb"macroEnabled|vbaProject", re.I)
EMBEDDED = re.compile(r"(xl|word)/embeddings/[^/]+\.xlsx", re.I)
MOST_CHARTS = 30
"""The figures behind the charts of a document: the one kind of container that may lie in another."""


def check_office(data: bytes, *, most: int = MOST_BYTES) -> str:
    """Kind of a container that is safe to open: "xlsx" or "docx".

    Errors: WrongFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            _check_list(parts, len(data), most)
            kind = _check_types(container)
            for part in parts:
                _check_part(container, part, nested=most < MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, RuntimeError) as error:
        raise WrongFile(_("Berkas Office ini rusak atau terpotong. Simpan ulang dari aplikasinya.")) from error
    return kind


def _check_list(parts: list[zipfile.ZipInfo], size: int, most: int) -> None:
    """What the table of contents says, before anything is unpacked."""
    charts = sum(bool(EMBEDDED.fullmatch(part.filename)) for part in parts)
    if len(parts) > MOST_PARTS or charts > MOST_CHARTS or sum(part.file_size for part in parts) > most:
        raise _too_big()
    names = [part.filename for part in parts]
    if any(map(_leads_outside, names)) or len({name.lower() for name in names}) != len(names):
        raise WrongFile(_("Susunan berkas Office ini tidak wajar (nama bagian menyesatkan), jadi tidak diterima."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise WrongFile(_("Berkas ini bersandi. Simpan tanpa kata sandi, lalu unggah kembali."))
    places = sorted((part.header_offset, part.compress_size) for part in parts)
    starts = [place for place, _size in places]
    ends = [place + length for place, length in places]
    overlap = any(end > start for end, start in zip(ends, starts[1:], strict=False))
    if not parts or starts[0] != 0 or overlap or ends[-1] > size:
        raise WrongFile(_("Susunan berkas Office ini tidak wajar (bagian bertumpang tindih), jadi tidak diterima."))
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise WrongFile(
            _("Berkas Office ini dimampatkan dengan cara yang tidak dikenal. Simpan ulang dari aplikasinya.")
        )
    if any(part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts):
        raise _too_big()
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise _macros()


def _leads_outside(name: str) -> bool:
    """Whether the name of a part points out of the container."""
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _check_types(container: zipfile.ZipFile) -> str:
    """The kind by the main part and by what the list of types calls it."""
    names = set(container.namelist())
    if "[Content_Types].xml" not in names:
        raise WrongFile(_("Ini arsip ZIP, bukan berkas Excel atau Word. Unggah berkas di dalamnya satu per satu."))
    types = b"".join(_pieces(container, container.getinfo("[Content_Types].xml"), 2**20))
    if MACROS.search(types):
        raise _macros()
    for part, kind in MAIN_PARTS.items():
        if part in names and MAIN_TYPES[kind] in types:
            return kind
    raise WrongFile(_("Berkas Office ini bukan buku kerja Excel (.xlsx) dan bukan dokumen Word (.docx)."))


def _check_part(container: zipfile.ZipFile, part: zipfile.ZipInfo, *, nested: bool) -> None:
    """Unpack one part piece by piece: its size and checksum are true, it is no archive, its XML declares nothing."""
    if part.is_dir():
        return
    pieces = _pieces(container, part, part.file_size)
    first = next(pieces, b"")
    if first.startswith(ARCHIVES):
        if nested or not EMBEDDED.fullmatch(part.filename):
            raise WrongFile(_("Di dalam berkas Office ini ada arsip atau program lain, jadi tidak diterima."))
        check_office(first + b"".join(pieces), most=MOST_BYTES // MOST_CHARTS)
        return
    is_xml = part.filename.lower().endswith(XML_SUFFIXES)
    if is_xml:
        _check_xml_head(first)
    before = b""
    for piece in itertools.chain([first], pieces):
        if is_xml and DECLARES.search(before + piece):
            raise _declares()
        before = piece[-64:]


def _check_xml_head(head: bytes) -> None:
    """XML that is read as the plain text we looked for declarations in, not in a writing that hides them."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text and (not text.startswith(b"<") or b"\0" in text[:64]):
        raise _declares()
    if (named := ENCODING.match(text[:200])) and named[1].lower() not in ENCODINGS:
        raise _declares()


def _pieces(container: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The unpacked part; it ends with an error when it is longer than it said."""
    read = 0
    with container.open(part) as file:
        while piece := file.read(PIECE):
            read += len(piece)
            if read > most:
                raise _too_big()
            yield piece


def _too_big() -> WrongFile:
    return WrongFile(_("Isi berkas Office ini terlalu besar bila dibuka. Hapus bagian yang tidak perlu, lalu unggah."))


def _macros() -> WrongFile:
    return WrongFile(_("Berkas Office ini memuat makro. Simpan sebagai .xlsx atau .docx tanpa makro, lalu unggah."))


def _declares() -> WrongFile:
    return WrongFile(_("Berkas Office ini memuat deklarasi XML yang tidak wajar, jadi tidak diterima."))
