"""Two people at once on one proposal, with real transactions: one wins, the other reads a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.journal.models import Entry
from portal.kernel.errors import PortalError
from programs.actions.moves import move_proposal, send_all
from programs.models import Proposal, Submission
from tests import factories
from tests.cast import build_cast
from tests.factories_programs import make_attachments, make_proposal, make_round

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls: Callable[[], Any]) -> list[str]:
    """What each call came to, begun at the same moment: "" or its sentence."""
    barrier, said = threading.Barrier(len(calls)), [""] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            call()
        except PortalError as error:
            said[place] = str(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def fresh(row: Proposal) -> Proposal:
    """As each request reads it for itself."""
    return Proposal.objects.get(pk=row.pk)


def moved(row: Proposal, move: str, by: Any, note: str = "") -> Callable[[], Any]:
    """The move as a request of its own makes it."""
    seen = fresh(row)
    return lambda: move_proposal(seen, move, by=by, note=note)


def test_sent_twice_at_once() -> None:
    cast = build_cast()
    make_round()
    row = make_attachments(make_proposal(status="menunggu_kadis"))
    said = together(*(moved(row, "send", cast.kadis_belu) for _number in range(3)))
    assert sorted(map(bool, said)) == [False, True, True]
    assert all("sudah berstatus" in text for text in said if text)
    assert Submission.objects.filter(proposal=row).count() == 1
    assert Entry.objects.about(row).count() == 1


def test_sent_and_recalled_at_once() -> None:
    cast = build_cast()
    make_round()
    row = make_attachments(make_proposal(status="menunggu_kadis"))
    said = together(moved(row, "send", cast.kadis_belu), moved(row, "recall", cast.operator_belu))
    assert sum(map(bool, said)) == 1
    assert fresh(row).status == ("konsep" if said[0] else "diajukan")
    assert Submission.objects.count() == (0 if said[0] else 1)


def test_returned_and_withdrawn_at_once() -> None:
    cast = build_cast()
    row = make_proposal(status="diajukan")
    said = together(
        moved(row, "return", cast.verifikator, "Harga."), moved(row, "return", cast.kabid, "Lokasi."),
    )  # fmt: skip
    assert sum(map(bool, said)) == 1
    assert fresh(row).status == "dikembalikan"
    other = make_proposal(status="diajukan")
    said = together(
        moved(other, "return", cast.verifikator, "Harga."), moved(other, "withdraw", cast.kadis_belu, "Batal.")
    )
    # Return then withdraw is a way too: a returned one may be withdrawn. Nobody's word is lost either way.
    assert fresh(other).status == ("dikembalikan" if said[1] else "ditarik")
    assert Entry.objects.about(other).count() == 2 - sum(map(bool, said))


def test_everything_sent_twice_at_once() -> None:
    cast = build_cast()
    make_round()
    rows = [make_attachments(make_proposal(status="menunggu_kadis")) for _number in range(4)]
    belu = factories.regency()
    done: list[Any] = []
    together(*(lambda: done.append(send_all(belu, 2020, by=cast.kadis_belu)) for _number in range(2)))
    assert sum(len(outcome.moved) for outcome in done) == 4
    assert Submission.objects.filter(proposal__in=rows).count() == 4
