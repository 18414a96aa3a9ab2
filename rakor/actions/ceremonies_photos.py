"""Photos of a session: add, caption, order, put aside and bring back. Captions are written by people."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, ensure
from portal.kernel.plain_text import plain
from rakor import rules
from rakor.facts.session_photos import ReadyPhoto
from rakor.models import Session, SessionPhoto

FOLDER = "foto-sesi"
MOST = 60
"""Photos that a session keeps."""

SMALL = "-kecil"


def small_name(name: str) -> str:
    """Where the small picture of the photo stored under that name lies."""
    return name.replace(".jpg", f"{SMALL}.jpg")


def caption_of(text: str) -> str:
    """The caption as it is kept: one line.

    Errors: Blocked when nothing is said.
    """
    found = " ".join(plain(text).split())[:250]
    if len(found) < 5:
        raise Blocked(_("Tulis keterangan foto: siapa, sedang apa, di mana."))
    return found


def add_photo(
    session: Session, photo: ReadyPhoto, caption: str, *, by: Any, photographer: str = ""
) -> SessionPhoto:  # fmt: skip
    """The stored photo, the last in order. The same photo once more is the one that is there.

    Errors: Denied; Blocked without a caption, or when there are too many.
    """
    ensure(rules.may_keep_photos(by, session.meeting))
    caption, photographer = caption_of(caption), " ".join(plain(photographer).split())[:120]
    name = f"{FOLDER}/{session.pk}/{uuid4().hex}.jpg"
    stored: list[str] = []
    try:
        with transaction.atomic():
            row = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
            kept = row.photos.filter(deleted_at__isnull=True)
            same = kept.filter(sha256=photo.sha256).first()
            if same is not None:
                return same
            if kept.count() >= MOST:
                raise Blocked(_("Sesi ini sudah mempunyai %(n)s foto, yaitu batasnya.") % {"n": MOST})
            stored.append(default_storage.save(name, ContentFile(photo.data)))
            stored.append(default_storage.save(small_name(stored[0]), ContentFile(photo.small)))
            made = SessionPhoto.objects.create(
                session=row, file=stored[0], caption=caption, photographer=photographer, sha256=photo.sha256,
                size=len(photo.data), width=photo.width, height=photo.height, by=by,
                order=(row.photos.aggregate(last=Max("order"))["last"] or 0) + 1,
            )  # fmt: skip
            record(gettext_noop("Menambahkan foto"), row, by=by, note=caption)
    except BaseException:  # whatever went wrong: a file that no row knows would lie there for ever
        for each in stored:
            default_storage.delete(each)
        raise
    return made


def ensure_photoless(session: Session) -> None:
    """Return when the session may be taken out of the programme.

    Errors: Blocked when it has photos.
    """
    if session.photos.filter(deleted_at__isnull=True).exists():
        raise Blocked(_("Sesi “%(title)s” sudah mempunyai foto, jadi tidak dapat dihapus.") % {"title": session.title})


def _held(photo: SessionPhoto, by: Any) -> SessionPhoto:
    row = SessionPhoto.objects.select_for_update(of=("self",)).select_related("session__meeting").get(pk=photo.pk)
    ensure(rules.may_keep_photos(by, row.session.meeting))
    return row


@transaction.atomic
def change_photo(photo: SessionPhoto, caption: str, photographer: str, *, by: Any) -> SessionPhoto:
    """The photo with this caption and photographer.

    Errors: Denied; Blocked without a caption, or when it was put aside.
    """
    before, row = _held(photo, by), _held(photo, by)
    if row.deleted_at:
        raise Blocked(_("Foto ini sudah dihapus. Muat ulang halaman untuk melihat isi terbaru."))
    row.caption, row.photographer = caption_of(caption), " ".join(plain(photographer).split())[:120]
    changes = changes_between(before, row, ["caption", "photographer"])
    if changes:
        row.save(update_fields=["caption", "photographer"])
        record(gettext_noop("Mengubah keterangan foto"), row.session, by=by, changes=changes)
    return row


@transaction.atomic
def step_photo(photo: SessionPhoto, step: int, *, by: Any) -> None:
    """Show the photo one place earlier (-1) or later (1).

    Errors: Denied.
    """
    row = _held(photo, by)
    shown = list(row.session.photos.select_for_update().filter(deleted_at__isnull=True).order_by("order", "pk"))
    here = next((place for place, each in enumerate(shown) if each.pk == row.pk), None)
    there = here + (1 if step > 0 else -1) if here is not None else -1
    if here is None or not 0 <= there < len(shown):
        return
    shown[here], shown[there] = shown[there], shown[here]
    for place, each in enumerate(shown, 1):
        each.order = place
    SessionPhoto.objects.bulk_update(shown, ["order"])


@transaction.atomic
def delete_photo(photo: SessionPhoto, *, by: Any) -> SessionPhoto:
    """The photo, put aside; it can be brought back.

    Errors: Denied.
    """
    row = _held(photo, by)
    if row.deleted_at is None:
        row.deleted_at = timezone.now()
        row.save(update_fields=["deleted_at"])
        record(gettext_noop("Menghapus foto"), row.session, by=by, note=row.caption)
    return row


@transaction.atomic
def restore_photo(photo: SessionPhoto, *, by: Any) -> SessionPhoto:
    """The photo, shown again.

    Errors: Denied.
    """
    row = _held(photo, by)
    if row.deleted_at is not None:
        row.deleted_at = None
        row.save(update_fields=["deleted_at"])
        record(gettext_noop("Mengembalikan foto"), row.session, by=by, note=row.caption)
    return row
