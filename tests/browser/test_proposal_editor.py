"""The editor of a proposal in a real browser: it saves itself, and bad luck loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from programs.models import Proposal
from tests.browser.conftest import until, until_draggable
from tests.cast import Cast
from tests.factories_programs import make_proposal, make_round, sector, sub_activity

pytestmark = pytest.mark.django_db(transaction=True)
STATE = "[data-save-state]"


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    """A draft of Belu that lacks a few things."""
    make_round(note="Kirim sebelum rakor.")
    return make_proposal(title="Sentra tenun", background="", kbli=None, sub_activity=None)


def edit(page: Page, draft: Proposal) -> Page:
    """The editor of the draft."""
    page.goto(f"/usulan/{draft.pk}/ubah/")
    expect(page.locator("body")).to_have_class("proposal-editor has-script")
    return page


def saved(page: Page) -> None:
    """Wait until everything has reached the server."""
    expect(page.locator(STATE)).to_have_attribute("data-state", "saved")
    expect(page.locator(STATE)).to_contain_text("Tersimpan")


def test_what_is_typed_and_chosen_saves_itself(
    any_page: Page, be, cast: Cast, draft: Proposal, assert_accessible
) -> None:
    be(any_page, cast.operator_belu)
    page = edit(any_page, draft)
    assert_accessible(page)
    page.get_by_label("Judul").fill("Sentra tenun Fatukbot")
    expect(page.locator("h1")).to_have_text("Sentra tenun Fatukbot")
    page.get_by_label("Latar belakang", exact=True).fill("Baris satu\nBaris dua")
    page.get_by_label("IKM penerima").fill("1.250")
    page.get_by_label("Bulan mulai").select_option("4")
    page.get_by_label("Bulan selesai").select_option("6")
    expect(page.locator(".month.is-on")).to_have_text(["Apr", "Mei", "Jun"])
    page.get_by_label("Stunting").check()
    page.get_by_label("Cari kode atau kata").fill("3.31.02.02.01.0001")
    page.locator("[data-option]:visible").first.click()
    expect(page.locator("[data-chosen-code]")).to_have_text("3.31.02.2.01.0001")
    saved(page)
    stored = Proposal.objects.get()
    assert (stored.title, stored.background, stored.ikm_count) == (
        "Sentra tenun Fatukbot",
        "Baris satu\nBaris dua",
        1250,
    )
    assert (stored.starts_month, stored.ends_month, stored.sub_activity.code) == (4, 6, "3.31.02.2.01.0001")
    assert [tag.key for tag in stored.tags.all()] == ["stunting"]
    assert_accessible(page)


def test_alcohol_asks_for_its_note_and_kbli_follows_the_sector(
    page_1280: Page, be, cast: Cast, draft: Proposal
) -> None:
    be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    note = page.get_by_label("Catatan rezim khusus")
    expect(note).to_be_hidden()
    page.get_by_label("Sektor industri").select_option(label="Minuman beralkohol")
    expect(page.locator("[data-regime-text]")).to_contain_text("Pergub NTT 44/2019")
    expect(note).to_be_visible()
    options = page.get_by_label("KBLI").locator("option").all_inner_texts()
    assert options[1].startswith("11010") and len(options) == 4
    saved(page)


def test_a_cut_link_and_a_closed_tab_lose_nothing(page_360: Page, be, cast: Cast, draft: Proposal, complaints) -> None:
    """Typed without a link, tab closed, opened again later."""
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    be(page_360, cast.operator_belu)
    page = edit(page_360, draft)
    page.context.set_offline(True)
    page.get_by_label("Permasalahan").fill("Ditulis di desa tanpa sinyal")
    page.get_by_label("Sektor industri").select_option(label="Garam")
    expect(page.locator(STATE)).to_contain_text("tersimpan di perangkat ini")
    page.close()
    context = page_360.context
    context.set_offline(False)
    again = context.new_page()
    edit(again, draft)
    expect(again.get_by_label("Permasalahan")).to_have_value("Ditulis di desa tanpa sinyal")
    saved(again)
    stored = Proposal.objects.get()
    assert (stored.problem, stored.sector.key) == ("Ditulis di desa tanpa sinyal", "garam")
    again.reload()
    assert again.evaluate("Object.keys(localStorage).filter(k => k.indexOf('simpan:') === 0)") == []


def test_the_link_comes_back_by_itself(page_1280: Page, be, cast: Cast, draft: Proposal, complaints) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    page.context.set_offline(True)
    page.locator("#id_product").fill("Selendang")
    expect(page.locator(STATE)).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    saved(page)
    assert Proposal.objects.get().product == "Selendang"


def test_an_expired_login_opens_the_dialog_and_saves_after_it(
    page_1280: Page, be, cast: Cast, draft: Proposal, complaints
) -> None:
    complaints.allow("401")
    client: Client = be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    client.logout()
    page.locator("#id_product").fill("Selendang")
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("input[name=login]").fill("operator_belu")
    dialog.locator("input[name=password]").fill("sandi-uji-rakor")
    dialog.locator("button[type=submit], button:not([type])").first.click()
    saved(page)
    assert Proposal.objects.get().product == "Selendang"


def test_the_aside_waits_while_a_question_is_open(page_1280: Page, be, cast: Cast, draft: Proposal) -> None:
    be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    page.evaluate("document.getElementById('samping').setAttribute('data-was-here', '')")
    page.locator("#id_product").fill("Selendang")
    saved(page)
    page.evaluate("document.getElementById('confirm-dialog').showModal()")
    page.wait_for_timeout(3500)  # longer than the aside waits after a save
    expect(page.locator("#samping[data-was-here]")).to_have_count(1)
    page.evaluate("document.getElementById('confirm-dialog').close()")
    expect(page.locator("#samping[data-was-here]")).to_have_count(0)


@pytest.mark.parametrize("choice", ["Pakai isian saya", "Pakai yang tersimpan"])
def test_two_who_write_the_same_field_choose(
    open_window: Callable[..., Page], *, be, cast: Cast, draft: Proposal, complaints, choice: str
) -> None:
    complaints.allow("409")
    one, two = open_window(), open_window(width=360)
    for page in (one, two):
        be(page, cast.operator_belu)
        edit(page, draft)
    one.locator("#id_product").fill("Dari Ani")
    one.locator("#id_village").fill("Manleten")
    saved(one)
    two.locator("#id_product").fill("Dari Budi")
    two.locator("#id_district").fill("Tasifeto Timur")
    expect(two.locator(".field-conflict blockquote")).to_have_text("Dari Ani")
    expect(two.locator(STATE)).to_have_attribute("data-state", "conflict")
    stored = Proposal.objects.get()
    assert (stored.product, stored.village, stored.district) == ("Dari Ani", "Manleten", "Tasifeto Timur")
    two.get_by_role("button", name=choice).click()
    expect(two.locator(".field-conflict")).to_have_count(0)
    saved(two)
    wanted = "Dari Budi" if choice == "Pakai isian saya" else "Dari Ani"
    expect(two.locator("#id_product")).to_have_value(wanted)
    assert Proposal.objects.get().product == wanted


def test_a_late_text_after_sending_stays_to_be_copied(
    page_360: Page, *, be, cast: Cast, draft: Proposal, complaints, assert_accessible
) -> None:
    complaints.allow("403")
    be(page_360, cast.operator_belu)
    page = edit(page_360, draft)
    Proposal.objects.update(status="menunggu_kadis")
    page.get_by_label("Permasalahan").fill("Terlambat ditulis")
    panel = page.locator("[data-unsent-panel]")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("tidak dapat diubah")
    expect(panel.locator("textarea")).to_have_value("Terlambat ditulis")
    page.goto(f"/usulan/{draft.pk}/ubah/")
    expect(page.locator("[data-unsent-of] textarea")).to_have_value("Terlambat ditulis")
    assert_accessible(page)
    page.locator("[data-unsent-of] [data-drop]").click()
    expect(page.locator("[data-unsent-of]")).to_be_hidden()
    assert Proposal.objects.get().problem != "Terlambat ditulis"


def test_priority_by_dragging_and_by_keys(page_1280: Page, be, cast: Cast, draft: Proposal) -> None:
    rows = [draft, *(make_proposal(title=f"Usulan {n}", sector=sector("garam")) for n in "BC")]
    be(page_1280, cast.operator_belu)
    page_1280.goto("/usulan/")
    names = page_1280.locator("[data-rows] .main a")
    expect(names).to_have_text([str(row) for row in rows])
    lines = page_1280.locator("[data-rows] tr")
    lines.nth(2).locator(".grip").hover()
    until_draggable(page_1280, "[data-rows] tr")
    target = lines.nth(0).bounding_box()
    page_1280.mouse.down()
    page_1280.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.5, steps=12)
    page_1280.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.2, steps=6)
    page_1280.mouse.up()
    expect(names).to_have_text(["Usulan C", "Sentra tenun", "Usulan B"])
    expect(page_1280.locator(".toast-item")).to_have_text("Urutan prioritas tersimpan.")
    page_1280.locator(f"#naik-{rows[1].pk}").focus()
    page_1280.keyboard.press("Alt+ArrowUp")
    expect(names).to_have_text(["Usulan C", "Usulan B", "Sentra tenun"])
    expect(page_1280.locator(f"#naik-{rows[1].pk}")).to_be_focused()
    ranks = Proposal.objects.order_by("rank").values_list("pk", flat=True)
    until(page_1280, lambda: list(ranks.all()) == [rows[2].pk, rows[1].pk, rows[0].pk])


def test_a_hand_quicker_than_the_new_list_stays_on_the_page(page_1280: Page, be, cast: Cast, draft: Proposal) -> None:
    rows = [draft, *(make_proposal(title=f"Usulan {n}", sector=sector("garam")) for n in "BC")]
    be(page_1280, cast.operator_belu)
    page_1280.goto("/usulan/")
    page_1280.evaluate(
        """id => {
          window.still = true;
          const press = () => setTimeout(() => document.getElementById(id).click());
          document.addEventListener('htmx:afterSwap', press, { once: true });
        }""",
        f"naik-{rows[2].pk}",
    )
    page_1280.locator(f"#naik-{rows[2].pk}").click()
    expect(page_1280.locator("[data-rows] .main a")).to_have_text(["Usulan C", "Sentra tenun", "Usulan B"])
    expect(page_1280.locator(f"#naik-{rows[2].pk}")).to_be_focused()
    assert page_1280.evaluate("window.still")


def test_the_official_indicator_waits_for_what_is_being_saved(page_1280: Page, be, cast: Cast, draft: Proposal) -> None:
    be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    page.get_by_label("Cari kode atau kata").fill("3.31.02.2.01.0005")
    page.locator("[data-option]:visible").first.click()
    page.get_by_role("button", name="Pakai sebagai indikator keluaran").click()
    page.wait_for_url("**#indicators")
    assert draft.indicators.filter(name=sub_activity().indicator[:250]).exists()


def test_steps_beside_the_editor_follow_what_was_saved(page_1280: Page, be, cast: Cast, draft: Proposal) -> None:
    """The self-check is fetched anew; what still waits is saved before a form leaves the page."""
    be(page_1280, cast.operator_belu)
    page = edit(page_1280, draft)
    check = page.locator("#periksa")
    expect(check).to_contain_text("Latar belakang")
    page.get_by_label("Latar belakang", exact=True).fill("Alat tenun sudah tua.")
    saved(page)
    expect(check).not_to_contain_text("Latar belakang")
    page.locator("#id_product").fill("Selimut")
    page.locator("#sub_activity [data-option]").first.click()
    page.get_by_role("button", name="Pakai sebagai indikator keluaran").click()
    page.wait_for_url("**#indicators")
    assert Proposal.objects.get().product == "Selimut"
