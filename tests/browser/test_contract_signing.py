"""Signing a contract in a browser: electronically with a passphrase, on paper with one click each, the dropped file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from programs.queries.contracts_files import current_file
from tests.factories_agreements import make_pdf
from tests.factories_signing import SIGNERS, make_frozen, people, sign
from tests.programs.test_contract_verification import ready
from tests.programs.test_contracts_together import together
from tests.signing import PASSPHRASE, identity_of, paint_over


def aside(job: Callable[[], object]) -> None:
    """Do it in another thread: pyHanko wants an event loop of its own, and Playwright keeps one in this thread."""
    found = together(job)
    assert not isinstance(found[0], Exception), found


@pytest.fixture
def contract(cast, live_server):
    """An electronic contract of Belu, ready to be signed."""
    return ready(make_frozen(cast))


@pytest.fixture
def paper(cast, live_server):
    """A contract that is signed on paper."""
    return ready(make_frozen(cast, route="basah"))


def test_signing_with_a_passphrase(contract, cast, any_page, be, *, look, complaints):
    page = any_page
    complaints.allow("422")
    be(page, cast.kadis_belu)
    page.goto(f"/kontrak/{contract.pk}/tanda-tangan/")
    expect(page.get_by_text("belum mempunyai sertifikat")).to_be_visible()
    look(page, "contract-signing-1")
    identity_of(cast.kadis_belu)
    page.reload()
    expect(page.get_by_text("sertifikat portal (tidak tersertifikasi)")).to_be_visible()
    look(page, "contract-signing-2")
    page.get_by_label("Frasa sandi tanda tangan").fill("bukan frasa sandinya")
    page.get_by_role("button", name="Tandatangani naskah ini").click()
    expect(page.get_by_text("Frasa sandi tidak cocok")).to_be_visible()
    look(page, "contract-signing-3")
    field = page.get_by_label("Frasa sandi tanda tangan")
    expect(field).to_have_value("")
    field.fill(PASSPHRASE)
    page.get_by_role("button", name="Tandatangani naskah ini").dblclick()
    expect(page.get_by_role("heading", name="Anda sudah menandatangani")).to_be_visible()
    assert contract.signatures.count() == 1
    look(page, "contract-signing-4")


def test_on_paper_each_signature_is_one_click(paper, cast, any_page, be, *, look, tmp_path):
    page = any_page
    be(page, cast.panitia)
    page.goto(f"/kontrak/{paper.pk}/tanda-tangan/")
    look(page, "contract-signing-5")
    page.get_by_role("link", name="Catat dengan waktu lain").click()
    look(page, "contract-signing-6")
    page.get_by_role("link", name="Batal").click()
    for number in range(len(SIGNERS)):
        page.get_by_role("button", name="Sudah ditandatangani").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Lanjutkan").click()
        expect(page.get_by_text(f"{number + 1} dari 4")).to_be_visible()
    expect(page.get_by_role("heading", name="Pindaian bertanda tangan")).to_be_visible()
    look(page, "contract-signing-7")
    page.get_by_role("link", name="Unggah pindaian").click()
    look(page, "contract-signing-8")
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(make_pdf(6))
    page.get_by_label("Berkas PDF hasil pindaian").set_input_files(scan)
    page.get_by_role("button", name="Simpan pindaian").click()
    expect(page.get_by_text("Menunggu dicocokkan")).to_be_visible()
    be(page, cast.kabid)
    page.goto(f"/kontrak/{paper.pk}/tanda-tangan/")
    page.get_by_role("link", name="Bandingkan dengan cetakan").click()
    look(page, "contract-signing-9")
    page.get_by_role("button", name="Cocok dengan cetakan").click()
    page.get_by_role("dialog").get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_text("Pindaian cocok dengan naskah yang dicetak.")).to_be_visible()
    look(page, "contract-signing-10")


def test_a_dropped_file_is_checked_on_the_public_page(contract, cast, any_page, be, *, look, tmp_path):
    page = any_page
    aside(lambda: sign(contract, people(cast)[0]))
    be(page, None)
    page.goto(f"/v/{contract.document.shown_code}/")
    expect(page.get_by_text("Sah dan utuh")).to_be_visible()
    look(page, "contract-signing-11")
    whole = default_storage.open(current_file(contract).file.name).read()
    for data, words in ((whole, "terbaru dengan 1 dari 4"), (paint_over(whole), "diubah sesudah ditandatangani")):
        file = tmp_path / "naskah.pdf"
        file.write_bytes(data)
        page.locator("#berkas").set_input_files(file)
        page.get_by_role("button", name="Bandingkan").click()
        expect(page.locator("#putusan")).to_contain_text(words)
    look(page, "contract-signing-12")
