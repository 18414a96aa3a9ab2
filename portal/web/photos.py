"""JPEG and PNG: whether the picture is whole, and the picture without where it was made.

Metadata is cut out at the level of segments: no pixel is changed, and what phones hang on behind the picture (a short
film, a depth map) goes too.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from portal.kernel.errors import WrongFile

MOST_PIXELS = 50_000_000
"""Largest pictures of phones of today. A progressive JPEG of this size takes 150 MB while it is looked at."""

MOST_SCANS = 60
"""A progressive JPEG needs about ten; thousands of empty ones would keep a worker busy for minutes."""

ORIENTATION, EXIF_PART, PLACE_PART, MADE_AT = 0x0112, 0x8769, 0x8825, 0x9003
EXIF_HEAD = b"Exif\0\0"
SCAN_END = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
SOS, EOI, STANDALONE = 0xDA, 0xD9, {0x01, *range(0xD0, 0xD8)}
JPEG_METADATA = {0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE}
"""APP1 (Exif, XMP), APP3-APP13 and APP15 (makers, IPTC), comments. Kept: JFIF, colour profile (APP2), Adobe (APP14)."""

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs",
}  # fmt: skip
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def check_jpeg(data: bytes) -> None:
    """Return when the JPEG is whole and not too large to look at.

    Errors: WrongFile.
    """
    segments = list(_segments(data))
    if not segments or segments[-1][0] != EOI or sum(mark == SOS for mark, _start, _end in segments) > MOST_SCANS:
        raise _damaged()
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            _check_pixels(*picture.size)
            picture.draft("L", (max(picture.width // 8, 1), max(picture.height // 8, 1)))
            picture.load()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise _damaged() from error


def check_png(data: bytes) -> None:
    """Return when the PNG is whole and not too large to look at. It is inflated piece by piece, never kept.

    Errors: WrongFile.
    """
    chunks = list(_chunks(data))
    if chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or chunks[0][2] - chunks[0][1] != 25:
        raise _damaged()
    width, height, depth, colour, _method, _filter, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if not width or not height or colour not in CHANNELS or depth not in (1, 2, 4, 8, 16):
        raise _damaged()
    _check_pixels(width, height)
    missing = _raw_size(width, height, depth * CHANNELS[colour], bool(interlaced))
    inflate = zlib.decompressobj()
    try:
        for kind, start, end in chunks:
            pending = data[start + 8 : end - 4] if kind == b"IDAT" else b""
            while pending and missing > 0:
                missing -= len(inflate.decompress(pending, 2**18))
                pending = inflate.unconsumed_tail
    except zlib.error as error:
        raise _damaged() from error
    if missing > 0:
        raise _damaged()


def has_place(data: bytes) -> bool:
    """Whether the picture says where it was made."""
    exif = _exif(data)
    return bool(exif and _part(exif, PLACE_PART))


def without_place(kind: str, data: bytes) -> bytes:
    """The same picture without metadata, but for which way is up and when it was made. `kind`: "jpeg" or "png"."""
    kept = _kept_exif(data)
    if kind == "png":
        return _png_of(data, kept)
    out = bytearray(b"\xff\xd8")
    told = not kept
    for mark, start, end in _segments(data):
        if mark in JPEG_METADATA or (mark == 0xE2 and not data[start + 4 : end].startswith(b"ICC_PROFILE")):
            continue
        if not told and mark != 0xE0:  # behind JFIF, which comes first
            out += b"\xff\xe1" + struct.pack(">H", len(kept) + 2) + kept
            told = True
        out += data[start:end]
    return bytes(out)


def _png_of(data: bytes, kept: bytes) -> bytes:
    out = bytearray(PNG_HEAD)
    for kind, start, end in _chunks(data):
        if kind in PNG_KEPT:
            out += data[start:end]
        if kind == b"IHDR" and kept:
            body = b"eXIf" + kept.removeprefix(EXIF_HEAD)
            out += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return bytes(out)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(mark, start, end) of every segment behind the first mark; the coded picture belongs to its SOS.

    Errors: WrongFile when the file ends too early.
    """
    at = 2
    while True:
        start = at
        while data[at : at + 1] == b"\xff":
            at += 1
        if at == start or at >= len(data):
            raise _damaged()
        mark, at = data[at], at + 1
        if mark not in STANDALONE and mark != EOI:
            at += int.from_bytes(data[at : at + 2], "big")
        if mark == SOS:
            found = SCAN_END.search(data, at)
            at = found.start() if found else len(data) + 1
        if at > len(data):
            raise _damaged()
        yield mark, start, at
        if mark == EOI:
            return


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of every chunk with its length and checksum.

    Errors: WrongFile when the file ends too early or a checksum is wrong.
    """
    at = len(PNG_HEAD)
    while True:
        start, at = at, at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at > len(data) or zlib.crc32(data[start + 4 : at - 4]) != int.from_bytes(data[at - 4 : at], "big"):
            raise _damaged()
        kind = data[start + 4 : start + 8]
        yield kind, start, at
        if kind == b"IEND":
            return


def _raw_size(width: int, height: int, bits: int, interlaced: bool) -> int:
    """Bytes of the unpacked rows, each with its filter byte."""
    passes = [(width, height)]
    if interlaced:
        passes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in ADAM7]
    return sum(rows * ((columns * bits + 7) // 8 + 1) for columns, rows in passes if columns > 0 and rows > 0)


def _exif(data: bytes) -> Image.Exif | None:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            return picture.getexif()
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error, Image.DecompressionBombError):
        return None  # unreadable metadata is no metadata: it is cut out all the same


def _part(exif: Image.Exif, part: int) -> dict:
    try:
        return exif.get_ifd(part)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return {}


def _kept_exif(data: bytes) -> bytes:
    """Metadata that says which way is up and when the picture was made; empty when there is neither."""
    exif = _exif(data)
    if exif is None:
        return b""
    kept = Image.Exif()
    turned, made = exif.get(ORIENTATION), _part(exif, EXIF_PART).get(MADE_AT)
    if turned in range(2, 9):
        kept[ORIENTATION] = int(turned)
    if isinstance(made, str) and re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", made):
        kept[EXIF_PART] = {MADE_AT: made}
    return kept.tobytes() if ORIENTATION in kept or EXIF_PART in kept else b""


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> WrongFile:
    return WrongFile(
        _("Gambar ini terlalu besar: paling banyak %(most)s megapiksel. Perkecil, lalu unggah kembali.")
        % {"most": MOST_PIXELS // 1_000_000}
    )


def _damaged() -> WrongFile:
    return WrongFile(_("Gambar ini rusak atau terpotong. Ambil atau salin ulang, lalu unggah kembali."))
