"""Writing contracts and MOUs, and their way from hand to hand."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions import contracts as actions
from programs.actions.contracts import SignerDraft
from programs.models import Contract, ContractKind
from programs.queries.contracts_checks import blockers, remarks
from programs.queries.contracts_new import first_values
from programs.queries.contracts_signers import default_signers, drafts_of, selectable_positions, stored_signers
from tests import factories
from tests.cast import Cast
from tests.factories_contracts import (
    SIGNED_AT,
    make_contract,
    make_governor,
    make_template,
    make_worker,
    sign_on_paper,
)

DAY = dt.timedelta(days=1)
TPL, MOU = ContractKind.TPL.value, ContractKind.MOU.value


def sentences(contract: Contract) -> str:
    return " ".join(remark.sentence for remark in remarks(contract))


def create(cast: Cast, **values: Any) -> Contract:
    worker = values.pop("worker", None) or make_worker()
    key = values.pop("client_key", None)
    by = values.pop("by", cast.panitia)
    given = {**first_values(TPL, make_template(), worker=worker), **values}
    signers = default_signers(TPL, worker.regency, worker) if worker.regency else []
    return actions.create_contract(TPL, given, signers, by=by, client_key=key)


def test_a_new_contract_has_its_usual_signers(cast: Cast) -> None:
    contract = create(cast)
    rows = [(s.kind, s.order, s.label, s.step, s.name, s.witnesses.label if s.witnesses else "")
            for s in stored_signers(contract)]  # fmt: skip
    assert rows == [
        ("pihak", 1, "PIHAK KESATU", 1, "Kadis Belu Contoh", ""),
        ("pihak", 2, "PIHAK KEDUA", 2, "Penyuluh Contoh", ""),
        ("saksi", 1, "Saksi", 3, "Bupati Belu Contoh", "PIHAK KESATU"),
        ("saksi", 2, "Saksi", 3, "Kepala Dinas Contoh", "PIHAK KESATU"),
    ]
    assert contract.status == "konsep"
    assert contract.number is None
    assert contract.author_ids == {cast.panitia.pk}
    assert contract.contract_year == 1
    assert Entry.objects.about(contract).count() == 1


def test_an_mou_is_witnessed_by_the_governor(cast: Cast) -> None:
    governor, belu = make_governor(), factories.regency()
    drafts = default_signers(MOU, belu)
    assert [(d.label, d.step, d.position.person.full_name) for d in drafts] == [
        ("PIHAK KESATU", 1, "Kepala Dinas Contoh"),
        ("PIHAK KEDUA", 2, "Kadis Belu Contoh"),
        ("Saksi", 3, "Gubernur Contoh"),
    ]
    assert drafts[0].acts_for == "untuk dan atas nama Pemerintah Provinsi Nusa Tenggara Timur"
    assert drafts[2].position == governor


def test_a_secretary_or_deputy_is_not_taken_for_the_governor(cast: Cast) -> None:
    office = factories.lead_agency(None)
    for number, title in enumerate(("Sekretaris Daerah Provinsi Nusa Tenggara Timur", "Wakil Gubernur")):
        factories.make_position(factories.make_user(f"pimpinan-{number}"), "pimpinan", office, title=title)
    assert [d.label for d in default_signers(MOU, factories.regency())] == ["PIHAK KESATU", "PIHAK KEDUA"]
    governor = make_governor()
    assert default_signers(MOU, factories.regency())[2].position == governor


def test_a_vacant_first_party_has_no_witnesses(cast: Cast) -> None:
    worker = make_worker(regency="53.08")
    cast.kadis_ende.positions.update(ends_on=timezone.localdate() - DAY)
    assert [d.label for d in default_signers(TPL, worker.regency, worker)] == ["PIHAK KEDUA"]


def test_a_stand_in_is_proposed_and_shown(cast: Cast) -> None:
    person = factories.make_user("plh", full_name="Pelaksana Harian")
    plh = factories.make_position(person, "kadis_kab", factories.lead_agency("53.04"), standing="plh",
                                  title="Kepala Dinas", ends_on=timezone.localdate() + DAY)  # fmt: skip
    worker = make_worker()
    assert default_signers(TPL, worker.regency, worker)[0].position == plh
    assert plh in selectable_positions(worker.regency)
    assert cast.kadis_ende.positions.get() not in selectable_positions(worker.regency)
    assert cast.operator_belu.positions.get() not in selectable_positions(worker.regency)


@pytest.mark.parametrize("who", ["admin", "kadis_prov", "notulis", "kadis_belu", "operator_belu", "observer"])
def test_only_drafters_write(cast: Cast, who: str) -> None:
    contract = make_contract()
    with pytest.raises(Denied):
        create(cast, by=cast[who])
    with pytest.raises(Denied):
        actions.change_contract(contract, {"title": "x"}, None, by=cast[who], base_version=1)


def test_a_double_click_makes_one(cast: Cast) -> None:
    key, worker = uuid.uuid4(), make_worker()
    assert create(cast, worker=worker, client_key=key) == create(cast, worker=worker, client_key=key)
    with pytest.raises(Blocked, match="sudah mempunyai kontrak untuk tahun itu"):
        create(cast, worker=worker)


def test_what_does_not_fit_is_refused(cast: Cast) -> None:
    for values, sentence in (
        ({"template": make_template(MOU)}, "bukan untuk jenis"),
        ({"template": make_template(status="konsep")}, "masih konsep"),
        ({"contract_year": 3}, "paling banyak 2 tahun"),
        ({"starts_on": dt.date(2019, 5, 1), "ends_on": dt.date(2019, 4, 1)}, "mendahului"),
        ({"worker": make_worker("Belum", regency="", status="lulus")}, "belum ditempatkan"),
        ({"worker": make_worker("Sudah", status="kontrak"), "contract_year": 1}, "sudah mempunyai kontrak tahun ke-1"),
    ):
        with pytest.raises(Blocked, match=sentence):
            create(cast, **values)
    with override_settings(TPL_MAX_YEARS=3):
        assert create(cast, contract_year=3).contract_year == 3
    assert Contract.objects.count() == 1


def test_signers_that_cannot_be_are_refused(cast: Cast) -> None:
    contract = make_contract()
    first, second, regent, head = drafts_of(contract)
    other = make_worker("Lain")
    for drafts, sentence in (
        ([first, first], "sudah menjadi penanda tangan"),
        ([first, SignerDraft("pihak", "PIHAK KEDUA", 2)], "Pilih siapa"),
        ([first, second, SignerDraft("saksi", "Saksi", 3, position=regent.position)], "pihak mana yang disaksikan"),
        ([first, second, SignerDraft("saksi", "Saksi", 3, position=regent.position, witnesses_order=3)], "pihak mana"),
        ([first, second, SignerDraft("saksi", "Saksi", 1, position=regent.position, witnesses_order=2)], "sebelum"),
        ([first, SignerDraft("pihak", "PIHAK KEDUA", 2, worker=other)], "naskah ini sendiri"),
        ([first, SignerDraft("pihak", "pihak kesatu", 2, position=head.position)], "sudah dipakai"),
        ([SignerDraft("pihak", " ", 1, position=head.position)], "Sebutan wajib"),
        ([SignerDraft("pihak", "PIHAK KESATU", 0, position=head.position)], "antara 1 dan 20"),
    ):
        with pytest.raises(Blocked, match=sentence):
            actions.change_contract(contract, {}, drafts, by=cast.panitia, base_version=1)
    assert drafts_of(contract) == [first, second, regent, head]


def test_a_change_is_by_version_and_makes_an_author(cast: Cast) -> None:
    contract = make_contract(MOU)
    changed = actions.change_contract(
        contract, {"title": "Judul baru", "mandate_fields": []}, None, by=cast.panitia, base_version=1
    )
    assert (changed.version, changed.title, changed.mandate_fields.count()) == (2, "Judul baru", 0)
    assert cast.panitia.pk in changed.author_ids
    entry = Entry.objects.about(contract).latest("pk")
    assert set(entry.changes) == {"judul", "bidang mandat"}
    with pytest.raises(StaleVersion) as error:
        actions.change_contract(contract, {"title": "Lain"}, None, by=cast.kabid, base_version=1)
    assert error.value.current.title == "Judul baru"
    with pytest.raises(Denied, match="Diparaf"):
        actions.change_contract(make_contract(status="diparaf"), {}, None, by=cast.panitia, base_version=1)


def test_signers_are_changed_with_an_entry_and_only_if_they_differ(cast: Cast) -> None:
    contract = make_contract()
    drafts = drafts_of(contract)
    actions.change_contract(contract, {}, drafts, by=cast.panitia, base_version=1)
    assert Entry.objects.about(contract).latest("pk").changes == {}
    actions.change_contract(contract, {}, drafts[:2], by=cast.panitia, base_version=2)
    assert "penanda tangan" in Entry.objects.about(contract).latest("pk").changes
    assert contract.signers.count() == 2


# -- what is missing --------------------------------------------------------------------------------------------------


def test_a_whole_contract_has_no_remark(cast: Cast) -> None:
    assert remarks(make_contract()) == []
    assert blockers(make_contract(MOU)) == []


def test_what_is_missing_is_said(cast: Cast) -> None:
    contract = make_contract(place="", signing_on=None, honorarium_rupiah=None, placement="", signers=[])
    assert len(blockers(contract)) == 4
    for words in ("Tempat penandatanganan", "Tanggal penandatanganan", "Honorarium", "Wilayah kerja", "dua pihak"):
        assert words in sentences(contract)
    mou = make_contract(MOU, duration_months=None, mandate_fields=[])
    assert "Jangka waktu" in sentences(mou)
    assert "Bidang mandat" in sentences(mou)


def test_a_position_that_ends_is_told(cast: Cast) -> None:
    today = timezone.localdate()
    contract = make_contract(signing_on=today + 10 * DAY)
    held = cast.kadis_belu.positions.get()
    held.ends_on = today + 5 * DAY
    held.save()
    told = remarks(contract)
    assert [remark.blocks for remark in told] == [False]
    assert "sebelum penandatanganan" in told[0].sentence
    held.ends_on = today - DAY
    held.save()
    assert [remark.blocks for remark in remarks(contract)] == [True]
    assert held in selectable_positions(contract.regency, keep=[held.pk])


def test_periods_of_one_worker_do_not_overlap(cast: Cast) -> None:
    first = make_contract(status="aktif")
    assert blockers(make_contract(worker=first.worker, contract_year=2, starts_on=first.ends_on)) != []
    other = make_contract(worker=make_worker("B"), contract_year=2, starts_on=first.ends_on)
    assert blockers(other) == []


def test_an_electronic_route_needs_an_account(cast: Cast) -> None:
    contract = make_contract(route="elektronik")
    assert "belum mempunyai akun" in sentences(contract)
    assert "akun" not in sentences(make_contract(route="elektronik", worker=make_worker("B", user=cast.tpl_belu)))


# -- from hand to hand ------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Freezing without a worker: the numbers of the contracts that were told to one."""
    told: list[int] = []
    monkeypatch.setattr("programs.actions.contracts_together._tell_worker", told.append)
    return told


