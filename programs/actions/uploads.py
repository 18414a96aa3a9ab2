"""Verbs on files that come in pieces. A piece is a file of the storage, so that any web machine can take the next one.

The row says how much is there; whoever sends again what is there already is told so and goes on from there.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, WrongFile, ensure
from programs.actions.attachments import FOLDER, check_room, check_size, clean_name, prepare, store
from programs.actions.rows import locked
from programs.facts.file_checks import check_suffix
from programs.models import Attachment, Proposal, ReadinessItem, Upload
from programs.rules import may_write

PIECE = 256 * 1024
"""Bytes of a piece: seconds on a slow link, so that little is sent twice."""

LARGEST_PIECE = 1024 * 1024
MOST_UPLOADS = 20
PIECES = f"{FOLDER}/potongan"
UNFINISHED, FINISHED, DELETED = dt.timedelta(days=7), dt.timedelta(days=1), dt.timedelta(days=30)


@transaction.atomic
def begin_upload(
    proposal: Proposal, *, key: UUID, name: str, size: int, crc32: int, by: Any, item: ReadinessItem | None = None,
    keeps_place: bool = False,
) -> Upload:  # fmt: skip
    """The upload to send pieces to: the one of this key, or the same file that this person sent or left unfinished.

    Errors: Denied; WrongFile for what would be refused at the end anyhow, or when the key began another file; Blocked
    when the proposal is full.
    """
    row = locked(proposal, by=by)
    name = clean_name(name)
    check_suffix(name)
    check_size(size)
    own = Upload.objects.filter(proposal=row, by=by)
    same = own.filter(
        Q(attachment=None) | Q(attachment__deleted_at=None, keeps_place=keeps_place),
        item=item, name=name, size=size, crc32=crc32,
    )  # fmt: skip
    begun = own.filter(key=key).first() or same.order_by("pk").first()
    if begun is not None:
        if (begun.size, begun.crc32) != (size, crc32):
            raise WrongFile(_("Unggahan ini dimulai dengan berkas lain. Pilih berkasnya sekali lagi."))
        if begun.attachment_id is None and begun.keeps_place != keeps_place:
            Upload.objects.filter(pk=begun.pk).update(keeps_place=keeps_place)
        return begun
    if Upload.objects.filter(key=key).exists():
        raise Blocked(_("Unggahan ini milik usulan lain. Pilih berkasnya sekali lagi."))
    check_room(row, size)
    if own.filter(attachment=None).count() >= MOST_UPLOADS:
        raise Blocked(_("Masih banyak unggahan yang belum selesai. Lanjutkan atau batalkan dahulu."))
    return Upload.objects.create(
        key=key, proposal=row, item=item, by=by, name=name, size=size, crc32=crc32, keeps_place=keeps_place
    )


def receive_piece(proposal: Proposal, key: UUID, offset: int, piece: bytes, *, by: Any) -> Upload:
    """The upload with this piece, if it is the next one; `received` says where to go on, `attachment` that it is done.

    Errors: Denied; Upload.DoesNotExist; Blocked for a piece that does not fit; WrongFile when the whole is refused.
    """
    ensure(may_write(by, proposal))
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(proposal=proposal, by=by, key=key)
        if upload.attachment_id is None and offset == upload.received and piece:
            if offset + len(piece) > upload.size:
                raise Blocked(_("Berkas ini berubah selama diunggah. Batalkan, lalu pilih lagi."))
            path = _path(upload, offset)
            default_storage.delete(path)  # left behind by a machine that died before its row was written
            default_storage.save(path, ContentFile(piece))
            upload.received += len(piece)
            upload.save(update_fields=["received"])
    if upload.received == upload.size and upload.attachment_id is None:
        upload.attachment = _complete(upload, by)
    return upload


def _complete(upload: Upload, by: Any) -> Attachment:
    """The attachment made of all pieces. Refused files leave nothing behind."""
    try:
        data = b"".join(_pieces(upload))
        if zlib.crc32(data) != upload.crc32:
            raise WrongFile(_("Berkas ini berubah selama diunggah. Pilih lagi, lalu unggah kembali."))
        prepared = prepare(upload.name, data, keeps_place=upload.keeps_place)
    except (WrongFile, FileNotFoundError) as error:
        with transaction.atomic():
            _drop(upload)
        if isinstance(error, FileNotFoundError):
            raise WrongFile(_("Sebagian berkas ini hilang di server. Pilih lagi, lalu unggah kembali.")) from error
        raise
    with transaction.atomic():
        row = locked(upload.proposal, by=by)
        stored = Upload.objects.select_for_update(of=("self",)).select_related("attachment").get(pk=upload.pk)
        if stored.attachment is None:
            stored.attachment = store(row, prepared, item=stored.item, by=by)
            stored.save(update_fields=["attachment"])
            transaction.on_commit(partial(_delete_pieces, stored))
    return stored.attachment


@transaction.atomic
def cancel_upload(upload: Upload, *, by: Any) -> None:
    """Forget an unfinished upload of one's own. A finished one is an attachment, to be deleted as such.

    Errors: Denied when it is somebody else's.
    """
    stored = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk, by=by, attachment=None).first()
    if stored is not None:
        _drop(stored)


def sweep_uploads() -> int:
    """How many uploads and deleted attachments were old enough to be thrown away.

    What was once sent to the province stays: versions can be compared with their files.
    """
    now = timezone.now()
    old = Q(attachment=None, started_at__lt=now - UNFINISHED) | Q(
        attachment__isnull=False, started_at__lt=now - FINISHED
    )
    swept = 0
    for upload in Upload.objects.filter(old).order_by("pk")[:500]:
        with transaction.atomic():
            _drop(upload)
        swept += 1
    for attachment in Attachment.objects.filter(deleted_at__lt=now - DELETED, proposal__submissions=None)[:500]:
        with transaction.atomic():
            attachment.delete()
            transaction.on_commit(partial(default_storage.delete, attachment.file.name))
        swept += 1
    return swept


def _drop(upload: Upload) -> None:
    pieces = [_path(upload, offset) for offset in _offsets(upload)]
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(partial(_delete_files, pieces))


def _delete_pieces(upload: Upload) -> None:
    _delete_files([_path(upload, offset) for offset in _offsets(upload)])


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def _path(upload: Upload, offset: int) -> str:
    return f"{PIECES}/{upload.key}-{offset:010d}"


def _offsets(upload: Upload) -> list[int]:
    """Where the pieces that are still there begin."""
    found, offset = [], 0
    while offset < upload.received and default_storage.exists(_path(upload, offset)):
        found.append(offset)
        offset += default_storage.size(_path(upload, offset)) or upload.size
    return found


def _pieces(upload: Upload) -> list[bytes]:
    pieces, offset = [], 0
    while offset < upload.size:
        with default_storage.open(_path(upload, offset)) as file:
            pieces.append(file.read())
        offset += len(pieces[-1]) or upload.size
    return pieces
