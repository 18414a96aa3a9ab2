"""Announcing the end of contracts: once for each distance, through the outbox, in one message per recipient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from portal.journal.actions import record
from portal.outbox.actions import drop, put, release
from portal.outbox.facts import Part, Recipient
from portal.outbox.models import Message
from programs.facts.contract_news import ending_part, own_ending_part
from programs.models import Contract, ContractReminder
from programs.queries.contract_reminders import ending_soon, notices, outdated, reached, worker_recipient
from regencies.models import Agency
from regencies.queries import lead_agency

LABEL = "Kontrak yang akan berakhir"


@transaction.atomic
def remind_contracts(today: dt.date | None = None) -> int:
    """How many contracts were announced now. Nobody is told the same twice, also when this runs twice at once.

    What is said and that it was said are stored together: killed in between, this has said nothing. Such messages leave
    by themselves, for nobody chose their words. What has not left yet loses the contracts that were renewed meanwhile.
    """
    today = today or timezone.localdate()
    try:
        sender = lead_agency()
    except Agency.DoesNotExist:  # a province that is not loaded yet has no contracts either
        return 0
    with override(settings.LANGUAGE_CODE):
        for recipient_key, part_key in outdated(sender, today):
            drop(sender, recipient_key, part_key, by=None)
        announced = _announce(today)
        if announced:
            _tell(announced, sender, today)
    return len(announced)


def _announce(today: dt.date) -> dict[Contract, int]:
    """The contracts that came to a distance nobody was told of, with the nearest one; stored as told."""
    locked = ending_soon(today).select_for_update(of=("self",), skip_locked=True)
    contracts = list(locked.select_related("regency", "number", "worker__user"))
    known = set(ContractReminder.objects.filter(contract__in=contracts).values_list("contract_id", "days"))
    found: dict[Contract, int] = {}
    for contract in contracts:
        fresh = [days for days in reached(contract, today) if (contract.pk, days) not in known]
        for days in fresh:
            ContractReminder.objects.create(contract=contract, days=days)
        if fresh:
            record(
                gettext_noop("Mengingatkan bahwa kontrak akan berakhir"), contract, by=None, note=f"{fresh[-1]} hari"
            )
            found[contract] = fresh[-1]
    return found


def _tell(announced: dict[Contract, int], sender: Agency, today: dt.date) -> None:
    """Put in what each recipient has to know, and let it go."""
    told: dict[int, Message] = {}
    by_email = bool(settings.EMAIL_HOST)
    said = [
        (notice.recipient, ending_part(contract, announced[contract]))
        for notice in notices(announced, sender, today, by_email=by_email)
        for contract in notice.contracts
    ]
    for recipient, part in [*said, *_to_workers(announced, by_email=by_email)]:
        message = put(sender, recipient=recipient, part=part, by=None, label=LABEL)
        told[message.pk] = message
    release(told.values(), by=None, looked_at=False)


def _to_workers(announced: dict[Contract, int], *, by_email: bool) -> Iterator[tuple[Recipient, Part]]:
    """What the workers are told themselves of their own contracts; an MOU has none."""
    for contract, days in announced.items():
        recipient = worker_recipient(contract.worker, by_email=by_email) if contract.worker else None
        if recipient is not None:
            url = contract.get_absolute_url() if recipient.audience else ""
            yield recipient, own_ending_part(contract, days, url=url)
