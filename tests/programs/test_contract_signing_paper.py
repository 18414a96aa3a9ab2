"""Signatures on paper: one click each in order, then the scan, compared by a second person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from portal.documents.keeping import kept
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, WrongFile
from programs.actions import signing as actions
from programs.models import Contract, Revision
from programs.queries.contracts_files import current_file, latest_file, readable_file
from tests.factories_agreements import make_pdf, make_scan
from tests.factories_contracts import make_worker
from tests.factories_signing import SIGNERS, end_office, make_frozen, place, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast):
    """An employment contract of Belu, printed and frozen, to be signed on paper."""
    return make_frozen(cast, route="basah")


@pytest.fixture
def signed(contract, cast):
    """The same with all wet signatures."""
    for name in SIGNERS:
        actions.record_wet(place(contract, cast[name]), by=cast.panitia)
    contract.refresh_from_db()
    return contract


def scan(pages: int = 6):
    return make_scan(make_pdf(pages))


def test_each_click_is_a_signature_and_the_last_one_puts_it_in_force(contract, cast):
    for number, name in enumerate(SIGNERS, start=1):
        signature = actions.record_wet(place(contract, cast[name]), by=cast.panitia)
        assert (signature.kind, signature.revision, signature.recorded_by) == ("basah", None, cast.panitia)
        assert signature.base_sha256 == current_file(contract).sha256 and signature.name == cast[name].display_name
        contract.refresh_from_db()
        assert contract.status == ("sebagian" if number < 4 else "aktif")
    assert contract.effective_on == timezone.localdate() and contract.worker.status == "kontrak"


def test_a_second_click_gives_the_first_signature(contract, cast):
    first = actions.record_wet(place(contract, cast.kadis_belu), by=cast.panitia)
    assert actions.record_wet(place(contract, cast.kadis_belu), by=cast.panitia) == first
    with pytest.raises(Blocked, match="sudah menandatangani"):
        actions.record_wet(place(contract, cast.kadis_belu), by=cast.kabid)
    assert Entry.objects.filter(verb="Mencatat tanda tangan basah").count() == 1


def test_the_order_holds_on_paper_too(contract, cast):
    for name in SIGNERS[1:]:
        with pytest.raises(Blocked, match="langkah 1: Kadis Belu"):
            actions.record_wet(place(contract, cast[name]), by=cast.panitia)


def test_only_the_committee_records(contract, cast):
    for person in (cast.kadis_belu, cast.operator_belu, cast.admin, cast.notulis, cast.tpl_belu):
        with pytest.raises(Denied):
            actions.record_wet(place(contract, cast.kadis_belu), by=person)


def test_the_moment_must_be_possible(contract, cast):
    now = timezone.now()
    first = place(contract, cast.kadis_belu)
    with pytest.raises(Blocked, match="belum tiba"):
        actions.record_wet(first, by=cast.panitia, at=now + dt.timedelta(minutes=5))
    with pytest.raises(Blocked, match="sebelum naskah bernomor"):
        actions.record_wet(first, by=cast.panitia, at=now - dt.timedelta(days=2))
    given = actions.record_wet(first, by=cast.panitia)
    with pytest.raises(Blocked, match="lebih dahulu"):
        actions.record_wet(
            place(contract, cast.tpl_belu), by=cast.panitia, at=given.signed_at - dt.timedelta(microseconds=1)
        )


def test_an_office_that_ended_yesterday_signs_nothing(contract, cast):
    end_office(cast.kadis_belu)
    with pytest.raises(Blocked, match="berakhir"):
        actions.record_wet(place(contract, cast.kadis_belu), by=cast.panitia)


def test_the_route_is_kept(contract, cast):
    with pytest.raises(Blocked, match="di kertas"):
        sign(contract, cast.kadis_belu, passphrase="x")
    Contract.objects.filter(pk=contract.pk).update(route="elektronik")
    with pytest.raises(Blocked, match="secara elektronik"):
        actions.record_wet(place(contract, cast.kadis_belu), by=cast.panitia)


def test_a_scan_is_compared_by_a_second_person_and_both_files_stay(signed, cast):
    revision = actions.upload_scan(signed, scan(), by=cast.panitia)
    assert (revision.kind, revision.pages, revision.by) == ("pindaian", 6, cast.panitia)
    with pytest.raises(Denied, match="orang lain"):
        actions.confirm_scan(revision, by=cast.panitia)
    with pytest.raises(Denied):
        actions.confirm_scan(revision, by=cast.kadis_belu)
    assert latest_file(signed).kind == "cetak", "a scan that nobody compared is not the paper"
    done = actions.confirm_scan(revision, by=cast.kabid)
    assert done.confirmed_by == cast.kabid and done.confirmed_at
    assert actions.confirm_scan(revision, by=cast.kabid).confirmed_at == done.confirmed_at
    assert latest_file(signed) == revision
    for row in signed.revisions.filter(sequence__gt=1):
        assert kept(row.file.name, row.sha256)
    with pytest.raises(Blocked, match="sudah dicocokkan"):
        actions.upload_scan(signed, scan(7), by=cast.kabid)
    with pytest.raises(Blocked, match="sudah dicocokkan"):
        actions.reject_scan(revision, "Keliru", by=cast.kabid)


def test_a_rejected_scan_is_uploaded_again(signed, cast):
    first = actions.upload_scan(signed, scan(), by=cast.panitia)
    with pytest.raises(Blocked, match="masih menunggu"):
        actions.upload_scan(signed, scan(7), by=cast.kabid)
    with pytest.raises(Blocked, match="Alasan"):
        actions.reject_scan(first, "  ", by=cast.kabid)
    assert actions.reject_scan(first, "Halaman 3 terpotong", by=cast.kabid).rejected_reason
    with pytest.raises(Blocked, match="dinyatakan tidak cocok"):
        actions.confirm_scan(first, by=cast.kabid)
    with pytest.raises(Blocked, match="Pindaian yang sama"):
        actions.upload_scan(signed, make_scan(default_storage.open(first.file.name).read()), by=cast.panitia)
    second = actions.upload_scan(signed, scan(7), by=cast.panitia)
    actions.confirm_scan(second, by=cast.kadis_prov)
    assert signed.revisions.filter(kind="pindaian").count() == 2


def test_one_file_is_not_the_scan_of_two_papers(signed, cast):
    data, others = make_pdf(6), []
    for worker in (cast.stranger, cast.observer):
        other = make_frozen(cast, route="basah", worker=make_worker("Penyuluh Lain", user=worker))
        for person in (cast.kadis_belu, worker, cast.bupati_belu, cast.kadis_prov):
            actions.record_wet(place(other, person), by=cast.panitia)
        others.append(other)
    waiting = actions.upload_scan(others[0], make_scan(data), by=cast.panitia)
    actions.confirm_scan(actions.upload_scan(signed, make_scan(data), by=cast.panitia), by=cast.kabid)
    with pytest.raises(Blocked, match="pindaian naskah lain"):
        actions.confirm_scan(waiting, by=cast.kabid)
    with pytest.raises(Blocked, match="pindaian naskah lain"):
        actions.upload_scan(others[1], make_scan(data), by=cast.panitia)
    actions.confirm_scan(actions.upload_scan(others[1], scan(7), by=cast.panitia), by=cast.kabid)


def test_a_scan_with_fewer_pages_cannot_match(signed, cast):
    revision = actions.upload_scan(signed, scan(5), by=cast.panitia)
    with pytest.raises(Blocked, match="hanya 5 halaman, cetakannya 6"):
        actions.confirm_scan(revision, by=cast.kabid)


def test_what_is_no_scan_is_refused(signed, cast, settings):
    with pytest.raises(WrongFile):
        actions.upload_scan(signed, make_scan(b"\x89PNG\r\n\x1a\n" + b"0" * 100, "pindaian.png"), by=cast.panitia)
    with pytest.raises(WrongFile):
        actions.upload_scan(signed, make_scan(b"MZ not a pdf"), by=cast.panitia)
    unsigned = default_storage.open(current_file(signed).file.name).read()
    with pytest.raises(Blocked, match="belum ditandatangani"):
        actions.upload_scan(signed, make_scan(unsigned), by=cast.panitia)
    settings.SCAN_LARGEST = 1000
    with pytest.raises(WrongFile, match="terlalu besar"):
        actions.upload_scan(signed, scan(), by=cast.panitia)
    assert not Revision.objects.filter(kind="pindaian").exists()


def test_a_scan_comes_after_all_signatures_and_only_on_paper(contract, cast):
    with pytest.raises(Blocked, match="setelah semua tanda tangan"):
        actions.upload_scan(contract, scan(), by=cast.panitia)
    Contract.objects.filter(pk=contract.pk).update(route="elektronik")
    with pytest.raises(Blocked, match="secara elektronik"):
        actions.upload_scan(contract, scan(), by=cast.panitia)
    with pytest.raises(Denied):
        actions.upload_scan(contract, scan(), by=cast.operator_belu)


def test_who_opens_which_file(signed, cast):
    """The paper of a worker holds his NIK: the office of the regency sees the contract, not the file."""
    revision = actions.upload_scan(signed, scan(), by=cast.panitia)
    actions.confirm_scan(revision, by=cast.kabid)
    print_ = current_file(signed)
    for person in (cast.panitia, cast.kabid, cast.kadis_prov):
        assert readable_file(person, signed, print_.sequence) and readable_file(person, signed, 1)
    for person in (cast.kadis_belu, cast.tpl_belu, cast.bupati_belu):
        assert readable_file(person, signed, revision.sequence) and readable_file(person, signed, 1) is None
    for person in (cast.operator_belu, cast.kadis_ende, cast.observer, cast.stranger):
        assert readable_file(person, signed, revision.sequence) is None
