"""What a file really is. Its bytes decide, never its name or what the browser says of it.

Nothing here opens a file with a program that would follow its instructions: containers are measured before they are
unpacked, XML is looked at as text, photos are decoded small and only after their size is known.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePath

from django.utils.translation import gettext as _

from portal.kernel.errors import WrongFile
from portal.signing.strange_pdf import name_pattern
from portal.web.photos import check_jpeg, check_png
from programs.facts.office_files import check_office

BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"PK\x03\x04": "office"}
SUFFIXES = {
    ".pdf": "pdf", ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".png": "png", ".xlsx": "xlsx", ".docx": "docx",
}  # fmt: skip
TAKEN = ("pdf", "jpeg", "png", "xlsx", "docx")
PHOTOS = ("jpeg", "png")
NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG", "xlsx": "Excel (.xlsx)", "docx": "Word (.docx)"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Also what Office makes of an XLSX or DOCX with a password."""

PHONE_PHOTO = re.compile(rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif)", re.S)
"""What iPhones keep photos as unless they are told otherwise."""

LOOKS_LIKE_PAGE = re.compile(rb"<\s*(html|script|svg|!doctype|\?php)", re.I)
LOCKED = re.compile(name_pattern("Encrypt") + rb"\s*(\d+\s+\d+\s+R|<<)")
HEAD, TAIL = 1024, 2048


def check_file(name: str, data: bytes, *, taken: Collection[str] = TAKEN) -> str:
    """The kind of the file: one of those that are taken here, of "pdf", "jpeg", "png", "xlsx" and "docx".

    Errors: WrongFile.
    """
    kind = _kind_of(data, taken)
    if kind == "office":
        kind = check_office(data)
    _check_suffix(name, kind)
    if kind not in taken:
        raise _not_taken(taken)
    if kind == "pdf":
        _check_pdf(data)
    elif kind == "jpeg":
        check_jpeg(data)
    elif kind == "png":
        check_png(data)
    return kind


def check_workbook(data: bytes, name: str = "") -> None:
    """Return when the bytes are an Excel workbook (.xlsx) that is safe to open; without `name` only they decide.

    Errors: WrongFile.
    """
    kind = _kind_of(data)
    if kind == "office":
        kind = check_office(data)
    if kind != "xlsx":
        raise WrongFile(
            _("Berkas ini bukan buku kerja Excel (.xlsx), melainkan berkas %(kind)s.") % {"kind": NAMES[kind]}
        )
    if name:
        _check_suffix(name, kind)


def _kind_of(data: bytes, taken: Collection[str] = TAKEN) -> str:
    """The kind that the first bytes promise, "office" for the container of XLSX and DOCX."""
    if not data:
        raise WrongFile(_("Berkas ini kosong (0 byte). Periksa berkas aslinya."))
    for beginning, kind in BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    if data.startswith(OLD_OFFICE):
        raise WrongFile(
            _(
                "Berkas Office ini bersandi atau berformat lama (.doc, .xls). Simpan sebagai .docx atau .xlsx tanpa "
                "kata sandi, lalu unggah kembali."
            )
        )
    if any(beginning in data[:HEAD] for beginning in BEGINNINGS):
        raise WrongFile(
            _("Berkas ini diawali data lain, jadi tidak jelas jenisnya. Simpan ulang dari aplikasinya, lalu unggah.")
        )
    if "jpeg" in taken and PHONE_PHOTO.match(data):
        raise WrongFile(
            _("Foto HEIC dari iPhone tidak dapat dibaca. Simpan atau kirim ulang sebagai JPEG, lalu unggah kembali.")
        )
    raise _not_taken(taken)


def _not_taken(taken: Collection[str]) -> WrongFile:
    return WrongFile(
        _("Jenis berkas ini tidak diterima. Yang diterima: %(kinds)s.") % {"kinds": ", ".join(taken).upper()}
    )


def check_suffix(name: str) -> str:
    """The end of the name in small letters, when it is one of those we take: to be known before ten megabytes are sent.

    Errors: WrongFile.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise WrongFile(
            _("Akhiran nama “%(suffix)s” tidak diterima. Yang diterima: .pdf, .jpg, .png, .xlsx, dan .docx.")
            % {"suffix": suffix or "–"}
        )
    return suffix


def _check_suffix(name: str, kind: str) -> None:
    suffix = check_suffix(name)
    if SUFFIXES[suffix] != kind:
        raise WrongFile(
            _("Nama berkas berakhiran “%(suffix)s”, tetapi isinya berkas %(kind)s. Perbaiki namanya, lalu unggah.")
            % {"suffix": suffix, "kind": NAMES[kind]}
        )


def _check_pdf(data: bytes) -> None:
    """A whole PDF without a password and without a second file wrapped around it.

    No PDF library reads it: a compressed table of contents can be a bomb, and viewers mend more than they refuse.
    """
    if LOOKS_LIKE_PAGE.search(data, 0, HEAD):
        raise WrongFile(
            _("PDF ini diawali data lain, jadi tidak jelas jenisnya. Cetak ulang sebagai PDF, lalu unggah.")
        )
    end = data.rfind(b"%%EOF")
    if end < max(len(data) - TAIL, 0) or b"startxref" not in data[max(end - TAIL, 0) : end]:
        raise WrongFile(_("PDF ini terpotong: bagian akhirnya tidak ada. Unduh atau pindai ulang, lalu unggah."))
    if b"PK\x05\x06" in data[end:]:
        raise WrongFile(_("Di belakang PDF ini melekat berkas lain. Cetak ulang sebagai PDF, lalu unggah."))
    if not re.search(rb"\d+\s+\d+\s+obj\b", data):
        raise WrongFile(_("PDF ini rusak: tidak ada isinya. Cetak ulang sebagai PDF, lalu unggah."))
    if LOCKED.search(data):
        raise WrongFile(_("PDF ini bersandi. Simpan tanpa kata sandi dan pembatasan, lalu unggah kembali."))