def approved(cast: Cast, contract: Contract) -> Contract:
    actions.check_contract(contract, by=cast.kabid)
    return actions.approve_contract(contract, by=cast.kadis_prov)


def test_a_contract_goes_through_two_hands(
    cast: Cast, paper: list[int], django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    contract = make_contract()
    with pytest.raises(Denied):
        actions.check_contract(contract, by=cast.panitia)
    with pytest.raises(Blocked):
        actions.approve_contract(contract, by=cast.kadis_prov)
    checked = actions.check_contract(contract, by=cast.kabid, base_version=1)
    assert (checked.status, checked.checked_by) == ("diparaf", cast.kabid)
    with django_capture_on_commit_callbacks(execute=True):
        done = actions.approve_contract(contract, by=cast.kadis_prov)
    assert (done.status, done.approved_by, done.number.sequence) == ("siap_ttd", cast.kadis_prov, 1)
    assert done.number.subject_id == str(done.pk)
    assert done.document is not None
    assert paper == [contract.pk]
    with pytest.raises(Blocked, match="sudah berstatus"):
        actions.approve_contract(contract, by=cast.kadis_prov)
    assert Contract.objects.get(pk=done.pk).number.sequence == 1


def test_nobody_checks_or_approves_his_own(cast: Cast, paper: list[int]) -> None:
    contract = make_contract(by=cast.kabid)
    with pytest.raises(Denied, match="ikut menulis"):
        actions.check_contract(contract, by=cast.kabid)
    factories.make_position(cast.kabid, "kadis_prov", factories.lead_agency("53.04"), standing="plt")
    both = type(cast.kabid).objects.get(pk=cast.kabid.pk)
    other = make_contract(status="diparaf")
    Contract.objects.filter(pk=other.pk).update(checked_by=both)
    with pytest.raises(Denied, match="paraf"):
        actions.approve_contract(other, by=both)


def test_the_initial_is_for_the_text_that_was_read(cast: Cast) -> None:
    contract = make_contract()
    actions.change_contract(contract, {"title": "Lain"}, None, by=cast.panitia, base_version=1)
    with pytest.raises(StaleVersion):
        actions.check_contract(contract, by=cast.kabid, base_version=1)


def test_an_incomplete_contract_gets_no_initial_and_no_number(cast: Cast, paper: list[int]) -> None:
    with pytest.raises(Blocked, match="Honorarium"):
        actions.check_contract(make_contract(honorarium_rupiah=None), by=cast.kabid)
    contract = make_contract(status="diparaf", honorarium_rupiah=None)
    with pytest.raises(Blocked, match="Honorarium"):
        actions.approve_contract(contract, by=cast.kadis_prov)
    assert approved(cast, make_contract()).number.sequence == 1


def test_a_returned_contract_is_a_draft_without_initial(cast: Cast) -> None:
    contract = make_contract(status="diparaf")
    with pytest.raises(Blocked):
        actions.return_contract(contract, " ", by=cast.kadis_prov)
    back = actions.return_contract(contract, "Salah nama", by=cast.kadis_prov)
    back.refresh_from_db()
    assert (back.status, back.checked_by, back.checked_at) == ("konsep", None, None)


def test_a_reopened_contract_keeps_its_number(cast: Cast, paper: list[int]) -> None:
    contract = make_contract()
    first = approved(cast, contract).number
    back = actions.reopen_contract(contract, "Salah tanggal", by=cast.kadis_prov)
    back.refresh_from_db()
    assert (back.status, back.number, back.document, back.approved_at) == ("konsep", first, None, None)
    again = approved(cast, contract)
    assert again.number == first
    assert approved(cast, make_contract()).number.sequence == first.sequence + 1


def test_a_cancelled_contract_leaves_a_gap_with_its_reason(cast: Cast, paper: list[int]) -> None:
    contract = make_contract()
    number = approved(cast, contract).number
    cancelled = actions.cancel_contract(contract, "Mengundurkan diri", by=cast.kabid)
    number.refresh_from_db()
    assert (cancelled.status, cancelled.ended_reason) == ("dibatalkan", "Mengundurkan diri")
    assert number.void_reason == "Mengundurkan diri"
    assert approved(cast, make_contract(worker=contract.worker)).number.sequence == number.sequence + 1


# -- in force ---------------------------------------------------------------------------------------------------------


def sign_all(contract: Contract, by: Any) -> None:
    """Everybody signs on paper; the file was frozen before."""
    Contract.objects.filter(pk=contract.pk).update(frozen_at=timezone.now())
    contract.refresh_from_db()
    for signer in stored_signers(contract):
        sign_on_paper(signer, by=by)


def test_the_last_signature_puts_the_worker_under_contract(cast: Cast) -> None:
    contract = make_contract(status="sebagian")
    active = actions.activate(contract, by=cast.panitia, at=SIGNED_AT)
    assert (active.status, active.effective_on) == ("aktif", SIGNED_AT.date())
    contract.worker.refresh_from_db()
    assert (contract.worker.status, contract.worker.contract_year) == ("kontrak", 1)


def test_a_mandate_begins_on_the_day_of_signing(cast: Cast) -> None:
    contract = make_contract(MOU, status="sebagian", duration_months=24)
    active = actions.activate(contract, by=cast.panitia, at=dt.datetime(2012, 3, 26, 17, 0, tzinfo=dt.UTC))
    active.refresh_from_db()
    assert active.effective_on == active.starts_on == dt.date(2012, 3, 27), "17.00 UTC is the next day in WITA"
    assert active.ends_on == dt.date(2014, 3, 26)


def test_a_renewal_is_the_next_year_once(cast: Cast) -> None:
    contract = make_contract(status="aktif", starts_on=dt.date(2019, 5, 1))
    type(contract.worker).objects.filter(pk=contract.worker_id).update(contract_year=1)
    following = actions.renew_contract(contract, by=cast.panitia)
    assert actions.renew_contract(contract, by=cast.panitia) == following
    assert (following.contract_year, following.previous) == (2, contract)
    assert (following.starts_on, following.ends_on) == (dt.date(2020, 5, 1), dt.date(2021, 4, 30))
    assert [d.name for d in drafts_of(following)] == [d.name for d in drafts_of(contract)]
    assert "tahun kedua" in following.title
    actions.cancel_contract(following, "Salah", by=cast.kabid)
    assert actions.renew_contract(contract, by=cast.panitia) != following


def test_the_years_of_a_worker_are_counted(cast: Cast) -> None:
    contract = make_contract(status="aktif", contract_year=2)
    with pytest.raises(Blocked, match="paling banyak 2 tahun"):
        actions.renew_contract(contract, by=cast.panitia)
    with pytest.raises(Blocked, match="yang aktif atau berakhir"):
        actions.renew_contract(make_contract(), by=cast.panitia)


def test_a_renewal_goes_to_who_holds_the_office_now(cast: Cast) -> None:
    contract = make_contract(status="aktif")
    cast.kadis_belu.positions.update(ends_on=timezone.localdate())
    person = factories.make_user("baru", full_name="Kadis Baru")
    factories.make_position(
        person, "kadis_kab", factories.lead_agency("53.04"), starts_on=timezone.localdate() + DAY, title="Kepala Dinas"
    )
    assert drafts_of(actions.renew_contract(contract, by=cast.panitia))[0].position.person == person


def test_the_signed_renewal_closes_the_contract_before(cast: Cast) -> None:
    contract = make_contract(status="aktif", starts_on=dt.date(2019, 5, 1))
    following = actions.renew_contract(contract, by=cast.panitia)
    Contract.objects.filter(pk=following.pk).update(signing_on=timezone.localdate(), place="Atambua")
    ready = make_contract(worker=make_worker("lain"), status="siap_ttd")
    sign_all(ready, cast.panitia)
    ready.previous = contract
    actions.activate(ready, by=cast.panitia, at=dt.datetime(2020, 4, 24, 2, 0, tzinfo=dt.UTC))
    contract.refresh_from_db()
    assert (contract.status, contract.ended_on) == ("diperpanjang", dt.date(2020, 4, 30))


def test_the_calendar_ends_contracts(cast: Cast) -> None:
    over = make_contract(status="aktif", starts_on=dt.date(2019, 5, 1))
    type(over.worker).objects.filter(pk=over.worker_id).update(status="kontrak", contract_year=1)
    running = make_contract(status="aktif")
    assert actions.end_contracts(dt.date(2020, 4, 30)) == 0
    assert actions.end_contracts(dt.date(2020, 5, 1)) == 1
    assert actions.end_contracts(dt.date(2020, 5, 1)) == 0
    over.refresh_from_db()
    running.refresh_from_db()
    over.worker.refresh_from_db()
    assert (over.status, over.ended_on, running.status) == ("berakhir", dt.date(2020, 4, 30), "aktif")
    assert over.worker.status == "selesai"
    assert Entry.objects.about(over).latest("pk").actor_name == "Portal"


def test_a_terminated_contract_has_reason_and_day(cast: Cast) -> None:
    contract = make_contract(status="aktif")
    type(contract.worker).objects.filter(pk=contract.worker_id).update(status="kontrak", contract_year=1)
    today = timezone.localdate()
    for day, reason in ((today + DAY, "Sakit"), (SIGNED_AT.date() - DAY, "Sakit"), (today, " ")):
        with pytest.raises(Blocked):
            actions.terminate_contract(contract, reason, by=cast.kabid, on=day)
    with pytest.raises(Denied):
        actions.terminate_contract(contract, "Sakit", by=cast.panitia)
    over = actions.terminate_contract(contract, "Sakit", by=cast.kabid, on=today - DAY)
    contract.worker.refresh_from_db()
    assert (over.status, over.ended_on, contract.worker.status) == ("diputus", today - DAY, "diputus")


def test_the_second_partys_number_may_come_later(cast: Cast) -> None:
    contract = make_contract(MOU, status="siap_ttd")
    with pytest.raises(Denied):
        actions.set_other_number(contract, "1/B", by=cast.kadis_belu)
    assert actions.set_other_number(contract, " 119/04/2019 ", by=cast.panitia).other_number == "119/04/2019"
    with pytest.raises(Blocked):
        actions.set_other_number(make_contract(MOU, status="dibatalkan"), "1", by=cast.panitia)


def test_who_signs_is_named_as_the_paper_names_him(cast: Cast, paper: list[int]) -> None:
    """His office gets another title, he another spelling: what was printed stays, until it is printed anew."""
    contract = approved(cast, make_contract())
    head = next(signer for signer in stored_signers(contract) if signer.order == 1 and signer.kind == "pihak")
    [printed] = [place for row in contract.document.facts["signatures"] for place in row["places"]
                 if place["anchor"] == "ttd-pihak-1"]  # fmt: skip
    assert (head.name, head.title) == (printed["name"], printed["office"])
    head.position.title = "Kepala Dinas Perindustrian dan Energi"
    head.position.save()
    cast.kadis_belu.full_name = "Kadis Belu Contoh, M.Si."
    cast.kadis_belu.save()
    head = next(signer for signer in stored_signers(contract) if signer.pk == head.pk)
    assert (head.name, head.title) == (printed["name"], printed["office"])
    actions.reopen_contract(contract, "Jabatan berubah", by=cast.kadis_prov)
    head = next(signer for signer in stored_signers(contract) if signer.pk == head.pk)
    assert head.name == "Kadis Belu Contoh, M.Si." and head.title.startswith("Kepala Dinas Perindustrian dan Energi")
