"""Verbs on reminders: planned for a day with their text, sent by the clock in the morning, or at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, ensure
from rakor import rules
from rakor.actions.notices import reminder_due
from rakor.models import Meeting, Reminder


@transaction.atomic
def plan_reminder(meeting: Meeting, on: dt.date, text: str, *, by: Any) -> Reminder:
    """The reminder of that day; the one there is when the same form arrives twice.

    Errors: Denied; Blocked for a day that is past or after the first day of the edition, and for a second one on a day.
    """
    ensure(rules.may_remind(by, meeting))
    if on < timezone.localdate() or on > meeting.starts_on:
        raise Blocked(_("Pilih hari mulai hari ini sampai hari pertama rakor."))
    try:
        with transaction.atomic():
            made = Reminder.objects.create(meeting=meeting, on=on, text=text.strip(), by=by)
    except IntegrityError:
        known = Reminder.objects.get(meeting=meeting, on=on)
        if known.text == text.strip() and known.by_id == by.pk:
            return known
        raise Blocked(_("Sudah ada pengingat untuk hari itu.")) from None
    record(gettext_noop("Menjadwalkan pengingat"), meeting, by=by, note=f"{on:%Y-%m-%d}")
    return made


@transaction.atomic
def cancel_reminder(reminder: Reminder, *, by: Any) -> None:
    """Remove a reminder that was not sent.

    Errors: Denied; Blocked when it was sent meanwhile.
    """
    row = Reminder.objects.select_for_update().select_related("meeting").get(pk=reminder.pk)
    ensure(rules.may_remind(by, row.meeting))
    if row.done_at is not None:
        raise Blocked(_("Pengingat itu sudah dikirim."))
    record(gettext_noop("Membatalkan pengingat"), row.meeting, by=by, note=f"{row.on:%Y-%m-%d}")
    row.delete()


@transaction.atomic
def remind_now(meeting: Meeting, text: str, *, by: Any) -> int:
    """How many of those who have not answered are reminded at once.

    Errors: Denied; Blocked when they were reminded today already, so that a second click reminds nobody.
    """
    ensure(rules.may_remind(by, meeting))
    today = timezone.localdate()
    row, new = Reminder.objects.get_or_create(meeting=meeting, on=today, defaults={"text": text.strip(), "by": by})
    row = Reminder.objects.select_for_update().get(pk=row.pk)
    if row.done_at is not None:
        raise Blocked(_("Hari ini pengingat sudah dikirim. Jadwalkan yang berikutnya untuk hari lain."))
    if not new:
        row.text, row.by = text.strip(), by
        row.save(update_fields=["text", "by"])
    return reminder_due(row)
