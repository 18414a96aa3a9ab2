"""What somebody who attacked contracts found: each test fails where a paper could say something nobody meant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions import contracts as actions
from programs.actions.signing import record_wet
from programs.actions.workers import change_worker
from programs.actions.workers_accounts import link_account, unlink_account
from programs.facts.contract_periods import days_after, following, months_after
from programs.forms.contract_batches import CommonForm
from programs.forms.contracts import DayField
from programs.models import Contract, Signer
from programs.queries.contract_papers import contract_preview
from regencies.models import LetterNumber
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_worker
from tests.factories_signing import make_frozen, people, place, sign

MOU = "nota_kesepahaman"
ClientOf = Any


# -- the account of a worker ------------------------------------------------------------------------------------------


@pytest.fixture
def wrong(cast: Cast) -> Any:
    """Somebody whom the admin took for the worker."""
    return factories.make_user("salah_orang", full_name="Salah Orang")


def relinked(cast: Cast, wrong: Any) -> Contract:
    """A paper written while the wrong account was linked; the right one is linked since."""
    worker = link_account(make_worker("Penyuluh Belu Contoh"), wrong, by=cast.admin)
    contract = make_frozen(cast, worker=worker)
    link_account(unlink_account(worker, by=cast.admin), cast.tpl_belu, by=cast.admin)
    return contract


def test_the_right_account_signs_and_the_former_one_does_not(cast: Cast, wrong: Any, client_of: ClientOf) -> None:
    contract = relinked(cast, wrong)
    people(cast)
    sign(contract, cast.kadis_belu)
    signer = contract.signers.get(worker__isnull=False)
    assert signer.person == cast.tpl_belu
    assert not Contract.objects.visible_to(wrong).exists()
    assert client_of(wrong).get(contract.get_absolute_url()).status_code in (403, 404)
    with pytest.raises(Denied):
        sign(contract, wrong, signer=signer)
    assert sign(contract, cast.tpl_belu, signer=signer).signer == signer


def test_the_former_account_reads_nothing_even_where_the_place_still_names_it(cast: Cast, wrong: Any) -> None:
    contract = relinked(cast, wrong)
    Signer.objects.filter(contract=contract, worker__isnull=False).update(person=wrong)
    assert not Contract.objects.visible_to(wrong).exists()
    assert contract.signers.get(worker__isnull=False).account_id == cast.tpl_belu.pk


def test_an_unlinked_worker_signs_nothing(cast: Cast) -> None:
    contract = make_frozen(cast)
    unlink_account(contract.worker, by=cast.admin)
    assert contract.signers.get(worker__isnull=False).person_id is None
    assert not Contract.objects.visible_to(cast.tpl_belu).filter(signers__person=cast.tpl_belu).exists()


def test_who_signs_the_paper_in_another_place_is_not_its_worker(cast: Cast) -> None:
    contract = make_frozen(cast, worker=make_worker("Belum Berakun"))
    with pytest.raises(Blocked, match="sudah menjadi penanda tangan"):
        link_account(contract.worker, cast.kadis_belu, by=cast.admin)
    actions.cancel_contract(contract, "Salah", by=cast.kabid)
    assert link_account(contract.worker, cast.kadis_belu, by=cast.admin).user == cast.kadis_belu


# -- what was read is what is approved --------------------------------------------------------------------------------


def test_a_text_changed_since_it_was_read_is_not_approved(cast: Cast, client_of: ClientOf) -> None:
    contract = actions.check_contract(make_contract(by=cast.panitia), by=cast.kabid)
    url = f"/kontrak/{contract.pk}/langkah/approve/"
    client = client_of(cast.kadis_prov)
    assert 'name="version"' in client.get(url).content.decode()
    read = contract.version
    draft = actions.return_contract(contract, "Salah", by=cast.kabid)
    draft = actions.change_contract(
        draft, {"honorarium_rupiah": 99_000_000}, None, by=cast.panitia, base_version=draft.version
    )
    actions.check_contract(draft, by=cast.kabid)
    assert client.post(url, {"note": "", "version": read}).status_code == 409
    with pytest.raises(StaleVersion):
        actions.approve_contract(draft, by=cast.kadis_prov, base_version=read)
    now = Contract.objects.get()
    assert now.status == "diparaf"
    assert client.post(url, {"note": "", "version": now.version}).status_code == 302


def test_who_writes_the_other_number_into_a_draft_is_its_author(cast: Cast) -> None:
    contract = make_contract(MOU)
    actions.set_other_number(contract, "1/B", by=cast.kabid)
    with pytest.raises(Denied):
        actions.check_contract(contract, by=cast.kabid)


def test_the_other_number_is_not_slipped_in_between_initial_and_approval(cast: Cast) -> None:
    contract = make_contract(MOU, status="diparaf")
    with pytest.raises(Blocked, match="Kembalikan ke konsep"):
        actions.set_other_number(contract, "1/B", by=cast.panitia)
    ready = make_contract(MOU, status="siap_ttd", regency="53.08")
    authors = ready.author_ids
    assert actions.set_other_number(ready, "1/B", by=cast.panitia).other_number == "1/B"
    assert Contract.objects.get(pk=ready.pk).author_ids == authors


# -- moments of signatures --------------------------------------------------------------------------------------------


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_nothing_is_signed_before_the_paper_was_frozen(cast: Cast) -> None:
    contract = make_frozen(cast, route="basah")
    LetterNumber.objects.filter(pk=contract.number_id).update(on=days_ago(9).date())
    Contract.objects.update(frozen_at=days_ago(3))
    first = place(contract, cast.kadis_belu)
    with pytest.raises(Blocked, match="sebelum naskah dibekukan"):
        record_wet(first, by=cast.panitia, at=days_ago(5))
    assert record_wet(first, by=cast.panitia, at=days_ago(3))


def test_a_contract_is_in_force_from_its_latest_signature(cast: Cast) -> None:
    contract = make_frozen(cast, route="basah")
    LetterNumber.objects.filter(pk=contract.number_id).update(on=days_ago(9).date())
    Contract.objects.update(frozen_at=days_ago(9))
    latest = days_ago(1)
    for name, at in (
        ("kadis_belu", days_ago(8)), ("tpl_belu", days_ago(7)), ("bupati_belu", latest), ("kadis_prov", days_ago(4)),
    ):  # fmt: skip
        record_wet(place(contract, cast[name]), by=cast.panitia, at=at)
    contract.refresh_from_db()
    assert contract.status == "aktif"
    assert [contract.signed_at, contract.effective_on] == [latest, timezone.localtime(latest).date()]


def test_a_terminated_worker_does_not_come_back_by_a_signature(cast: Cast) -> None:
    contract = make_frozen(cast, route="basah")
    worker = contract.worker
    type(worker).objects.filter(pk=worker.pk).update(status="diputus")
    with pytest.raises(Blocked, match="tempatkan kembali dahulu"):
        record_wet(place(contract, cast.kadis_belu), by=cast.panitia)
    contract = Contract.objects.get()
    with pytest.raises(Blocked):
        actions.activate(contract, by=cast.panitia, at=timezone.now())
    worker.refresh_from_db()
    assert worker.status == "diputus"


# -- days that cannot be ----------------------------------------------------------------------------------------------


def test_a_slip_of_the_year_is_told_and_bricks_nothing(cast: Cast, client_of: ClientOf) -> None:
    with pytest.raises(ValidationError):
        DayField().clean("9999-12-31")
    assert DayField().clean("2100-12-31") == dt.date(2100, 12, 31)
    assert all(isinstance(CommonForm.base_fields[name], DayField) for name in ("starts_on", "ends_on", "signing_on"))
    contract = make_contract()
    client = client_of(cast.panitia)
    url = f"{contract.get_absolute_url()}ubah/"
    sent = {"version": 1, "title": "x", "starts_on": "2026-01-01", "ends_on": "9999-12-31", "duration_months": "121"}
    shown = client.post(url, sent)
    assert shown.status_code == 422 and "antara 2000 dan 2100" in shown.content.decode()
    Contract.objects.update(ends_on=dt.date.max)
    for path in ("", "ubah/", "pratinjau/"):
        assert client.get(f"{contract.get_absolute_url()}{path}").status_code == 200
    assert contract_preview(Contract.objects.get())


def test_the_calendar_ends_without_an_error() -> None:
    last = dt.date.max
    assert months_after(dt.date(9999, 6, 1), 12) == last
    assert days_after(last, 1) == last
    assert following(dt.date(2026, 1, 1), last) == (last, last)
    assert following(dt.date(2000, 1, 1), dt.date(9998, 12, 31))[0] == dt.date(9999, 1, 1)


# -- who reads why, and who is called what ----------------------------------------------------------------------------


def test_the_reason_of_an_end_is_for_the_office_and_the_worker(cast: Cast, client_of: ClientOf) -> None:
    worker = make_worker("Penyuluh Belu Contoh", user=cast.tpl_belu)
    contract = make_contract(status="diputus", worker=worker)
    Contract.objects.update(ended_reason="Sebab Sangat Pribadi")
    readers = {
        name: "Sebab Sangat Pribadi" in client_of(cast[name]).get(contract.get_absolute_url()).content.decode()
        for name in ("panitia", "kabid", "tpl_belu", "observer", "operator_belu", "kadis_belu")
    }
    assert [name for name, reads in readers.items() if reads] == ["panitia", "kabid", "tpl_belu"]


def test_nobody_is_renamed_between_approval_and_signature(cast: Cast) -> None:
    contract = make_frozen(cast, route="basah")
    worker = contract.worker
    with pytest.raises(ValidationError, match="tercetak dalam"):
        change_worker(worker, {"name": "Nama Lain"}, by=cast.panitia, base_version=worker.version)
    assert change_worker(worker, {"phone": "0812345678"}, by=cast.panitia, base_version=worker.version).name
    actions.reopen_contract(contract, "Ganti nama", by=cast.kabid)
    worker.refresh_from_db()
    renamed = change_worker(worker, {"name": "Nama Lain"}, by=cast.panitia, base_version=worker.version)
    assert renamed.name == "Nama Lain"
