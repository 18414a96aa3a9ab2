"""The manners of the pages: accessible at both widths, one click one effect, nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser import gallery
from tests.cast import PASSWORD

pytestmark = pytest.mark.urls("tests.browser.gallery")


@pytest.fixture(autouse=True)
def _nothing_received():
    gallery.received.clear()


@pytest.mark.parametrize("path", ["/contoh/", "/contoh/bagian/", "/contoh/formulir/"])
def test_parts_are_accessible(any_page, log_in, assert_accessible, path):
    assert_accessible(log_in(any_page, "panitia", path))


def test_a_form_with_mistakes_is_accessible_and_keeps_what_was_typed(any_page, log_in, assert_accessible, complaints):
    complaints.allow("422")
    page = log_in(any_page, "panitia", "/contoh/formulir/")
    page.get_by_label("Catatan").fill("Garam Sabu Raijua")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Catatan")).to_have_value("Garam Sabu Raijua")
    assert_accessible(page)


def test_dialogs_are_accessible(any_page, log_in, assert_accessible):
    page = log_in(any_page, "panitia", "/contoh/bagian/")
    page.locator("#remove").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)


def test_double_click_has_one_effect(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    page.locator("#word").fill("garam")
    page.locator("#send").dblclick()
    expect(page.locator("#out")).to_have_text("terima 1")
    page.wait_for_timeout(600)
    assert gallery.received == ["garam"]
    expect(page.locator("#send")).not_to_have_attribute("aria-disabled", "true")


def test_double_click_on_a_plain_form_has_one_effect(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.get_by_label("Mulai").fill("2019-04-24")
    page.get_by_role("button", name="Simpan").dblclick()
    expect(page.locator("[data-messages]")).to_contain_text("Tersimpan.")
    assert gallery.received == ["Rakor 2019"]


def test_a_question_comes_first_and_escape_means_no(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    page.locator("#remove").click()
    expect(page.get_by_role("button", name="Batal")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Selesaikan").click()
    page.get_by_role("button", name="Batal").click()
    assert gallery.received == []
    page.locator("#remove").click()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.locator("#out")).to_have_text("terima 1")


def test_undo_from_a_toast(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    page.locator("#send").click()
    page.locator("[data-toasts]").get_by_role("button", name="Urungkan").click()
    expect(page.locator("[data-messages]")).to_contain_text("Diurungkan.")
    assert gallery.received == []


def test_a_refusal_is_a_sentence(page_1280, log_in, complaints):
    complaints.allow("409")
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    page.locator("#refused").click()
    expect(page.locator("[data-toasts]")).to_contain_text("Susunan acara sudah diubah orang lain.")
    expect(page.get_by_text("Notula sudah final.")).to_be_visible()


def test_long_work_reports_itself(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    expect(page.locator("#doc")).to_contain_text("Notula siap")
    expect(page.locator("#doc progress")).to_have_count(0)


def test_search_swaps_the_list_only(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/")
    page.keyboard.press("/")
    page.keyboard.type("belu")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=belu"))
    expect(page.locator("#q")).to_be_focused()


# -- the session ends -------------------------------------------------------------------------------------------------


def log_in_again(page, name="panitia"):
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("input[name=login]").fill(name)
    dialog.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()


def test_login_returns_to_the_page_and_repeats_the_request(page_1280, log_in, complaints, assert_accessible):
    complaints.allow("401", "422")
    page = log_in(page_1280, "panitia", "/contoh/bagian/")
    page.locator("#word").fill("kopi")
    Session.objects.all().delete()
    page.locator("#send").click()
    expect(page.locator("#login-dialog input[name=login]")).to_be_focused()
    assert_accessible(page)
    page.locator("#login-dialog input[name=password]").fill("salah sama sekali")
    page.locator("#login-dialog input[name=login]").fill("panitia")
    page.keyboard.press("Enter")
    expect(
        page.locator("#login-dialog .is-invalid, #login-dialog [role=alert], #login-dialog .alert").first
    ).to_be_visible()
    log_in_again(page)
    expect(page.locator("#out")).to_have_text("terima 1")
    assert gallery.received == ["kopi"]


@pytest.fixture
def typing_when_the_session_ends(page_1280, log_in, complaints):
    """A page whose clock stands still: somebody has just typed a word, and a request has met the end of the session."""
    complaints.allow("401")
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.clock.install()
    page.reload()
    page.clock.pause_at(dt.datetime.now() + dt.timedelta(minutes=1))
    Session.objects.all().delete()
    page.get_by_label("Judul").press_sequentially("Rakor")
    page.evaluate("document.addEventListener('portal:session-lost', () => document.body.classList.add('lost'))")
    page.evaluate("void portal.extend()")
    expect(page.locator("body")).to_have_class(re.compile("lost"))
    return page


def test_the_dialog_waits_for_a_pause_in_typing(typing_when_the_session_ends):
    page = typing_when_the_session_ends
    dialog = page.locator("#login-dialog")
    page.keyboard.type(" 2019 di")
    page.clock.run_for(1200)
    page.keyboard.type(" Atambua")
    page.clock.run_for(1200)
    expect(dialog).not_to_be_visible()
    expect(page.get_by_label("Judul")).to_be_focused()
    page.clock.run_for(400)
    expect(dialog.locator("input[name=login]")).to_be_focused()
    log_in_again(page)
    expect(page.get_by_label("Judul")).to_have_value("Rakor 2019 di Atambua")
    expect(page.get_by_label("Judul")).to_be_focused()


def test_the_dialog_comes_at_once_for_whoever_stopped_typing_to_click(typing_when_the_session_ends):
    page = typing_when_the_session_ends
    expect(page.locator("#login-dialog")).not_to_be_visible()
    page.get_by_label("Terbuka").click()
    page.evaluate("void portal.login()")
    expect(page.locator("#login-dialog input[name=login]")).to_be_focused()


def test_a_plain_form_waits_for_the_login(page_1280, log_in, complaints):
    complaints.allow("401")
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.get_by_label("Mulai").fill("2019-04-24")
    Session.objects.all().delete()
    page.evaluate("portal.contactAt = 1; localStorage.removeItem('portal:contact:' + portal.userId)")
    page.get_by_role("button", name="Simpan").click()
    log_in_again(page)
    expect(page.locator("[data-messages]")).to_contain_text("Tersimpan.")
    assert gallery.received == ["Rakor 2019"]


def test_another_user_in_the_dialog_sees_a_fresh_page(page_1280, log_in, complaints):
    complaints.allow("401")
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rahasia panitia")
    page.wait_for_timeout(600)
    Session.objects.all().delete()
    page.evaluate("void portal.extend()")
    log_in_again(page, "notulis")
    expect(page.get_by_label("Judul")).to_have_value("")
    expect(page.locator(".kept")).to_have_count(0)


def test_a_warning_before_the_idle_time_out(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.evaluate(
        """() => {
            const almost = Date.now() - (Number(document.body.dataset.idleSeconds) - 100) * 1000;
            portal.contactAt = almost;
            localStorage.setItem('portal:contact:' + portal.userId, 'at ' + almost);
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.get_by_role("button", name="Tetap masuk").click()
    expect(page.locator("[data-toasts]")).to_contain_text("Sesi Anda diperpanjang.")


# -- the form keeper --------------------------------------------------------------------------------------------------


def test_a_closed_tab_gives_the_form_back(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.get_by_label("Terbuka").check()
    page.get_by_label("Rahasia").fill("jangan disimpan")
    page.wait_for_timeout(600)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/contoh/formulir/")
    expect(page.get_by_label("Judul")).to_have_value("Rakor 2019")
    expect(page.get_by_label("Terbuka")).to_be_checked()
    expect(page.get_by_label("Rahasia")).to_have_value("")
    assert "jangan disimpan" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="Buang").click()
    expect(page.get_by_label("Judul")).to_have_value("")


def test_a_sent_form_is_forgotten(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.get_by_label("Mulai").fill("2019-04-24")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("[data-messages]")).to_contain_text("Tersimpan.")
    page.goto("/contoh/formulir/")
    expect(page.locator(".kept")).to_have_count(0)
    expect(page.get_by_label("Judul")).to_have_value("")


def test_logging_out_wipes_the_copies(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.wait_for_timeout(600)
    page.locator(".side summary").click()
    page.locator(".side").get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/**")
    assert "Rakor 2019" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_lost_link_holds_the_form_back(page_1280, log_in, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.context.set_offline(True)
    expect(page.locator("[data-offline-bar]")).to_be_visible()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("[data-toasts]")).to_contain_text("belum terkirim")
    expect(page.get_by_label("Judul")).to_have_value("Rakor 2019")
    page.context.set_offline(False)
    expect(page.locator("[data-offline-bar]")).not_to_be_visible()


def test_reading_works_without_javascript(open_window, log_in):
    page = log_in(open_window(java_script_enabled=False), "panitia", "/contoh/")
    page.locator("#q").fill("belu")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
