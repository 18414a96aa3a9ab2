"""Signing contracts electronically: freezing, turns, everything that must not go through, and that nothing changes."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.documents import rendering
from portal.documents.models import Document
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from portal.signing import checking
from portal.signing.errors import SigningError
from programs import clock, tasks
from programs.actions import contracts as contract_actions
from programs.actions import signing as actions
from programs.models import Contract, Revision, RevisionCheck, Signature, Signer
from programs.queries.contracts_files import current_file
from regencies.models import Position
from tests.factories_contracts import make_contract, make_worker
from tests.factories_signing import NAMES, end_office, make_frozen, people, place, sign, sign_all
from tests.signing import identity_of, marks, paint_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast):
    """An employment contract of Belu, frozen, on the electronic route."""
    return make_frozen(cast)


@pytest.fixture
def four(cast):
    """Its signers in the order of the steps."""
    return people(cast)


def state(contract) -> tuple:
    """What must be as before when a signature failed."""
    row = Contract.objects.get(pk=contract.pk)
    return (
        row.status, row.signed_at, row.effective_on, list(row.revisions.values_list("pk", "sha256")),
        row.signatures.count(), Entry.objects.about(row).count(), _files(),
    )  # fmt: skip


def _files() -> list[str]:
    found = []
    for folder in default_storage.listdir("kontrak")[0]:
        found += default_storage.listdir(f"kontrak/{folder}")[1]
    return sorted(found)


# -- freezing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def approved(cast, django_capture_on_commit_callbacks):
    """An approved contract whose print no worker has made yet."""
    row = make_contract(
        status="diparaf", worker=make_worker("Penyuluh Belu Contoh", user=cast.tpl_belu), route="elektronik"
    )
    return contract_actions.approve_contract(row, by=cast.kadis_prov)


def printed(contract):
    """Render its paper here, without telling anybody."""
    from portal.documents.actions import render_now

    render_now(contract.document)


def test_freezing_waits_for_the_print_and_happens_once(approved, monkeypatch):
    told = []
    monkeypatch.setattr(tasks, "hint", lambda task, pk: told.append((task.name, pk)))
    assert tasks.freeze_contract(approved.pk) == "waiting" and clock.sweep_freezing() == 0
    printed(approved)
    assert told == [("programs.tasks.freeze_contract", approved.pk)], "the paper tells its contract"
    assert tasks.freeze_contract(approved.pk) == "frozen"
    revision = approved.revisions.get()
    assert (revision.kind, revision.sequence) == ("cetak", 1)
    content = default_storage.open(revision.file.name).read()
    assert revision.size == len(content) and revision.sha256 != approved.document.sha256, "fields were added"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {str(field.T) for field in pdf.Root.AcroForm.Fields} == set(NAMES)
        assert len(pdf.pages) == revision.pages
    with pikepdf.open(io.BytesIO(tasks.stamps_of(revision))) as pdf:
        assert len(pdf.pages) == 4
    approved.refresh_from_db()
    assert approved.frozen_at
    assert tasks.freeze_contract(approved.pk) == "done" and approved.revisions.count() == 1
    assert tasks.freeze_contract(999_999) == "done"
    assert Entry.objects.filter(verb="Membekukan naskah").count() == 1


def test_all_sign_what_a_worker_froze(approved, four):
    """The whole way with nothing cached: wording, print, fields, stamps, four signatures, in force."""
    printed(approved)
    tasks.freeze_contract(approved.pk)
    sign_all(approved, four)
    assert approved.status == "aktif"
    content = default_storage.open(current_file(approved).file.name).read()
    verdict = checking.check(content)
    assert verdict.trusted and [one.field for one in verdict.signatures] == list(NAMES)
    assert [one.name for one in verdict.signatures] == [person.display_name for person in four]


@pytest.mark.parametrize("step", ["_made", "_stored"])
def test_a_worker_killed_before_or_between_the_steps_loses_nothing(approved, step, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    printed(approved)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, step, die)
        with pytest.raises(Killed):
            tasks.freeze_contract(approved.pk)
    approved.refresh_from_db()
    assert approved.frozen_at is None and not approved.revisions.exists()
    told = []
    monkeypatch.setattr(clock, "hint", lambda task, pk: told.append(pk))
    assert clock.sweep_freezing() == 1 and told == [approved.pk]
    assert tasks.freeze_contract(approved.pk) == "frozen"


def test_taken_back_while_being_frozen_nothing_is_frozen(approved, cast, monkeypatch):
    printed(approved)
    whole = tasks._made

    def slow(contract):
        contract_actions.reopen_contract(contract, "Salah tanggal", by=cast.kabid)
        return whole(contract)

    monkeypatch.setattr(tasks, "_made", slow)
    assert tasks.freeze_contract(approved.pk) == "done"
    assert not approved.revisions.exists()


def test_a_print_that_changed_in_the_store_is_not_frozen(approved):
    printed(approved)
    approved.document.refresh_from_db()
    _spoil(approved.document.file.name)
    assert tasks.freeze_contract(approved.pk) == "refused"
    approved.refresh_from_db()
    assert approved.frozen_at is None


def test_reopened_after_freezing_a_new_print_supersedes(contract, cast, four):
    before = current_file(contract)
    row = contract_actions.reopen_contract(contract, "Salah tanggal", by=cast.kabid)
    assert row.frozen_at is None
    with pytest.raises(Blocked, match="belum siap"):
        sign(contract, four[0])
    contract_actions.check_contract(row, by=cast.kabid)
    contract_actions.approve_contract(row, by=cast.kadis_prov)
    row.refresh_from_db()
    printed(row)
    assert tasks.freeze_contract(row.pk) == "frozen"
    assert current_file(row).sequence == before.sequence + 1
    with pytest.raises(StaleVersion, match="sudah lain"):
        sign(row, four[0], base_sha256=before.sha256)
    assert sign(row, four[0]).base_sha256 == current_file(contract).signature.base_sha256


# -- signing ----------------------------------------------------------------------------------------------------------


def test_four_sign_and_the_contract_is_in_force(contract, four, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr(tasks, "hint", lambda task, pk: told.append((task.name, pk)))
    base = current_file(contract)
    content = default_storage.open(base.file.name).read()
    first = marks(content)
    for number, person in enumerate(four, start=1):
        with django_capture_on_commit_callbacks(execute=True):
            signature = sign(contract, person)
        revision = signature.revision
        assert signature.base_sha256 == base.sha256 and revision.sequence == base.sequence + 1
        later = default_storage.open(revision.file.name).read()
        assert later.startswith(content) and marks(later) == first, "PDF/A, PDF/UA and what is seen stay"
        assert (signature.kind, signature.field, signature.name) == ("lokal", NAMES[number - 1], person.display_name)
        assert signature.verdict["trusted"] and len(signature.verdict["signatures"]) == number
        contract.refresh_from_db()
        assert contract.status == ("sebagian" if number < 4 else "aktif")
        base, content = revision, later
    assert contract.signed_at == signature.signed_at
    assert contract.effective_on == timezone.localtime(signature.signed_at).date()
    assert contract.worker.status == "kontrak"
    assert told == [("programs.tasks.check_signatures", contract.pk)]
    assert Entry.objects.filter(verb="Menandatangani secara elektronik").count() == 4


def test_a_signature_renders_nothing_again(contract, four, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("rendered")

    documents = Document.objects.count()
    monkeypatch.setattr(rendering, "press", never)
    monkeypatch.setattr(rendering.Press, "__init__", never)
    sign_all(contract, four)
    assert contract.status == "aktif" and Document.objects.count() == documents


def test_the_wrong_order_is_refused_on_the_server(contract, four):
    before = state(contract)
    for person, sentence in ((four[1], "langkah 1: Kadis Belu"), (four[2], "langkah 1"), (four[3], "langkah 1")):
        with pytest.raises(Blocked, match=sentence):
            sign(contract, person)
    assert state(contract) == before
    sign(contract, four[0])
    with pytest.raises(Blocked, match="langkah 2: Penyuluh"):
        sign(contract, four[2])


def test_of_one_step_anybody_may_begin(contract, four):
    for person in (four[0], four[1], four[3], four[2]):
        sign(contract, person)
    assert Contract.objects.get(pk=contract.pk).status == "aktif"


def test_a_witness_waits_for_the_signature_he_sees(contract, four):
    """Also where steps would let him: a third party of the same step is not whom he witnesses."""
    Signer.objects.filter(contract=contract).update(step=1)
    with pytest.raises(Blocked, match="PIHAK KESATU yang disaksikannya"):
        sign(contract, four[2])
    sign(contract, four[0])
    assert sign(contract, four[2]).signer.witnesses.label == "PIHAK KESATU"


def test_a_witness_of_another_contract_is_refused_by_the_database(contract, cast):
    other = make_frozen(cast, worker=make_worker("Lain"))
    foreign = place(other, cast.kadis_belu)
    witness = place(contract, cast.bupati_belu)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signer.objects.filter(pk=witness.pk).update(witnesses=foreign)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nobody_signs_in_anothers_place(contract, four, cast):
    before = state(contract)
    for person in (four[1], cast.panitia, cast.admin):
        with pytest.raises(Denied, match="sendiri"):
            sign(contract, person, signer=place(contract, four[0]))
    assert state(contract) == before


def test_nobody_signs_twice(contract, four, cast):
    sign(contract, four[0])
    before = state(contract)
    with pytest.raises(Blocked, match="sudah menandatangani"):
        sign(contract, four[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Signer.objects.create(
            contract=contract, kind="pihak", order=3, label="PIHAK KETIGA", step=2,
            position=Position.objects.get(person=four[0]), person=four[0],
        )  # fmt: skip
    # A worker whose account is that of the head: the person did sign already.
    contract.worker.user = None
    contract.worker.save()
    Signer.objects.filter(pk=place(contract, four[0]).pk).update(person=four[0])
    contract.worker.user = four[0]
    contract.worker.save()
    Signer.objects.filter(contract=contract, worker__isnull=False).update(person=None)
    second = contract.signers.get(worker__isnull=False)
    with pytest.raises(Blocked, match="di tempat lain"):
        sign(contract, four[0], signer=second)
    assert state(contract) == before


def test_an_office_that_ended_yesterday_signs_nothing(contract, four, cast):
    held = end_office(four[0])
    held.standing = "plt"
    held.save()
    before = state(contract)
    with pytest.raises(Blocked, match=r"Plt. Kepala Dinas yang dipegang Kadis Belu .* berakhir .*Belum ada peng"):
        sign(contract, four[0])
    Position.objects.create(
        person=cast.stranger, agency=held.agency, role=held.role, title="Kepala Dinas", starts_on=timezone.localdate()
    )
    with pytest.raises(Blocked, match="harus diganti dengan Tanpa Jabatan, Kepala Dinas"):
        sign(contract, four[0])
    assert state(contract) == before


def test_an_office_that_begins_tomorrow_signs_nothing(contract, four):
    Position.objects.filter(person=four[0]).update(starts_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(Blocked, match="baru berlaku sejak"):
        sign(contract, four[0])


def test_a_file_that_changed_in_the_store_is_not_signed(contract, four):
    sign(contract, four[0])
    before = state(contract)
    name = current_file(contract).file.name
    whole = default_storage.open(name).read()
    for spoiled in (whole[:-1] + b" ", paint_over(whole), whole[:1000]):
        _spoil(name, spoiled)
        with pytest.raises(Blocked, match="tidak sama lagi"):
            sign(contract, four[1])
    default_storage.delete(name)
    with pytest.raises(Blocked, match="hilang"):
        sign(contract, four[1])
    _spoil(name, whole)
    assert state(contract) == before and sign(contract, four[1])


def test_stamps_that_changed_in_the_store_are_not_used(contract, four):
    _spoil(contract.revisions.get(sequence=2).stamps.name)
    with pytest.raises(Blocked, match="Tera"):
        sign(contract, four[0])


def test_who_saw_an_older_file_reads_first(contract, four):
    seen = current_file(contract).sha256
    sign(contract, four[0])
    with pytest.raises(StaleVersion, match="Baca lagi"):
        sign(contract, four[1], base_sha256=seen)


def test_not_frozen_cancelled_or_on_paper_cannot_be_signed(contract, four, cast):
    Contract.objects.filter(pk=contract.pk).update(frozen_at=None)
    with pytest.raises(Blocked, match="dibekukan"):
        sign(contract, four[0])
    Contract.objects.filter(pk=contract.pk).update(frozen_at=timezone.now(), route="basah")
    with pytest.raises(Blocked, match="di kertas"):
        sign(contract, four[0])
    Contract.objects.filter(pk=contract.pk).update(route="elektronik")
    contract_actions.cancel_contract(contract, "Batal", by=cast.kabid)
    with pytest.raises(Blocked, match="belum siap"):
        sign(contract, four[0])


def test_a_wrong_passphrase_or_no_certificate_changes_nothing(contract, cast):
    before = state(contract)
    with pytest.raises(SigningError, match="belum mempunyai sertifikat"):
        sign(contract, cast.kadis_belu)
    identity_of(cast.kadis_belu)
    before = state(contract)
    with pytest.raises(SigningError, match="tidak cocok"):
        sign(contract, cast.kadis_belu, passphrase="kuda terbang di bukit biru")
    assert state(contract) == before


def test_cancelled_while_signing_nothing_is_stored(contract, four, cast, monkeypatch):
    before = _files()
    real = actions.signing.sign

    def slow(*args, **values):
        done = real(*args, **values)
        contract_actions.cancel_contract(contract, "Batal", by=cast.kabid)
        return done

    monkeypatch.setattr(actions.signing, "sign", slow)
    with pytest.raises(Blocked, match="belum siap"):
        sign(contract, four[0])
    assert _files() == before and not Signature.objects.exists()


def test_signatures_and_files_stay(contract, four):
    signature = sign(contract, four[0])
    for change in (
        lambda: Signature.objects.filter(pk=signature.pk).update(name="Lain"),
        lambda: Signature.objects.filter(pk=signature.pk).delete(),
        lambda: Revision.objects.filter(pk=signature.revision_id).update(stamps="lain"),
        lambda: Revision.objects.filter(pk=signature.revision_id).update(sha256="0" * 64),
    ):
        with pytest.raises(Exception, match="never changed"), transaction.atomic():
            change()


# -- afterwards -------------------------------------------------------------------------------------------------------


def test_the_last_file_is_analysed_in_full_once(contract, four, monkeypatch):
    assert tasks.check_signatures(contract.pk) == "done"
    sign_all(contract, four)
    told = []
    monkeypatch.setattr(clock, "hint", lambda task, pk: told.append(pk))
    assert clock.sweep_analyses() == 1 and told == [contract.pk]
    assert tasks.check_signatures(contract.pk) == "checked"
    result = RevisionCheck.objects.get()
    assert result.revision == current_file(contract) and result.whole and result.trusted
    assert len(result.verdict["signatures"]) == 4
    assert tasks.check_signatures(contract.pk) == "done" and clock.sweep_analyses() == 0


def test_the_analysis_says_so_when_the_file_changed(contract, four):
    sign_all(contract, four)
    _spoil(current_file(contract).file.name)
    assert tasks.check_signatures(contract.pk) == "checked"
    assert not RevisionCheck.objects.get().whole


def test_an_analysis_that_was_cut_off_is_no_verdict(contract, four, monkeypatch):
    sign_all(contract, four)
    real = checking.check
    monkeypatch.setattr(checking, "check", lambda content, full=False: checking.Verdict() if full else real(content))
    assert tasks.check_signatures(contract.pk) == "unfinished" and not RevisionCheck.objects.exists()


def _spoil(name: str, content: bytes = b"%PDF-1.7\nsomething else\n%%EOF") -> None:
    """Other bytes under that name."""
    from django.core.files.base import ContentFile

    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
