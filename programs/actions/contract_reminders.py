"""Announcing the end of contracts: once for each distance, in the journal, and by e-mail where that is configured."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from programs import mail
from programs.models import Contract, ContractReminder
from programs.queries.contract_reminders import ending_soon, letters, reached

FAILURES = 3
"""After so many letters that were not taken one after another the rest is left: the server is gone."""


def remind_contracts(today: dt.date | None = None) -> int:
    """How many contracts were announced now. Nobody gets the same letter twice, also when this runs twice at once.

    The rows that say so are stored before the first letter leaves: a worker that dies then has sent too little, never
    too much. A mail server that does not answer at all leaves everything for the next time; what is near its end
    stands among everybody's tasks in the portal anyway.
    """
    today = today or timezone.localdate()
    connection = mail.open_mailbox()
    if settings.EMAIL_HOST and connection is None:
        return 0
    announced = _announce(today)
    if connection is not None:
        _send(announced, today, connection)
        connection.close()
    return len(announced)


@transaction.atomic
def _announce(today: dt.date) -> dict[int, tuple[Contract, list[int]]]:
    """The contracts that came to a distance nobody was told of, with the distances stored now."""
    locked = ending_soon(today).select_for_update(of=("self",), skip_locked=True)
    contracts = list(locked.select_related("regency", "number"))
    known = set(ContractReminder.objects.filter(contract__in=contracts).values_list("contract_id", "days"))
    found: dict[int, tuple[Contract, list[int]]] = {}
    for contract in contracts:
        fresh = [days for days in reached(contract, today) if (contract.pk, days) not in known]
        for days in fresh:
            ContractReminder.objects.create(contract=contract, days=days)
        if fresh:
            record(
                gettext_noop("Mengingatkan bahwa kontrak akan berakhir"), contract, by=None, note=f"{fresh[-1]} hari"
            )
            found[contract.pk] = (contract, fresh)
    return found


def _send(announced: dict[int, tuple[Contract, list[int]]], today: dt.date, connection: object) -> None:
    """One letter per person, counted in the reminders it tells of."""
    failed = 0
    for letter in letters([contract for contract, _days in announced.values()], today):
        if failed >= FAILURES:
            return
        if not mail.send_reminder(letter, connection):
            failed += 1
            continue
        failed = 0
        for contract in letter.contracts:
            rows = ContractReminder.objects.filter(contract=contract, days__in=announced[contract.pk][1])
            rows.update(mailed=F("mailed") + 1)
