"""Reminders of contracts when the clock or a worker is killed: nobody is told twice, nobody is left out."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings

from portal.embedded import database_url
from tests.portal.documents.throwaway import Portal, throwaway
from tests.portal.outbox.mail_server import MailServer, mail_server

pytestmark = pytest.mark.processes

PATIENCE = 60.0


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, MailServer]]:
    """A throw-away portal with a mail server of its own."""
    with mail_server() as server, throwaway(tmp_path_factory.mktemp("kontrak")) as portal:
        portal.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "0"}
        yield portal, server


def orders(portal: Portal, *words: str) -> list[int]:
    return [int(pk) for pk in portal.call("-m", "tests.programs.contract_orders", *words).split()]


def statuses(portal: Portal) -> list[str]:
    with contextlib.closing(psycopg2.connect(database_url(portal.var))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT status FROM outbox_message")
        return sorted(status for (status,) in cursor.fetchall())


def wait(portal: Portal, *wanted: str) -> list[str]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = statuses(portal)
        if set(found) <= set(wanted):
            return found
        time.sleep(0.2)
    raise AssertionError(f"{found}; {portal.log()}")


def test_clock_and_worker_killed(place: tuple[Portal, MailServer]) -> None:
    portal, server = place
    orders(portal, "make", "12")
    killed = subprocess.run(
        [sys.executable, "-m", "tests.programs.contract_orders", "die"], cwd=settings.BASE_DIR, check=False,
        env=portal.environment, capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -9 and statuses(portal) == [] and not server.taken
    server.mood = "hold"
    told = orders(portal, "remind")
    assert len(told) == 4 == len(orders(portal, "remind"))
    worker = portal.worker()
    assert server.letter_in.wait(PATIENCE), portal.log()
    portal.kill(worker)
    server.mood = "kind"
    server.let_go.set()
    portal.worker()
    found = wait(portal, "terkirim", "tak_pasti")
    assert len(found) == 4 and 1 <= found.count("tak_pasti") <= 2  # two children were at work
    times = server.times()
    assert set(times.values()) == {1} and len(times) >= found.count("terkirim") + 1
    texts = [letter.get_payload(decode=True).decode() for letter in server.taken]
    assert all(text.count("Akan berakhir") == 12 for text in texts)
