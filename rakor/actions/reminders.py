"""Verbs on reminders: planned for a day with their text, sent by the clock in the morning, or at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.notices import reminder_due
from rakor.models import Meeting, Reminder


@transaction.atomic
def plan_reminder(meeting: Meeting, on: dt.date, text: str, *, by: Any) -> Reminder:
    """The reminder of that day; the one there is when the same form arrives twice.

    Errors: Denied; Blocked for a day that is past or after the first day of the edition, and for a second one on a day.
    """
    ensure(rules.may_remind(by, meeting))
    _ensure_day(meeting, on)
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


def _ensure_day(meeting: Meeting, on: dt.date) -> None:
    if on < timezone.localdate() or on > meeting.starts_on:
        raise Blocked(_("Pilih hari mulai hari ini sampai hari pertama rakor."))


@transaction.atomic
def change_reminder(reminder: Reminder, on: dt.date, text: str, *, by: Any, base_version: int) -> Reminder:
    """The planned reminder with another day or text; who changed it answers for it. The same again changes nothing.

    Errors: Denied; Blocked when it was sent meanwhile, for a day as in `plan_reminder`; StaleVersion.
    """
    row = _planned(reminder, by=by)
    text = text.strip()
    if (row.on, row.text) == (on, text):
        return row
    _ensure_seen(row, base_version, {"on": on, "text": text})
    _ensure_day(row.meeting, on)
    if row.meeting.reminders.filter(on=on).exclude(pk=row.pk).exists():
        raise Blocked(_("Sudah ada pengingat untuk hari itu."))
    note = f"{row.on:%Y-%m-%d} → {on:%Y-%m-%d}" if row.on != on else f"{on:%Y-%m-%d}"
    row.on, row.text, row.by, row.version = on, text, by, row.version + 1
    try:
        with transaction.atomic():
            row.save(update_fields=["on", "text", "by", "version"])
    except IntegrityError:  # somebody else took the day at this moment
        raise Blocked(_("Sudah ada pengingat untuk hari itu.")) from None
    record(gettext_noop("Mengubah pengingat"), row.meeting, by=by, note=note)
    return row


@transaction.atomic
def cancel_reminder(reminder: Reminder, *, by: Any, base_version: int) -> None:
    """Remove a reminder that was not sent.

    Errors: Denied; Blocked when it was sent meanwhile; StaleVersion when it was changed.
    """
    row = _planned(reminder, by=by)
    _ensure_seen(row, base_version, {})
    record(gettext_noop("Membatalkan pengingat"), row.meeting, by=by, note=f"{row.on:%Y-%m-%d}")
    row.delete()


def _planned(reminder: Reminder, *, by: Any) -> Reminder:
    """The locked row of a reminder that was not sent yet.

    Errors: Denied, Blocked.
    """
    row = Reminder.objects.select_for_update(of=("self",)).select_related("meeting").filter(pk=reminder.pk).first()
    if row is None:
        raise Blocked(_("Pengingat itu sudah dibatalkan."))
    ensure(rules.may_remind(by, row.meeting))
    if row.done_at is not None:
        raise Blocked(_("Pengingat itu sudah dikirim."))
    return row


def _ensure_seen(row: Reminder, base_version: int, values: dict[str, Any]) -> None:
    if row.version != base_version:
        raise StaleVersion(_("Pengingat ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)


@transaction.atomic
def remind_now(meeting: Meeting, text: str, *, by: Any) -> int:
    """How many of those who have not answered are reminded at once.

    Errors: Denied; Blocked when they were reminded today already, so that a second click reminds nobody, or when a
    reminder is planned for today: whoever planned it chose its words.
    """
    ensure(rules.may_remind(by, meeting))
    today = timezone.localdate()
    row, new = Reminder.objects.get_or_create(meeting=meeting, on=today, defaults={"text": text.strip(), "by": by})
    row = Reminder.objects.select_for_update().get(pk=row.pk)
    if row.done_at is not None:
        raise Blocked(_("Hari ini pengingat sudah dikirim. Jadwalkan yang berikutnya untuk hari lain."))
    if not new:
        raise Blocked(
            _("Untuk hari ini sudah dijadwalkan pengingat dan akan dikirim otomatis. Ubah atau batalkan yang itu.")
        )
    return reminder_due(row)
