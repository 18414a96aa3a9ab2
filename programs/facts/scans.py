"""A scanned paper: what its bytes are, how many pages, which hash. The name of the file decides nothing."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from pikepdf import PdfError, open

from programs.facts.file_checks import check_file
from programs.facts.wrong_file import WrongFile

MEGABYTE = 1024 * 1024
LARGEST_CONTENTS = 32 * MEGABYTE
"""Bytes that the tables of contents of a PDF may unpack to; those of a thousand pages need less than one."""

_TABLE = re.compile(rb"/(?:ObjStm|XRef)\b[^\0]{0,2000}?stream\r?\n")


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
    kind = check_file(name, data)
    if kind != "pdf":
        raise WrongFile(_("Pindaian harus berupa satu berkas PDF, bukan %(kind)s.") % {"kind": kind.upper()})
    return Scan(data, _pages(data), hashlib.sha256(data).hexdigest())


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",").removesuffix(",0")


def _pages(data: bytes) -> int:
    """How many pages; the tables of contents are measured before anything unpacks them whole."""
    _measure(data)
    try:
        with open(BytesIO(data)) as pdf:
            pages = len(pdf.pages)
    except (PdfError, RuntimeError, ValueError) as error:
        raise WrongFile(_("PDF ini rusak atau bersandi, sehingga tidak terbaca. Pindai ulang, lalu unggah.")) from error
    if not pages:
        raise WrongFile(_("PDF ini tidak mempunyai halaman."))
    return pages


def _measure(data: bytes) -> None:
    """Refuse a PDF whose tables of contents unpack to more than any honest one.

    Errors: WrongFile.
    """
    left = LARGEST_CONTENTS
    for found in _TABLE.finditer(data):
        unpacking = zlib.decompressobj()
        try:
            left -= len(unpacking.decompress(data[found.end() :], left + 1))
        except zlib.error:
            continue  # not packed this way: it is no larger than the file
        if left < 0:
            raise WrongFile(_("PDF ini tidak wajar: daftar isinya jauh lebih besar daripada berkasnya."))
