"""Reporting what became of an agreed program, quarter by quarter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.money import rupiah
from programs import rules
from programs.facts.quarters import QUARTERS, ROMAN, WHOLE, begins_on
from programs.models import Proposal, Realisation


@transaction.atomic
def report_realisation(
    proposal: Proposal, quarter: int, *, spent_rupiah: int, physical_percent: Decimal, obstacle: str = "",
    follow_up: str = "", seen: str | None = None, by: Any,
) -> Realisation:  # fmt: skip
    """The stored report: cumulative from January to the end of the quarter.

    `seen` is `stamp` of the report that the writer saw ("" for none); None overwrites whatever is there.
    Errors: Denied; Blocked when a figure is impossible; StaleVersion when somebody reported in between.
    """
    row = Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)
    ensure(rules.may_report(by, row))
    if quarter not in QUARTERS or begins_on(row.year, quarter) > timezone.localdate():
        raise Blocked(_("Triwulan ini belum berjalan, jadi belum ada yang dapat dilaporkan."))
    reports = {report.quarter: report for report in row.realisations.all()}
    stored = reports.pop(quarter, None)
    values = {
        "spent_rupiah": spent_rupiah, "physical_percent": physical_percent, "obstacle": obstacle.strip(),
        "follow_up": follow_up.strip(),
    }  # fmt: skip
    if seen is not None and seen != stamp(stored):
        raise StaleVersion(
            _("Laporan triwulan ini sudah disimpan orang lain sejak Anda membukanya."), current=stored, yours=values
        )
    _ensure_possible(row, quarter, spent_rupiah, physical_percent, reports)
    report, _new = Realisation.objects.update_or_create(
        proposal=row, quarter=quarter, defaults={**values, "reported_by": by}
    )
    record(
        gettext_noop("Melaporkan realisasi"), row, by=by,
        changes={
            f"TW {ROMAN[quarter]}": [
                _figures(stored.spent_rupiah, stored.physical_percent) if stored else "",
                _figures(spent_rupiah, physical_percent),
            ]
        },
    )  # fmt: skip
    return report


def stamp(report: Realisation | None) -> str:
    """What identifies the state of a report; "" for none."""
    return report.reported_at.isoformat() if report else ""


def _figures(spent: int, physical: Decimal) -> str:
    return f"{rupiah(spent)}; {Decimal(physical):.2f} %"


def _ensure_possible(
    row: Proposal, quarter: int, spent: int, physical: Decimal, others: dict[int, Realisation]
) -> None:
    """Not below zero, not above what was agreed, never less than an earlier quarter or more than a later one."""
    agreed = row.agreed_rupiah or 0
    if not 0 <= physical <= WHOLE:
        raise Blocked(_("Realisasi fisik antara 0 dan 100 persen."))
    if spent < 0 or spent > agreed:
        raise Blocked(_("Realisasi keuangan antara nol dan pagu yang disepakati, %(agreed)s.") % {
            "agreed": rupiah(agreed),
        })  # fmt: skip
    for number, report in sorted(others.items()):
        figures = {"quarter": ROMAN[number], "spent": rupiah(report.spent_rupiah), "physical": report.physical_percent}
        if number < quarter and (spent < report.spent_rupiah or physical < report.physical_percent):
            raise Blocked(
                _("Laporan ini kumulatif: tidak boleh kurang dari TW %(quarter)s (%(spent)s; fisik %(physical)s %%).")
                % figures
            )
        if number > quarter and (spent > report.spent_rupiah or physical > report.physical_percent):
            raise Blocked(
                _("Laporan ini kumulatif: tidak boleh lebih dari TW %(quarter)s (%(spent)s; fisik %(physical)s %%).")
                % figures
            )
