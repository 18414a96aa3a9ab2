"""Every ten seconds (Celery beat): hint again at papers whose worker or queue was lost."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.documents.actions import send_hint
from portal.documents.models import Document
from portal.documents.queries import lost_work

AT_ONCE = 200
"""Hints of one sweep; what is left waits ten seconds."""


@shared_task(name="portal.documents.clock.sweep_documents", ignore_result=True)
def sweep_documents() -> int:
    """How many rows got a new hint."""
    lost = list(lost_work().values_list("pk", flat=True)[:AT_ONCE])
    Document.objects.filter(pk__in=lost).update(hinted_at=timezone.now())
    for pk in lost:
        send_hint(pk)
    return len(lost)
