"""Signing under several hands at once, and with a service that has a bad day: real threads, a real small server."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, StaleVersion
from portal.signing import actions as signing
from portal.signing import checking
from portal.signing.errors import SigningError
from programs import tasks
from programs.actions import signing as actions
from programs.actions import signing_paper
from programs.models import Contract, Revision, Signature
from programs.queries.contracts_files import current_file
from tests import factories
from tests.cast import Cast, build_cast
from tests.factories_agreements import make_pdf, make_scan
from tests.factories_contracts import make_worker
from tests.factories_signing import make_frozen, people, place, sign
from tests.portal.esign_client import NIK, PASSPHRASE, PASSWORD, USER, esign_client
from tests.programs.test_contracts_together import together
from tests.signing import identity_of, places, plain_paper, prepare


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that other connections see."""
    factories.ensure_initial_data()
    return build_cast()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue."""
    monkeypatch.setattr(tasks, "hint", lambda task, pk: None)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Signing that begins, and waits until it is told to go on."""
    go, real = threading.Event(), signing.sign

    def waiting(*args: Any, **values: Any) -> Any:
        go.wait(20)
        return real(*args, **values)

    monkeypatch.setattr(actions.signing, "sign", waiting)
    return go


def test_two_at_the_same_instant_one_wins_the_other_gets_a_sentence(cast: Cast, slow: threading.Event) -> None:
    four = people(cast)
    contract = make_frozen(cast)
    slow.set()
    sign(contract, four[0])
    sign(contract, four[1])
    slow.clear()
    before = current_file(contract)
    threading.Timer(1.5, slow.set).start()
    results = together(*(lambda person=person: sign(contract, person) for person in (four[2], four[3])))
    winners = [result for result in results if isinstance(result, Signature)]
    losers = [result for result in results if isinstance(result, Blocked | StaleVersion)]
    assert len(winners) == 1 and len(losers) == 1 and "sedang ditandatangani" in str(losers[0]), results
    assert Revision.objects.filter(sequence__gt=before.sequence).count() == 1
    loser = four[3] if winners[0].recorded_by == four[2] else four[2]
    sign(contract, loser)
    contract.refresh_from_db()
    assert contract.status == "aktif"
    verdict = checking.check(current_file(contract).file.read())
    assert verdict.trusted and len(verdict.signatures) == 4


def test_a_double_click_is_one_signature(cast: Cast) -> None:
    identity_of(cast.kadis_belu)
    contract = make_frozen(cast)
    results = together(*[lambda: sign(contract, cast.kadis_belu)] * 4)
    assert sorted(type(result).__name__ for result in results)[-1] == "Signature", results
    assert Signature.objects.count() == 1 and Revision.objects.filter(kind="ttd").count() == 1
    assert all(isinstance(result, Signature | Blocked | StaleVersion) for result in results)


def test_wet_signatures_at_the_same_instant_are_all_counted(cast: Cast) -> None:
    contract = make_frozen(cast, route="basah")
    for name in ("kadis_belu", "tpl_belu"):
        actions.record_wet(place(contract, cast[name]), by=cast.panitia)
    results = together(
        *(
            lambda name=name, by=by: actions.record_wet(place(contract, cast[name]), by=by)
            for name in ("bupati_belu", "kadis_prov")
            for by in (cast.panitia, cast.kabid)
        )
    )
    assert sum(isinstance(result, Signature) for result in results) == 2, results
    contract.refresh_from_db()
    assert contract.status == "aktif" and Entry.objects.filter(verb="Tanda tangan terakhir").count() == 1


def _signed_on_paper(cast: Cast, account: str = "tpl_belu") -> Any:
    """A contract of the worker with this account, signed by all."""
    contract = make_frozen(cast, route="basah", worker=make_worker(f"Penyuluh {account}", user=cast[account]))
    for name in ("kadis_belu", account, "bupati_belu", "kadis_prov"):
        actions.record_wet(place(contract, cast[name]), by=cast.panitia)
    return contract


def test_two_who_compare_one_scan_at_once(cast: Cast) -> None:
    revision = actions.upload_scan(_signed_on_paper(cast), make_scan(make_pdf(6)), by=cast.panitia)
    results = together(*(lambda by=by: actions.confirm_scan(revision, by=by) for by in (cast.kabid, cast.kadis_prov)))
    won, lost = sorted(results, key=lambda result: isinstance(result, Blocked))
    assert won.confirmed_by in (cast.kabid, cast.kadis_prov) and "sudah dicocokkan" in str(lost)
    assert Entry.objects.filter(verb="Mencocokkan pindaian").count() == 1


