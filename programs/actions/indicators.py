"""Verbs on the indicators of a proposal: what comes out (keluaran) and what it brings (hasil)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
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
    indicator = as_row(row.indicators.select_related("changed_by"), indicator_id, key)
    if indicator is None:
        return _add(proposal, row, values, key=key, by=by)
    if indicator.deleted_at is None and all(getattr(indicator, name) == value for name, value in values.items()):
        return indicator
    if indicator.deleted_at or not knew(indicator, base_version, key=key):
        raise stale_row(indicator, values)
    before = Indicator(**{name: getattr(indicator, name) for name in FIELDS})
    for name, value in values.items():
        setattr(indicator, name, value)
    checked(indicator, FIELDS)
    _bump(indicator, by=by)
    finish(
        proposal, row, gettext_noop("Mengubah indikator"), by=by, note=indicator.name,
        changes=changes_between(before, indicator, FIELDS),
    )  # fmt: skip
    return indicator


@transaction.atomic
def delete_indicator(proposal: Proposal, indicator_id: int, *, by: Any, base_version: int = 0) -> Indicator:
    """The indicator, no longer part of the proposal; `undelete_indicator` brings it back.

    Errors: Denied; StaleVersion when somebody changed it since `base_version`.
    """
    row = locked(proposal, by=by)
    indicator = row.indicators.select_related("changed_by").get(pk=indicator_id)
    if indicator.deleted_at:
        return indicator
    if not knew(indicator, base_version):
        raise stale_row(indicator, {})
    indicator.deleted_at = timezone.now()
    _bump(indicator, by=by)
    finish(proposal, row, gettext_noop("Menghapus indikator"), by=by, note=indicator.name)
    return indicator


@transaction.atomic
def undelete_indicator(proposal: Proposal, indicator_id: int, *, by: Any) -> Indicator:
    """The indicator, back at its place.

    Errors: Denied; Blocked when the proposal has as many as it may meanwhile.
    """
    row = locked(proposal, by=by)
    indicator = row.indicators.select_related("changed_by").get(pk=indicator_id)
    if indicator.deleted_at:
        _room_for_one(row)
        indicator.deleted_at = None
        _bump(indicator, by=by)
        finish(proposal, row, gettext_noop("Mengembalikan indikator"), by=by, note=indicator.name)
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
    known = row.indicators.kept().filter(kind=values["kind"], name=values["name"]).first()
    return known or _add(proposal, row, values, key=None, by=by)


def _add(proposal: Proposal, row: Proposal, values: dict[str, Any], *, key: UUID | None, by: Any) -> Indicator:
    _room_for_one(row)
    indicator = Indicator(
        proposal=row, client_key=key, position=next_position(row.indicators.kept()), changed_by=by, **values
    )
    checked(indicator, FIELDS)
    indicator.save()
    finish(proposal, row, gettext_noop("Menambah indikator"), by=by, note=indicator.name)
    return indicator


def _bump(indicator: Indicator, *, by: Any) -> None:
    indicator.version += 1
    indicator.changed_by = by
    indicator.save()


def _room_for_one(row: Proposal) -> None:
    if row.indicators.kept().count() >= MOST_INDICATORS:
        raise Blocked(_("Satu usulan memuat paling banyak %(most)d indikator.") % {"most": MOST_INDICATORS})
