"""Cards: whoever lost his, or had it photographed, gets another one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.journal.actions import joined, record
from portal.kernel.errors import ensure
from rakor import rules
from rakor.actions.registrations import ensure_expected, held_place, hold
from rakor.models import CalendarFeed, Registration
from rakor.models.attendance import new_pass
from rakor.models.reminders import new_key


def renew_card(registration: Registration, *, by: Any) -> Registration:
    """The place with a new secret: the old card and the calendar's old address are not known any more.

    Errors: Denied; Blocked for somebody who is not expected.
    """
    with joined():
        hold(registration.meeting)
        row = held_place(registration)
        ensure(rules.may_keep_guests(by, row.meeting))
        ensure_expected(row)
        row.token = new_pass()
        row.version += 1  # the devices at the door hear of it
        row.save(update_fields=["token", "version"])
        CalendarFeed.objects.filter(registration=row).update(key=new_key(), made_at=timezone.now(), read_at=None)
        record(gettext_noop("Membuat kartu baru"), row, by=by)
    return row
