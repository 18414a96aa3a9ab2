"""Contracts near their end in the throw-away portal: `python -m tests.programs.contract_orders VERB [N]`.

"make N": that many, for Belu, with heads who have addresses. "remind": what the clock does. "die": the same, killed
when all is said and nothing stored. Prints the numbers of the messages.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from typing import Any


def make(count: str) -> None:
    """Contracts in force that end in 30 days."""
    from django.utils import timezone

    from tests.cast import build_cast
    from tests.factories_contracts import make_contract

    build_cast()
    for _number in range(int(count)):
        contract = make_contract(status="aktif")
        contract.ends_on = timezone.localdate() + dt.timedelta(days=30)
        contract.starts_on = timezone.localdate() - dt.timedelta(days=300)
        contract.save(update_fields=["starts_on", "ends_on"])


def remind() -> None:
    """The clock's hour."""
    from programs.actions.contract_reminders import remind_contracts

    remind_contracts()


def die() -> None:
    """The clock's hour, and the power is gone before it is stored."""
    from programs.actions import contract_reminders

    def killed(*_args: Any, **_values: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    contract_reminders.release = killed
    remind()


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue
    from portal.outbox.models import Message

    {"make": make, "remind": remind, "die": die}[sys.argv[1]](*sys.argv[2:])
    print(*Message.objects.order_by("pk").values_list("pk", flat=True))
