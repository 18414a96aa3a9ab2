"""The register of extension workers: the verbs, the accounts, and who sees what."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, PortalError, StaleVersion
from programs.actions.workers import HIDDEN, add_worker, change_worker, place_worker
from programs.actions.workers_accounts import align_position, create_account, link_account, unlink_account
from programs.models import ExtensionWorker
from programs.queries.workers import account_fault, held_positions, listed, path
from regencies.models import Position
from tests import factories
from tests.cast import Cast, build_cast
from tests.factories_contracts import make_contract, make_worker

VALUES = {
    "scheme": "beasiswa", "name": " Maria Bere, A.Md.T. ", "identity_number": "5304012345678901", "cohort": 2014,
    "phone": "081234567890", "school": "Politeknik STTT Bandung",
}  # fmt: skip


def add(cast: Cast, **values: Any) -> ExtensionWorker:
    return add_worker(VALUES | values, by=cast.panitia)


# -- verbs ------------------------------------------------------------------------------------------------------------


def test_a_new_worker_is_placed_when_a_regency_is_named(cast: Cast) -> None:
    graduate = add(cast)
    assert (graduate.name, graduate.status, graduate.regency) == ("Maria Bere, A.Md.T.", "lulus", None)
    placed = add_worker({"name": "Yosef Mau", "cohort": 2015}, regency=factories.regency(), by=cast.kabid)
    placed.refresh_from_db()
    assert (placed.status, placed.regency.code) == ("penempatan", "53.04")
    for person in (cast.admin, cast.kadis_belu, cast.observer, cast.tpl_belu):
        with pytest.raises(Denied):
            add_worker(VALUES | {"identity_number": ""}, by=person)


def test_two_clicks_are_one_person_and_a_nik_is_there_once(cast: Cast) -> None:
    key = uuid.uuid4()
    first = add_worker(VALUES, by=cast.panitia, client_key=key)
    assert add_worker(VALUES, by=cast.panitia, client_key=key) == first
    with pytest.raises(ValidationError, match="NIK ini sudah terdaftar"):
        add(cast, name="Orang lain")
    with pytest.raises(ValidationError, match="16 angka"):
        add(cast, identity_number="123")
    add(cast, name="Yosef Mau", identity_number="")
    with pytest.raises(Blocked, match="isi NIK"):
        add(cast, name="yosef mau", identity_number="")
    add(cast, name="Yosef Mau", identity_number="5304012345678902")


def test_a_change_meets_another_change(cast: Cast) -> None:
    worker = add(cast)
    changed = change_worker(worker, {"name": "Maria Bere"}, by=cast.panitia, base_version=1)
    assert (changed.name, changed.version, changed.school) == ("Maria Bere", 2, "Politeknik STTT Bandung")
    with pytest.raises(StaleVersion):
        change_worker(worker, {"name": "Maria B."}, by=cast.kabid, base_version=1)
    assert change_worker(worker, {"name": "Maria Bere"}, by=cast.kabid, base_version=2).version == 2
    with pytest.raises(Denied):
        change_worker(worker, {"name": "M."}, by=cast.verifikator, base_version=2)


def test_the_journal_knows_that_personal_data_changed_but_not_what_it_says(cast: Cast) -> None:
    worker = add(cast)
    change_worker(worker, {"phone": "089999999999", "placement": "Lasiolat"}, by=cast.panitia, base_version=1)
    entries = list(Entry.objects.about(worker))
    assert entries[0].changes == {"nomor telepon": [HIDDEN, HIDDEN], "wilayah kerja": ["", "Lasiolat"]}
    assert entries[1].changes["NIK"] == [None, HIDDEN]
    told = str([(entry.changes, entry.note, entry.object_label) for entry in entries])
    assert "5304012345678901" not in told and "0812" not in told and "0899" not in told


def test_placing_moving_and_placing_again(cast: Cast) -> None:
    worker = add(cast)
    belu, ende = factories.regency(), factories.regency("53.08")
    worker = place_worker(worker, belu, placement="Sentra Fatukbot", by=cast.panitia)
    assert (worker.status, worker.regency, worker.placement) == ("penempatan", belu, "Sentra Fatukbot")
    worker = place_worker(worker, ende, by=cast.panitia, note="Permintaan daerah.")
    assert (worker.status, worker.regency, worker.version) == ("penempatan", ende, 3)
    gone = make_worker("Agus Nahak", status="diputus", contract_year=1)
    with pytest.raises(Blocked, match="Alasan wajib diisi"):
        place_worker(gone, belu, by=cast.panitia)
    assert place_worker(gone, belu, by=cast.panitia, note="Diterima kembali.").status == "penempatan"
    with pytest.raises(Denied):
        place_worker(worker, belu, by=cast.kadis_prov)


def test_a_contract_keeps_a_worker_in_his_regency(cast: Cast) -> None:
    ende = factories.regency("53.08")
    with pytest.raises(Denied, match="sedang berjalan"):
        place_worker(make_worker("Agus Nahak", status="kontrak"), ende, by=cast.panitia)
    draft = make_contract("kontrak_tpl", status="konsep")
    with pytest.raises(Blocked, match="sedang disiapkan untuk Kabupaten Belu"):
        place_worker(draft.worker, ende, by=cast.panitia, note="Pindah.")


@pytest.mark.parametrize(
    ("status", "year", "states"),
    [
        ("lulus", 0, "current todo todo todo todo"),
        ("penempatan", 0, "done current todo todo todo"),
        ("kontrak", 1, "done done current todo todo"),
        ("kontrak", 2, "done done done current todo"),
        ("penempatan", 1, "done current done todo todo"),
        ("selesai", 2, "done done done done done"),
        ("selesai", 1, "done done done todo done"),
        ("diputus", 1, "done done done todo stopped"),
    ],
)
def test_the_way_of_a_worker(cast: Cast, status: str, year: int, states: str) -> None:
    worker = make_worker(status=status, contract_year=year)
    assert " ".join(step["state"] for step in path(worker)) == states


# -- the list ---------------------------------------------------------------------------------------------------------


def test_who_sees_whom(cast: Cast) -> None:
    make_worker("Lulusan", regency=None, status="lulus")
    make_worker("Di Belu", user=cast.tpl_belu)
    make_worker("Di Ende", "53.08")

    def seen(person: Any) -> list[str]:
        return [worker.name for worker in listed(person, sort="name")]

    assert seen(cast.panitia) == seen(cast.observer) == seen(cast.admin) == ["Di Belu", "Di Ende", "Lulusan"]
    assert seen(cast.kadis_belu) == seen(cast.kabid_belu) == seen(cast.tpl_belu) == ["Di Belu"]
    assert seen(cast.kadis_ende) == ["Di Ende"]
    assert seen(cast.bupati_belu) == seen(cast.stranger) == []


def test_a_nik_is_found_only_by_those_who_may_read_it(cast: Cast) -> None:
    make_worker(identity_number="5304012345678901", phone="081234567890")
    assert listed(cast.verifikator, text="5304012345678901").count() == 1
    assert listed(cast.panitia, text="08123456").count() == 1
    for word in ("5304012345678901", "08123456"):
        assert listed(cast.kadis_belu, text=word).count() == listed(cast.observer, text=word).count() == 0


def test_filters_and_orders(cast: Cast) -> None:
    first = make_contract("kontrak_tpl", status="aktif", worker=make_worker("Ana", cohort=2014, school="STTT"))
    make_worker("Budi", "53.08", scheme="konsultan", cohort=None)
    make_worker("Citra", cohort=2015, placement="Lasiolat")

    def names(**wanted: Any) -> list[str]:
        return [worker.name for worker in listed(cast.panitia, **wanted)]

    assert names() == ["Ana", "Citra", "Budi"]
    assert names(sort="cohort") == ["Citra", "Ana", "Budi"]
    assert names(sort="ends")[0] == "Ana"
    assert names(scheme="konsultan") == ["Budi"] and names(cohort=2014) == ["Ana"]
    assert names(regency=factories.regency("53.08").pk) == ["Budi"]
    assert names(status=first.worker.status)[0] == "Ana"
    assert names(text="sttt") == ["Ana"] and names(text="belu lasiolat") == ["Citra"]
    assert names(text="flobamora") == []


# -- accounts ---------------------------------------------------------------------------------------------------------


def test_the_admin_makes_the_account_in_the_office_of_the_placement(cast: Cast) -> None:
    worker = place_worker(add(cast), factories.regency(), by=cast.panitia)
    with pytest.raises(Denied):
        create_account(worker, "maria", by=cast.panitia)
    worker = create_account(worker, "Maria.Bere", by=cast.admin)
    assert (worker.user.username, worker.user.full_name) == ("maria.bere", "Maria Bere, A.Md.T.")
    position = worker.user.positions.get()
    assert (position.role, position.agency) == ("tpl", factories.lead_agency("53.04"))
    assert account_fault(worker) == ""
    with pytest.raises(Blocked, match="sudah mempunyai akun"):
        create_account(worker, "maria2", by=cast.admin)
    with pytest.raises(Blocked, match="belum ditempatkan"):
        create_account(add(cast, name="Yosef", identity_number=""), "yosef", by=cast.admin)


def test_an_account_that_is_there_is_linked_once(cast: Cast) -> None:
    worker = link_account(make_worker(), cast.tpl_belu, by=cast.admin)
    assert worker.user == cast.tpl_belu and cast.tpl_belu.positions.count() == 1
    with pytest.raises(Blocked, match="milik penyuluh lain"):
        link_account(make_worker("Yosef"), cast.tpl_belu, by=cast.admin)
    closed = factories.make_user("tutup", is_active=False)
    with pytest.raises(Blocked, match="dinonaktifkan"):
        link_account(make_worker("Agus"), closed, by=cast.admin)


def test_the_position_follows_the_placement(cast: Cast) -> None:
    worker = link_account(make_worker(), cast.tpl_belu, by=cast.admin)
    worker = place_worker(worker, factories.regency("53.08"), by=cast.panitia, note="Pindah.")
    assert "belum sesuai penempatan" in account_fault(worker)
    align_position(worker, by=cast.admin)
    assert account_fault(worker) == ""
    old, new = Position.objects.filter(person=cast.tpl_belu).order_by("starts_on")
    assert old.ends_on == timezone.localdate() - dt.timedelta(days=1)
    assert new.agency == factories.lead_agency("53.08")
    ExtensionWorker.objects.filter(pk=worker.pk).update(**{"status": "selesai"})
    worker.refresh_from_db()
    assert "masih berjabatan" in account_fault(worker)
    align_position(worker, by=cast.admin)
    new.refresh_from_db()
    assert new.ends_on == timezone.localdate()  # a position of one day ends on that day


def test_an_account_let_go(cast: Cast) -> None:
    worker = link_account(make_worker(), cast.tpl_belu, by=cast.admin)
    with pytest.raises(Denied):
        unlink_account(worker, by=cast.kabid)
    worker = unlink_account(worker, by=cast.admin)
    assert worker.user is None and not Position.objects.in_force().filter(person=cast.tpl_belu).exists()
    assert held_positions(worker) == [] and account_fault(worker) == ""


# -- at the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_nik_from_two_people_at_once() -> None:
    factories.ensure_initial_data()
    cast, said, barrier = build_cast(), [], threading.Barrier(4)

    def run(place: int) -> None:
        barrier.wait(timeout=30)
        try:
            add(cast, name=f"Orang {place}")
            said.append("")
        except (ValidationError, PortalError) as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, said)) == [False, True, True, True]
    assert all("NIK ini sudah terdaftar" in text for text in said if text)
    assert ExtensionWorker.objects.count() == 1