def test_one_file_compared_at_once_with_two_papers_is_the_scan_of_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_pdf(6)
    contracts = [_signed_on_paper(cast, account) for account in ("tpl_belu", "stranger")]
    scans = [actions.upload_scan(contract, make_scan(file), by=cast.panitia) for contract in contracts]
    gate, real = threading.Barrier(2, timeout=1.5), signing_paper._ensure_of_no_other

    def slowly(*args: Any) -> None:
        real(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait()

    monkeypatch.setattr(signing_paper, "_ensure_of_no_other", slowly)
    results = together(*(lambda scan=scan: actions.confirm_scan(scan, by=cast.kabid) for scan in scans))
    won, lost = sorted(results, key=lambda result: isinstance(result, Blocked))
    assert isinstance(won, Revision) and "naskah lain" in str(lost), results
    assert Revision.objects.filter(kind="pindaian", confirmed_by__isnull=False).count() == 1


def test_two_workers_freeze_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make_frozen(cast)
    Contract.objects.filter(pk=contract.pk).update(frozen_at=None)
    made = tasks.Frozen("kontrak/x.pdf", "0" * 64, 1)
    gate = threading.Barrier(2, timeout=2)

    def slowly(_contract: Any) -> tasks.Frozen:
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait()
        return made

    monkeypatch.setattr(tasks, "_made", slowly)
    Contract.objects.filter(pk=contract.pk).update(document=_ready(contract))
    results = together(*[lambda: tasks.freeze_contract(contract.pk)] * 2)
    assert sorted(results) == ["busy", "frozen"]
    assert Revision.objects.filter(sha256="0" * 64).count() == 1


def _ready(contract: Any) -> Any:
    from django.utils import timezone

    from portal.documents.models import Document

    Document.objects.filter(pk=contract.document_id).update(
        status="ready", file="x.pdf", sha256="0" * 64, pages=1, size=1, engine="x", finished_at=timezone.now()
    )
    return contract.document


# -- the government's service ------------------------------------------------------------------------------------------


@pytest.fixture
def service(settings: Any, tmp_path: Any):
    """The small server in the place of BSrE."""
    with esign_client() as server:
        (tmp_path / "roots.pem").write_bytes(server.authority.root_pem)
        settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD = server.url, USER, PASSWORD
        settings.BSRE_ROOTS = str(tmp_path / "roots.pem")
        settings.BSRE_CONNECT_SECONDS, settings.BSRE_SECONDS = 1, 2
        yield server


@pytest.fixture
def head(cast: Cast, service: Any) -> Any:
    """The head of Belu's office signs with BSrE."""
    signing.use_bsre(cast.kadis_belu, NIK, by=cast.kadis_belu)
    service.holder = cast.kadis_belu.full_name
    return cast.kadis_belu


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("hang", "tidak menjawab dalam 2 detik"), ("error500", "sedang bermasalah"), ("cut", "tidak dapat dihubungi"),
        ("other", "bukan naskah yang dikirim"), ("painted", "bukan naskah yang dikirim"), ("html", "bukan berkas PDF"),
        ("somebody", "atas nama “Orang Lain Contoh”"),
    ],
)  # fmt: skip
def test_a_bad_day_of_the_service_leaves_the_contract_as_it_was(
    cast: Cast, head: Any, service: Any, day: str, sentence: str
) -> None:
    contract = make_frozen(cast)
    service.mode, service.other_file = day, prepare(plain_paper(), places()[:2])
    journal, files = Entry.objects.count(), list(contract.revisions.values_list("sha256", flat=True))
    with pytest.raises(SigningError, match=sentence):
        sign(contract, head, passphrase=PASSPHRASE)
    contract.refresh_from_db()
    assert contract.status == "siap_ttd" and not Signature.objects.exists() and Entry.objects.count() == journal
    assert list(contract.revisions.values_list("sha256", flat=True)) == files
    service.mode = "fine"
    signature = sign(contract, head, passphrase=PASSPHRASE)
    assert signature.kind == "bsre" and "tersertifikasi" in signature.get_kind_display()
    identity_of(cast.tpl_belu)
    second = sign(contract, cast.tpl_belu)
    assert second.verdict["trusted"] and [one["kind"] for one in second.verdict["signatures"]] == ["bsre", "lokal"]


def test_the_contract_is_free_while_a_service_hangs(cast: Cast, head: Any, service: Any, settings: Any) -> None:
    """No row is locked: the committee can cancel the paper meanwhile, and then nothing is stored."""
    from programs.actions.contracts import cancel_contract

    contract = make_frozen(cast)
    service.mode, service.hang, settings.BSRE_SECONDS = "hang", 8.0, 3
    begun = threading.Event()
    threading.Timer(0.5, begun.set).start()

    def cancel() -> Contract:
        begun.wait(5)
        return cancel_contract(contract, "Batal", by=cast.kabid)

    results = together(lambda: sign(contract, head, passphrase=PASSPHRASE), cancel)
    assert isinstance(results[0], SigningError) and isinstance(results[1], Contract), results
    assert not Signature.objects.exists()
