"""An outbox interrupted in the middle, by real workers: no message lost, none twice, the uncertain wait for people."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import psycopg2
import pytest

from portal.embedded import database_url
from tests.portal.documents.throwaway import Portal, throwaway
from tests.portal.outbox.mail_server import MailServer, mail_server

pytestmark = pytest.mark.processes

PATIENCE = 60.0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, MailServer]]:
    """A throw-away portal with a mail server of its own."""
    with mail_server() as server, throwaway(tmp_path_factory.mktemp("terputus")) as portal:
        portal.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "0"}
        yield portal, server


def statuses(portal: Portal, pks: list[int]) -> dict[int, str]:
    with contextlib.closing(psycopg2.connect(database_url(portal.var))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM outbox_message WHERE id = ANY(%s)", [pks])
        return dict(cursor.fetchall())


def wait(portal: Portal, pks: list[int], *wanted: str) -> dict[int, str]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = statuses(portal, pks)
        if set(found.values()) <= set(wanted):
            return found
        time.sleep(0.2)
    raise AssertionError(f"{found}; {portal.log()}")


def orders(portal: Portal, *words: str) -> list[int]:
    return [int(pk) for pk in portal.call("-m", "tests.portal.outbox.orders", *words).split()]


def test_a_worker_killed_between_claim_and_answer(place: tuple[Portal, MailServer]) -> None:
    portal, server = place
    server.mood = "hold"
    [first] = orders(portal, "put", "belu")
    worker = portal.worker()
    assert server.letter_in.wait(PATIENCE), portal.log()
    assert statuses(portal, [first]) == {first: "mengirim"}
    portal.kill(worker)
    server.let_go.set()
    server.mood = "kind"
    others = orders(portal, "put", *[f"kantor{number}" for number in range(6)])
    portal.worker()
    assert wait(portal, [first], "tak_pasti") and wait(portal, others, "terkirim")
    time.sleep(12)  # a whole sweep: nobody sends it again by itself
    assert statuses(portal, [first]) == {first: "tak_pasti"}
    assert len(server.taken) == 7 and set(server.times().values()) == {1}
    orders(portal, "again", str(first))
    wait(portal, [first], "terkirim")
    assert sorted(server.times().values()) == [1] * 6 + [2]  # the same Message-ID: mail programs know it again


def test_workers_killed_in_a_run_of_many(place: tuple[Portal, MailServer]) -> None:
    """Whatever moment the kill meets: every message is sent, or uncertain, and none was handed over twice."""
    portal, server = place
    for process in [running for running in portal.running if "worker" in running.args]:
        portal.kill(process)
    server.taken.clear()
    server.mood, server.pause = "kind", 0.3
    server.let_go.clear()
    pks = orders(portal, "put", *[f"dinas{number}" for number in range(20)])
    first, second = portal.worker(), portal.worker()
    deadline = time.monotonic() + PATIENCE
    while len(server.taken) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    portal.kill(first)
    portal.kill(second)
    portal.worker()
    found = wait(portal, pks, "terkirim", "tak_pasti")
    times = server.times()
    assert len(found) == 20 and set(times.values()) == {1}
    uncertain = [pk for pk, status in found.items() if status == "tak_pasti"]
    assert uncertain and len(times) >= 20 - len(uncertain)
