"""A surat undangan as its people click it: draft, example, paraf, numbers, sending, a replacement, all at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page, expect

from portal.documents.models import Bundle
from portal.documents.tasks import pack_bundle, render_document
from rakor.models import Invitation, Letter
from regencies.models import LetterNumber
from tests.browser.conftest import until
from tests.browser.letter_steps import APPROVE, INITIAL, SEND, print_papers, take_step, write_invitation
from tests.factories_letter_moves import make_province_head, moved_letter
from tests.factories_letters import make_invitation

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "Kepala Dinas Perindustrian dan Perdagangan Kabupaten Belu", "Plt. Kepala Dinas Perindustrian Kabupaten Belu"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is the test: it prints when the page has shown that it waits."""
    for task in (render_document, pack_bundle):
        monkeypatch.setattr(task, "apply_async", lambda *args, **options: None)


@pytest.fixture
def play(be: Callable, cast: Any, any_page: Page) -> Callable[[str, str], Page]:
    """`play("kabid", "/")`: the window is that person's, at that address."""

    def enter(name: str, address: str) -> Page:
        be(any_page, cast[name])
        any_page.goto(address)
        return any_page

    return enter


def test_a_letter_from_the_draft_to_the_last_recipient(
    play: Callable[[str, str], Page], look: Callable, published_meeting: Any
) -> None:
    slug = published_meeting.slug
    letter = _drafted(play, look, slug)
    _approved(play, look, letter)
    _sent(play, look, letter)
    old = _replaced(play, look, letter)
    _withdrawn_is_told(play, look, old)
    _all_at_once(play, look, letter)


def _drafted(play: Callable[[str, str], Page], look: Callable, slug: str) -> Letter:
    page = play("panitia", f"/rakor/{slug}/penerima/")
    look(page, "penerima-kosong")
    page.get_by_role("link", name="Tambah penerima").click()
    page.get_by_label("Golongan").select_option("kadis_kab")
    page.get_by_label("Kabupaten/kota", exact=True).select_option(label="Kabupaten Belu")
    page.get_by_label("Yang terhormat").fill(OLD)
    page.get_by_label("di", exact=True).fill("Atambua")
    look(page, "penerima-baru")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator("#penerima")).to_contain_text(OLD)
    meeting = Invitation.objects.get().meeting
    for code in ("53.08", "53.10"):
        make_invitation(meeting, code, order=int(code[-2:]))
    page.goto(f"/rakor/{slug}/surat/")
    look(page, "surat-kosong")
    letter = write_invitation(page, slug, "kadis_kab")
    look(page, "konsep")
    page.get_by_role("link", name="Lihat contoh").click()
    expect(page.locator(".letter-sheet")).to_contain_text("Dinas Perindustrian dan Perdagangan Kabupaten Belu")
    look(page, "contoh")
    page.get_by_role("link", name="Berikutnya").click()
    expect(page.locator(".letter-sheet")).to_contain_text("Kabupaten Ende")
    page.goto(f"{letter.get_absolute_url()}ubah/")
    look(page, "ubah")
    return letter


