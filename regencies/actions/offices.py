"""Changing what an office is called and what its letterhead says."""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import StaleVersion, ensure
from regencies.models import Agency
from regencies.rules import may_edit_agency

FIELDS = ["name", "short_name", "aliases", "letterhead_top", "letterhead_name", "letterhead_address"]


@transaction.atomic
def change_agency(agency: Agency, *, version: int, by: Any, **values: str) -> Agency:
    """The office with the new values of FIELDS; nothing is stored when nothing differs.

    Errors: Denied; StaleVersion when somebody saved after `version` was read; ValidationError.
    """
    ensure(may_edit_agency(by))
    row = Agency.objects.select_for_update().get(pk=agency.pk)
    if row.version != version:
        raise StaleVersion(
            _("Data kantor ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values
        )
    before = copy.copy(row)
    for name in FIELDS:
        setattr(row, name, values.get(name, getattr(row, name)))
    changes = changes_between(before, row, FIELDS)
    if changes:
        row.version += 1
        row.full_clean()
        row.save()
        record(gettext_noop("Mengubah data kantor"), row, by=by, changes=changes)
    return row
