"""What the way through row, queue and worker adds to a rendering, and what an order of an unchanged paper costs.

Measured on a throw-away portal with a real worker; the clock of the order runs in a process of that portal.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure

ORDERS = 12


def measure() -> list[Figure]:
    """Overhead of the worker in seconds, and the order of an unchanged paper ÷ one page view."""
    from tests.portal.documents.throwaway import throwaway

    with tempfile.TemporaryDirectory(prefix="rakor-bench-") as folder, throwaway(Path(folder)) as portal:
        portal.worker()
        [first] = portal.order("siap")
        portal.wait(first, "ready", seconds=60)
        found = json.loads(portal.call("-m", "bench.orders").splitlines()[-1])
    return [
        Figure("order → ready less rendering", found["overhead"], 0.3, " s", f"whole way {found['whole']:.3f} s"),
        Figure("order of an unchanged paper ÷ page view", found["unchanged"], 1.0, note=f"{found['order_ms']:.1f} ms"),
    ]


def timed() -> dict[str, float]:
    """The figures, from inside a portal whose worker runs."""
    from django.test import Client

    from portal.accounts.models import User
    from portal.documents.actions import order_document
    from tests.portal.documents.papers import VERIFY, envelope, sample

    somebody = User.objects.get(username="pemesan")

    def order(number: int) -> object:
        return order_document(
            "agenda", {**sample("agenda"), "place": f"Tempat {number}"}, subject=somebody, by=somebody
        )

    whole, alone = [], []
    from portal.documents import rendering

    rendering.preload()
    for number in range(ORDERS):
        begin = time.perf_counter()
        document = order(number)
        while not type(document).objects.filter(pk=document.pk, status="ready").exists():
            time.sleep(0.004)
        whole.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        rendering.press().render(envelope("agenda", place=f"Tempat {number}"), VERIFY)
        alone.append(time.perf_counter() - begin)
    client = Client()
    client.force_login(somebody)
    client.get("/v/")
    views, orders = [], []
    for _round in range(ORDERS):
        begin = time.perf_counter()
        client.get(f"/v/{document.shown_code}/")
        views.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        order(ORDERS - 1)  # the paper in force
        orders.append(time.perf_counter() - begin)
    return {
        "whole": statistics.median(whole),
        "overhead": statistics.median(total - bare for total, bare in zip(whole, alone, strict=True)),
        "unchanged": statistics.median(orders) / statistics.median(views),
        "order_ms": statistics.median(orders) * 1000,
    }


if __name__ == "__main__":
    import django

    django.setup()
    import portal.celery  # noqa: F401  the queue

    json.dump(timed(), sys.stdout)
    print()
