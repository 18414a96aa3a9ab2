"""Twelve contracts approved, printed and frozen: one worker process against two, on copies of the same database.

Measured is the time from the click of the head of office to the last file that stands fast. The click is the verb of
the page that approves many together; for information the note tells how long approving them one after the other would
take, which is rolled back. The papers are signed electronically, so the workers put four fields into each print and
draw its stamps. As with the desks (bench.desks) the client is warm, the end is read from the rows, and client,
PostgreSQL and Redis share the processors with the workers; the note tells how long the client approved.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.desks import PATIENCE, copied, ready_workers, timed_with
from bench.figures import Figure, rounds_of, two_workers

ROUNDS = 5
SWEEP = 10.0
"""Seconds after which the portal's clock tells again of a print that was not frozen."""


def measure() -> list[Figure]:
    """Time with two workers ÷ time with one; the issue wants one ≥ 1.7 times as long."""
    from bench.portals import demo_portal

    with demo_portal() as portal:
        portal.run("-m", "bench.contracts", "prepare")

        def timed(turn: int, workers: int) -> dict[str, float]:
            own = copied(portal, f"bench_contracts_{turn}_{workers}")
            return timed_with(portal, workers, own, "bench.contracts", "approve")

        rounds = rounds_of(timed, ROUNDS)
    also = "{click:.2f} s of it approving, which takes {singly:.2f} s one by one"
    name = "12 contracts frozen, two workers ÷ one"
    return [two_workers(name, rounds, until="frozen", also=also, limit=round(1 / 1.7, 3))]


def prepare() -> None:
    """The twelve contracts of the ceremony of 2019 with their initial, to be signed electronically."""
    from portal.accounts.models import User
    from programs.models import Contract, ExtensionWorker
    from rakor.actions import ceremony_loading as loading
    from rakor.management.commands.load_ceremony import ceremony_data

    data = ceremony_data("belu-2019")
    loading.create_people(data["people"])
    made = [contract.pk for contract, _stage in loading.make_papers(data, approve=False)]
    Contract.objects.filter(pk__in=made).update(route=Contract.Route.ELECTRONIC)
    for worker in ExtensionWorker.objects.filter(contracts__in=made, user=None):  # who signs so needs an account
        worker.user = User.objects.create(username=f"penyuluh-{worker.pk}", full_name=worker.name)
        worker.save(update_fields=["user"])


def approve() -> dict[str, float]:
    """Approve the contracts together, then wait until the last one stands fast.

    Shape: {"frozen": seconds from the click to the last frozen file, "click": seconds until it was answered, "singly":
    seconds that approving them one after the other takes}.
    """
    from django.db.models import Max
    from django.utils import timezone

    from programs.actions.contracts_together import approve_contracts
    from programs.clock import sweep_freezing
    from programs.models import Contract
    from rakor.actions.demo import demo_user

    head = demo_user("kadis-prov")
    waiting = list(Contract.objects.filter(status="diparaf").order_by("pk"))
    singly = _singly(waiting, head)
    ready_workers()
    begin = timezone.now()
    approve_contracts({each.pk: each.version for each in waiting}, by=head)
    clicked = timezone.now()
    ours, told = Contract.objects.filter(pk__in=[each.pk for each in waiting]), time.monotonic()
    while left := ours.filter(frozen_at__isnull=True).count():
        if (timezone.now() - begin).total_seconds() > PATIENCE:
            raise RuntimeError(f"{left} contracts are not frozen")
        if time.monotonic() - told > SWEEP:
            sweep_freezing()
            told = time.monotonic()
        time.sleep(0.2)
    last = ours.aggregate(last=Max("frozen_at"))["last"]
    return {
        "frozen": (last - begin).total_seconds(), "click": (clicked - begin).total_seconds(), "singly": singly,
    }  # fmt: skip


def _singly(contracts: Sequence[Any], head: Any) -> float:
    """Seconds that approving each by itself takes, which is taken back: nobody hears of it, and the client is warm."""
    from django.db import transaction

    from programs.actions.contracts_together import approve_contract

    begin = time.perf_counter()
    with transaction.atomic():
        for contract in contracts:
            approve_contract(contract, by=head)
        transaction.set_rollback(True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    import django

    import portal.celery  # noqa: F401  orders go to the portal's own queue

    django.setup()
    json.dump({"prepare": prepare, "approve": approve}[sys.argv[1]](), sys.stdout)
    print()
