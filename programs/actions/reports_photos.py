"""Verbs on the photos of a monthly report: a photo is checked before it is stored, and says where only on purpose."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from PIL import Image

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, ensure
from portal.web.photos import ORIENTATION
from programs.actions.attachments import SUFFIXES, Prepared, prepare
from programs.actions.proposals import SaveResult
from programs.actions.reports import locked, merge, touch
from programs.actions.rows import checked
from programs.contract_rules import may_write_report
from programs.facts.file_checks import PHOTOS
from programs.models import MonthlyReport, ReportPhoto, Visit

FOLDER = "laporan"
SIDEWAYS = (5, 6, 7, 8)
"""Values of the EXIF orientation by which a picture lies on its side."""


def prepare_photo(name: str, data: bytes, *, with_place: bool) -> tuple[Prepared, tuple[int, int]]:
    """The checked photo as it will be stored, with its width and height as people see it.

    Errors: WrongFile for everything that is no whole JPEG or PNG, or too large.
    """
    prepared = prepare(name, data, keeps_place=with_place, taken=PHOTOS)
    with Image.open(io.BytesIO(prepared.data), formats=["JPEG", "PNG"]) as picture:
        width, height = picture.size
        if picture.getexif().get(ORIENTATION) in SIDEWAYS:
            width, height = height, width
    return prepared, (width, height)


def add_photo(
    report: MonthlyReport, name: str, data: bytes, *, key: UUID, by: Any, caption: str = "",
    visit: Visit | None = None, with_place: bool = False,
) -> ReportPhoto:  # fmt: skip
    """The stored photo. Sent again under its key, or the same picture once more, it is the one that is there.

    Errors: Denied; WrongFile; Blocked when the report is full.
    """
    ensure(may_write_report(by, report))
    prepared, size = prepare_photo(name, data, with_place=with_place)
    with transaction.atomic():
        row = locked(report, by=by)
        known = ReportPhoto.objects.filter(client_key=key).first()
        if known is not None and known.report_id != row.pk:
            raise Blocked(_("Foto ini milik laporan lain."))
        kept = row.photos.filter(deleted_at__isnull=True)
        known = known or kept.filter(sha256=prepared.sha256).first()
        if known is not None:
            return known
        _check_room(row, len(prepared.data))
        photo = ReportPhoto(
            report=row, visit=visit if visit is not None and visit.report_id == row.pk else None, caption=caption,
            sha256=prepared.sha256, size=len(prepared.data), width=size[0], height=size[1],
            with_place=prepared.keeps_place, client_key=key,
        )  # fmt: skip
        checked(photo, ["caption"])
        _store(photo, prepared)
        touch(report, row)
        record(gettext_noop("Menambah foto"), row, by=by, note=caption or prepared.name)
    return photo


def _store(photo: ReportPhoto, prepared: Prepared) -> None:
    """Keep file and row, or neither; the file has a name that nobody chose."""
    path = f"{FOLDER}/{photo.report_id}/{uuid4().hex}.{SUFFIXES[prepared.kind]}"
    photo.file = default_storage.save(path, ContentFile(prepared.data))
    try:
        with transaction.atomic():
            photo.save()
    except BaseException:  # whatever went wrong: a file that no row knows would lie there for ever
        default_storage.delete(photo.file.name)
        raise


def _check_room(row: MonthlyReport, size: int) -> None:
    held = row.photos.filter(deleted_at__isnull=True).aggregate(count=Count("pk"), size=Sum("size", default=0))
    if held["count"] >= settings.ATTACHMENT_MAX_COUNT:
        raise Blocked(_("Laporan ini sudah memuat %(n)s foto, yaitu batasnya.") % {"n": held["count"]})
    if held["size"] + size > settings.ATTACHMENT_MAX_TOTAL_MB * 2**20:
        raise Blocked(
            _("Jumlah ukuran foto laporan ini melebihi %(most)s MB. Hapus yang tidak perlu.")
            % {"most": settings.ATTACHMENT_MAX_TOTAL_MB}
        )


@transaction.atomic
def caption_photo(
    report: MonthlyReport, key: UUID, caption: str, *, base: dict[str, list[Any]] | None, by: Any
) -> tuple[ReportPhoto, SaveResult]:
    """The photo with another caption, if what is stored is what its writer began with.

    Errors: Denied; Blocked when the photo is gone.
    """
    row = locked(report, by=by)
    photo = row.photos.filter(client_key=key, deleted_at__isnull=True).first()
    if photo is None:
        raise Blocked(_("Foto ini sudah dihapus di perangkat lain."))
    before = ReportPhoto(caption=photo.caption)
    result, changed = merge(photo, {"caption": caption}, base)
    if changed:
        checked(photo, changed)
        photo.save(update_fields=changed)
        touch(report, row)
        changes = changes_between(before, photo, changed)
        record(gettext_noop("Mengubah keterangan foto"), row, by=by, changes=changes)
    return photo, result


def delete_photo(report: MonthlyReport, key: UUID, *, by: Any) -> ReportPhoto | None:
    """The photo out of the report; `undelete_photo` brings it back.

    Errors: Denied.
    """
    return _put_aside(report, key, gettext_noop("Menghapus foto"), by=by, gone=True)


def undelete_photo(report: MonthlyReport, key: UUID, *, by: Any) -> ReportPhoto | None:
    """The photo back in the report.

    Errors: Denied; Blocked when the report is full by now.
    """
    return _put_aside(report, key, gettext_noop("Mengembalikan foto"), by=by, gone=False)


@transaction.atomic
def _put_aside(report: MonthlyReport, key: UUID, verb: str, *, by: Any, gone: bool) -> ReportPhoto | None:
    row = locked(report, by=by)
    photo = row.photos.filter(client_key=key).first()
    if photo is not None and (photo.deleted_at is not None) != gone:
        if not gone:
            _check_room(row, photo.size)
        photo.deleted_at = timezone.now() if gone else None
        photo.save(update_fields=["deleted_at"])
        touch(report, row)
        record(verb, row, by=by, note=photo.caption)
    return photo
