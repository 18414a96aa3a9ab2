"""A file is what its bytes say. What is not whole, not safe or not what its name says is refused with a sentence."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from PIL import Image

from portal.kernel.errors import WrongFile
from portal.web import photos
from portal.web.photos import has_place, without_place
from programs.facts.file_checks import check_file, check_workbook
from tests.programs import files


def png(width: int, height: int, raw: bytes) -> bytes:
    """A PNG that says it has these sizes, with whatever rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chart() -> bytes:
    """A document with the workbook behind a chart."""
    return files.docx(**{"word__embeddings__Microsoft_Excel.xlsx": files.xlsx()})


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("KAK.pdf", files.pdf(), "pdf"),
        ("foto.JPG", files.photo(), "jpeg"),
        ("foto.jpeg", files.photo(place=False), "jpeg"),
        ("denah.png", files.photo("PNG"), "png"),
        ("RAB.xlsx", files.xlsx(), "xlsx"),
        ("KAK.docx", files.docx(), "docx"),
        ("KAK.docx", chart(), "docx"),
    ],
)
def test_good_files(name: str, data: bytes, kind: str) -> None:
    assert check_file(name, data) == kind


def overlapping() -> bytes:
    """Two entries of the table that share one body, as the compact ZIP bombs do."""
    data = bytearray(files.docx(word__a=b"x" * 500, word__b=b"y" * 500))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, second = (archive.getinfo(name).header_offset for name in ("word/a", "word/b"))
    at = data.rfind(struct.pack("<I", second))
    data[at : at + 4] = struct.pack("<I", first)
    return bytes(data)


def locked() -> bytes:
    """A container whose parts say that they are encrypted."""
    data = bytearray(files.docx())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + place] |= 1
    return bytes(data)


