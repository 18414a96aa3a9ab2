"""Opening the yearly round, and giving single regencies more time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import rules
from programs.models import Extension, Round
from programs.queries.rounds import said
from regencies.models import Regency

FIELDS = ["opens_at", "closes_at", "note"]


@transaction.atomic
def save_round(
    year: int, *, opens_at: dt.datetime, closes_at: dt.datetime, note: str = "", by: Any, version: int = 0
) -> Round:
    """The round of that year, new (`version` 0) or changed.

    Errors: Denied; Blocked when it would close before it opens; StaleVersion when somebody saved in between.
    """
    ensure(rules.round_keepers(by))
    if closes_at <= opens_at:
        raise Blocked(_("Batas waktu harus sesudah waktu pembukaan."))
    values = {"opens_at": opens_at, "closes_at": closes_at, "note": note.strip()}
    row = Round.objects.select_for_update().filter(year=year).first()
    if row is None:
        try:
            with transaction.atomic():
                row = Round.objects.create(year=year, **values)
        except IntegrityError:
            row = Round.objects.select_for_update().get(year=year)
        else:
            record(gettext_noop("Membuka putaran pengusulan"), row, by=by)
            return row
    if row.version != version:
        raise StaleVersion(_("Putaran ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = Round.objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    changes = changes_between(before, row, FIELDS)
    record(gettext_noop("Mengubah putaran pengusulan"), row, by=by, changes=changes)
    return row


@transaction.atomic
def extend(round: Round, regency: Regency, *, until: dt.datetime, reason: str, by: Any) -> Extension:
    """More time for one regency, in place of what it had.

    Errors: Denied; Blocked without a reason, or when the new moment gives no more time.
    """
    ensure(rules.round_keepers(by))
    row = Round.objects.select_for_update().get(pk=round.pk)
    reason = reason.strip()
    if not reason:
        raise Blocked(_("Alasan perpanjangan wajib diisi."))
    if until <= row.closes_at:
        raise Blocked(_("Perpanjangan harus sesudah batas umum, yaitu %(moment)s.") % {"moment": said(row.closes_at)})
    if until <= timezone.now():
        raise Blocked(_("Perpanjangan harus sampai waktu yang akan datang."))
    before = Extension.objects.filter(round=row, regency=regency).first()
    values = {"until": until, "reason": reason, "by": by, "at": timezone.now()}
    given, _new = Extension.objects.update_or_create(round=row, regency=regency, defaults=values)
    record(
        gettext_noop("Memperpanjang batas waktu"), row, by=by, note=reason,
        changes={regency.name: [said(before.until) if before else said(row.closes_at), said(until)]},
    )  # fmt: skip
    return given


@transaction.atomic
def withdraw_extension(extension: Extension, *, by: Any, reason: str = "") -> None:
    """Take the extra time back: the general deadline holds again; a second click changes nothing."""
    ensure(rules.round_keepers(by))
    row = Round.objects.select_for_update().get(pk=extension.round_id)
    found = Extension.objects.filter(pk=extension.pk).select_related("regency").first()
    if found is None:
        return
    name, until = found.regency.name, found.until
    found.delete()
    record(
        gettext_noop("Menarik perpanjangan"), row, by=by, note=reason.strip(),
        changes={name: [said(until), said(row.closes_at)]},
    )  # fmt: skip