def _approved(play: Callable[[str, str], Page], look: Callable, letter: Letter) -> None:
    page = play("kabid", "/")
    page.get_by_role("link", name="Periksa dan paraf").first.click()
    take_step(page, INITIAL, lambda page: look(page, "paraf"))
    page = play("kadis_prov", "/")
    page.get_by_role("link", name="Setujui surat").first.click()
    look(page, "diparaf")
    take_step(page, APPROVE, lambda page: look(page, "setujui"))
    expect(page.locator("#kemajuan-surat")).to_contain_text("0 dari 3 PDF siap")
    look(page, "kemajuan")
    print_papers(letter, 1)
    expect(page.locator("#kemajuan-surat")).to_contain_text("1 dari 3 PDF siap")
    print_papers(letter)
    expect(page.locator("#kemajuan-surat")).to_contain_text("3 dari 3 PDF siap")
    numbers = list(LetterNumber.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == [1, 2, 3]


def _sent(play: Callable[[str, str], Page], look: Callable, letter: Letter) -> None:
    page = play("panitia", "/")
    page.get_by_role("link", name="Kirim surat").first.click()
    take_step(page, SEND, lambda page: look(page, "kirim"))
    look(page, "terkirim")
    page.get_by_role("link", name="Lihat semua").click()
    expect(page.locator("#lembar tbody tr")).to_have_count(3)
    look(page, "lembar")
    page.get_by_role("link", name=OLD, exact=True).click()
    expect(page.locator("main")).to_contain_text("Bagikan lewat WhatsApp")
    look(page, "satu-lembar")


def _replaced(play: Callable[[str, str], Page], look: Callable, letter: Letter) -> Invitation:
    old = Invitation.objects.get(addressee=OLD)
    number = old.copies.get().number
    page = play("panitia", f"/rakor/{letter.meeting.slug}/penerima/")
    look(page, "penerima")
    row = page.locator("#penerima tbody tr", has_text=OLD)
    row.locator("summary").click()
    row.get_by_role("link", name="Ganti penerima").click()
    expect(page.locator(".notice", has_text=number.text)).to_contain_text("menjadi nomor batal")
    page.get_by_label("Yang terhormat").fill(NEW)
    page.get_by_label("Alasan penggantian").fill("Pejabat berganti")
    look(page, "ganti")
    page.get_by_role("button", name="Ganti penerima").click()
    expect(page.locator("#penerima")).to_contain_text(NEW)
    number.refresh_from_db()
    assert number.voided_at and number.void_reason == "Pejabat berganti"
    page.goto(f"{letter.get_absolute_url()}lembar/")
    expect(page.locator("#lembar tr", has_text=OLD)).to_contain_text("Ditarik")
    expect(page.locator("#lembar tr", has_text=NEW)).to_contain_text("500.9/4/")
    look(page, "lembar-ditarik")
    page.get_by_role("link", name=OLD, exact=True).click()
    expect(page.locator("main")).to_contain_text("Surat ini sudah ditarik")
    look(page, "satu-lembar-ditarik")
    return old


def _withdrawn_is_told(play: Callable[[str, str], Page], look: Callable, old: Invitation) -> None:
    page = play("operator_belu", old.get_absolute_url())
    expect(page.get_by_role("heading", name="Undangan ini sudah ditarik")).to_be_visible()
    look(page, "ditarik")
    page.get_by_role("link", name="Buka undangan penggantinya").click()
    expect(page.locator("main")).to_contain_text(NEW)


def _all_at_once(play: Callable[[str, str], Page], look: Callable, letter: Letter) -> None:
    print_papers(letter)
    numbers = sorted(copy.number.sequence for copy in letter.copies.standing().select_related("number"))
    assert numbers == [2, 3, 4]
    address = f"{letter.get_absolute_url()}lembar/"
    packed = zipfile.ZipFile(io.BytesIO(_bundle(play("panitia", address), look, "Semua PDF (ZIP)", "ZIP")))
    assert sorted(packed.namelist())[0].startswith("002 ") and f"004 {NEW}.pdf" in packed.namelist()
    assert not any(OLD in name for name in packed.namelist())
    book = pypdf.PdfReader(io.BytesIO(_bundle(play("panitia", address), look, "Satu PDF untuk dicetak", "PDF")))
    assert sum("Yth." in sheet.extract_text() for sheet in book.pages) >= 3


def _bundle(page: Page, look: Callable, label: str, form: str) -> bytes:
    """The file that the button gives, once the worker has packed it."""
    page.get_by_role("button", name=label).click()
    page.wait_for_url("**/paket/**")
    assert pack_bundle(Bundle.objects.latest("pk").pk) == "ready"
    button = page.get_by_role("link", name=f"Unduh {form}")
    expect(button).to_be_visible()
    look(page, f"kumpulan-{form.lower()}")
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def test_a_letter_opened_from_the_list_of_papers_is_noted(
    be: Callable, cast: Any, look: Callable, page_360: Page, published_meeting: Any
) -> None:
    letter = moved_letter(cast, "terkirim", meeting=published_meeting)
    print_papers(letter)
    copy = letter.copies.get(invitation__regency__code="53.04")
    be(page_360, cast.operator_belu)
    page_360.goto("/dokumen/")
    page_360.locator("main").get_by_role("link", name="Undangan").first.click()
    until(page_360, lambda: letter.copies.filter(read_by=cast.operator_belu).exists())
    look(page_360, "dokumen")
    with page_360.expect_download() as waiting:
        page_360.get_by_role("button", name="Unduh PDF").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    copy.refresh_from_db()
    assert copy.read_at


def test_the_secretary_s_letters_have_a_register_of_their_own(
    play: Callable[[str, str], Page], look: Callable, published_meeting: Any
) -> None:
    signer = make_province_head()
    make_invitation(published_meeting, "53.04", "kepala_daerah", addressee="Bupati Belu")
    address = f"/rakor/{published_meeting.slug}/surat/baru/?untuk=kepala_daerah"
    page = play("panitia", address)
    expect(page.get_by_text("belum mempunyai register nomor di portal")).to_be_visible()
    look(page, "register-kantor-lain")
    page = play("kabid", "/register/baru/")
    page.get_by_label("Kantor", exact=False).first.select_option(label=signer.agency.name)
    page.get_by_label("Kunci", exact=False).fill("surat-setda")
    page.get_by_label("Nama register").fill("Surat keluar Setda")
    page.get_by_label("Pola nomor").fill("{nomor}/SETDA/{tahun}")
    look(page, "register-setda")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.goto("/register/")
    expect(page.locator("main")).to_contain_text(signer.agency.name)
    look(page, "register-semua")
    page = play("panitia", address)
    chosen = page.get_by_label("Register nomor").locator("option:checked")
    expect(chosen).to_have_text(f"Surat keluar Setda – {signer.agency.name}")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator("main")).to_contain_text("1/SETDA/")
    look(page, "surat-sekda")
