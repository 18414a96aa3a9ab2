"""Bad luck with real processes: workers killed, the queue wiped, poison. Every paper ends as ready or with a sentence."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings

from portal.embedded import Embedded, database_url, redis_url
from tests.portal.documents.accidents import DEADLY, POISON, SLOW

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("bad-luck")]
PATIENCE = 30.0


class Portal:
    """A throw-away portal without web: servers, workers, the clock."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.running: list[subprocess.Popen] = []
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        own = {"RAKOR_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.portal.documents.bad_luck_settings"}
        self.environment = kept | own
        self.number = 0

    def call(self, *command: str) -> str:
        """The output of a Python command in this portal."""
        done = subprocess.run(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def order(self, *words: str) -> list[int]:
        """Numbers of newly ordered papers; the same word never gives the same paper twice."""
        self.number += 1
        output = self.call("-m", "tests.portal.documents.accidents", *(f"{word} {self.number}" for word in words))
        return [int(pk) for pk in output.split()]

    def rows(self, *pks: int) -> list[tuple[Any, ...]]:
        """(status, attempts, error, sha256) of each."""
        with contextlib.closing(psycopg2.connect(database_url(self.var))) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT status, attempts, error, sha256 FROM documents_document WHERE id = ANY(%s) ORDER BY id",
                [list(pks)],
            )
            return cursor.fetchall()

    def wait(self, pk: int, *statuses: str, seconds: float = PATIENCE) -> tuple[Any, ...]:
        """The row once it has one of the statuses."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            [row] = self.rows(pk)
            if row[0] in statuses:
                return row
            time.sleep(0.2)
        pytest.fail(f"document {pk} is {self.rows(pk)} after {seconds} s; {self.log()}")

    def start(self, *arguments: str) -> subprocess.Popen:
        """A Celery process of this portal in a session of its own."""
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", *arguments, "--loglevel", "INFO"]
        with (self.var / "celery.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen:
        """A worker with two children, as `make run` starts it."""
        return self.start(
            "worker", "--concurrency", "2", *"--without-mingle --without-gossip --without-heartbeat".split()
        )

    def kill(self, process: subprocess.Popen) -> None:
        """End a process and its children as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def log(self) -> str:
        """The last lines of the workers."""
        return (self.var / "celery.log").read_text()[-3000:]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal with its database migrated and its clock running."""
    var = tmp_path_factory.mktemp("malang")
    (var / "run").mkdir(exist_ok=True)
    place = Portal(var)
    servers = Embedded(var)
    with servers.held():
        place.call("manage.py", "migrate", "--verbosity", "0")
        place.start("beat", "--pidfile=")
        try:
            yield place
        finally:
            for process in list(place.running):
                place.kill(process)
    for folder in servers.folders():
        shutil.rmtree(folder, ignore_errors=True)
    servers.forget()


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


def finished(portal: Portal, pk: int) -> int:
    """How often the journal says that the paper was finished."""
    with contextlib.closing(psycopg2.connect(database_url(portal.var))) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE object_id = %s AND verb = %s",
            [str(pk), "Dokumen selesai disusun"],
        )
        return cursor.fetchone()[0]


def test_a_killed_child(portal: Portal, worker: subprocess.Popen) -> None:
    [pk] = portal.order(SLOW)
    portal.wait(pk, "rendering")
    for child in children(worker):
        os.kill(child, signal.SIGKILL)
    _status, attempts, _error, sha256 = portal.wait(pk, "ready")
    assert attempts == 2 and sha256 and finished(portal, pk) == 1


def test_a_killed_worker(portal: Portal, worker: subprocess.Popen) -> None:
    [pk] = portal.order(SLOW)
    portal.wait(pk, "rendering")
    portal.kill(worker)
    killed = time.monotonic()
    portal.worker()  # the launcher's supervisor starts it again
    row = portal.wait(pk, "ready")
    assert time.monotonic() - killed < PATIENCE
    assert row[1] == 2 and finished(portal, pk) == 1


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
        assert row[1] == 1 and finished(portal, pk) == 1


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
        assert row[1] == 1 and finished(portal, pk) == 1
