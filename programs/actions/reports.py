"""Verbs on a monthly report: open it, fill it in field by field, hand it in, return it, approve it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, make_move, record
from portal.kernel.dates import month_year
from portal.kernel.decision import allow_if
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import contract_rules as rules
from programs.actions.proposals import SaveResult, field_text
from programs.actions.rows import checked
from programs.models import ExtensionWorker, MonthlyReport
from programs.queries.reports import FIELDS, contract_for, kept_photos, kept_visits, lacks_of
from programs.queries.reports_papers import report_paper
from programs.workflow import REPORT


@transaction.atomic
def open_report(worker: ExtensionWorker, month: dt.date, *, by: Any) -> MonthlyReport:
    """The worker's report of that month: the one there is, or a new draft.

    Errors: Denied for anybody else; Blocked for a month to come or without a contract in force.
    """
    own = allow_if(worker.user_id == getattr(by, "pk", None), _("Laporan ini milik penyuluh lain."))
    ensure(rules.report_writers(by) & own)
    if month > timezone.localdate():
        raise Blocked(_("%(month)s belum mulai.") % {"month": month_year(month)})
    contract = contract_for(worker, month)
    if contract is None:
        raise Blocked(_("Tidak ada kontrak yang berlaku pada %(month)s.") % {"month": month_year(month)})
    report, new = MonthlyReport.objects.get_or_create(worker=worker, month=month, defaults={"contract": contract})
    if new:
        record(gettext_noop("Membuat laporan bulanan"), report, by=by)
    return report


def locked(report: MonthlyReport, *, by: Any) -> MonthlyReport:
    """The row locked for this transaction, after the rules were asked about its status as it is now.

    Errors: Denied.
    """
    row = _row(report)
    ensure(rules.may_write_report(by, row))
    return row


def _row(report: MonthlyReport) -> MonthlyReport:
    rows = MonthlyReport.objects.select_for_update(of=("self",))
    return rows.select_related("worker", "contract__regency", "contract__number").get(pk=report.pk)


def touch(report: MonthlyReport, row: MonthlyReport, names: tuple[str, ...] = ()) -> None:
    """Store these columns under the next change number; the given object learns it too."""
    row.change += 1
    row.save(update_fields=[*names, "change", "changed_at"])
    report.change = row.change


def merge(row: models.Model, values: dict[str, Any], base: dict[str, list[Any]] | None) -> tuple[SaveResult, list[str]]:
    """Put each value into the row whose writer knew what is stored; what was saved, and the names that changed.

    `base` holds per field every text that may be stored; None means that the values stand whatever was there.
    """
    result, changed = SaveResult(), []
    for name, value in values.items():
        stored = field_text(getattr(row, name))
        if stored == field_text(value):
            result.saved.append(name)
        elif base is None or stored in [field_text(text) for text in base.get(name, [])]:
            setattr(row, name, value)
            changed.append(name)
            result.saved.append(name)
        else:
            result.conflicts[name] = getattr(row, name)
    return result, changed


@transaction.atomic
def save_report(
    report: MonthlyReport, values: dict[str, Any], *, base: dict[str, list[Any]] | None, by: Any
) -> SaveResult:
    """Each field merged on its own: written when what is stored is what its writer began with, else left as it is.

    Shape: values = {name of FIELDS: cleaned value}.
    Errors: Denied; Blocked for a value that its column cannot hold.
    """
    row = locked(report, by=by)
    before = MonthlyReport(**{name: getattr(row, name) for name in FIELDS})
    result, changed = merge(row, {name: values[name] for name in FIELDS if name in values}, base)
    if changed:
        checked(row, changed)
        touch(report, row, tuple(changed))
        changes = changes_between(before, row, changed)
        record(gettext_noop("Mengisi laporan bulanan"), row, by=by, changes=changes)
    for name in FIELDS:
        setattr(report, name, getattr(row, name))
    return result


# -- from hand to hand ------------------------------------------------------------------------------------------------


def _begin(report: MonthlyReport, move: str, by: Any, base_change: int | None = None) -> MonthlyReport:
    """The locked report if this person may make the move, the table allows it, and it is the one he read.

    Errors: Denied; Blocked; StaleVersion.
    """
    row = _row(report)
    ensure(rules.may_move_report(by, row, move))
    known = REPORT.move(move)
    if row.status not in known.source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: laporan ini sudah berstatus “%(status)s”.")
            % {"move": _(known.label), "status": _(row.state.label)}
        )
    if base_change is not None and row.change != base_change:
        raise StaleVersion(
            _("Laporan ini diubah sejak Anda membacanya. Baca dahulu yang sekarang."), current=row, yours={}
        )
    return row


@transaction.atomic
def submit_report(report: MonthlyReport, *, by: Any) -> MonthlyReport:
    """The report handed in.

    Errors: Denied; Blocked naming what is missing, or when it was handed in already.
    """
    row = _begin(report, "submit", by)
    if found := lacks_of(row, kept_visits(row), kept_photos(row)):
        raise Blocked(" ".join(found[:4]))
    return make_move(REPORT, "submit", row, by=by, submitted_at=timezone.now(), return_reason="")


@transaction.atomic
def recall_report(report: MonthlyReport, *, by: Any) -> MonthlyReport:
    """The report as a draft again, which only the worker sees.

    Errors: Denied; Blocked when somebody decided meanwhile.
    """
    return make_move(REPORT, "recall", _begin(report, "recall", by), by=by, submitted_at=None)


@transaction.atomic
def return_report(report: MonthlyReport, reason: str, *, by: Any) -> MonthlyReport:
    """The report back with the worker, with the reason he reads.

    Errors: Denied, also for the worker himself; Blocked without a reason or when it is not waiting.
    """
    row = _begin(report, "return", by)
    return make_move(REPORT, "return", row, by=by, note=reason, return_reason=reason.strip())


@transaction.atomic
def approve_report(report: MonthlyReport, *, by: Any, base_change: int | None = None) -> MonthlyReport:
    """The approved report with its ordered paper: one transaction, so that there is no approval without a paper.

    Errors: Denied, also for the worker himself; Blocked when it is not waiting; StaleVersion.
    """
    row = _begin(report, "approve", by, base_change)
    now = timezone.now()
    document = report_paper(row, approver=by, on=timezone.localtime(now).date())
    return make_move(REPORT, "approve", row, by=by, approved_at=now, approved_by=by, document=document)
