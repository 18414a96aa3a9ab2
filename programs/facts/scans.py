"""A scanned paper: what its bytes are, how many pages, which hash. The name of the file decides nothing."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from pikepdf import PdfError, open

from portal.kernel.errors import WrongFile
from portal.signing.strange_pdf import filters_are_plain, name_pattern
from programs.facts.file_checks import check_file

MEGABYTE = 1024 * 1024
LARGEST_CONTENTS = 32 * MEGABYTE
"""Bytes that the tables of contents of a PDF may unpack to; those of a thousand pages need less than one."""

PIECE = 64 * 1024

_TABLE_OR_STREAM = re.compile(
    b"(" + name_pattern("ObjStm") + b"|" + name_pattern("XRef") + rb")|(?<!end)stream\r?\n",
)


@dataclass(frozen=True)
class Scan:
    """A PDF that was looked at."""

    data: bytes
    pages: int
    sha256: str


def read_scan(name: str, data: bytes, *, size: int, largest: int) -> Scan:
    """The scan in those bytes; `size` is that of the file as it was sent, also when it was not kept.

    Errors: WrongFile with a sentence.
    """
    if size > largest:
        raise WrongFile(
            _("Berkas %(size)s MB terlalu besar; batasnya %(limit)s MB. Pindai hitam-putih 200 dpi, lalu unggah lagi.")
            % {"size": _megabytes(size), "limit": _megabytes(largest)}
        )
    check_file(name, data, taken=("pdf",))
    return Scan(data, _pages(data), hashlib.sha256(data).hexdigest())


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",").removesuffix(",0")


def _pages(data: bytes) -> int:
    """How many pages; the tables of contents are measured before anything unpacks them whole."""
    if not filters_are_plain(data):
        raise WrongFile(_("PDF ini memakai pemampatan usang atau tidak wajar (LZW). Simpan ulang sebagai PDF biasa."))
    _measure(data)
    try:
        with open(BytesIO(data)) as pdf:
            pages, locked = len(pdf.pages), pdf.is_encrypted
    except (PdfError, RuntimeError, ValueError) as error:
        raise WrongFile(_("PDF ini rusak atau bersandi, sehingga tidak terbaca. Pindai ulang, lalu unggah.")) from error
    if locked:
        raise WrongFile(_("PDF ini bersandi. Simpan tanpa kata sandi dan pembatasan, lalu unggah kembali."))
    if not pages:
        raise WrongFile(_("PDF ini tidak mempunyai halaman."))
    return pages


def _measure(data: bytes) -> None:
    """Refuse a PDF whose tables of contents unpack to more than any honest one, all together.

    One that hides from this count meets the limits of the reader (portal.signing.strange_pdf).
    Errors: WrongFile.
    """
    left = LARGEST_CONTENTS
    for start in _tables(data):
        left -= _unpacked(data, start, left + 1)
        if left < 0:
            raise WrongFile(_("PDF ini tidak wajar: daftar isinya jauh lebih besar daripada berkasnya."))


def _tables(data: bytes) -> Iterator[int]:
    """Where the packed bytes of each table begin: at the first stream after its name."""
    named = False
    for found in _TABLE_OR_STREAM.finditer(data):
        if named and not found.group(1):
            yield found.end()
        named = bool(found.group(1))


def _unpacked(data: bytes, start: int, most: int) -> int:
    """Bytes that are packed there, counted up to `most`; what is not packed this way is no larger than the file."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        while not unpacking.eof and size < most and start < len(data):
            size += len(unpacking.decompress(data[start : start + PIECE], most - size))
            start += PIECE
    except zlib.error:
        pass
    return size
