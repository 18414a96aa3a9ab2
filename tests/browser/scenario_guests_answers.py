"""Step 5 of the guests' scenario: offices answer from a phone, the silent are reminded, the map gets its colours."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from portal.outbox.models import Message
from rakor.actions.scenario import Team, teams
from rakor.facts.notices import REMINDER
from rakor.models import Invitation, LetterCopy, Registration
from tests.browser.conftest import until
from tests.browser.invited_steps import file_of, photo
from tests.browser.scenario_guests_world import ROOT, TILES, Stage

BELU, ENDE = "53.04", "53.08"
LATE = ("53.01", "53.71")
"""They answer only after a reminder."""

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')


def team_of(code: str) -> Team:
    """Who acts for that regency."""
    return next(team for team in teams() if team.regency.code == code)


def others() -> list[str]:
    """The codes of the 18 who answer in time by the plain forms."""
    return [team.regency.code for team in teams() if team.regency.code not in (BELU, ENDE, *LATE)]


def invitation_of(code: str) -> Invitation:
    """What the head of office of that regency got."""
    return Invitation.objects.active().get(group=Invitation.Group.HEAD_OF_OFFICE, regency__code=code)


def answer_by_phone(stage: Stage) -> None:
    """Belu: the letter read, two delegates, the surat tugas photographed; everything by screen."""
    row = invitation_of(BELU)
    page = stage.at_phone("operator-blu", "/")
    page.get_by_role("link", name="Jawab undangan Rakor Atambua 2019").click()
    until(page, lambda: LetterCopy.objects.filter(invitation=row, read_by=team_of(BELU).operator).exists())
    stage.look(page, "undangan")
    with page.expect_response("**/dokumen/**") as opened:
        page.get_by_role("button", name="Buka surat (PDF)").click()
    assert opened.value.ok
    page.goto(row.get_absolute_url())
    page.get_by_role("button", name="Hadir", exact=True).click()
    name_delegates(page, "Belu")
    hand_in(page)
    expect(page.get_by_text("sudah dijawab lengkap")).to_be_visible()
    stage.look(page, "undangan-lengkap")


def change_the_answer(stage: Stage) -> None:
    """Ende declines with a reason; a week later it comes after all."""
    page = stage.at_phone("operator-end", invitation_of(ENDE).get_absolute_url())
    page.get_by_role("link", name="Tidak hadir").click()
    page.get_by_label("Alasan tidak hadir").fill("Bertepatan dengan kunjungan DPRD.")
    stage.look(page, "tidak-hadir")
    page.get_by_role("button", name="Ya, tidak hadir").click()
    expect(page.get_by_text("Jawaban tersimpan: tidak hadir.")).to_be_visible()
    assert invitation_of(ENDE).answer == "menolak"
    page.get_by_role("button", name="Hadir", exact=True).click()
    name_delegates(page, "Ende")
    hand_in(page)
    assert invitation_of(ENDE).answer == "hadir"


def name_delegates(page: Page, office: str) -> None:
    """Two of them, typed."""
    for number in (1, 2):
        page.get_by_role("link", name="Tambah utusan").click()
        page.get_by_label("Nama lengkap dengan gelar").fill(f"Utusan {number} Contoh {office}")
        page.get_by_label("Jabatan", exact=True).fill("Kepala Bidang Perindustrian")
        page.get_by_label("Nomor HP/WhatsApp").fill(f"08120000000{number}")
        page.get_by_role("button", name="Simpan").click()
        expect(page.get_by_text("terdaftar sebagai utusan")).to_be_visible()


def hand_in(page: Page) -> None:
    """The surat tugas as a photo."""
    page.locator("#surat-tugas").get_by_role("link", name="Unggah surat tugas").click()
    page.get_by_label("Nomor surat tugas").fill("094/1/2019")
    page.get_by_label("Tanggal surat tugas").fill("2019-03-18")
    page.get_by_label("Foto atau pindaian").set_input_files(file_of("tugas.jpg", photo()))
    page.get_by_role("button", name="Simpan surat tugas").click()
    expect(page.get_by_text("Surat tugas tersimpan.")).to_be_visible()


def answer_by_forms(stage: Stage, *codes: str) -> None:
    """The same forms, sent by HTTP from the operator's session, for each of these regencies."""
    for code in codes:
        team, row = team_of(code), invitation_of(code)
        page, place = stage.phone, row.get_absolute_url()
        stage.be(page, team.operator)
        send(page, f"{place}hadir/", {})
        for number in (1, 2):
            name = f"Utusan {number} Contoh {team.regency.name}"
            phone = f"0812 0000 {code.replace('.', '')}{number}"
            send(page, f"{place}utusan/tambah/", {"name": name, "title": "Penyuluh Perindustrian", "phone": phone})
        paper = {"number": f"094/{code}/2019", "on": "2019-03-20", "file": file_of("tugas.jpg", photo(int(code[3:])))}
        send(page, f"{place}surat-tugas/", paper)


def send(page: Page, path: str, values: dict[str, Any], *, shown_at: str = "") -> None:
    """The form of that address (shown there, or on another page) with its hidden fields and these values.

    It is sent with the cookies of the page, as its browser would.
    """
    asked = page.request.get(shown_at or path)
    assert asked.ok, asked.status
    main = asked.text().split("<main", 1)[1]
    answer = page.request.post(path, multipart={**dict(HIDDEN.findall(main)), **values})
    assert answer.ok and answer.url != asked.url, f"{answer.status} {answer.text()[:3000]}"


def remind_the_silent(stage: Stage) -> None:
    """The page of reminders names those who have not answered, and reaches nobody else."""
    silent = Invitation.objects.active().filter(answer=Invitation.Answer.NONE)
    assert set(silent.filter(group="kadis_kab").values_list("regency__code", flat=True)) == set(LATE)
    page = stage.at_desk("panitia", f"{ROOT}undangan/")
    expect(page.locator(f"{TILES}.tone-success")).to_have_count(20)
    page.goto(f"{ROOT}pengingat/")
    expect(page.locator("#diam")).to_have_text("Belum menjawab: 38 dari 58")
    named = page.locator("section[aria-labelledby=diam] li").all_inner_texts()
    assert sorted(named) == sorted(silent.values_list("addressee", flat=True))
    stage.look(page, "pengingat")
    page.get_by_role("button", name="Ingatkan sekarang").click()
    page.get_by_role("dialog").get_by_role("button", name="Ingatkan").click()
    expect(page.get_by_text("38 penerima diingatkan.")).to_be_visible()
    reminded = [row.name for row in Message.objects.all() if any(part["key"] == REMINDER for part in row.parts)]
    assert sorted(reminded) == sorted(silent.values_list("addressee", flat=True))


def all_coloured(stage: Stage) -> None:
    """22 of 22: every tile says that the office comes with two delegates and its paper."""
    page = stage.at_desk("panitia", f"{ROOT}undangan/")
    tiles = page.locator(f"{TILES}.tone-success")
    expect(tiles).to_have_count(22)
    expect(page.locator(".stats")).to_contain_text("22 lengkap dengan utusan dan surat tugas")
    titles = tiles.evaluate_all("all => all.map(each => each.title)")
    assert all(title.endswith("Hadir dan lengkap: 2 dari 2 utusan") for title in titles), titles
    stage.look(page, "peta")
    offices = Invitation.objects.active().filter(group="kadis_kab")
    assert offices.filter(answer="hadir").exclude(assignment_file="").count() == 22
    assert Registration.objects.active().count() == 44
