"""A surat tugas as it is kept: a PDF or a photo of the paper. Its bytes decide what it is, never its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from django.utils.translation import gettext as _

from portal.kernel.errors import WrongFile
from portal.web.photos import without_place
from programs.facts.file_checks import BEGINNINGS, check_file
from programs.facts.scans import read_scan
from rakor.facts.people import one_line

LARGEST = 10 * 2**20
LONGEST_NAME = 150
SUFFIXES = {"pdf": "pdf", "jpeg": "jpg", "png": "png"}
TAKEN = tuple(beginning for beginning, kind in BEGINNINGS.items() if kind in SUFFIXES)


@dataclass(frozen=True)
class ReadyAssignment:
    """A file that may be stored; a photo without the place where it was taken."""

    name: str
    suffix: str
    data: bytes
    sha256: str


def read_assignment(name: str, data: bytes, *, size: int) -> ReadyAssignment:
    """The surat tugas in these bytes; `size` is that of the file as it was sent, also when it was not kept.

    Errors: WrongFile with a sentence.
    """
    if size > LARGEST:
        raise WrongFile(
            _("Berkas ini %(size)s MB; paling besar %(most)s MB. Perkecil atau pindai hitam-putih, lalu unggah.")
            % {"size": -(-size // 2**20), "most": LARGEST // 2**20}
        )
    name = _name(name)
    if data and not data.startswith(TAKEN):
        raise WrongFile(_("Jenis berkas ini tidak diterima. Surat tugas harus berupa PDF atau foto (JPEG, PNG)."))
    kind = check_file(name, data)
    if kind == "pdf":
        read_scan(name, data, size=size, largest=LARGEST)
    else:
        data = without_place(kind, data)
    return ReadyAssignment(name, SUFFIXES[kind], data, hashlib.sha256(data).hexdigest())


def _name(name: str) -> str:
    """The name without folders and control characters, short enough to be stored, with its suffix."""
    path = PurePath(one_line(PurePosixPath(name.replace("\\", "/")).name) or "berkas")
    return path.stem[: LONGEST_NAME - len(path.suffix[:20])] + path.suffix[:20]
