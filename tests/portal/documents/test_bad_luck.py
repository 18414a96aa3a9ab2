"""Bad luck with real processes: workers killed, queue wiped, poison. Each paper ends as ready or with a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from portal.embedded import redis_url
from tests.portal.documents.accidents import DEADLY, POISON, SLOW
from tests.portal.documents.throwaway import PATIENCE, Portal, throwaway

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal that is going to have bad luck."""
    with throwaway(tmp_path_factory.mktemp("malang")) as place:
        yield place


@pytest.fixture
def worker(portal: Portal) -> Iterator[subprocess.Popen]:
    """A worker for one test, ready to work."""
    process = portal.worker()
    [pk] = portal.order("siap")
    portal.wait(pk, "ready", seconds=60)
    yield process
    for running in [running for running in portal.running if "worker" in running.args]:
        portal.kill(running)


def children(process: subprocess.Popen) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def test_a_killed_child(portal: Portal, worker: subprocess.Popen) -> None:
    [pk] = portal.order(SLOW)
    portal.wait(pk, "rendering")
    for child in children(worker):
        os.kill(child, signal.SIGKILL)
    _status, attempts, _error, sha256 = portal.wait(pk, "ready")
    assert attempts == 2 and sha256 and portal.finished(pk) == 1


def test_a_killed_worker(portal: Portal, worker: subprocess.Popen) -> None:
    [pk] = portal.order(SLOW)
    portal.wait(pk, "rendering")
    portal.kill(worker)
    killed = time.monotonic()
    portal.worker()  # the launcher's supervisor starts it again
    row = portal.wait(pk, "ready")
    assert time.monotonic() - killed < PATIENCE
    assert row[1] == 2 and portal.finished(pk) == 1


def test_a_paper_that_kills_its_worker_each_time_is_given_up(portal: Portal, worker: subprocess.Popen) -> None:
    deadly, good = portal.order(DEADLY, "baik")
    assert portal.wait(good, "ready")[0] == "ready"
    _status, attempts, error, _sha = portal.wait(deadly, "failed", seconds=3 * PATIENCE)
    assert attempts == 3 and "tidak dicoba lagi" in error
    [after] = portal.order("sesudah")
    portal.wait(after, "ready")


def test_a_wiped_queue(portal: Portal, worker: subprocess.Popen) -> None:
    portal.kill(worker)
    waiting = portal.order("satu", "dua", "tiga")
    redis.Redis.from_url(redis_url(portal.var)).flushall()
    assert [row[0] for row in portal.rows(*waiting)] == ["queued"] * 3
    portal.worker()
    for pk in waiting:
        row = portal.wait(pk, "ready", seconds=2 * PATIENCE)
        assert row[1] == 1 and portal.finished(pk) == 1


def test_a_queue_wiped_under_a_busy_worker(portal: Portal, worker: subprocess.Popen) -> None:
    """Worker and clock live on with connections that remember a queue which is gone."""
    waiting = portal.order(SLOW, f"{SLOW} dua", "tiga", "empat")
    portal.wait(waiting[0], "rendering")
    redis.Redis.from_url(redis_url(portal.var)).flushall()
    for pk in waiting:
        portal.wait(pk, "ready", seconds=2 * PATIENCE)
        assert portal.finished(pk) == 1


def test_poison_fails_with_a_sentence_and_the_others_go_on(portal: Portal, worker: subprocess.Popen) -> None:
    first, poison, last = portal.order("awal", POISON, "akhir")
    assert "tidak dapat dicetak" in portal.wait(poison, "failed")[2]
    portal.wait(first, "ready")
    portal.wait(last, "ready")


def test_two_workers_make_each_paper_once(portal: Portal, worker: subprocess.Popen) -> None:
    portal.worker()
    pks = portal.order(*[f"banyak{number}" for number in range(12)])
    for pk in pks:
        row = portal.wait(pk, "ready", seconds=2 * PATIENCE)
        assert row[1] == 1 and portal.finished(pk) == 1
