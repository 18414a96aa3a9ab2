"""Workers that are killed between a contract's print and its frozen file: it is frozen once all the same."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from portal.embedded import database_url
from tests.portal.documents.throwaway import Portal, throwaway
from tests.programs.freezing_accidents import DEADLY, SLOW

pytestmark = pytest.mark.processes

STATE = """
SELECT d.status, c.frozen_at IS NOT NULL, c.status,
  (SELECT count(*) FROM programs_revision r WHERE r.contract_id = c.id),
  (SELECT count(*) FROM programs_revision r WHERE r.contract_id = c.id AND r.stamps <> ''),
  (SELECT count(*) FROM journal_entry j WHERE j.verb = 'Membekukan naskah' AND j.object_type = 'programs.contract'
    AND j.object_id = c.id::text)
FROM programs_contract c JOIN documents_document d ON d.id = c.document_id WHERE c.id = %s
"""
PRINTED = ("ready", False, "siap_ttd", 0, 0, 0)
FROZEN = ("ready", True, "siap_ttd", 1, 1, 1)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal with its clock and one worker."""
    with throwaway(tmp_path_factory.mktemp("beku")) as place:
        place.worker()
        yield place


def approved(portal: Portal, name: str) -> int:
    portal.number += 1
    return int(portal.call("-m", "tests.programs.freezing_accidents", name, str(portal.number)))


def state(portal: Portal, pk: int) -> tuple[Any, ...]:
    with contextlib.closing(psycopg2.connect(database_url(portal.var))) as connection, connection.cursor() as cursor:
        cursor.execute(STATE, [pk])
        return cursor.fetchone()


def until(portal: Portal, pk: int, wanted: tuple[Any, ...]) -> None:
    deadline = time.monotonic() + 90
    while state(portal, pk) != wanted:
        assert time.monotonic() < deadline, (state(portal, pk), portal.log())
        time.sleep(0.2)


def frozen_for_good(portal: Portal, pk: int) -> None:
    """It is frozen, and stays so when hints come late or twice."""
    until(portal, pk, FROZEN)
    portal.call("-c", f"import django; django.setup(); from programs.tasks import freeze_contract as f; print(f({pk}))")
    assert state(portal, pk) == FROZEN


def worker_of(portal: Portal) -> Any:
    return next(running for running in portal.running if "worker" in running.args)


def test_a_child_that_is_killed_while_it_freezes(portal: Portal) -> None:
    pk = approved(portal, SLOW)
    until(portal, pk, PRINTED)
    time.sleep(1)  # the file is made, the row waits
    listed = Path(f"/proc/{worker_of(portal).pid}/task/{worker_of(portal).pid}/children").read_text()
    for child in listed.split():
        os.kill(int(child), signal.SIGKILL)
    assert state(portal, pk) == PRINTED
    frozen_for_good(portal, pk)


def test_a_whole_worker_that_is_killed_and_started_again(portal: Portal) -> None:
    pk = approved(portal, SLOW)
    until(portal, pk, PRINTED)
    time.sleep(1)
    portal.kill(worker_of(portal))
    assert state(portal, pk) == PRINTED
    portal.worker()  # the launcher's supervisor starts it again
    frozen_for_good(portal, pk)


def test_a_child_that_dies_with_the_file_stored_and_the_row_not(portal: Portal) -> None:
    pk = approved(portal, DEADLY)
    frozen_for_good(portal, pk)
    assert (portal.var / f"died-{pk}").exists()
