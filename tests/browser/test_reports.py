"""The monthly report in a real browser, on a phone: it saves itself, and bad luck loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from programs.actions.reports import approve_report, submit_report
from programs.models import MonthlyReport, ReportPhoto, Visit
from tests.cast import Cast
from tests.programs import files
from tests.programs.reports_world import add_visit, contracted, last_month, make_report, submitted

pytestmark = pytest.mark.django_db(transaction=True)
STATE = "[data-save-state]"


@pytest.fixture
def report(cast: Cast) -> MonthlyReport:
    """An empty draft of last month."""
    return make_report(contracted(cast.tpl_belu), visits=0, whole=False)


def edit(page: Page, report: MonthlyReport) -> Page:
    """The editor, with its script running."""
    page.goto(f"/laporan-penyuluh/{report.pk}/ubah/")
    expect(page.locator("body.has-script")).to_be_attached()
    return page


def saved(page: Page) -> None:
    """Wait until everything has reached the server."""
    expect(page.locator(STATE)).to_have_attribute("data-state", "saved")
    expect(page.locator(STATE)).to_contain_text("Tersimpan")


def offline(page: Page, *, on: bool) -> None:
    """Cut the link, or give it back."""
    page.context.set_offline(on)


def test_a_report_is_written_handed_in_and_read(
    any_page: Page, be: Callable, cast: Cast, report: MonthlyReport, look: Callable
) -> None:
    page = any_page
    be(page, cast.tpl_belu)
    page.goto("/")
    look(page, "penyuluh-beranda")
    page.goto("/laporan-penyuluh/")
    look(page, "laporan-daftar-penyuluh")
    edit(page, report)
    page.get_by_role("link", name="Tambah kunjungan").click()
    page.get_by_label("Tanggal").fill(last_month().replace(day=3).isoformat())
    page.get_by_label("IKM", exact=True).fill("Tenun Fafinesu")
    page.get_by_label("Dampingan").select_option("1")
    page.get_by_label("Materi").fill("Pewarnaan alami")
    page.get_by_label("NIB terbit").fill("2")
    page.get_by_label("KUR yang dicairkan").fill("25000000")
    page.get_by_label("Rencana bulan depan").fill("Uji P-IRT")
    saved(page)
    expect(page.locator("#angka")).to_contain_text("Rp25.000.000")
    page.locator("#foto-berkas").set_input_files(
        {"name": "tenun.jpg", "mimeType": "image/jpeg", "buffer": files.photo(size=(640, 480))}
    )
    page.locator("#foto-keterangan").fill("Penenun di alatnya")
    page.get_by_role("button", name="Unggah foto").click()
    expect(page.locator("[data-photo] img")).to_be_visible()
    look(page, "laporan-editor")
    expect(page.get_by_text("Semua yang diperlukan sudah terisi.")).to_be_visible()
    page.get_by_role("button", name="Ajukan laporan").click()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.locator("h1")).to_contain_text("Laporan")
    expect(page.locator(".badge-tone").first).to_contain_text("Diajukan")
    look(page, "laporan-baca")
    visit = Visit.objects.get()
    assert (visit.ikm, visit.is_new, visit.topic) == ("Tenun Fafinesu", True, "Pewarnaan alami")
    assert ReportPhoto.objects.get().caption == "Penenun di alatnya"


def test_what_others_see(any_page: Page, be: Callable, cast: Cast, look: Callable) -> None:
    worker = contracted(cast.tpl_belu)
    waiting = submitted(worker, visits=3)
    be(any_page, cast.kabid_belu)
    any_page.goto("/laporan-penyuluh/")
    look(any_page, "laporan-daftar-kabid")
    any_page.goto(waiting.get_absolute_url())
    look(any_page, "laporan-kabid")
    any_page.goto(f"/laporan-penyuluh/{waiting.pk}/langkah/return/")
    look(any_page, "laporan-kembalikan")
    approve_report(waiting, by=cast.kabid_belu)
    be(any_page, cast.panitia)
    any_page.goto("/laporan-penyuluh/pembayaran/")
    look(any_page, "laporan-pembayaran")


def test_visits_written_without_a_link_survive_a_closed_tab(
    page_360: Page, be: Callable, cast: Cast, report: MonthlyReport, complaints: Any
) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    be(page_360, cast.tpl_belu)
    page = edit(page_360, report)
    offline(page, on=True)
    page.get_by_role("link", name="Tambah kunjungan").click()
    page.get_by_label("IKM", exact=True).fill("Kopi Lakmaras")
    page.get_by_label("Rencana bulan depan").fill("Uji kadar air")
    expect(page.locator(STATE)).to_contain_text("tersimpan di perangkat ini")
    page.close()
    offline(page_360, on=False)
    again = edit(page_360.context.new_page(), report)
    expect(again.get_by_label("IKM", exact=True)).to_have_value("Kopi Lakmaras")
    saved(again)
    assert Visit.objects.get().ikm == "Kopi Lakmaras" and MonthlyReport.objects.get().plan == "Uji kadar air"
    assert again.evaluate("Object.keys(localStorage).filter(k => k.indexOf('simpan:') === 0)") == []


def test_a_photo_waits_for_the_link(
    page_360: Page, be: Callable, cast: Cast, report: MonthlyReport, complaints: Any
) -> None:
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    be(page_360, cast.tpl_belu)
    page = edit(page_360, report)
    offline(page, on=True)
    page.locator("#foto-berkas").set_input_files(
        {"name": "kopi.jpg", "mimeType": "image/jpeg", "buffer": files.photo(size=(320, 240))}
    )
    page.get_by_role("button", name="Unggah foto").click()
    expect(page.locator(".photo-state")).to_contain_text("belum terkirim")
    offline(page, on=False)
    expect(page.locator("[data-photo] img")).to_be_visible()
    assert ReportPhoto.objects.count() == 1


def test_an_expired_login_loses_nothing(
    page_360: Page, be: Callable, cast: Cast, report: MonthlyReport, complaints: Any
) -> None:
    complaints.allow("401")
    client = be(page_360, cast.tpl_belu)
    page = edit(page_360, report)
    client.logout()
    page.get_by_role("textbox", name="Permasalahan").fill("Jalan putus")
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("input[name=login]").fill("tpl_belu")
    dialog.locator("input[name=password]").fill("sandi-uji-rakor")
    dialog.locator("button[type=submit], button:not([type])").first.click()
    saved(page)
    assert MonthlyReport.objects.get().problems == "Jalan putus"


@pytest.mark.parametrize("choice", ["Pakai isian saya", "Pakai yang tersimpan"])
def test_two_devices_choose(
    open_window: Callable[..., Page], *, be: Callable, cast: Cast, report: MonthlyReport, complaints: Any, choice: str
) -> None:
    complaints.allow("409")
    add_visit(report, "Tenun")
    phone, laptop = open_window(width=360), open_window()
    be(phone, cast.tpl_belu)
    be(laptop, cast.tpl_belu)
    edit(phone, report)
    edit(laptop, report)
    phone.get_by_label("IKM", exact=True).fill("Tenun Fafinesu")
    saved(phone)
    laptop.get_by_label("IKM", exact=True).fill("Tenun Manleten")
    conflict = laptop.locator(".field-conflict")
    expect(conflict).to_contain_text("Tenun Fafinesu")
    conflict.get_by_role("button", name=choice).click()
    expect(conflict).to_be_hidden()
    wanted = "Tenun Manleten" if "saya" in choice else "Tenun Fafinesu"
    expect(laptop.get_by_label("IKM", exact=True)).to_have_value(wanted)
    expect(laptop.locator(STATE)).to_have_attribute("data-state", "saved")
    assert Visit.objects.get().ikm == wanted


def test_a_late_autosave_is_kept_and_told(
    page_360: Page, be: Callable, cast: Cast, report: MonthlyReport, complaints: Any
) -> None:
    """Handed in on the laptop while the phone still writes."""
    complaints.allow("403")
    be(page_360, cast.tpl_belu)
    add_visit(report)
    page = edit(page_360, report)
    MonthlyReport.objects.filter(pk=report.pk).update(plan="Dari laptop")
    submit_report(report, by=cast.tpl_belu)
    page.get_by_role("textbox", name="Permasalahan").fill("Ditulis terlambat")
    panel = page.locator("[data-unsent-panel]")
    expect(panel).to_contain_text("tidak hilang")
    expect(panel.locator("textarea")).to_have_value("Ditulis terlambat")
    page.goto(report.get_absolute_url())
    expect(page.locator("[data-report-unsent] textarea")).to_have_value("Ditulis terlambat")


def test_a_deleted_visit_comes_back(page_360: Page, be: Callable, cast: Cast, report: MonthlyReport) -> None:
    add_visit(report, "Meubel Fatukbot")
    be(page_360, cast.tpl_belu)
    page = edit(page_360, report)
    page.locator("[data-visit] [data-delete]").click()
    expect(page.locator("[data-visits] [data-visit]")).to_have_count(0)
    saved(page)
    assert Visit.objects.get().deleted_at is not None
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_label("IKM", exact=True)).to_have_value("Meubel Fatukbot")
    saved(page)
    assert Visit.objects.get().deleted_at is None


def test_without_scripts_it_is_a_form(
    browser: Any, be: Callable, cast: Cast, report: MonthlyReport, live_server: Any
) -> None:
    assert Path("static/js/report.js").exists()
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 360, "height": 720}
    )
    page = context.new_page()
    be(page, cast.tpl_belu)
    page.goto(f"/laporan-penyuluh/{report.pk}/ubah/?tambah=1")
    page.get_by_label("IKM", exact=True).fill("Garam Atapupu")
    page.get_by_role("button", name="Simpan kunjungan").click()
    page.get_by_label("Rencana bulan depan").fill("Sertifikat halal")
    page.get_by_role("button", name="Simpan isian").click()
    assert Visit.objects.get().ikm == "Garam Atapupu" and MonthlyReport.objects.get().plan == "Sertifikat halal"
    context.close()
