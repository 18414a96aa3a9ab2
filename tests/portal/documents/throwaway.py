"""A portal without web on servers of its own, for tests that kill it and for the bench."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings

from portal.embedded import Embedded, database_url

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
        raise AssertionError(f"document {pk} is {self.rows(pk)} after {seconds} s; {self.log()}")

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
            "worker", "--concurrency", "2", *["--without-mingle", "--without-gossip", "--without-heartbeat"]
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

    def finished(self, pk: int) -> int:
        """How often the journal says that the paper was finished."""
        with contextlib.closing(psycopg2.connect(database_url(self.var))) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM journal_entry WHERE object_id = %s AND verb = %s",
                [str(pk), "Dokumen selesai disusun"],
            )
            return cursor.fetchone()[0]


@contextlib.contextmanager
def throwaway(var: Path) -> Iterator[Portal]:
    """The portal in that folder with its database migrated and its clock running; nothing of it remains."""
    (var / "run").mkdir(parents=True, exist_ok=True)
    portal = Portal(var)
    servers = Embedded(var)
    try:
        with servers.held():
            portal.call("manage.py", "migrate", "--verbosity", "0")
            portal.start("beat", "--pidfile=")
            try:
                yield portal
            finally:
                for process in list(portal.running):
                    portal.kill(process)
    finally:
        servers.discard()
