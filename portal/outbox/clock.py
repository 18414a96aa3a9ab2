"""By the clock (Celery beat): hint again at messages whose worker or queue was lost, and at those due for a new try."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.outbox.actions import send_hint
from portal.outbox.models import Message
from portal.outbox.queries import forgotten

AT_ONCE = 200
"""Hints of one sweep; what is left waits ten seconds."""


@shared_task(name="portal.outbox.clock.sweep_outbox", ignore_result=True)
def sweep_outbox() -> int:
    """How many messages got a new hint (every ten seconds)."""
    found = list(forgotten().values_list("pk", flat=True)[:AT_ONCE])
    Message.objects.filter(pk__in=found).update(hinted_at=timezone.now())
    for pk in found:
        send_hint(pk)
    return len(found)
