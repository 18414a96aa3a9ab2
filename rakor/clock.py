"""What the calendar does for editions: remind the silent in the morning, and tell what changed in programmes."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rakor.actions.delegate_notices import tell_delegates
from rakor.actions.notices import follow_addresses, reminder_due, watch_programme
from rakor.models import ToldProgramme
from rakor.queries.notices import AHEAD, due_reminders, watched_programmes

MORNING = 7
"""No reminder leaves before this hour of the day."""


@shared_task(name="rakor.clock.send_reminders", ignore_result=True)
def send_reminders() -> int:
    """How many people were reminded (hourly, so that no day is missed; never at night)."""
    now = timezone.localtime()
    if now.hour < MORNING:
        return 0
    return sum(reminder_due(reminder) for reminder in due_reminders(now.date()))


@shared_task(name="rakor.clock.watch_programmes", ignore_result=True)
def watch_programmes() -> int:
    """How many messages changed (every minute) because a programme did, once it stands still, or a delegate."""
    return sum(watch_programme(row) + _watch_delegates(row) for row in watched_programmes())


def _watch_delegates(row: ToldProgramme) -> int:
    """How many messages to offices and delegates changed with their addresses or places."""
    if row.meeting.status not in AHEAD:
        return 0
    return follow_addresses(row.meeting) + tell_delegates(row.meeting)
