"""The address of a hall's screen that needs no login: made for a day, taken back at any moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import ensure
from rakor import rules
from rakor.actions.attendance import held
from rakor.models import AttendanceList
from rakor.models.attendance import new_pass

LIFE = dt.timedelta(hours=16)
"""From before breakfast until after the evening's session."""


@transaction.atomic
def open_screen(attendance_list: AttendanceList, *, by: Any) -> AttendanceList:
    """The list with an address for the hall's screen that is good for `LIFE` from now; an older one is worth nothing.

    Errors: Denied.
    """
    row = held(attendance_list)
    ensure(rules.may_keep_door(by, row.meeting))
    row.screen_key, row.screen_until = new_pass(), timezone.now() + LIFE
    row.save(update_fields=["screen_key", "screen_until"])
    record(gettext_noop("Membuat alamat layar"), row, by=by)
    return row


@transaction.atomic
def close_screen(attendance_list: AttendanceList, *, by: Any) -> AttendanceList:
    """The list without such an address; a second click changes nothing.

    Errors: Denied.
    """
    row = held(attendance_list)
    ensure(rules.door_keepers(by))
    if row.screen_key:
        row.screen_key, row.screen_until = "", None
        row.save(update_fields=["screen_key", "screen_until"])
        record(gettext_noop("Mencabut alamat layar"), row, by=by)
    return row
