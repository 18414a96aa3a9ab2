"""What the calendar does for proposals and contracts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from programs.actions import contracts
from programs.actions.contract_batches import sweep_batches
from programs.actions.contract_reminders import remind_contracts as announce
from programs.actions.uploads import sweep_uploads
from programs.queries.contracts_files import waiting_for_analysis, waiting_to_freeze
from programs.tasks import check_signatures, freeze_contract, hint

AT_ONCE = 200
"""Hints of one sweep; what is left waits for the next."""

MORNING = 7
"""No reminder leaves before this hour of the day."""


@shared_task(name="programs.clock.sweep_attachments", ignore_result=True)
def sweep_attachments() -> int:
    """How many unfinished uploads and deleted attachments were old enough to be thrown away (hourly)."""
    return sweep_uploads()


@shared_task(name="programs.clock.sweep_contract_batches", ignore_result=True)
def sweep_contract_batches() -> int:
    """How many Excel lists of contracts were read and never used for too long (hourly)."""
    return sweep_batches()


@shared_task(name="programs.clock.end_contracts", ignore_result=True)
def end_contracts() -> int:
    """How many contracts in force had their last day before today (hourly)."""
    return contracts.end_contracts()


@shared_task(name="programs.clock.sweep_freezing", ignore_result=True)
def sweep_freezing() -> int:
    """How many approved contracts got a new hint because their print is there and stands not fast (every 10 s)."""
    waiting = list(waiting_to_freeze().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in waiting:
        hint(freeze_contract, pk)
    return len(waiting)


@shared_task(name="programs.clock.sweep_analyses", ignore_result=True)
def sweep_analyses() -> int:
    """How many signed contracts got a new hint to analyse their last file (every five minutes)."""
    waiting = list(waiting_for_analysis().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in waiting:
        hint(check_signatures, pk)
    return len(waiting)


@shared_task(name="programs.clock.remind_contracts", ignore_result=True)
def remind_contracts() -> int:
    """How many contracts were announced to end soon (hourly, so that no day is missed; never at night)."""
    return announce() if timezone.localtime().hour >= MORNING else 0
