"""The signing ceremony: which papers, in which order, who is recorded when; two people at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Blocked, Denied
from programs.models import Contract, Signature
from rakor.actions import ceremonies as actions
from rakor.actions.sessions import delete_session
from rakor.models import Ceremony, CeremonyItem
from rakor.queries.ceremonies import current, hall_of, missing, papers_of, pulse
from tests.factories import make_meeting, make_session
from tests.factories_ceremonies import make_ceremony, make_signing_session, make_waiting

pytestmark = pytest.mark.django_db


def signers(contract: Any) -> list[Any]:
    """In the order in which they sign: party, worker, then the two witnesses."""
    return sorted(contract.signers.select_related("contract"), key=lambda each: (each.step, each.kind, each.order))


def sign_all(ceremony: Ceremony, contract: Any, by: Any) -> None:
    for signer in signers(contract):
        actions.record_signature(ceremony, signer, by=by)


def titles(ceremony: Ceremony) -> list[str]:
    return [item.contract.worker.name for item in ceremony.items.select_related("contract__worker")]


# --- which papers ---


def test_the_committee_adds_three_of_twelve_to_the_stage_and_they_come_first(cast):
    ceremony = make_ceremony(12, by=cast.panitia, opened=False)
    for item in list(ceremony.items.order_by("order"))[5:8]:
        actions.mark_on_stage(item, True, by=cast.kabid)
    assert titles(ceremony)[:4] == ["Penyuluh 06", "Penyuluh 07", "Penyuluh 08", "Penyuluh 01"]
    actions.mark_on_stage(ceremony.items.get(contract__worker__name="Penyuluh 06"), False, by=cast.panitia)
    assert titles(ceremony)[:3] == ["Penyuluh 07", "Penyuluh 08", "Penyuluh 01"]


def test_a_session_of_another_kind_has_no_ceremony(cast):
    session = make_session(make_meeting(status="berlangsung"), "Pleno")
    with pytest.raises(Blocked, match="bukan sesi penandatanganan"):
        actions.start_ceremony(session, by=cast.panitia)
    assert not Ceremony.objects.exists()


def test_starting_twice_is_one_ceremony(cast):
    session = make_signing_session(make_meeting(status="terjadwal"))
    first = actions.start_ceremony(session, by=cast.panitia)
    assert actions.start_ceremony(session, by=cast.kabid) == first


def test_a_contract_is_in_one_ceremony_only(cast):
    ceremony = make_ceremony(1, by=cast.panitia)
    contract = Contract.objects.get()
    later = make_signing_session(ceremony.session.meeting, "Penandatanganan susulan")
    other = actions.start_ceremony(later, by=cast.panitia)
    added = actions.add_contracts(other, [contract.pk], by=cast.panitia)
    assert added.items == []
    assert "sudah masuk penandatanganan lain: Penandatanganan kontrak TPL-IKM" in added.refused[0]
    assert CeremonyItem.objects.get().ceremony == ceremony


def test_a_contract_that_does_not_wait_for_signatures_is_refused_the_others_come(cast):
    from tests.factories_contracts import make_contract, make_worker

    ceremony = make_ceremony(0, by=cast.panitia)
    draft = make_contract(worker=make_worker("Belum Siap"))
    ready = make_waiting(name="Sudah Siap")
    added = actions.add_contracts(ceremony, [draft.pk, ready.pk], by=cast.panitia)
    assert [item.contract for item in added.items] == [ready]
    assert "berstatus “Konsep”" in added.refused[0]


def test_adding_the_same_once_more_adds_nothing(cast):
    ceremony = make_ceremony(2, by=cast.panitia)
    again = actions.add_contracts(ceremony, Contract.objects.values_list("pk", flat=True), by=cast.panitia)
    assert (again.items, again.refused) == ([], [])
    assert ceremony.items.count() == 2


def test_order_is_given_whole_and_a_list_that_changed_is_refused(cast):
    ceremony = make_ceremony(3, by=cast.panitia)
    pks = list(ceremony.items.order_by("order").values_list("pk", flat=True))
    actions.order_items(ceremony, pks[::-1], by=cast.panitia)
    assert titles(ceremony) == ["Penyuluh 03", "Penyuluh 02", "Penyuluh 01"]
    with pytest.raises(Blocked, match="Daftar naskahnya baru saja berubah"):
        actions.order_items(ceremony, pks[:2], by=cast.panitia)


def test_a_step_stays_within_the_stage(cast):
    ceremony = make_ceremony(3, by=cast.panitia)
    items = list(ceremony.items.order_by("order"))
    actions.mark_on_stage(items[2], True, by=cast.panitia)
    actions.step_item(items[0], -1, by=cast.panitia)
    assert titles(ceremony) == ["Penyuluh 03", "Penyuluh 01", "Penyuluh 02"]
    actions.step_item(items[1], -1, by=cast.panitia)
    assert titles(ceremony) == ["Penyuluh 03", "Penyuluh 02", "Penyuluh 01"]


def test_a_signed_paper_stays_an_unsigned_one_can_leave(cast):
    ceremony = make_ceremony(2, by=cast.panitia)
    first, second = ceremony.items.all()
    sign_all(ceremony, first.contract, cast.panitia)
    with pytest.raises(Blocked, match="sudah ditandatangani lengkap"):
        actions.remove_item(first, by=cast.panitia)
    actions.remove_item(second, by=cast.panitia)
    assert ceremony.items.get() == first


# --- signing ---


def test_signatures_are_recorded_in_order_and_the_last_puts_the_contract_in_force(cast):
    ceremony = make_ceremony(1, by=cast.panitia)
    contract = Contract.objects.get()
    first, second, *witnesses = signers(contract)
    with pytest.raises(Blocked, match="Menunggu langkah 1"):
        actions.record_signature(ceremony, second, by=cast.panitia)
    given = actions.record_signature(ceremony, first, by=cast.panitia)
    assert (given.kind, given.recorded_by) == ("basah", cast.panitia)
    actions.record_signature(ceremony, second, by=cast.panitia)
    for witness in witnesses:
        actions.record_signature(ceremony, witness, by=cast.panitia)
    contract.refresh_from_db()
    assert contract.status == "aktif"
    assert contract.worker.status == "kontrak"


def test_nothing_is_recorded_before_opening_nor_after_closing(cast):
    ceremony = make_ceremony(1, by=cast.panitia, opened=False)
    signer = signers(Contract.objects.get())[0]
    with pytest.raises(Denied, match="Buka penandatanganan dahulu"):
        actions.record_signature(ceremony, signer, by=cast.panitia)
    actions.open_ceremony(ceremony, by=cast.panitia)
    actions.close_ceremony(ceremony, by=cast.panitia)
    with pytest.raises(Denied, match="sudah ditutup"):
        actions.record_signature(ceremony, signer, by=cast.panitia)
    actions.open_ceremony(ceremony, by=cast.panitia)
    assert actions.record_signature(ceremony, signer, by=cast.panitia)


def test_a_signer_of_a_paper_that_is_not_in_the_ceremony_is_refused(cast):
    ceremony = make_ceremony(1, by=cast.panitia)
    stray = make_waiting(name="Di Luar")
    with pytest.raises(Blocked, match="dikeluarkan"):
        actions.record_signature(ceremony, signers(stray)[0], by=cast.panitia)
    assert not Signature.objects.exists()


def test_a_ceremony_opens_only_while_the_edition_runs_and_not_empty(cast):
    scheduled = make_ceremony(1, by=cast.panitia, status="terjadwal", opened=False)
    with pytest.raises(Denied, match="selama rakor berlangsung"):
        actions.open_ceremony(scheduled, by=cast.panitia)
    empty = make_ceremony(
        0,
        by=cast.panitia,
        meeting=make_meeting(slug="lain", status="berlangsung", execution_year=2020, planning_year=2021),
    )
    with pytest.raises(Blocked, match="Belum ada naskah"):
        actions.open_ceremony(empty, by=cast.panitia)


@pytest.mark.parametrize("person", ["notulis", "verifikator", "kadis_belu", "bupati_belu", "observer"])
def test_only_the_committee_leads(cast, person):
    ceremony = make_ceremony(1, by=cast.panitia)
    item, signer = ceremony.items.get(), signers(Contract.objects.get())[0]
    for act in (
        lambda: actions.add_contracts(ceremony, [], by=cast[person]),
        lambda: actions.remove_item(item, by=cast[person]),
        lambda: actions.mark_on_stage(item, True, by=cast[person]),
        lambda: actions.order_items(ceremony, [item.pk], by=cast[person]),
        lambda: actions.close_ceremony(ceremony, by=cast[person]),
        lambda: actions.record_signature(ceremony, signer, by=cast[person]),
    ):
        with pytest.raises(Denied):
            act()


def test_closing_tells_who_has_not_signed(cast):
    from portal.journal.models import Entry

    ceremony = make_ceremony(2, by=cast.panitia)
    first, second = ceremony.items.all()
    sign_all(ceremony, first.contract, cast.panitia)
    actions.record_signature(ceremony, signers(second.contract)[0], by=cast.panitia)
    [(paper, names)] = missing(papers_of(ceremony, cast.panitia))
    assert paper.contract == second.contract
    assert names == ["Penyuluh 02", "Bupati Belu Contoh", "Kepala Dinas Contoh"]
    actions.close_ceremony(ceremony, by=cast.panitia)
    note = Entry.objects.get(verb="Menutup penandatanganan").note
    assert note.startswith("1 dari 2 naskah ditandatangani lengkap.")
    assert "Penyuluh 02, Bupati Belu Contoh" in note


def test_a_session_with_papers_stays_an_empty_one_goes(cast):
    ceremony = make_ceremony(1, by=cast.panitia, opened=False)
    with pytest.raises(Blocked, match="sudah berisi penandatanganan"):
        delete_session(ceremony.session, by=cast.panitia)
    actions.remove_item(ceremony.items.get(), by=cast.panitia)
    delete_session(ceremony.session, by=cast.panitia)
    assert not Ceremony.objects.exists()


# --- what comes next ---


def test_the_current_paper_is_the_first_that_somebody_can_sign(cast):
    ceremony = make_ceremony(3, by=cast.panitia)
    first, second, _third = ceremony.items.all()
    assert current(papers_of(ceremony, cast.panitia)).item == first
    Contract.objects.filter(pk=first.contract_id).update(frozen_at=None)
    assert current(papers_of(ceremony, cast.panitia)).item == second
    sign_all(ceremony, second.contract, cast.panitia)
    hall = hall_of(ceremony, cast.panitia)
    assert [len(hall.done), hall.total] == [1, 3]


def test_every_step_and_every_signature_elsewhere_changes_the_mark(cast):
    from programs.actions.signing import record_wet

    ceremony = make_ceremony(2, by=cast.panitia, opened=False)
    first, second = ceremony.items.all()
    marks = [pulse(ceremony)]

    def changed(step: Any) -> None:
        step()
        marks.append(pulse(Ceremony.objects.get()))

    changed(lambda: actions.mark_on_stage(second, True, by=cast.panitia))
    changed(lambda: actions.order_items(ceremony, [second.pk, first.pk], by=cast.panitia))
    changed(lambda: actions.open_ceremony(ceremony, by=cast.panitia))
    changed(lambda: actions.record_signature(ceremony, signers(first.contract)[0], by=cast.panitia))
    changed(lambda: record_wet(signers(first.contract)[1], by=cast.kabid))
    changed(lambda: actions.close_ceremony(ceremony, by=cast.panitia))
    assert len(set(marks)) == len(marks)
    assert pulse(Ceremony.objects.get()) == marks[-1]


@pytest.mark.django_db(transaction=True)
def test_two_members_clicking_the_same_signature_at_once_record_it_once(cast):
    ceremony = make_ceremony(1, by=cast.panitia)
    signer = signers(Contract.objects.get())[0]
    gate, told = threading.Barrier(2), []

    def click(person: Any) -> None:
        try:
            gate.wait(10)
            told.append(actions.record_signature(ceremony, signer, by=person).recorded_by.username)
        except Blocked as error:
            told.append(str(error))
        finally:
            connection.close()

    clicks = [threading.Thread(target=click, args=(person,)) for person in (cast.panitia, cast.kabid)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(30)
    assert Signature.objects.count() == 1
    assert sum("sudah menandatangani" in each for each in told) == 1
    assert Signature.objects.get().recorded_by.username in told


@pytest.mark.django_db(transaction=True)
def test_two_ceremonies_taking_the_same_contract_at_once(cast):
    ceremony = make_ceremony(0, by=cast.panitia)
    later = make_signing_session(ceremony.session.meeting, "Penandatanganan susulan")
    other = actions.start_ceremony(later, by=cast.panitia)
    contract = make_waiting()
    gate, added = threading.Barrier(2), []

    def take(into: Ceremony) -> None:
        try:
            gate.wait(10)
            added.append(actions.add_contracts(into, [contract.pk], by=cast.panitia))
        finally:
            connection.close()

    takers = [threading.Thread(target=take, args=(each,)) for each in (ceremony, other)]
    for each in takers:
        each.start()
    for each in takers:
        each.join(30)
    assert sorted(len(each.items) for each in added) == [0, 1]
    assert sorted(len(each.refused) for each in added) == [0, 1]
