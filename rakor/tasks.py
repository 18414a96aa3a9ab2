"""Work outside the request that loses nothing when it is lost."""

from __future__ import annotations

import datetime as dt
import logging

from celery import shared_task
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from rakor.models import CalendarFeed

NOTED = dt.timedelta(hours=1)
"""A reading within this time after the last noted one is not noted."""

log = logging.getLogger(__name__)


@shared_task(name="rakor.tasks.note_calendar_read", ignore_result=True)
def note_calendar_read(pk: int) -> int:
    """Whether (1) it was noted that a phone has fetched this calendar; a GET does not write."""
    now = timezone.now()
    old = Q(read_at__isnull=True) | Q(read_at__lt=now - NOTED)
    return CalendarFeed.objects.filter(old, pk=pk).update(read_at=now)


def hint_calendar_read(feed: CalendarFeed) -> None:
    """Have it noted, unless it was within the hour; without a queue it is not noted."""
    if feed.read_at and feed.read_at > timezone.now() - NOTED:
        return
    try:
        note_calendar_read.apply_async((feed.pk,), retry=False, expires=600)
    except (OperationalError, OSError) as error:
        log.warning("the reading of calendar %s is not noted: %s", feed.pk, error)
