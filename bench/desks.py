"""Closing all 22 desks with their 22 berita acara: one worker process against two, on copies of the same database.

Measured is the time from the first click to the last paper: with `close_confirmed`, one click of the division head for
all desks that are confirmed, and, for information, with a `close_desk` for each without a pause. The client is as warm
as a web process that has closed a desk before (it closes them and takes it back); the workers have loaded what a paper
needs, as they do at their start, and have heard of the queue. The end is the latest `finished_at` of the 22 rows: the
papers tell when they were done, so that nobody has to ask the database all the time in which the workers need the
processors.

Client, PostgreSQL, Redis and the workers share the processors: on a machine with two, what the first three compute is
missing to the second worker (with one worker they have a processor to themselves), so the figure can hardly be more
than 2 × papers ÷ (papers + everything else). The note tells how long the client closed, for that comparison, and how
much two plain loops gained side by side in the same rounds: no more can be had of this machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, rounds_of, two_workers

if TYPE_CHECKING:
    from bench.portals import Portal

ROUNDS = 3
PATIENCE = 180.0
FLAGS = ("--without-mingle", "--without-gossip", "--without-heartbeat", "--loglevel", "WARNING")


def measure() -> list[Figure]:
    """Time with two workers ÷ time with one; the issue wants one ≥ 1.7 times as long."""
    from bench.portals import demo_portal

    with demo_portal() as portal:
        portal.run("manage.py", "load_scenario", "atambua")
        portal.run("-m", "bench.desks", "decide")
        return [
            _figure(portal, "22 desks together and papers, two workers ÷ one", "together", ROUNDS, round(1 / 1.7, 3)),
            _figure(portal, "22 desks one by one and papers, two workers ÷ one", "each", 1, None),
        ]


def _figure(portal: Portal, name: str, way: str, rounds: int, limit: float | None) -> Figure:
    """The median ratio of some rounds."""

    def timed(turn: int, workers: int) -> dict[str, float]:
        return timed_with(portal, workers, copied(portal, f"bench_{way}_{turn}_{workers}"), "bench.desks", way)

    also = "{clicks:.1f} s of it closing"
    return two_workers(name, rounds_of(timed, rounds), until="papers", also=also, limit=limit)


def copied(portal: Portal, name: str) -> dict[str, str]:
    """The environment in which a fresh copy of the portal's database is the portal's own."""
    import psycopg2

    from portal.embedded import database_url

    with contextlib.closing(psycopg2.connect(database_url(portal.var).replace("/rakor?", "/postgres?"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE rakor")
    return {"DATABASE_URL": database_url(portal.var).replace("/rakor?", f"/{name}?")}


@contextlib.contextmanager
def working(portal: Portal, workers: int, own: dict[str, str]) -> Iterator[None]:
    """Worker processes for the length of the block."""
    from django.conf import settings

    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--concurrency", str(workers), *FLAGS]
    process = subprocess.Popen(  # noqa: S603  our own interpreter and modules
        command, cwd=settings.BASE_DIR, env=portal.environment | own, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def timed_with(portal: Portal, workers: int, own: dict[str, str], *command: str) -> dict[str, float]:
    """What the command (a module and its argument) says in that environment while so many workers are there."""
    with working(portal, workers, own):
        return portal.timed(*command, **own)


def decide() -> None:
    """Everything at the 22 desks but the last click."""
    from rakor.actions.scenario_meeting import decide_desks
    from rakor.models import Meeting

    decide_desks(Meeting.objects.get(slug="atambua-2019"))


def close(way: str) -> dict[str, float]:
    """Close the confirmed desks "together" or "each" alone, then wait for the last paper.

    Shape: {"papers": seconds from the first click to the last paper, "clicks": seconds to the last click}.
    """
    from django.db import transaction
    from django.db.models import Max
    from django.utils import timezone

    from portal.documents.models import Document
    from rakor.actions.demo import demo_user
    from rakor.models import Desk

    leader, desks = demo_user("verifikator"), list(Desk.objects.filter(status="berlangsung"))
    with transaction.atomic():
        _click(way, desks, leader)
        transaction.set_rollback(True)
    ready_workers()
    begin = timezone.now()
    _click(way, desks, leader)
    clicked = timezone.now()
    papers = Document.objects.filter(kind="ba_desk")
    while papers.exclude(status="ready").exists():
        if (timezone.now() - begin).total_seconds() > PATIENCE:
            raise RuntimeError(f"{papers.exclude(status='ready').count()} papers are not ready")
        time.sleep(0.2)
    if papers.count() != len(desks):
        raise RuntimeError(f"{papers.count()} papers for {len(desks)} desks")
    last = papers.aggregate(last=Max("finished_at"))["last"]
    return {"papers": (last - begin).total_seconds(), "clicks": (clicked - begin).total_seconds()}


def _click(way: str, desks: Sequence[Any], leader: Any) -> None:
    from rakor.actions.closing import close_confirmed, close_desk

    if way == "together":
        close_confirmed(desks[0].session.meeting, {desk.pk: desk.change for desk in desks}, by=leader)
        return
    for desk in desks:
        close_desk(desk, by=leader)


def ready_workers() -> None:
    """Wait for the workers, and send them hints that lead nowhere."""
    from portal.celery import app
    from portal.documents.actions import send_hint

    patience = time.monotonic() + PATIENCE
    while not app.control.ping(timeout=0.5):  # they answer when fonts and style sheets are loaded
        if time.monotonic() > patience:
            raise RuntimeError("no worker answers")
    for _turn in range(4):
        send_hint(0)
    time.sleep(1)


if __name__ == "__main__":
    import portal.wsgi  # noqa: F401  sets up what a web process has; orders go to the portal's own queue

    json.dump(decide() if sys.argv[1] == "decide" else close(sys.argv[1]), sys.stdout)
    print()
