"""Taking a filled-in workbook: all of its proposals in one transaction, the same file once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, ensure
from programs.actions.indicators import delete_indicator, save_indicator
from programs.actions.lines import replace_lines
from programs.actions.proposals import save_fields, set_tags, start_proposal
from programs.actions.shares import set_shares
from programs.models import Proposal, ProposalFile
from programs.rules import may_create
from regencies.models import Regency

NEW, CHANGED, SAME = "new", "changed", "same"


class TakenBefore(Blocked):
    """The same bytes were taken already; nothing changed. `file` is that upload."""

    def __init__(self, file: ProposalFile) -> None:
        when = timezone.localtime(file.at)
        super().__init__(
            _("Berkas ini sudah dimasukkan oleh %(who)s pada %(day)s pukul %(time)s. Tidak ada yang berubah.")
            % {"who": file.by, "day": f"{when:%d-%m-%Y}", "time": f"{when:%H.%M}"}
        )
        self.file = file


@dataclass(frozen=True)
class Taken:
    """What became of one proposal of the file: NEW, CHANGED or SAME."""

    row: int
    proposal: Proposal
    what: str


def taken_before(regency: Regency, year: int, sha256: str) -> ProposalFile | None:
    """The earlier upload of the same bytes."""
    return ProposalFile.objects.filter(regency=regency, year=year, sha256=sha256).select_related("by").first()


def take_workbook(regency: Regency, year: int, plans: Sequence[Any], *, name: str, sha256: str, by: Any) -> list[Taken]:
    """What became of each proposal of the file, in its order. All are stored, or none.

    `plans`: as programs.forms.workbook_read.Plan.
    Errors: TakenBefore; Denied; Blocked with the first thing that cannot be stored.
    """
    ensure(may_create(by, regency.pk))
    try:
        with transaction.atomic():
            # The row comes first: a second upload of the same file waits for it, then meets the constraint.
            file = ProposalFile.objects.create(
                regency=regency, year=year, sha256=sha256, name=name[:150], made=0, changed=0, by=by
            )
            taken = [_take(regency, year, plan, by=by) for plan in plans]
            file.made = sum(each.what == NEW for each in taken)
            file.changed = sum(each.what == CHANGED for each in taken)
            file.save(update_fields=["made", "changed"])
            record(
                gettext_noop("Memasukkan usulan dari Excel"),
                file,
                by=by,
                note=f"{file.made} baru, {file.changed} diubah",
            )
    except IntegrityError:
        if known := taken_before(regency, year, sha256):
            raise TakenBefore(known) from None
        raise
    return taken


def _take(regency: Regency, year: int, plan: Any, *, by: Any) -> Taken:
    new = plan.known is None
    proposal = plan.known or start_proposal(regency, year, title=str(plan.fields.get("title") or ""), by=by)
    proposal.refresh_from_db(fields=["change"])
    before = proposal.change
    save_fields(proposal, plan.fields, base=None, by=by)
    set_tags(proposal, plan.tags, by=by)
    replace_lines(proposal, plan.lines, by=by)
    _replace_indicators(proposal, plan.indicators, by=by)
    set_shares(proposal, plan.shares, by=by)
    proposal.refresh_from_db()
    return Taken(plan.row, proposal, NEW if new else CHANGED if proposal.change != before else SAME)


def _replace_indicators(proposal: Proposal, wanted: Sequence[dict[str, Any]], *, by: Any) -> None:
    stored = list(proposal.indicators.kept())
    if [_values(row) for row in stored] == [_values_of(values) for values in _in_order(wanted)]:
        return
    for row in stored:
        delete_indicator(proposal, row.pk, by=by, base_version=row.version)
    for values in wanted:
        save_indicator(proposal, values, by=by)


def _in_order(wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """As they are listed: outputs first."""
    return sorted(wanted, key=lambda values: values["kind"], reverse=True)


def _values(row: Any) -> tuple:
    return (row.kind, row.name, row.baseline, row.target, row.unit)


def _values_of(values: dict[str, Any]) -> tuple:
    return tuple(values[name] for name in ("kind", "name", "baseline", "target", "unit"))
