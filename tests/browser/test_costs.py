"""The RAB in a real browser: totals as one types, rows from Excel, a lost link, two people, a phone."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from programs.actions.lines import save_line
from programs.actions.shares import set_shares
from programs.models import CostLine, Proposal
from tests.factories_programs import make_proposal

CASES = json.loads((settings.BASE_DIR / "tests" / "data" / "quantities.json").read_text())
EXCEL = "\n".join(f"Honor {n}\t{n} orang x 3 hari\tOJ\t1.250.000\tAPBD II" for n in range(1, 13))


@pytest.fixture
def proposal(cast) -> Proposal:
    """A draft of Belu without lines."""
    return make_proposal(lines=0)


@pytest.fixture
def write(be, cast, proposal):
    """`write(page)`: the operator's RAB, ready."""

    def enter(page: Page) -> Page:
        be(page, cast.operator_belu)
        page.goto(f"/usulan/{proposal.pk}/rincian/")
        expect(page.locator("[data-costs].is-live")).to_be_attached()
        return page

    return enter


def field(page: Page, row: int, name: str):
    return page.locator("[data-rows=line] > [data-row]").nth(row).locator(f"[name={name}]")


def total(page: Page):
    return page.locator("[data-slot=total-all]")


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const pasted = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(pasted);
        }""",
        text,
    )


def fill(page: Page, row: int, **values: str) -> None:
    for name, value in values.items():
        if name == "source":
            field(page, row, name).select_option(value)
        else:
            field(page, row, name).fill(value)


def test_the_browser_reads_numbers_as_the_server_does(write, page_1280) -> None:
    page = write(page_1280)
    told = page.evaluate(
        """cases => cases.quantities.map(c => portal.numbers.quantity(c[0])).map(v => v === null ? null : String(v))
            .concat(cases.rupiah.map(c => portal.numbers.rupiah(c[0])).map(v => v === null ? null : String(v)))""",
        CASES,
    )
    wanted = [None if c[1] is None else str(int(float(c[1]) * 100 + 0.5)) for c in CASES["quantities"]]
    wanted = [w if c[0].strip() else "0" for w, c in zip(wanted, CASES["quantities"], strict=True)]
    wanted += [None if c[1] is None else str(c[1]) for c in CASES["rupiah"]]
    texts = [c[0] for c in CASES["quantities"] + CASES["rupiah"]]
    assert dict(zip(texts, told, strict=True)) == dict(zip(texts, wanted, strict=True))


def test_totals_as_one_types_and_the_keyboard_is_enough(write, page_1280, look, proposal) -> None:
    page = write(page_1280)
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 0, description="Honor narasumber", quantity_text="30 orang x 3 hari", unit_price_rupiah="150.000")
    expect(total(page)).to_have_text("Rp13.500.000")
    fill(page, 0, source="APBD_II")
    expect(page.locator("tr[data-source=APBD_II] [data-slot=difference]")).to_contain_text("kurang Rp13.500.000")
    field(page, 0, "description").press("Enter")
    expect(field(page, 1, "description")).to_be_focused()
    assert field(page, 1, "source").input_value() == "APBD_II"
    page.keyboard.type("Sewa aula")
    fill(page, 1, quantity_text="2 hari", unit_price_rupiah="Rp 1.000.000,00", source="KUR")
    expect(total(page)).to_have_text("Rp15.500.000")
    saved(page)
    page.get_by_role("button", name="Isi dari rincian").click()
    expect(page.locator("tr[data-source=APBD_II] [data-slot=difference]")).to_contain_text("cocok")
    saved(page)
    proposal.refresh_from_db()
    assert (proposal.budget_rupiah, proposal.other_rupiah) == (13_500_000, 2_000_000)
    assert dict(proposal.shares.values_list("source__key", "share_rupiah")) == {
        "APBD_II": 13_500_000, "KUR": 2_000_000,
    }  # fmt: skip
    field(page, 1, "description").press("Alt+ArrowUp")
    expect(field(page, 0, "description")).to_have_value("Sewa aula")
    saved(page)
    assert [line.description for line in proposal.lines.kept()] == ["Sewa aula", "Honor narasumber"]
    page.locator("[data-rows=line] [data-act=delete]").first.click()
    expect(total(page)).to_have_text("Rp13.500.000")
    page.keyboard.press("Control+z")
    expect(total(page)).to_have_text("Rp15.500.000")
    saved(page)
    assert proposal.lines.kept().count() == 2
    look(page, "filled")


def test_a_wrong_cell_in_excel_is_named_by_row_and_column(write, any_page, look, proposal, complaints) -> None:
    complaints.allow("422")
    page = write(any_page)
    page.get_by_role("link", name="Tempel dari Excel").click()
    page.locator("#paste-text").fill(EXCEL.replace("1.250.000", "mahal", 1))
    page.get_by_role("button", name="Periksa").click()
    expect(page.locator(".paste .notice")).to_contain_text("1 sel belum benar")
    expect(page.locator(".paste .notice")).to_contain_text("Baris 1, Harga satuan")
    expect(page.get_by_role("button", name="Masukkan")).to_have_count(0)
    look(page, "paste-wrong")


def test_twelve_rows_from_excel(write, any_page, look, proposal) -> None:
    page = write(any_page)
    page.get_by_role("link", name="Tempel dari Excel").click()
    page.locator("#paste-text").fill(EXCEL)
    page.get_by_role("button", name="Periksa").click()
    expect(page.locator(".paste .notice")).to_contain_text("12 baris siap dimasukkan, jumlahnya Rp292.500.000")
    look(page, "paste")
    page.get_by_role("button", name="Masukkan 12 baris").click()
    expect(page.locator("[data-rows=line] > [data-row]")).to_have_count(12)
    expect(page.locator("#paste-dialog")).not_to_be_visible()
    expect(total(page)).to_have_text("Rp292.500.000")
    look(page, "pasted")
    assert proposal.lines.kept().count() == 12


def test_a_paste_into_the_sheet_opens_the_preview(write, page_1280, complaints) -> None:
    page = write(page_1280)
    page.get_by_role("link", name="Tambah baris").click()
    paste(page, EXCEL)
    expect(page.get_by_role("button", name="Masukkan 12 baris")).to_be_visible()


def test_a_lost_link_loses_nothing(write, page_360, look, proposal, complaints) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = write(page_360)
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 0, description="Pertama", quantity_text="2", unit_price_rupiah="1000")
    saved(page)
    page.context.set_offline(True)
    fill(page, 0, note="ditulis luring")
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 1, description="Kedua", quantity_text="3", unit_price_rupiah="2000")
    expect(page.locator("[data-save-state]")).to_contain_text("Luring")
    expect(total(page)).to_have_text("Rp8.000")
    look(page, "offline")
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new CustomEvent('portal:online'))")
    saved(page)
    assert [(line.description, line.note) for line in proposal.lines.kept()] == [
        ("Pertama", "ditulis luring"), ("Kedua", ""),
    ]  # fmt: skip


def test_a_closed_tab_gives_everything_back(write, page_1280, proposal, complaints) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = write(page_1280)
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 0, description="Sebelum ditutup", quantity_text="2", unit_price_rupiah="1000")
    saved(page)
    page.context.set_offline(True)
    fill(page, 0, note="belum terkirim")
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 1, description="Baris baru luring")
    expect(page.locator("[data-save-state]")).to_contain_text("Luring")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/usulan/{proposal.pk}/rincian/")
    expect(field(page, 1, "description")).to_have_value("Baris baru luring")
    saved(page)
    assert [(line.description, line.note) for line in proposal.lines.kept()] == [
        ("Sebelum ditutup", "belum terkirim"), ("Baris baru luring", ""),
    ]  # fmt: skip


@pytest.fixture
def _conflicts_are_expected(complaints) -> None:
    complaints.allow("409")


@pytest.mark.usefixtures("_conflicts_are_expected")
def test_two_people_on_one_line(write, any_page, look, proposal, cast) -> None:
    line = save_line(proposal, {"description": "Kain", "quantity_text": "1"}, by=cast.operator_belu)
    page = write(any_page)
    save_line(proposal, {"note": "dari orang lain"}, by=cast.operator_belu, line_id=line.pk, base_version=1)
    if page.viewport_size["width"] < 768:
        page.locator("[data-act=open]").first.click()
    fill(page, 0, note="dari saya")
    expect(page.locator("[data-row-conflict]")).to_contain_text("dari orang lain")
    look(page, "conflict")
    page.get_by_role("button", name="Pakai isian saya").click()
    saved(page)
    assert CostLine.objects.get(pk=line.pk).note == "dari saya"


def test_a_wrong_cell_says_so_at_once(write, page_360, look, proposal, complaints) -> None:
    complaints.allow("422")
    page = write(page_360)
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 0, description="Alat", quantity_text="banyak", unit_price_rupiah="1.5")
    expect(page.locator("[data-rows=line] .invalid-feedback")).to_have_count(2)
    look(page, "wrong")
    fill(page, 0, quantity_text="2 unit", unit_price_rupiah="1.500")
    saved(page)
    expect(page.locator("[data-rows=line] .invalid-feedback")).to_have_count(0)
    expect(total(page)).to_have_text("Rp3.000")


def test_indicators_save_themselves(write, page_1280, proposal) -> None:
    page = write(page_1280)
    rows = page.locator("[data-rows=indicator] > [data-row]")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Ambil indikator resmi").click()
    expect(rows).to_have_count(3)
    page.keyboard.type("25")
    page.get_by_role("link", name="Tambah indikator").click()
    rows.nth(3).locator("[name=name]").fill("Omzet kelompok")
    saved(page)
    assert proposal.indicators.filter(target=25).count() == 1
    rows.nth(3).locator("[data-act=delete]").click()
    saved(page)
    assert not proposal.indicators.kept().filter(name="Omzet kelompok").exists()
    page.get_by_role("button", name=re.compile("Urungkan")).click()
    saved(page)
    assert proposal.indicators.kept().filter(name="Omzet kelompok").exists()


def test_a_lost_answer_is_no_conflict_with_oneself(write, page_1280, proposal, complaints) -> None:
    complaints.allow("ERR_FAILED", "409")
    page = write(page_1280)
    page.get_by_role("link", name="Tambah baris").click()
    fill(page, 0, description="Alat tenun", quantity_text="2 unit")
    saved(page)
    lost = []

    def lose_the_answer(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/rincian/*/", lose_the_answer)
    fill(page, 0, note="ATBM")
    expect(page.locator("[data-save-state]")).to_contain_text("Luring")
    fill(page, 0, note="ATBM 2 m")
    saved(page)
    assert lost == [200]
    expect(page.locator("[data-row-conflict]")).to_have_count(0)
    line = proposal.lines.get()
    assert (line.note, line.version) == ("ATBM 2 m", 3)


def test_deleted_without_a_link_and_the_tab_closed(write, page_360, proposal, cast, complaints) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    for name in ("Satu", "Dua"):
        save_line(proposal, {"description": name, "quantity_text": "1"}, by=cast.operator_belu)
    page = write(page_360)
    page.context.set_offline(True)
    page.locator("[data-rows=line] [data-act=open]").first.click()
    page.locator("[data-rows=line] [data-act=delete]").first.click()
    expect(page.locator("[data-save-state]")).to_contain_text("Luring")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/usulan/{proposal.pk}/rincian/")
    saved(page)
    expect(page.locator("[data-rows=line] > [data-row]")).to_have_count(1)
    assert [line.description for line in proposal.lines.kept()] == ["Dua"]


@pytest.fixture
def _refusals_are_expected(complaints) -> None:
    complaints.allow("403")


@pytest.mark.usefixtures("_refusals_are_expected")
def test_a_late_row_after_sending_is_kept_and_said(write, page_360, look, proposal, cast) -> None:
    line = save_line(proposal, {"description": "Kain", "quantity_text": "1"}, by=cast.operator_belu)
    page = write(page_360)
    Proposal.objects.filter(pk=proposal.pk).update(status="menunggu_kadis")
    page.locator("[data-rows=line] [data-act=open]").first.click()
    fill(page, 0, note="terlambat")
    expect(page.locator("[data-rows=line] .invalid-feedback")).to_contain_text("tidak dapat diubah")
    look(page, "late")
    assert CostLine.objects.get(pk=line.pk).note == ""
    page.goto(f"/usulan/{proposal.pk}/")
    expect(page.locator("[data-unsent-of]")).to_contain_text("Baris rincian biaya")
    expect(page.locator("[data-unsent-of] textarea")).to_have_value(re.compile("terlambat"))


@pytest.mark.usefixtures("_conflicts_are_expected")
def test_two_people_on_one_share(write, any_page, look, proposal, cast) -> None:
    values = {"description": "Kain", "quantity_text": "1", "unit_price_rupiah": 1000, "source": "APBD_II"}
    save_line(proposal, values, by=cast.operator_belu)
    page = write(any_page)
    set_shares(proposal, {"APBD_II": 400}, by=cast.operator_belu)
    page.locator("[name=share-APBD_II]").fill("60%")
    expect(page.locator("tr[data-source=APBD_II] [data-slot=difference]")).to_contain_text("kurang Rp400")
    expect(page.locator("[data-slot=shares-conflict]")).to_contain_text("APBD II: Rp400")
    look(page, "share-conflict")
    page.locator("[data-take=mine]").click()
    saved(page)
    expect(page.locator("[name=share-APBD_II]")).to_have_value("600")
    assert proposal.shares.get().share_rupiah == 600
