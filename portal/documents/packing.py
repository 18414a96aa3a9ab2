"""Putting stored files into one ZIP: names without doubles, every file checked against its hash, always the same bytes.

A PDF is compressed already, so it is only stored. The ZIP is written beside and moved when it is whole.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import SEEK_END
from pathlib import PurePath
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from portal.documents.keeping import kept
from portal.documents.models import Document
from portal.kernel.errors import PortalError

FOLDER = "paket"
LONGEST_NAME = 120
CHUNK = 2**20
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What Windows or a path would misunderstand."""

_MIDNIGHT = (1980, 1, 1, 0, 0, 0)


class MissingFile(PortalError):
    """A file of the bundle is gone, or is not what it was when the bundle was ordered."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The finished bundle: where it is kept, its hash and size."""

    file: str
    sha256: str
    size: int


def free_names(names: Iterable[str]) -> list[str]:
    """The names as files inside a ZIP: safe everywhere, and none twice, whatever the capitals."""
    taken: set[str] = set()
    found = []
    for name in names:
        path = PurePath(UNSAFE.sub("-", name).strip(" .") or "berkas")
        stem, suffix = path.stem[: LONGEST_NAME - len(path.suffix)].strip(" ."), path.suffix
        free, number = f"{stem}{suffix}", 2
        while free.casefold() in taken:
            free = f"{stem} ({number}){suffix}"
            number += 1
        taken.add(free.casefold())
        found.append(free)
    return found


def pack(entries: Sequence[Mapping[str, Any]], name: str, told: Callable[[int], None]) -> Packed:
    """The ZIP of these entries, kept under that name; `told` hears how many files are in it after each.

    Errors: MissingFile.
    """
    with tempfile.TemporaryFile() as stream:
        with ZipFile(stream, "w", ZIP_STORED) as target:
            for number, entry in enumerate(entries, start=1):
                info = ZipInfo(entry["name"], _MIDNIGHT)
                info.external_attr = 0o644 << 16
                target.writestr(info, content_of(entry))
                told(number)
        return put_away(stream, name)


def put_away(stream: IO[bytes], name: str) -> Packed:
    """What was written to the stream, kept under that name."""
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    if default_storage.exists(name):  # what a killed worker left
        default_storage.delete(name)
    return Packed(default_storage.save(name, File(stream)), digest.hexdigest(), size)


def content_of(entry: Mapping[str, Any]) -> bytes:
    """The bytes of one file of the bundle.

    Errors: MissingFile.
    """
    file, sha256 = entry.get("file", ""), entry.get("sha256", "")
    if pk := entry.get("document"):
        document = Document.objects.filter(pk=pk).defer("facts").first()
        if document and not document.is_ready:
            raise MissingFile(_("“%(name)s” belum selesai disusun. Pesan lagi sesudah siap.") % {"name": entry["name"]})
        file, sha256 = (document.file.name, document.sha256) if document else ("", "")
    content = kept(file, sha256) if file else None
    if content is None:
        raise MissingFile(
            _("Berkas “%(name)s” tidak ada atau berubah sejak disimpan. Hubungi pengelola.") % {"name": entry["name"]}
        )
    return content
