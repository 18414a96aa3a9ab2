"""Small PDF files of strangers that unpack to gigabytes: refused with a sentence, in a moment and in little memory."""

from __future__ import annotations

import resource
import time
import zlib

import pytest

from portal.kernel.errors import WrongFile
from portal.signing.revisions import only_signatures_added
from portal.signing.strange_pdf import filters_are_plain
from programs.facts.scans import read_scan
from tests.factories_agreements import make_pdf
from tests.signing import plain_paper

MEGABYTE = 2**20
UNPACKED = 600


def deflated(begin: bytes, megabytes: int, end: bytes = b"") -> bytes:
    packing = zlib.compressobj(9)
    pieces = [packing.compress(begin), *(packing.compress(b" " * MEGABYTE) for _n in range(megabytes))]
    return b"".join([*pieces, packing.compress(end), packing.flush()])


def table_pdf(
    kind: bytes, *, filters: bytes = b"/FlateDecode", twice: bool = False, megabytes: int = UNPACKED
) -> bytes:
    """A PDF of one page whose objects are in one packed table, with so many megabytes of nothing behind them."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    head = b"1 0 2 %d 3 %d " % (len(objects[0]) + 1, len(objects[0]) + len(objects[1]) + 2)
    packed = deflated(head + b" ".join(objects) + b" ", megabytes)
    packed = zlib.compress(packed, 9) if twice else packed
    out = b"%PDF-1.7\n"
    table_at = len(out)
    out += b"4 0 obj\n<< /Type %s /N 3 /First %d /Filter %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        kind, len(head), filters, len(packed), packed,
    )  # fmt: skip
    xref_at = len(out)
    rows = ((0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, table_at, 0), (1, xref_at, 0))
    xref = b"".join(bytes([row[0]]) + row[1].to_bytes(4, "big") + bytes([row[2]]) for row in rows)
    out += b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(xref), xref,
    )  # fmt: skip
    return out + b"startxref\n%d\n%%%%EOF\n" % xref_at


BOMBS = {
    "packed twice": lambda: table_pdf(b"/ObjStm", filters=b"[/FlateDecode /FlateDecode]", twice=True),
    "escaped name": lambda: table_pdf(b"/Obj#53tm"),
    "long dictionary": lambda: table_pdf(b"/ObjStm /Z (" + b"z" * 3000 + b")"),
    "zero byte": lambda: table_pdf(b"/ObjStm /Z \0"),
    "no name at all": lambda: table_pdf(b"/Other"),
}


def most_memory() -> int:
    """Units: MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def read(data: bytes) -> int:
    return read_scan("a.pdf", data, size=len(data), largest=20 * MEGABYTE).pages


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused_cheaply(case):
    data = BOMBS[case]()
    before, begin = most_memory(), time.monotonic()
    with pytest.raises(WrongFile) as refused:
        read(data)
    assert str(refused.value).endswith(".")
    assert most_memory() - before < 300 and time.monotonic() - begin < 10


def test_a_table_of_usual_size_is_read():
    assert read(table_pdf(b"/ObjStm", megabytes=2)) == 1
    assert read(make_pdf(3)) == 3
    assert read(plain_paper()) == 6


@pytest.mark.parametrize("filters", [
    b"/LZWDecode", b"/LZW", b"/L#5aWDecode", b"[/FlateDecode /LZWDecode]", b"7 0 R", b"[7 0 R]",
    b"[/FlateDecode 7 0 R]", b"%\n/LZWDecode", b"[%]\n/LZWDecode]",
])  # fmt: skip
def test_filters_that_cannot_be_limited_are_refused(filters):
    assert not filters_are_plain(b"<< /Filter " + filters + b" >>")
    assert not filters_are_plain(b"<< /F#69lter " + filters + b" >>")
    with pytest.raises(WrongFile, match="LZW"):
        read(table_pdf(b"/ObjStm", filters=filters, megabytes=1))


@pytest.mark.parametrize("filters", [
    b"/FlateDecode", b"[/ASCII85Decode/FlateDecode]", b"[ /DCTDecode ]", b"/Adobe.PPKLite", b"[]", b"null",
])  # fmt: skip
def test_usual_filters_are_plain(filters):
    assert filters_are_plain(b"<</Filter" + filters + b"/FilterOther 1 0 R>>" + b"<</Filter " + filters + b">>")


def test_a_password_is_found_under_an_escaped_name():
    with pytest.raises(WrongFile, match="bersandi"):
        read(make_pdf(1).replace(b"/Root", b"/E#6ecrypt 99 0 R /Root"))


def metadata_pdf() -> bytes:
    objects = (b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
               b"<</Type/Metadata/Subtype/XML/Length 3>>\nstream\n<x/\nendstream")  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    rows = b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        rows, len(out),
    )  # fmt: skip


def replaced_metadata(before: bytes, megabytes: int) -> bytes:
    """The file with other metadata appended, as signing may do."""
    packed = deflated(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>", megabytes, b"</x:xmpmeta>")
    at = len(before)
    after = before + (
        b"4 0 obj\n<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n"
        % (len(packed), packed)
    )
    return after + b"xref\n4 1\n%010d 00000 n \ntrailer<</Size 5/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        at, before.rindex(b"xref\n0 5"), len(after),
    )  # fmt: skip


def test_metadata_are_not_unpacked_without_limit():
    before = metadata_pdf()
    small, large, huge = (replaced_metadata(before, megabytes) for megabytes in (0, 2, UNPACKED))
    most, begin = most_memory(), time.monotonic()
    assert only_signatures_added(before, small)
    assert not only_signatures_added(before, large) and not only_signatures_added(before, huge)
    assert most_memory() - most < 300 and time.monotonic() - begin < 10
