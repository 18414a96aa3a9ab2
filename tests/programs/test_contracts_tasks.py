"""What the first page says about contracts: to initial, to approve, to sign, without a scan, ending soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from programs.models import Contract
from programs.queries import contract_tasks as tasks
from programs.queries.contracts_signers import stored_signers
from tests.cast import Cast
from tests.factories_contracts import add_print, make_contract, make_template, make_worker, sign_on_paper

MOU = "nota_kesepahaman"


def titles(found: Any) -> list[str]:
    return [task.title for task in found]


def test_drafts_of_others_wait_for_an_initial(cast: Cast) -> None:
    assert titles(tasks.checking_tasks(cast.kabid)) == []
    make_contract()
    make_contract(by=cast.kabid, worker=make_worker("Sendiri"))
    assert titles(tasks.checking_tasks(cast.kabid)) == ["Paraf 1 konsep naskah"]


def test_initialled_ones_wait_for_approval(cast: Cast) -> None:
    assert titles(tasks.approving_tasks(cast.kadis_prov)) == []
    contract = make_contract(status="diparaf")
    assert titles(tasks.approving_tasks(cast.kadis_prov)) == ["Setujui 1 naskah"]
    Contract.objects.filter(pk=contract.pk).update(checked_by=cast.kadis_prov)
    assert titles(tasks.approving_tasks(cast.kadis_prov)) == []


def test_who_signs_is_told_when_it_is_his_turn(cast: Cast) -> None:
    contract = make_contract(status="siap_ttd", route="elektronik", worker=make_worker(user=cast.tpl_belu))
    turns = [cast.kadis_belu, cast.tpl_belu, cast.bupati_belu, cast.kadis_prov]
    signers = {signer.person_id: signer for signer in stored_signers(contract)}

    def told() -> list[Any]:
        return [person for person in turns if titles(tasks.signing_tasks(person))]

    assert told() == [cast.kadis_belu]
    sign_on_paper(signers[cast.kadis_belu.pk], by=cast.panitia)
    assert told() == [cast.tpl_belu]
    sign_on_paper(signers[cast.tpl_belu.pk], by=cast.panitia)
    assert told() == [cast.bupati_belu, cast.kadis_prov], "witnesses of one step, in any order"
    assert titles(tasks.signing_tasks(cast.bupati_belu)) == [f"Tandatangani “{contract.title}”"]
    Contract.objects.filter(pk=contract.pk).update(frozen_at=None)
    assert told() == []
    Contract.objects.filter(pk=contract.pk).update(frozen_at=timezone.now(), route="basah")
    assert told() == [], "wet signatures are recorded by the committee"


def test_many_papers_to_sign_are_one_line_each_for_the_first(cast: Cast) -> None:
    template = make_template()
    for number in range(5):
        make_contract(status="siap_ttd", route="elektronik", template=template, worker=make_worker(f"P{number}"))
    assert titles(tasks.signing_tasks(cast.kadis_belu))[3:] == ["Tandatangani 2 naskah lain"]


def test_a_signed_paper_waits_for_its_scan(cast: Cast) -> None:
    contract = make_contract(status="aktif")
    assert titles(tasks.recording_tasks(cast.panitia)) == ["1 naskah bertanda tangan menunggu pindaian"]
    scan = add_print(contract)
    type(scan).objects.filter(pk=scan.pk).update(confirmed_by=cast.kabid)
    assert titles(tasks.recording_tasks(cast.panitia)) != [], "a print is no scan"
    contract.revisions.model.objects.create(
        contract=contract, sequence=9, kind="pindaian", file="x.pdf", sha256="0" * 64, size=1, pages=1,
        by=cast.panitia, confirmed_by=cast.kabid,
    )  # fmt: skip
    assert titles(tasks.recording_tasks(cast.panitia)) == []


def test_the_end_is_announced_twice(cast: Cast) -> None:
    today = timezone.localdate()
    rows = {
        days: make_contract(status="aktif", worker=make_worker(f"P{days}", user=None)) for days in (-1, 0, 14, 15, 60)
    }
    rows[61] = make_contract(status="aktif", worker=make_worker("P61"))
    for days, row in rows.items():
        Contract.objects.filter(pk=row.pk).update(ends_on=today + dt.timedelta(days=days))
    found = list(tasks.ending_tasks(cast.panitia))
    assert titles(found) == ["2 kontrak berakhir dalam 14 hari", "2 kontrak berakhir dalam 60 hari"]
    assert [task.tone for task in found] == ["warning", "info"]
    assert titles(tasks.regional_ending_tasks(cast.kadis_belu)) == titles(found)
    assert titles(tasks.regional_ending_tasks(cast.kadis_ende)) == []
    rows[0].worker.user = cast.tpl_belu
    rows[0].worker.save()
    assert titles(tasks.worker_ending_tasks(cast.tpl_belu)) == ["1 kontrak berakhir dalam 14 hari"]
    make_contract(worker=rows[0].worker, contract_year=2, previous=rows[0])
    assert titles(tasks.worker_ending_tasks(cast.tpl_belu)) == [], "somebody renews it"


@pytest.mark.parametrize("n", [1, 4])
def test_tasks_cost_the_same_for_few_and_many(cast: Cast, assert_queries: Callable, n: int) -> None:
    template = make_template()
    for number in range(n):
        for status in ("konsep", "diparaf", "siap_ttd", "aktif"):
            make_contract(status=status, template=template, route="elektronik", worker=make_worker(f"{status}{number}"))
    for provider, who, statements in (
        (tasks.checking_tasks, cast.kabid, 1), (tasks.approving_tasks, cast.kadis_prov, 1),
        (tasks.signing_tasks, cast.kadis_belu, 1), (tasks.recording_tasks, cast.panitia, 1),
        (tasks.ending_tasks, cast.panitia, 1), (tasks.worker_ending_tasks, cast.tpl_belu, 1),
    ):  # fmt: skip
        list(provider(who))
        with assert_queries(statements):
            list(provider(who))
