"""Logging in at both widths; two steps inside the dialog; a form that arrives after the idle time-out."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser import gallery
from tests.cast import PASSWORD

pytestmark = pytest.mark.urls("tests.browser.gallery")


@pytest.fixture(autouse=True)
def _nothing_received():
    gallery.received.clear()


def code_for(secret: str, shift: int = 0) -> str:
    """What the authenticator app shows now, or `shift` half minutes later; early enough to be typed in."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


@pytest.fixture
def secret(page_1280: Page, log_in) -> str:
    """The panitia connects an authenticator app, as people do it; the seed of the app."""
    page = log_in(page_1280, "panitia", "/akun/verifikasi-dua-langkah/aktifkan/")
    found = page.locator("#totp-secret").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill(code_for(found, -1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/kode/")
    return found


def test_who_is_wrong_is_told_and_then_gets_in(any_page, cast, live_server, assert_accessible, complaints):
    complaints.allow("422")
    page = any_page
    page.goto("/masuk/?next=/contoh/")
    assert_accessible(page)
    page.locator("input[name=login]").fill("panitia")
    page.locator("input[name=password]").fill("bukan sandi saya")
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("input[name=login]")).to_have_value("panitia")
    expect(page.locator("main form").first).to_contain_text("tidak cocok")
    assert_accessible(page)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/contoh/")


def test_the_second_step_inside_the_dialog(page_1280, secret, log_in, complaints, assert_accessible):
    complaints.allow("401")
    page = page_1280
    page.goto("/contoh/bagian/")
    page.locator("#word").fill("tenun")
    Session.objects.all().delete()
    page.locator("#send").click()
    dialog = page.locator("#login-dialog")
    dialog.locator("input[name=login]").fill("panitia")
    dialog.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.locator("input[name=code]")).to_be_focused()
    assert_accessible(page)
    dialog.locator("input[name=code]").fill(code_for(secret))
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(page.locator("#out")).to_have_text("terima 1")
    assert gallery.received == ["tenun"]


def test_a_form_sent_after_the_session_is_kept_for_its_owner(page_1280, log_in):
    page = log_in(page_1280, "panitia", "/contoh/formulir/")
    page.get_by_label("Judul").fill("Rakor 2019")
    page.get_by_label("Mulai").fill("2019-04-24")
    Session.objects.all().delete()
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url(re.compile("/masuk/"))
    page.locator("input[name=login]").fill("panitia")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/contoh/formulir/")
    expect(page.get_by_label("Judul")).to_have_value("Rakor 2019")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("[data-messages]")).to_contain_text("Tersimpan.")
    assert gallery.received == ["Rakor 2019"]


def test_the_phone_has_the_whole_menu(page_360, log_in, assert_accessible):
    page = log_in(page_360, "panitia", "/contoh/")
    bar = page.get_by_role("navigation", name="Menu ponsel")
    expect(bar.get_by_role("link").first).to_be_visible()
    bar.get_by_text("Lainnya").click()
    expect(bar.get_by_role("button", name="Keluar")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(bar.get_by_role("button", name="Keluar")).not_to_be_visible()
