"""Verbs on the indicators of a proposal: what comes out (keluaran) and what it brings (hasil)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between
from portal.kernel.errors import Blocked
from programs.actions.rows import as_row, checked, finish, knew, locked, next_position, one_line, stale_row
from programs.models import Indicator, Proposal

MOST_INDICATORS = 30
FIELDS = ["kind", "name", "baseline", "target", "unit"]


@transaction.atomic
def save_indicator(
    proposal: Proposal, values: dict[str, Any], *, by: Any, key: UUID | None = None, indicator_id: int | None = None,
    base_version: int = 0,
) -> Indicator:  # fmt: skip
    """The stored indicator: new under the browser's `key`, or changed when `base_version` is still the stored one.

    Shape: values = {name of FIELDS: text, Decimal or None}; fields that are not named stay.
    Errors: Denied; Blocked for values that cannot be; StaleVersion when somebody saved it in between.
    """
    row = locked(proposal, by=by)
    values = {name: values[name] for name in FIELDS if name in values}
    values |= {name: one_line(values[name]) for name in ("name", "unit") if name in values}
    indicator = as_row(row.indicators, indicator_id, key)
    if indicator is None:
        return _add(proposal, row, values, key=key, by=by)
    if all(getattr(indicator, name) == value for name, value in values.items()):
        return indicator
    if not knew(indicator, base_version, key=key):
        raise stale_row(indicator, values)
    before = Indicator(**{name: getattr(indicator, name) for name in FIELDS})
    for name, value in values.items():
        setattr(indicator, name, value)
    checked(indicator, FIELDS)
    indicator.version += 1
    indicator.save()
    finish(
        proposal, row, gettext_noop("Mengubah indikator"), by=by, note=indicator.name,
        changes=changes_between(before, indicator, FIELDS),
    )  # fmt: skip
    return indicator


@transaction.atomic
def delete_indicator(proposal: Proposal, indicator_id: int, *, by: Any, base_version: int = 0) -> Indicator | None:
    """The indicator as it was; None when it was gone already. Whoever wants it back saves its values anew.

    Errors: Denied; StaleVersion when somebody changed it since `base_version`.
    """
    row = locked(proposal, by=by)
    indicator = row.indicators.filter(pk=indicator_id).first()
    if indicator is None:
        return None
    if not knew(indicator, base_version):
        raise stale_row(indicator, {})
    indicator.delete()
    finish(proposal, row, gettext_noop("Menghapus indikator"), by=by, note=indicator.name)
    return indicator


@transaction.atomic
def take_official_indicator(proposal: Proposal, *, by: Any) -> Indicator:
    """The output indicator with the official words and unit of the proposal's sub-activity; taken once.

    Errors: Denied; Blocked when no sub-activity is chosen.
    """
    row = locked(proposal, by=by)
    if row.sub_activity is None:
        raise Blocked(_("Pilih sub-kegiatan dahulu; indikator resminya ikut dari sana."))
    values = {
        "kind": Indicator.Kind.OUTPUT, "name": one_line(row.sub_activity.indicator)[:250],
        "unit": row.sub_activity.unit,
    }  # fmt: skip
    known = row.indicators.filter(kind=values["kind"], name=values["name"]).first()
    return known or _add(proposal, row, values, key=None, by=by)


def _add(proposal: Proposal, row: Proposal, values: dict[str, Any], *, key: UUID | None, by: Any) -> Indicator:
    if row.indicators.count() >= MOST_INDICATORS:
        raise Blocked(_("Satu usulan memuat paling banyak %(most)d indikator.") % {"most": MOST_INDICATORS})
    indicator = Indicator(proposal=row, client_key=key, position=next_position(row.indicators), **values)
    checked(indicator, FIELDS)
    indicator.save()
    finish(proposal, row, gettext_noop("Menambah indikator"), by=by, note=indicator.name)
    return indicator
