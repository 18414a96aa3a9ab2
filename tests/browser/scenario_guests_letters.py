"""Step 4 of the guests' scenario: who is invited, three letters by merge, 58 papers, everything in one file."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pypdf
import yaml
from playwright.sync_api import Page, expect

from portal.outbox.models import Message
from rakor.actions.scenario_guests import GUESTS_FILE
from rakor.models import Invitation, Letter, LetterCopy
from regencies.models import LetterNumber
from tests.browser.letter_steps import APPROVE, INITIAL, SEND, take_step, write_invitation
from tests.browser.scenario_guests_office import in_order
from tests.browser.scenario_guests_world import PATIENCE, ROOT, SLUG, Stage, printed

COUNTS = {"kadis_kab": 22, "kepala_daerah": 22, "instansi": 14}
SIGNERS = {
    "kadis_kab": ("kadis_prov", "", "KEPALA DINAS"),
    "kepala_daerah": ("pimpinan", "Gubernur Nusa Tenggara Timur", "SEKRETARIS DAERAH"),
    "instansi": ("kadis_prov", "", "KEPALA DINAS"),
}
BLOCK = (
    "hari, tanggal", "Rabu–Jumat, 24–26 April 2019", "waktu", "pukul 07.30 WITA", "tempat", "Hotel Matahari, Atambua",
    "acara", "Tembusan",
)  # fmt: skip


def list_recipients(stage: Stage) -> None:
    """22 heads of office and 22 heads of region by a button each, 14 other agencies pasted from Excel."""
    page = stage.at_desk("panitia", f"{ROOT}penerima/")
    for group in ("kadis_kab", "kepala_daerah"):
        page.locator(f"main button[name=group][value={group}]").click()
        expect(page.get_by_text("22 penerima ditambahkan.")).to_be_visible()
    agencies = yaml.safe_load(GUESTS_FILE.read_text(encoding="utf-8"))["agencies"]
    page.get_by_role("link", name="Tempel daftar").click()
    page.get_by_label("Baris dari Excel").fill("\n".join(f"{name}\t{place}\t\t\t2" for name, place in agencies))
    stage.look(page, "tempel")
    page.get_by_role("button", name="Simpan semua baris").click()
    expect(page.get_by_text("14 penerima ditambahkan.")).to_be_visible()
    page.goto(f"{ROOT}penerima/")
    expect(page.locator("#penerima .toolbar-count")).to_have_text("58 penerima")
    stage.look(page, "penerima")


def write_letters(stage: Stage) -> None:
    """A letter to each group as the form offers it, looked at as two recipients will get it."""
    page = stage.at_desk("panitia", f"{ROOT}surat/")
    for group, count in COUNTS.items():
        letter = write_invitation(page, SLUG, group)
        page.get_by_role("link", name="Lihat contoh").click()
        expect(page.locator("main nav summary")).to_contain_text(f"{count} penerima")
        sheet = page.locator(".letter-sheet")
        first = sheet.inner_text()
        page.get_by_role("link", name="Berikutnya").click()
        expect(sheet).not_to_have_text(first)
        signer, behalf, office = SIGNERS[group]
        assert (letter.signer.role, letter.on_behalf) == (signer, behalf)
        assert letter.register.agency == letter.signer.agency
        expect(sheet.locator(".letter-signature").first).to_contain_text(re.compile(office, re.IGNORECASE))
    stage.look(page, "contoh")


def send_letters(stage: Stage) -> None:
    """Initialled, approved with 58 numbers of two registers, printed by the worker while the page counts, sent."""
    letters = list(Letter.objects.filter(kind=Letter.Kind.INVITATION).order_by("pk"))
    assert [letter.group for letter in letters] == list(COUNTS)
    for letter in letters:
        take_step(stage.at_desk("kabid", letter.get_absolute_url()), INITIAL)
    for letter in letters:
        take_step(stage.at_desk("kadis-prov", letter.get_absolute_url()), APPROVE)
    for letter in letters:
        page = stage.at_desk("panitia", letter.get_absolute_url())
        n = COUNTS[letter.group]
        expect(page.locator("#kemajuan-surat")).to_contain_text(f"{n} dari {n} PDF siap", timeout=PATIENCE * 1000)
        take_step(page, SEND)
    stage.look(page, "terkirim")
    let_go(stage)
    for of_sekda, count in ((False, 22 + 14), (True, 22)):  # each office counts its own letters
        numbers = LetterNumber.objects.filter(register__key="surat-keluar", year=2019)
        numbers = numbers.exclude(register__agency__is_lead=of_sekda).order_by("sequence")
        assert list(numbers.values_list("sequence", flat=True)) == list(range(1, count + 1))


def let_go(stage: Stage) -> None:
    """One message per recipient waits in the outbox until somebody has looked and lets all go."""
    page = stage.at_desk("panitia", "/pesan/")
    page.get_by_role("button", name="Lepas semua yang menunggu (58)").click()
    page.get_by_role("dialog").get_by_role("button", name="Lepas").click()
    expect(page.get_by_text("58 pesan dilepas.")).to_be_visible()
    assert Message.objects.values("recipient_key").distinct().count() == Message.objects.count() == 58


def read_papers(stage: Stage) -> None:
    """What the 58 papers say: each its own number and addressee, the right signer, the block, tembusan."""
    copies = list(LetterCopy.objects.filter(letter__group__gt="").select_related("letter", "number", "document"))
    assert {group: sum(copy.letter.group == group for copy in copies) for group in COUNTS} == COUNTS
    assert len({copy.number.text for copy in copies}) == len({copy.document_id for copy in copies}) == 58
    texts = printed(stage.desk, *(copy.document for copy in copies), pages=1)
    for copy, text in zip(copies, texts, strict=True):
        assert copy.number.text in text.replace(" ", "") and copy.addressee in text, text[:1500]
        in_order(text, BLOCK)
        _role, behalf, office = SIGNERS[copy.letter.group]
        letter = text[: text.index("Tembusan")]
        assert office in letter.upper()
        assert (f"a.n. {behalf or 'Gubernur'}" in letter) is bool(behalf), letter


def take_all(stage: Stage) -> None:
    """All papers of each letter as one ZIP, those of the heads of office also as one PDF for the printer."""
    names: list[str] = []
    for letter in Letter.objects.filter(kind=Letter.Kind.INVITATION):
        page = stage.at_desk("panitia", letter.get_absolute_url())
        page.get_by_role("button", name="Semua PDF (ZIP)").click()
        names += zipfile.ZipFile(io.BytesIO(_file(page, "Unduh ZIP"))).namelist()
    assert len(names) == len(set(names)) == 58 and sorted(name[:3] for name in names)[-1] == "036"
    page = stage.at_desk("panitia", Letter.objects.get(group="kadis_kab").get_absolute_url())
    page.get_by_role("button", name="Satu PDF untuk dicetak").click()
    pages = len(pypdf.PdfReader(io.BytesIO(_file(page, "Unduh PDF"))).pages)
    parts = LetterCopy.objects.filter(letter__group="kadis_kab").values_list("document__pages", flat=True)
    assert pages >= sum(parts) >= 44
    stage.look(page, "satu-pdf")


def _file(page: Page, label: str) -> bytes:
    """What the page of a bundle offers when the worker is done; until then it shows how far it is."""
    expect(page.locator("#kemajuan")).to_be_visible()
    link = page.get_by_role("link", name=label)
    expect(link).to_be_visible(timeout=PATIENCE * 1000)
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def assert_all_invited() -> None:
    """58 invitations, all told, none answered."""
    rows = Invitation.objects.filter(meeting__slug=SLUG)
    assert rows.count() == 58 and set(rows.values_list("answer", flat=True)) == {"belum"}
