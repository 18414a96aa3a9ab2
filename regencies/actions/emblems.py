"""Verbs on emblems: keep a picture, take an emblem out. A picture that was kept once stays, since papers name it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import ensure
from portal.web.storage import not_written
from regencies.facts.emblem_pictures import emblem_picture
from regencies.models import Emblem
from regencies.rules import may_edit_emblem

HOLDERS = ("of_state", "province", "regency", "agency")


def largest() -> int:
    """Bytes that the file of an emblem may have."""
    return settings.ATTACHMENT_MAX_MB * 2**20


def keep_emblem(emblem: Emblem, data: bytes, *, by: Any, size: int | None = None) -> Emblem:
    """The stored emblem of that holder with this picture (PNG or JPEG), in place of the one it had.

    `emblem` says whose it is: a stored one, or an unsaved `Emblem(regency=…)`. `size`: of the file as it was sent.
    Errors: Denied; WrongFile; NotWritten when the disk is full.
    """
    ensure(may_edit_emblem(by, emblem))
    picture = emblem_picture(data, size=len(data) if size is None else size, largest=largest())
    digest = hashlib.sha256(picture).hexdigest()
    _write(Path(settings.MEDIA_ROOT) / Emblem(sha256=digest).file, picture)
    holder = {name: getattr(emblem, name) for name in HOLDERS}
    with transaction.atomic():
        row, made = Emblem.objects.select_for_update().get_or_create(**holder, defaults={"sha256": digest})
        if made:
            record(gettext_noop("Mengunggah lambang"), row, by=by, changes={"sha256": ["", digest]})
        elif row.sha256 != digest:
            changes = {"sha256": [row.sha256, digest]}
            row.sha256 = digest
            row.save(update_fields=["sha256"])
            record(gettext_noop("Mengganti lambang"), row, by=by, changes=changes)
    return row


@transaction.atomic
def remove_emblem(emblem: Emblem, *, by: Any) -> None:
    """Let the holder be without an emblem; nothing happens when it has none. The picture stays on the disk.

    Errors: Denied.
    """
    ensure(may_edit_emblem(by, emblem))
    row = Emblem.objects.select_for_update().order_by().filter(pk=emblem.pk).first()
    if row is not None:
        record(gettext_noop("Menghapus lambang"), row, by=by, changes={"sha256": [row.sha256, ""]})
        row.delete()


def _write(file: Path, content: bytes) -> None:
    """Write the file whole, or nothing; again when it is there, since it may have got lost or damaged.

    Errors: NotWritten.
    """
    draft = ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            os.fchmod(out.fileno(), 0o644)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(file)
        _settle(file.parent)
    except OSError as error:
        if draft:
            with suppress(OSError):
                Path(draft).unlink()
        raise not_written(error) from error


def _settle(folder: Path) -> None:
    """Bring the folder's own list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
