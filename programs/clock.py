"""What the calendar does for proposals."""

from __future__ import annotations

from celery import shared_task

from programs.actions.uploads import sweep_uploads


@shared_task(name="programs.clock.sweep_attachments", ignore_result=True)
def sweep_attachments() -> int:
    """How many unfinished uploads and deleted attachments were old enough to be thrown away (hourly)."""
    return sweep_uploads()
