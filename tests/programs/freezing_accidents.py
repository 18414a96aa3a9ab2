"""Accidents between the print of a contract and its frozen file: a name makes the worker slow there, or kills it once.

Imported by the worker of the throw-away portal. Run as a module it approves a contract there, to be signed
electronically: `python -m tests.programs.freezing_accidents NAME` prints the number of its row.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

SLOW, DEADLY = "Lamban", "Mati"
SLOW_SECONDS = 4


def build_in() -> None:
    """Let the names have their effect in this process, right before what was made is stored in the row."""
    from django.conf import settings

    from programs import tasks

    store = tasks._stored

    def stored(contract: Any, made: Any, at: Any = None) -> str:
        marker = settings.VAR_DIR / f"died-{contract.pk}"
        if SLOW in contract.title:
            time.sleep(SLOW_SECONDS)
        if DEADLY in contract.title and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return store(contract, made, at)

    tasks._stored = stored


def approve(name: str, number: int) -> int:
    """The row of a contract of a worker with that name, approved by the demo's people."""
    from portal.accounts.models import User
    from programs.actions.contracts import approve_contract
    from rakor.actions import ceremony_loading, demo
    from rakor.management.commands.load_ceremony import ceremony_data

    demo.create_demo_accounts()
    data = ceremony_data("belu-2019")
    ceremony_loading.create_people(data["people"])
    row = data["workers"][1] | {"name": f"{name} Contoh {number}", "identity_number": f"530401040896{number:04}"}
    [(contract, _stage)] = ceremony_loading.make_papers(data | {"workers": [row]}, approve=False)
    contract.worker.user = User.objects.create(username=f"penyuluh-{number}", full_name=row["name"])
    contract.worker.save(update_fields=["user"])
    contract.route = contract.Route.ELECTRONIC
    contract.save(update_fields=["route"])
    return approve_contract(contract, by=demo.demo_user("kadis-prov")).pk


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue

    print(approve(sys.argv[1], int(sys.argv[2])))
else:
    build_in()
