"""Files that people upload, good and bad ones, made in memory."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from openpyxl import Workbook
from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\n"
    b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\nxref\n0 4\n"
    b"0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n0000000115 00000 n \n"
    b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n190\n%%EOF\n"
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">'
    b'<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><document>&lol3;</document>'
)
KUPANG = {1: "S", 2: (10.0, 10.0, 13.0), 3: "E", 4: (123.0, 36.0, 25.0)}
WORD_TYPES = (
    b'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)


def pdf(note: str = "") -> bytes:
    """A small whole PDF; the note makes it another file."""
    return PDF.replace(b"%%EOF", f"% {note}\n%%EOF".encode()) if note else PDF


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), place: bool = True, orientation: int = 6) -> bytes:
    """A picture as a phone makes it: which way is up, when, with what camera, and where."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "Kamera Contoh"
    exif[0x8769] = {0x9003: "2019:04:24 09:00:00"}
    if place:
        exif[0x8825] = KUPANG
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def xlsx(rows: list[list[Any]] | None = None) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows or [["Uraian", "Harga"], ["Mesin jahit", 3_500_000]]:
        book.active.append(row)
    book.properties.created = book.properties.modified = dt.datetime(2019, 4, 24)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    """A document; further parts by name (`word__x` is word/x)."""
    document = b'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="urn:w"><w:body/></w:document>'
    contents = {"[Content_Types].xml": WORD_TYPES, "word/document.xml": document}
    return container(contents | {name.replace("__", "/"): data for name, data in parts.items()})


def container(parts: dict[str, bytes], *, before: bytes = b"") -> bytes:
    """A ZIP of these parts, behind other bytes if wanted."""
    out = io.BytesIO(before)
    with zipfile.ZipFile(out, "a" if before else "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    """The container with one more part, or with that part in another's place."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return container(parts | {name: part})
