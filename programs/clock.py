"""What the calendar does for proposals and contracts."""

from __future__ import annotations

from celery import shared_task

from programs.actions import contracts
from programs.actions.uploads import sweep_uploads


@shared_task(name="programs.clock.sweep_attachments", ignore_result=True)
def sweep_attachments() -> int:
    """How many unfinished uploads and deleted attachments were old enough to be thrown away (hourly)."""
    return sweep_uploads()


@shared_task(name="programs.clock.end_contracts", ignore_result=True)
def end_contracts() -> int:
    """How many contracts in force had their last day before today (hourly)."""
    return contracts.end_contracts()
