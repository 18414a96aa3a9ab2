"""By the clock (Celery beat): hint again at papers and bundles whose worker or queue was lost, throw old ones away."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.documents.actions import send_hint
from portal.documents.bundles import expire_bundles, send_bundle_hint
from portal.documents.models import Bundle, Document
from portal.documents.queries import lost_bundles, lost_work

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


@shared_task(name="portal.documents.clock.sweep_bundles", ignore_result=True)
def sweep_bundles() -> int:
    """How many bundles got a new hint (every ten seconds)."""
    lost = list(lost_bundles().values_list("pk", flat=True)[:AT_ONCE])
    Bundle.objects.filter(pk__in=lost).update(hinted_at=timezone.now())
    for pk in lost:
        send_bundle_hint(pk)
    return len(lost)


@shared_task(name="portal.documents.clock.sweep_old_bundles", ignore_result=True)
def sweep_old_bundles() -> int:
    """How many bundles were old enough to be thrown away (hourly)."""
    return expire_bundles()
