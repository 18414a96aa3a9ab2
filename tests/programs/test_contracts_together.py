"""Contracts under several hands at once: real threads, each with its connection."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Blocked
from programs.actions import contracts as actions
from programs.actions import contracts_together
from programs.models import Contract
from programs.queries.contracts_new import first_values
from regencies.models import LetterNumber
from tests import factories
from tests.cast import Cast, build_cast
from tests.factories_contracts import make_contract, make_template, make_worker

MANY = 8


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast in a database that other connections see."""
    factories.ensure_initial_data()
    return build_cast()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job returned or raised; all begin at the same moment."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(20)
            results[place] = job()
        except Exception as error:  # noqa: BLE001  what a thread raises is looked at by the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the contracts that a worker would freeze."""
    found: list[int] = []
    monkeypatch.setattr(contracts_together, "_tell_worker", found.append)
    return found


def test_eight_approvals_at_once_take_eight_numbers(people: Cast, told: list[int]) -> None:
    template = make_template()
    rows = [make_contract(status="diparaf", template=template, worker=make_worker(f"P{n}")) for n in range(MANY)]
    results = together(*(lambda row=row: actions.approve_contract(row, by=people.kadis_prov) for row in rows))
    assert [type(result) for result in results] == [Contract] * MANY
    stored = Contract.objects.select_related("number").filter(pk__in=[row.pk for row in rows])
    assert sorted(row.number.sequence for row in stored) == list(range(1, MANY + 1)), "no gap, no double"
    assert LetterNumber.objects.count() == MANY
    assert {row.document_id for row in stored} != {None}
    assert sorted(told) == sorted(row.pk for row in rows)


def test_an_approval_that_fails_leaves_no_gap(people: Cast, told: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    template = make_template()
    rows = [make_contract(status="diparaf", template=template, worker=make_worker(f"P{n}")) for n in range(MANY)]
    real = contracts_together.contract_papers

    def every_second(contracts: list[Contract], *, by: Any) -> Any:
        if contracts[0].pk in {row.pk for row in rows[::2]}:
            raise Blocked("Naskah tidak dapat disusun.")
        return real(contracts, by=by)

    monkeypatch.setattr(contracts_together, "contract_papers", every_second)
    results = together(*(lambda row=row: actions.approve_contract(row, by=people.kadis_prov) for row in rows))
    assert sum(isinstance(result, Blocked) for result in results) == MANY // 2
    assert sorted(LetterNumber.objects.values_list("sequence", flat=True)) == list(range(1, MANY // 2 + 1))
    assert len(told) == MANY // 2


def test_of_two_who_approve_one_contract_one_reads_why_not(people: Cast, told: list[int]) -> None:
    other = factories.make_user("plh_kadis")
    factories.make_position(other, "kadis_prov", factories.lead_agency(), standing="plh")
    contract = make_contract(status="diparaf")
    results = together(
        lambda: actions.approve_contract(contract, by=people.kadis_prov),
        lambda: actions.approve_contract(contract, by=other),
    )
    refused = [str(result) for result in results if isinstance(result, Blocked)]
    assert len(refused) == 1
    assert "sudah berstatus “Siap tanda tangan”" in refused[0]
    assert LetterNumber.objects.count() == len(told) == 1


def test_of_two_changes_at_once_one_is_stale(people: Cast) -> None:
    contract = make_contract()
    results = together(
        lambda: actions.change_contract(contract, {"title": "A"}, None, by=people.panitia, base_version=1),
        lambda: actions.change_contract(contract, {"title": "B"}, None, by=people.kabid, base_version=1),
    )
    assert sorted(type(result).__name__ for result in results) == ["Contract", "StaleVersion"]


def test_a_click_sent_twice_at_once_makes_one_draft(people: Cast) -> None:
    worker, version, key = make_worker(), make_template(), uuid.uuid4()
    values = first_values("kontrak_tpl", version, worker=worker)
    results = together(
        *(lambda: actions.create_contract("kontrak_tpl", values, [], by=people.panitia, client_key=key),) * 4
    )
    assert {result.pk for result in results} == {Contract.objects.get().pk}


def test_of_two_renewals_at_once_one_is_made(people: Cast) -> None:
    contract = make_contract(status="aktif")
    results = together(*(lambda: actions.renew_contract(contract, by=people.panitia),) * 3)
    assert len({result.pk for result in results}) == 1
    assert Contract.objects.filter(previous=contract).count() == 1


def test_two_heads_who_approve_many_at_once_leave_no_gap_and_no_double(people: Cast, told: list[int]) -> None:
    """Both have the same twelve on their screens, in other orders, and one more each; every contract goes once."""
    other = factories.make_user("plh_kadis")
    factories.make_position(other, "kadis_prov", factories.lead_agency(), standing="plh")
    template = make_template()
    rows = [make_contract(status="diparaf", template=template, worker=make_worker(f"P{n}")) for n in range(14)]
    mine = {row.pk: row.version for row in rows[:13]}
    theirs = {row.pk: row.version for row in reversed(rows[1:])}
    first, second = together(
        lambda: contracts_together.approve_contracts(mine, by=people.kadis_prov),
        lambda: contracts_together.approve_contracts(theirs, by=other),
    )
    done = [row.pk for outcome in (first, second) for row in outcome.done]
    assert sorted(done) == sorted(row.pk for row in rows), "each goes once"
    assert len(first.left) + len(second.left) == 12
    assert all("sudah berstatus “Siap tanda tangan”" in each.refusal for each in (*first.left, *second.left))
    assert sorted(LetterNumber.objects.values_list("sequence", flat=True)) == list(range(1, 15)), "no gap, no double"
    stored = {row.pk: row for row in Contract.objects.select_related("number")}
    for outcome in (first, second):
        numbers = [stored[row.pk].number.sequence for row in outcome.done]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "in the order of each one's list"
    assert sorted(told) == sorted(row.pk for row in rows)


def test_heads_with_two_registers_in_other_orders_do_not_wait_for_each_other(people: Cast, told: list[int]) -> None:
    other = factories.make_user("plh_kadis")
    factories.make_position(other, "kadis_prov", factories.lead_agency(), standing="plh")
    tpl = [make_contract(status="diparaf") for _n in range(4)]
    mou = [make_contract("nota_kesepahaman", status="diparaf", regency=code) for code in ("53.04", "53.08", "53.04")]
    one = {row.pk: row.version for row in (*tpl[:2], *mou[:2])}
    two = {row.pk: row.version for row in (*mou[2:], *tpl[2:])}
    results = together(
        lambda: contracts_together.approve_contracts(one, by=people.kadis_prov),
        lambda: contracts_together.approve_contracts(two, by=other),
    )
    assert [len(outcome.done) for outcome in results] == [4, 3]
    for rows, most in ((tpl, 4), (mou, 3)):
        found = Contract.objects.filter(pk__in=[row.pk for row in rows]).values_list("number__sequence", flat=True)
        assert sorted(found) == list(range(1, most + 1))
