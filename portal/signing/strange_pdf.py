"""Limits for PDF files of strangers: a few thousand bytes may unpack to gigabytes as soon as a reader opens them.

The reader's own limits hold for the whole process, so that no odd way of writing a file leads past them. It has none
for LZW, which unpacks a thousandfold too: files that use it are refused before they are opened.
"""

from __future__ import annotations

import re

from pikepdf.settings import set_qpdf_limits

LARGEST_STREAM = 64 * 1024 * 1024
"""Bytes that one filter may unpack one stream to; the fonts and tables of honest papers need less than one tenth."""

MOST_FILTERS = 4


def name_pattern(name: str) -> bytes:
    """A regular expression for a name of PDF, of which every letter may be written as # and its number."""
    letters = b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name.encode())
    return b"/" + letters + _END


_SPACE = rb"[\0\t\n\f\r ]*"
_END = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
_NAME = rb"/(?!LZW)[^\0\t\n\f\r ()<>\[\]{}/%#]+" + _END
_FILTERS = re.compile(name_pattern("Filter") + _SPACE)
_PLAIN = re.compile(_NAME + rb"|null|\[(?:" + _SPACE + _NAME + rb")*" + _SPACE + rb"\]")


def limit_reader() -> None:
    """Give the reader of PDF files its limits, once for the process."""
    set_qpdf_limits(
        flate_max_memory=LARGEST_STREAM, png_max_memory=LARGEST_STREAM, tiff_max_memory=LARGEST_STREAM,
        run_length_max_memory=LARGEST_STREAM, dct_max_memory=LARGEST_STREAM, max_stream_filters=MOST_FILTERS,
    )  # fmt: skip


def filters_are_plain(data: bytes) -> bool:
    """Whether every stream names its filters beside it and without escapes, and none of them is LZW."""
    return all(_PLAIN.match(data, found.end()) for found in _FILTERS.finditer(data))
