"""What the calendar does for editions: remind the silent in the morning, and tell what changed in programmes."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rakor.actions.notices import reminder_due, watch_programme
from rakor.queries.notices import due_reminders, watched_programmes

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
    """How many messages changed because a programme did (every minute; it has to stand still for one)."""
    return sum(watch_programme(row) for row in watched_programmes())
