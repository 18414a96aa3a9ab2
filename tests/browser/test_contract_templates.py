"""The editor of a contract's wording in a real browser: it saves itself, two may write, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from programs.actions.contract_templates import change_version, publish_version
from programs.models import TemplateVersion
from tests.cast import Cast
from tests.factories_contracts import make_template

pytestmark = pytest.mark.django_db(transaction=True)
STATE = "[data-save-state]"
ROWS = [{"heading": name, "body": f"Isi {name}."} for name in ("Tugas", "Hak", "Penutup")]


@pytest.fixture
def draft(cast: Cast) -> TemplateVersion:
    """A draft with three clauses."""
    return make_template(status="konsep", clauses=ROWS)


def edit(page: Page, draft: TemplateVersion) -> Page:
    """The editor of the draft."""
    page.goto(f"/kontrak/templat/versi/{draft.pk}/ubah/")
    expect(page.locator("body")).to_have_class("has-script")
    return page


def saved(page: Page) -> None:
    """Wait until everything has reached the server."""
    expect(page.locator(STATE)).to_have_attribute("data-state", "saved")
    expect(page.locator(STATE)).to_contain_text("Tersimpan")


def headings(draft: TemplateVersion) -> list[str]:
    draft.refresh_from_db()
    return [row["heading"] for row in draft.clauses]


def test_a_wording_is_written_with_keyboard_and_buttons(
    any_page: Page, be, cast: Cast, draft: TemplateVersion, assert_accessible
) -> None:
    be(any_page, cast.panitia)
    page = edit(any_page, draft)
    assert_accessible(page)
    clauses = page.locator("[data-clauses] > li")
    clauses.nth(2).get_by_label("Judul pasal").focus()
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    assert headings(draft) == ["Tugas", "Penutup", "Hak"]
    expect(clauses.nth(1).get_by_label("Judul pasal")).to_be_focused()
    clauses.nth(0).get_by_role("button", name="Pindahkan ke bawah").click()
    expect(clauses.nth(1).locator("[data-number]")).to_have_text("Pasal 2")
    clauses.nth(2).get_by_role("button", name="Hapus pasal").click()
    expect(clauses).to_have_count(2)
    page.locator(".toast-item").get_by_text("Urungkan").click()
    expect(clauses).to_have_count(3)
    page.get_by_role("button", name="Tambah pasal").click()
    page.keyboard.type("Larangan")
    page.keyboard.press("Tab")
    page.keyboard.type("Dilarang keluar dari ")
    clauses.nth(3).get_by_role("link", name="Sisipkan variabel").click()
    page.locator("summary", has_text="Penyuluh").click()
    page.locator("[data-insert='{wilayah_kerja}']").click()
    expect(clauses.nth(3).get_by_label("Isi pasal")).to_have_value("Dilarang keluar dari {wilayah_kerja}")
    expect(page.locator("#pratinjau")).to_contain_text("Dilarang keluar dari Kecamatan Atambua Selatan")
    saved(page)
    assert headings(draft) == ["Penutup", "Tugas", "Hak", "Larangan"]
    page.get_by_label("Pembukaan").fill("Di {entah}")
    expect(page.locator("#pratinjau mark.unknown")).to_have_text("{entah}")
    expect(page.locator("#pratinjau .notice")).to_contain_text("bukan variabel yang dikenal")
    assert_accessible(page)


def test_two_who_write_the_same_part_see_both(
    page_1280: Page, be, cast: Cast, draft: TemplateVersion, complaints
) -> None:
    complaints.allow("409")
    be(page_1280, cast.kabid)
    page = edit(page_1280, draft)
    change_version(draft, {"clauses": [ROWS[1]], "closing": "Sekian."}, by=cast.panitia)
    page.get_by_label("Judul pasal").first.fill("Tugas pokok")
    box = page.locator("[data-field=clauses] .field-conflict")
    expect(box).to_contain_text("Pasal 1: Hak")
    assert headings(draft) == ["Hak"]
    box.get_by_role("button", name="Pakai isian saya").click()
    saved(page)
    assert headings(draft) == ["Tugas pokok", "Hak", "Penutup"] and draft.closing == "Sekian."


def test_without_a_link_nothing_is_lost(page_1280: Page, be, cast: Cast, draft: TemplateVersion, complaints) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    be(page_1280, cast.panitia)
    page = edit(page_1280, draft)
    page.context.set_offline(True)
    page.get_by_label("Kalimat penutup").fill("Ditulis saat luring.")
    expect(page.locator(STATE)).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    edit(page, draft)
    saved(page)
    draft.refresh_from_db()
    assert draft.closing == "Ditulis saat luring."


def test_what_came_too_late_for_a_published_version_stays_to_be_copied(
    page_1280: Page, be, cast: Cast, draft: TemplateVersion, complaints
) -> None:
    complaints.allow("403")
    be(page_1280, cast.panitia)
    page = edit(page_1280, draft)
    publish_version(draft, base_version=draft.version, by=cast.kabid)
    page.get_by_label("Kalimat penutup").fill("Terlambat ditulis.")
    panel = page.locator("[data-unsent-panel]")
    expect(panel).to_contain_text("dibekukan")
    expect(panel.locator("textarea")).to_have_value("Terlambat ditulis.")
    page.goto(f"/kontrak/templat/versi/{draft.pk}/ubah/")
    expect(page).to_have_url(f"/kontrak/templat/versi/{draft.pk}/")
    expect(page.locator("[data-wording-unsent] textarea")).to_have_value("Terlambat ditulis.")


def test_pages_of_templates_are_accessible(any_page: Page, be, cast: Cast, assert_accessible) -> None:
    be(any_page, cast.kabid)
    published = TemplateVersion.objects.filter(template__kind="nota_kesepahaman").get()
    draft = make_template(status="konsep", template=published.template, number=2, clauses=ROWS)
    for address in (
        "", "baru/", f"{published.template_id}/", f"{published.template_id}/nama/", f"versi/{published.pk}/",
        f"versi/{draft.pk}/", f"versi/{draft.pk}/terbitkan/", f"versi/{draft.pk}/buang/",
    ):  # fmt: skip
        any_page.goto(f"/kontrak/templat/{address}")
        assert_accessible(any_page)