HUGE = b"\0" * (160 * 2**20)
BAD = {
    "empty": ("a.pdf", b"", "kosong"),
    "unknown": ("a.pdf", b"MZ\x90\0", "tidak diterima"),
    "gif": ("a.gif", b"GIF89a......", "tidak diterima"),
    "suffix": ("a.exe", files.pdf(), "Akhiran"),
    "no suffix": ("foto", files.photo(), "Akhiran"),
    "pdf called jpg": ("foto.jpg", files.pdf(), "isinya berkas PDF"),
    "jpg called pdf": ("KAK.pdf", files.photo(), "isinya berkas JPEG"),
    "xlsx called docx": ("KAK.docx", files.xlsx(), "Excel"),
    "page before pdf": ("a.pdf", b"<html><script>1</script>" + files.pdf(), "diawali data lain"),
    "page in the head of a pdf": ("a.pdf", files.PDF.replace(b"\n1 0", b"\n<script>x</script>\n1 0", 1), "diawali"),
    "zip behind pdf": ("a.pdf", files.pdf() + files.docx(), "terpotong|melekat"),
    "small zip behind pdf": ("a.pdf", files.pdf() + b"PK\x05\x06" + b"\0" * 18, "melekat"),
    "page before zip": ("a.docx", files.container({"[Content_Types].xml": b"<a/>"}, before=b"<html>"), "diawali"),
    "truncated pdf": ("a.pdf", files.pdf()[:-30], "terpotong"),
    "pdf without anything": ("a.pdf", b"%PDF-1.4\nstartxref\n0\n%%EOF", "rusak"),
    "encrypted pdf": ("a.pdf", files.PDF.replace(b"/Size 4", b"/Encrypt 9 0 R /Size 4"), "bersandi"),
    "encrypted or old office": ("a.xlsx", files.OLD_OFFICE, "bersandi"),
    "encrypted parts": ("a.docx", locked(), "bersandi"),
    "truncated jpeg": ("a.jpg", files.photo(size=(800, 600))[:-900], "rusak"),
    "only the beginning of a jpeg": ("a.jpg", b"\xff\xd8\xff\xe0", "rusak"),
    "truncated png": ("a.png", files.photo("PNG", size=(800, 600))[:-900], "rusak"),
    "png with a wrong checksum": ("a.png", files.photo("PNG").replace(b"IDATx", b"IDATy"), "rusak"),
    "png with too few rows": ("a.png", png(100, 100, b"\0" * 1000), "rusak"),
    "png of 2.5 gigapixels": ("a.png", png(50_000, 50_000, b"\0"), "megapiksel"),
    "truncated zip": ("a.xlsx", files.xlsx()[:-40], "rusak"),
    "damaged zip": ("a.xlsx", files.xlsx().replace(b"PK\x01\x02", b"PK\x01\x03"), "rusak"),
    "just a zip": ("a.xlsx", files.container({"a.txt": b"x"}), "arsip ZIP"),
    "other office": ("a.docx", files.container({"[Content_Types].xml": b"<Types/>", "ppt/x.xml": b"<a/>"}), "bukan"),
    "bomb": ("a.xlsx", files.with_part(files.xlsx(), "xl/worksheets/sheet1.xml", HUGE), "terlalu besar"),
    "small bomb": ("a.xlsx", files.with_part(files.xlsx(), "xl/big.bin", HUGE[: 20 * 2**20]), "terlalu besar"),
    "many parts": ("a.docx", files.docx(**{f"word__{n}": b"x" for n in range(3001)}), "terlalu besar"),
    "archive inside": ("a.docx", files.docx(word__x=files.container({"a": b"x"})), "arsip"),
    "program inside": ("a.docx", files.docx(word__x=b"MZ\x90\0"), "program"),
    "document in a workbook in a document": (
        "a.docx",
        files.docx(**{"word__embeddings__a.xlsx": files.with_part(files.xlsx(), "xl/embeddings/b.xlsx", files.xlsx())}),
        "arsip",
    ),
    "up and out": ("a.docx", files.docx(**{"..__..__etc__passwd": b"x"}), "menyesatkan"),
    "absolute": ("a.docx", files.docx(**{"__etc__passwd": b"x"}), "menyesatkan"),
    "windows path": ("a.docx", files.docx(**{"word\\x": b"x"}), "menyesatkan"),
    "two of one name": ("a.docx", files.docx(word__x=b"x", word__X=b"y"), "menyesatkan"),
    "overlapping": ("a.docx", overlapping(), "tumpang"),
    "billion laughs": ("a.docx", files.with_part(files.docx(), "word/document.xml", files.BILLION_LAUGHS), "deklarasi"),
    "laughs far behind": ("a.docx", files.docx(**{"word__x.xml": b"<a>" + b" " * 262_140 + b"<!ENTITY"}), "deklarasi"),
    "laughs in utf-16": (
        "a.docx",
        files.docx(**{"word__x.xml": files.BILLION_LAUGHS.decode().encode("utf-16")}),
        "deklarasi",
    ),
    "laughs in ebcdic": ("a.docx", files.docx(**{"word__x.xml": "<!DOCTYPE a>".encode("cp037")}), "deklarasi"),
    "odd encoding": ("a.docx", files.docx(**{"word__x.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'}), "deklar"),
    "macros": ("a.docx", files.docx(word__vbaProject_bin=b"x", **{"word__vbaProject.bin": b"x"}), "makro"),
    "macro type": (
        "a.xlsx",
        files.with_part(files.xlsx(), "[Content_Types].xml", b"<Types>vnd.ms-excel.sheet.macroEnabled.main"),
        "makro",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_a_sentence(case: str) -> None:
    name, data, part = BAD[case]
    with pytest.raises(WrongFile, match=part) as refused:
        check_file(name, data)
    assert str(refused.value).endswith(".")


def test_a_bomb_costs_neither_memory_nor_time() -> None:
    bomb = files.with_part(files.xlsx(), "xl/worksheets/sheet1.xml", HUGE)
    dense = files.docx(**{f"word__{n}": bytes(2**20) for n in range(145)})  # each part just small enough
    tracemalloc.start()
    begin = time.monotonic()
    for name, data in (("a.xlsx", bomb), ("a.docx", dense)):
        try:
            check_file(name, data)
        except WrongFile:
            continue
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5 * 2**20
    assert time.monotonic() - begin < 10


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_random_damage_never_breaks_the_check() -> None:
    """Every cut and many flipped bytes: a kind or a sentence, nothing else."""
    for name, data in (
        ("a.pdf", files.pdf()),
        ("a.jpg", files.photo()),
        ("a.png", files.photo("PNG")),
        ("a.xlsx", files.xlsx()),
        ("a.docx", files.docx()),
    ):
        step = max(len(data) // 150, 1)
        broken = [data[:end] for end in range(0, len(data), step)]
        broken += [data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :] for at in range(0, len(data), step)]
        for odd in broken:
            try:
                kind = check_file(name, odd)
                if kind in ("jpeg", "png"):
                    without_place(kind, odd)
            except WrongFile as refused:
                assert str(refused)


def test_the_workbook_check_is_for_workbooks() -> None:
    check_workbook(files.xlsx())
    check_workbook(files.xlsx(), "usulan.xlsx")
    for data, name in ((files.docx(), ""), (files.pdf(), "a.xlsx"), (files.xlsx(), "a.csv"), (BAD["bomb"][1], "")):
        with pytest.raises(WrongFile):
            check_workbook(data, name)


def test_openpyxl_reads_with_defused_xml() -> None:
    """Should a declaration ever slip through, openpyxl refuses it too."""
    laughing = files.with_part(files.xlsx(), "xl/worksheets/sheet1.xml", files.BILLION_LAUGHS)
    with pytest.raises(ValueError, match="invalid XML") as refused:
        load_workbook(io.BytesIO(laughing))
    assert isinstance(refused.value.__cause__, DefusedXmlException)


# -- where a photo was made -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "saved"), [("jpeg", "JPEG"), ("png", "PNG")])
def test_the_place_is_cut_out_and_the_picture_stays(kind: str, saved: str) -> None:
    before = files.photo(saved)
    after = without_place(kind, before)
    assert has_place(before)
    assert not has_place(after)
    assert b"Kamera" not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as two:
        assert one.tobytes() == two.tobytes()
        assert two.getexif()[photos.ORIENTATION] == 6
        assert two.getexif().get_ifd(photos.EXIF_PART)[photos.MADE_AT] == "2019:04:24 09:00:00"
    assert check_file(f"a.{kind}", after) == kind
    assert without_place(kind, after) == after


def test_other_hiding_places_are_cleared_too() -> None:
    """XMP, IPTC, comments, and what phones hang on behind the picture."""

    def segment(mark: int, body: bytes) -> bytes:
        return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body

    data = files.photo(place=False, orientation=1)
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='10,10.2S'/>")
    data = data[:2] + xmp + segment(0xED, b"Photoshop GPS") + segment(0xFE, b"GPS") + data[2:] + b"GPS film"
    assert check_file("a.jpg", data) == "jpeg"
    assert b"GPS" not in without_place("jpeg", data)
    out = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_itxt("XML:com.adobe.xmp", "<x exif:GPSLatitude='10,10.2S'/>")
    words.add_text("Location", "GPS")
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=words)
    assert b"GPS" in out.getvalue()
    assert b"GPS" not in without_place("png", out.getvalue())


def test_a_colour_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "JPEG", icc_profile=profile, progressive=True)
    with Image.open(io.BytesIO(without_place("jpeg", out.getvalue()))) as after:
        assert after.info["icc_profile"] == profile


def test_a_picture_without_metadata_keeps_every_byte() -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "JPEG")
    assert without_place("jpeg", out.getvalue()) == out.getvalue()


def test_thousands_of_scans_are_refused() -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(out, "JPEG", progressive=True)
    data = out.getvalue()
    at = data.index(b"\xff\xda")
    scan = data[at : data.index(b"\xff", at + 14)]
    with pytest.raises(WrongFile):
        check_file("a.jpg", data[:at] + scan * 5000 + data[at:])
