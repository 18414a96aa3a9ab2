"""Accidents on demand: a word in the facts makes the worker slow, poisoned, or kills it. Imported by that worker only.

Run as a module it orders papers in the throw-away portal: `python -m tests.portal.documents.accidents WORD …` prints
one row number per word.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

SLOW, DEADLY, POISON = "LAMBAN", "MATI", "RACUN"
SLOW_SECONDS = 4


def build_in() -> None:
    """Let the words have their effect in this process."""
    from portal.documents import tasks

    render = tasks._rendered

    def rendered(document: Any) -> Any:
        words = " ".join(document.facts.get("notes", ()))  # this process prints other papers too
        if SLOW in words:
            time.sleep(SLOW_SECONDS)
        if DEADLY in words:
            os.kill(os.getpid(), signal.SIGKILL)
        if POISON in words:
            raise ValueError("the engine stumbled")
        return render(document)

    tasks._rendered = rendered


def order(words: list[str]) -> list[int]:
    """The numbers of the rows of one ordered agenda per word."""
    from portal.accounts.models import User
    from portal.documents.actions import order_document
    from tests.portal.documents.papers import sample

    somebody, _new = User.objects.get_or_create(username="pemesan", defaults={"full_name": "Pemesan"})
    papers = [{**sample("agenda"), "notes": [word]} for word in words]
    return [order_document("agenda", facts, subject=somebody, by=somebody).pk for facts in papers]


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue

    print(*order(sys.argv[1:]))
else:
    build_in()
