"""The public page of a contract: who signed, without personal data, and what a dropped file is."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.documents import verification
from portal.documents.models import Document
from programs import tasks
from programs.actions import signing as actions
from programs.models import Contract, Revision
from tests.factories_agreements import make_pdf, make_scan
from tests.factories_signing import SIGNERS, make_frozen, people, place, sign, sign_all
from tests.programs.files import photo
from tests.signing import paint_over, plain_paper

pytestmark = pytest.mark.django_db


def ready(contract):
    """Its paper as if a worker had printed it."""
    from django.utils import timezone

    Document.objects.filter(pk=contract.document_id).update(
        title="Kontrak kerja TPL-IKM Kabupaten Belu",
        status="ready", file="x.pdf", sha256="f" * 64, pages=6, size=1, engine="x", finished_at=timezone.now(),
        facts={"title": "x", "heading": ["KONTRAK KERJA"], "numbers": ["1/IKM"], "signatures": [], "status": ""},
    )  # fmt: skip
    contract.document.refresh_from_db()
    return contract


@pytest.fixture
def contract(cast):
    row = make_frozen(cast)
    row.worker.identity_number, row.worker.phone, row.worker.address = "5304010101700001", "0812345678", "Jl. Rahasia 1"
    row.worker.save()
    return ready(row)


@pytest.fixture
def paper(cast):
    return ready(make_frozen(cast, route="basah"))


def address(contract) -> str:
    return f"/v/{contract.document.shown_code}/"


def content(revision: Revision) -> bytes:
    return default_storage.open(revision.file.name).read()


def drop(client, contract, data: bytes):
    """The answer to a dropped file."""
    response = client.post(
        address(contract), {"berkas": SimpleUploadedFile("naskah.pdf", data)}, HTTP_X_REQUESTED_WITH="fetch"
    )
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_who_signed_and_gives_no_personal_data(contract, cast, client_of):
    visitor = client_of()
    page = visitor.get(address(contract)).content.decode()
    assert "0 dari 4 tanda tangan" in page and "belum" in page
    sign_all(contract, people(cast))
    tasks.check_signatures(contract.pk)
    page = visitor.get(address(contract)).content.decode()
    for words in ("4 dari 4 tanda tangan", "Berlaku sejak", "Kadis Belu Contoh", "Bupati Belu", "PIHAK KEDUA",
                  "menyaksikan PIHAK KESATU", "sertifikat portal (tidak tersertifikasi)", "Aktif",
                  "Diperiksa"):  # fmt: skip
        assert words in page, words
    assert page.count("Sah dan utuh") == 4
    for secret in (contract.worker.name, "5304010101700001", "0812345678", "Jl. Rahasia", "3.000.000", "3000000"):
        assert secret not in page, secret
    assert page.count("tersertifikasi") - page.count("idak tersertifikasi") == 0


def test_a_dropped_file_is_named_for_what_it_is(contract, cast, client_of):
    four, visitor = people(cast), client_of()
    assert "Belum ada yang menandatanganinya" in drop(visitor, contract, content(contract.revisions.last()))
    sign_all(contract, four)
    frozen, *states = contract.revisions.filter(sequence__gt=1).order_by("sequence")
    assert "sebelum tanda tangan pertama" in drop(visitor, contract, content(frozen))
    html = drop(visitor, contract, content(states[1]))
    assert "sesudah 2 tanda tangan" in html and "bukan yang terbaru" in html and "tone-warning" in html
    html = drop(visitor, contract, content(states[3]))
    assert "terbaru dengan 4 dari 4" in html and "tone-success" in html
    assert html.count("<li>") == 4 and "Bupati Belu Contoh" in html


def test_a_changed_file_is_found_and_a_foreign_one_too(contract, cast, client_of):
    visitor = client_of()
    sign_all(contract, people(cast))
    latest = content(contract.revisions.last())
    html = drop(visitor, contract, paint_over(latest))
    assert "tone-danger" in html and "diubah sesudah ditandatangani" in html
    one = bytearray(latest)
    one[len(one) // 3] ^= 1
    assert "tone-danger" in drop(visitor, contract, bytes(one))
    assert "tidak memuat tanda tangan" in drop(visitor, contract, make_pdf(2))
    for strange in (bytes(one), b"no pdf at all", photo("PNG")):  # advice for who uploads would be odd here
        html = drop(visitor, contract, strange)
        assert "tone-danger" in html and "bukan salah satu keadaan naskah" in html
        assert "unggah" not in html and "diterima" not in html and "berakhiran" not in html
    assert "tone-danger" in drop(visitor, contract, plain_paper() + b" ")


def test_a_file_of_another_contract_is_not_this_one(contract, cast, client_of):
    from tests.factories_contracts import make_worker

    four = people(cast)
    other = make_frozen(cast, worker=make_worker("Lain"))
    sign(other, four[0])
    html = drop(client_of(), contract, content(other.revisions.last()))
    assert "bukan salah satu keadaan naskah dengan kode ini" in html and "tone-danger" in html


def test_on_paper_the_print_and_the_confirmed_scan_are_known(paper, cast, client_of):
    visitor = client_of()
    assert "diberikan di kertas" in drop(visitor, paper, content(paper.revisions.last()))
    for name in SIGNERS:
        actions.record_wet(place(paper, cast[name]), by=cast.panitia)
    scan = actions.upload_scan(paper, make_scan(make_pdf(6)), by=cast.panitia)
    assert "menunggu dicocokkan" in drop(visitor, paper, content(scan))
    actions.confirm_scan(scan, by=cast.kabid)
    assert "sudah dicocokkan orang kedua" in drop(visitor, paper, content(scan))
    page = visitor.get(address(paper)).content.decode()
    assert page.count("Dicatat panitia") == 4 and "Tanda tangan basah" in page


def test_a_withdrawn_paper_and_a_lost_file_are_said(contract, cast, client_of):
    visitor = client_of()
    default_storage.delete(contract.revisions.last().file.name)
    assert "Berkasnya tidak utuh" in visitor.get(address(contract)).content.decode()
    Contract.objects.filter(pk=contract.pk).update(status="konsep", document=None)
    assert "Ditarik kembali" in visitor.get(address(contract)).content.decode()


STATES = {
    "konsep": ("tone-danger", "Ditarik kembali"),
    "diparaf": ("tone-danger", "Ditarik kembali"),
    "dibatalkan": ("tone-danger", "sudah dibatalkan"),
    "berakhir": ("tone-warning", "sekarang: Berakhir"),
    "diputus": ("tone-warning", "sekarang: Diputus"),
    "aktif": ("tone-success", "Cocok"),
}


@pytest.mark.parametrize("status", STATES)
def test_a_file_is_called_good_only_while_its_contract_is(cast, client_of, status):
    from tests.factories_contracts import make_contract

    row = ready(make_contract(status=status if status in ("aktif", "berakhir", "diputus") else "siap_ttd"))
    if status == "dibatalkan":
        Contract.objects.filter(pk=row.pk).update(status=status, ended_reason="Keliru")
    if status in ("konsep", "diparaf"):
        Contract.objects.filter(pk=row.pk).update(status=status, document=None, frozen_at=None)
    tone, words = STATES[status]
    for html in (
        drop(client_of(), row, content(row.revisions.last())),
        client_of().post(address(row), {"sha256": "f" * 64}, HTTP_X_REQUESTED_WITH="fetch").content.decode(),
    ):
        assert tone in html and words in html


def test_an_old_print_is_withdrawn_while_the_new_one_is_not_frozen(contract, client_of):
    Contract.objects.filter(pk=contract.pk).update(frozen_at=None)
    assert "Ditarik kembali" in drop(client_of(), contract, content(contract.revisions.last()))


def test_a_signature_of_the_year_one_has_an_unknown_time(contract, cast, client_of):
    sign(contract, people(cast)[0])
    latest = content(contract.revisions.last())
    old = re.findall(rb"/M\s*\([^)]*\)", latest)[-1]
    changed = latest.replace(old, b"/M(D:00010101000000+14'00')".ljust(len(old)))
    html = drop(client_of(), contract, changed)
    assert len(changed) == len(latest) and "tone-danger" in html and "waktu tidak diketahui" in html


def test_examining_is_limited_in_number_and_size(contract, client_of, monkeypatch, settings):
    visitor, data = client_of(), make_pdf(1)
    monkeypatch.setattr(verification, "EXAMINED", 2)
    for _try in range(2):
        assert "tone-danger" in drop(visitor, contract, data)
    assert "Terlalu banyak berkas" in drop(visitor, contract, data)
    settings.EXAMINE_LARGEST = 100
    assert "terlalu besar" in drop(visitor, contract, data)


def test_a_hash_alone_is_compared_with_what_is_known(contract, client_of):
    known = contract.revisions.last().sha256
    for sha256, words in ((known, "Belum ada yang menandatanganinya"), ("0" * 64, "bukan salah satu keadaan")):
        response = client_of().post(address(contract), {"sha256": sha256}, HTTP_X_REQUESTED_WITH="fetch")
        assert words in response.content.decode()
