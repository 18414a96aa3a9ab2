"""Verbs on the visits of a monthly report. A visit is named by the key that the phone made for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked
from programs.actions.proposals import SaveResult
from programs.actions.reports import locked, merge, touch
from programs.actions.rows import checked
from programs.models import MonthlyReport, Visit
from programs.queries.reports import VISIT_FIELDS

MOST_VISITS = 200


@transaction.atomic
def save_visit(
    report: MonthlyReport, key: UUID, values: dict[str, Any], *, base: dict[str, list[Any]] | None, by: Any
) -> tuple[Visit, SaveResult]:
    """The stored visit of that key, new or changed field by field, and what became of each field.

    Shape: values = {name of VISIT_FIELDS: cleaned value}.
    Errors: Denied; Blocked when it was thrown away, the month is full, or a value cannot be.
    """
    row = locked(report, by=by)
    values = {name: values[name] for name in VISIT_FIELDS if name in values}
    visit = _visit(row, key)
    if visit is None:
        if not values:
            raise Blocked(_("Kunjungan ini masih kosong."))
        if row.visits.filter(deleted_at__isnull=True).count() >= MOST_VISITS:
            raise Blocked(_("Satu laporan memuat paling banyak %(most)s kunjungan.") % {"most": MOST_VISITS})
        visit = Visit(report=row, client_key=key, **values)
        checked(visit, list(values))
        visit.save()
        touch(report, row)
        record(gettext_noop("Menambah kunjungan"), row, by=by, note=visit.ikm)
        return visit, SaveResult(saved=list(values))
    if visit.deleted_at:
        raise Blocked(_("Kunjungan ini sudah dihapus di perangkat lain. Kembalikan dahulu, lalu tulis lagi."))
    before = Visit(**{name: getattr(visit, name) for name in VISIT_FIELDS})
    result, changed = merge(visit, values, base)
    if changed:
        checked(visit, changed)
        visit.save(update_fields=changed)
        touch(report, row)
        changes = changes_between(before, visit, changed)
        record(gettext_noop("Mengubah kunjungan"), row, by=by, note=visit.ikm, changes=changes)
    return visit, result


def delete_visit(report: MonthlyReport, key: UUID, *, by: Any) -> Visit | None:
    """The visit out of the report; `undelete_visit` brings it back. None when it was never stored.

    Errors: Denied.
    """
    return _put_aside(report, key, gettext_noop("Menghapus kunjungan"), by=by, gone=True)


def undelete_visit(report: MonthlyReport, key: UUID, *, by: Any) -> Visit | None:
    """The visit back in the report.

    Errors: Denied.
    """
    return _put_aside(report, key, gettext_noop("Mengembalikan kunjungan"), by=by, gone=False)


@transaction.atomic
def _put_aside(report: MonthlyReport, key: UUID, verb: str, *, by: Any, gone: bool) -> Visit | None:
    row = locked(report, by=by)
    visit = _visit(row, key)
    if visit is not None and (visit.deleted_at is not None) != gone:
        visit.deleted_at = timezone.now() if gone else None
        visit.save(update_fields=["deleted_at"])
        touch(report, row)
        record(verb, row, by=by, note=visit.ikm)
    return visit


def _visit(row: MonthlyReport, key: UUID) -> Visit | None:
    """The visit of that key in this report.

    Errors: Blocked when the key belongs to another report.
    """
    found = Visit.objects.filter(client_key=key).first()
    if found is not None and found.report_id != row.pk:
        raise Blocked(_("Kunjungan ini milik laporan lain."))
    return found
