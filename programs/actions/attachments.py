"""Verbs on the files of a proposal: add, caption, delete and bring back. A file is checked before it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between
from portal.kernel.errors import Blocked, WrongFile, ensure
from portal.kernel.plain_text import plain
from portal.web.photos import has_place, without_place
from programs.actions.rows import finish, locked, one_line
from programs.facts.file_checks import TAKEN, check_file
from programs.models import Attachment, Proposal, ReadinessItem
from programs.rules import may_write

FOLDER = "usulan"
LONGEST_NAME = 150
SUFFIXES = {"pdf": "pdf", "jpeg": "jpg", "png": "png", "xlsx": "xlsx", "docx": "docx"}


@dataclass(frozen=True)
class Prepared:
    """A file that may be stored: `data` is what is kept, without the place of a photo unless it is kept on purpose."""

    name: str
    kind: str
    data: bytes
    sha256: str
    keeps_place: bool


def prepare(name: str, data: bytes, *, keeps_place: bool = False, taken: Collection[str] = TAKEN) -> Prepared:
    """The checked file as it will be stored, of one of those kinds. Takes seconds: call it while nothing is locked.

    Errors: WrongFile.
    """
    name = clean_name(name)
    check_size(len(data))
    kind = check_file(name, data, taken=taken)
    photo = kind in ("jpeg", "png")
    keeps_place = keeps_place and photo and has_place(data)
    if photo and not keeps_place:
        data = without_place(kind, data)
    return Prepared(name, kind, data, hashlib.sha256(data).hexdigest(), keeps_place)


def clean_name(name: str) -> str:
    """The name without folders and control characters, short enough to be stored, with its suffix."""
    path = PurePath(one_line(plain(PurePosixPath(name.replace("\\", "/")).name)) or "berkas")
    return path.stem[: LONGEST_NAME - len(path.suffix[:20])] + path.suffix[:20]


def check_size(size: int) -> None:
    """Return when a file of so many bytes may come.

    Errors: WrongFile.
    """
    if size > settings.ATTACHMENT_MAX_MB * 2**20:
        raise WrongFile(
            _("Berkas ini %(size)s MB; paling besar %(most)s MB. Perkecil atau pindai dengan resolusi lebih rendah.")
            % {"size": -(-size // 2**20), "most": settings.ATTACHMENT_MAX_MB}
        )
    if size <= 0:
        raise WrongFile(_("Berkas ini kosong (0 byte). Periksa berkas aslinya."))


def check_room(proposal: Proposal, size: int) -> None:
    """Return when the proposal has room for one more file of that size. Call it with the proposal locked.

    Errors: Blocked.
    """
    held = proposal.attachments.kept().aggregate(count=Count("pk"), size=Sum("size", default=0))
    if held["count"] >= settings.ATTACHMENT_MAX_COUNT:
        raise Blocked(
            _("Usulan ini sudah mempunyai %(n)s berkas, yaitu batasnya. Hapus yang tidak perlu atau gabungkan.")
            % {"n": held["count"]}
        )
    if held["size"] + size > settings.ATTACHMENT_MAX_TOTAL_MB * 2**20:
        raise Blocked(
            _("Jumlah ukuran berkas usulan ini melebihi %(most)s MB. Hapus yang tidak perlu atau perkecil berkasnya.")
            % {"most": settings.ATTACHMENT_MAX_TOTAL_MB}
        )


def add_attachment(
    proposal: Proposal, name: str, data: bytes, *, by: Any, item: ReadinessItem | None = None,
    keeps_place: bool = False, caption: str = "",
) -> Attachment:  # fmt: skip
    """The stored attachment. The same file for the same item once more is the one that is there.

    Errors: Denied; WrongFile; Blocked when the proposal is full.
    """
    ensure(may_write(by, proposal))
    prepared = prepare(name, data, keeps_place=keeps_place)
    with transaction.atomic():
        row = locked(proposal, by=by)
        return store(row, prepared, item=item, by=by, caption=caption)


def store(
    row: Proposal, prepared: Prepared, *, item: ReadinessItem | None, by: Any, caption: str = ""
) -> Attachment:  # fmt: skip
    """The attachment of a locked proposal; its bytes lie under a random name below `usulan/`.

    Errors: Blocked.
    """
    same = row.attachments.kept().filter(item=item, sha256=prepared.sha256).first()
    if same is not None:
        return same
    check_room(row, len(prepared.data))
    path = f"{FOLDER}/{row.pk}/{uuid4().hex}.{SUFFIXES[prepared.kind]}"
    path = default_storage.save(path, ContentFile(prepared.data))
    try:
        with transaction.atomic():
            attachment = Attachment.objects.create(
                proposal=row, item=item, name=prepared.name, kind=prepared.kind, file=path, size=len(prepared.data),
                sha256=prepared.sha256, keeps_place=prepared.keeps_place, caption=one_line(plain(caption))[:250],
                added_by=by,
            )  # fmt: skip
            finish(row, row, gettext_noop("Menambahkan lampiran"), by=by, note=_where(attachment))
    except BaseException:  # whatever went wrong: a file that no row knows would lie there for ever
        default_storage.delete(path)
        raise
    return attachment


@transaction.atomic
def change_attachment(attachment: Attachment, values: dict[str, Any], *, by: Any) -> Attachment:
    """The attachment with another caption, or moved to another item.

    Shape: values = {"item": ReadinessItem or None, "caption": text}.
    Errors: Denied; Blocked when that item has the same file, or the file is gone.
    """
    row = locked(attachment.proposal, by=by)
    before, after = _kept(row, attachment), _kept(row, attachment)
    after.item = values["item"]
    after.caption = one_line(plain(values["caption"]))[:250]
    changes = changes_between(before, after, ["item", "caption"])
    if not changes:
        return after
    if row.attachments.kept().filter(item=after.item, sha256=after.sha256).exclude(pk=after.pk).exists():
        raise Blocked(_("Berkas yang sama sudah ada di “%(item)s”.") % {"item": after.item or _("Berkas lain")})
    after.save(update_fields=["item", "caption"])
    finish(row, row, gettext_noop("Mengubah keterangan lampiran"), by=by, note=_where(after), changes=changes)
    return after


@transaction.atomic
def delete_attachment(attachment: Attachment, *, by: Any) -> Attachment:
    """The attachment, out of the list; its file stays for a while, so that it can be brought back.

    Errors: Denied.
    """
    row = locked(attachment.proposal, by=by)
    stored = row.attachments.get(pk=attachment.pk)
    if stored.deleted_at is None:
        stored.deleted_at = timezone.now()
        stored.save(update_fields=["deleted_at"])
        finish(row, row, gettext_noop("Menghapus lampiran"), by=by, note=_where(stored))
    return stored


@transaction.atomic
def restore_attachment(attachment: Attachment, *, by: Any) -> Attachment:
    """The attachment, back in the list; when the same file was added in between, that one.

    Errors: Denied; Blocked when the proposal is full by now.
    """
    row = locked(attachment.proposal, by=by)
    stored = row.attachments.get(pk=attachment.pk)
    if stored.deleted_at is None:
        return stored
    same = row.attachments.kept().filter(item=stored.item, sha256=stored.sha256).first()
    if same is not None:
        return same
    check_room(row, stored.size)
    stored.deleted_at = None
    stored.save(update_fields=["deleted_at"])
    finish(row, row, gettext_noop("Mengembalikan lampiran"), by=by, note=_where(stored))
    return stored


def _kept(row: Proposal, attachment: Attachment) -> Attachment:
    found = row.attachments.kept().select_related("item").filter(pk=attachment.pk).first()
    if found is None:
        raise Blocked(_("Lampiran ini sudah dihapus. Muat ulang halaman untuk melihat isi terbaru."))
    return found


def _where(attachment: Attachment) -> str:
    """What the journal notes: the file and what it is for. Data, so it needs no translation."""
    return f"{attachment.item}: {attachment.name}" if attachment.item else attachment.name
