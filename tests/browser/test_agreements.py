"""The plenary in a browser: a verdict changed live while the hall looks on, agreement, scan, a regency's own copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from programs.models import Proposal
from rakor.models import Agreement
from tests.factories_agreements import make_agreement, make_pdf

ROOT = "/rakor/rakor-atambua/kesepakatan/"


@pytest.fixture
def recap(cast, live_server) -> Agreement:
    """The recap of Atambua: Belu got two programs and lost one, Ende got one."""
    return make_agreement(cast)


def belu() -> Proposal:
    return Proposal.objects.get(regency__code="53.04", status="disepakati")


def test_a_verdict_is_changed_while_the_hall_looks_on(recap, cast, open_window: Callable, be, assert_accessible):
    hall, desk, found = open_window(width=1280), open_window(width=1280), belu()
    be(hall, cast.panitia)
    hall.goto(f"{ROOT}layar/?regency=53.04")
    expect(hall.locator(".hall-sums li").first).to_contain_text("3")
    assert_accessible(hall)
    be(desk, cast.kadis_prov)
    desk.goto(f"{ROOT}putusan/")
    desk.get_by_role("row", name="BLU-2020-01").get_by_role("link", name="Ubah").click()
    expect(desk.locator("[data-when=perbaikan]")).to_be_hidden()
    desk.get_by_label("Disepakati dengan perbaikan", exact=True).check()
    expect(desk.locator("[data-when=perbaikan]")).to_be_visible()
    expect(desk.locator("[data-when=dialihkan]")).to_be_hidden()
    assert_accessible(desk)
    desk.get_by_label("Tidak disepakati", exact=True).check()
    desk.get_by_label("Alasan perubahan").fill("Sudah dibiayai APBN.")
    desk.get_by_role("button", name="Simpan sebagai versi baru").click()
    expect(desk.get_by_text("Kesepakatan sekarang versi 2.")).to_be_visible()
    expect(hall.locator(".hall-sums li").nth(1)).to_contain_text("2")  # asked for by itself
    expect(hall.locator("#layar")).to_contain_text("Sudah dibiayai APBN.")
    found.refresh_from_db()
    assert found.status == "tidak_disepakati"


def test_from_recap_to_signed_scan_on_a_phone(recap, cast, page_360, be, *, tmp_path, complaints, assert_accessible):
    page = page_360
    complaints.allow("422")
    be(page, cast.kadis_prov)
    page.goto("/rakor/rakor-atambua/")
    page.get_by_role("link", name="Kesepakatan", exact=True).click()
    assert_accessible(page)
    page.get_by_role("link", name="Sahkan kesepakatan").first.click()
    page.get_by_role("button", name="Sahkan kesepakatan pleno").click()
    expect(page.get_by_text("Kesepakatan disahkan.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Unggah pindaian").last.click()
    wrong = tmp_path / "pindaian.pdf"
    wrong.write_bytes(b"bukan pdf")
    page.get_by_label("Pindaian (PDF)").set_input_files(wrong)
    page.get_by_role("button", name="Simpan pindaian").click()
    expect(page.locator("#error_1_id_scan, .invalid-feedback").first).to_contain_text("tidak diterima")
    assert_accessible(page)
    wrong.write_bytes(make_pdf(4))
    page.get_by_label("Pindaian (PDF)").set_input_files(wrong)
    page.get_by_role("button", name="Simpan pindaian").click()
    expect(page.get_by_text("Pindaian tersimpan.")).to_be_visible()
    expect(page.get_by_text(Agreement.objects.get().scan_sha256, exact=True)).to_be_visible()
    assert_accessible(page)
    be(page, cast.operator_belu)
    page.goto(ROOT)
    page.wait_for_url(f"**{ROOT}53.04/")
    expect(page.get_by_label("Teks untuk WhatsApp")).to_have_value(
        "*Kesepakatan program IKM 2020 – Kabupaten Belu*\nRakor Atambua 2019, 24–26 April 2019\n"
        f"2 dari 3 usulan disepakati: Rp60.000.000\n{page.url}"
    )
    assert_accessible(page)


def test_the_table_of_signatures_is_kept_by_the_browser(recap, cast, any_page: Page, be, assert_accessible):
    page = any_page
    be(page, cast.panitia)
    page.goto(f"{ROOT}tanda-tangan/")
    page.get_by_label("nama, Kabupaten Sikka").fill("Maria Contoh")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Tabel tanda tangan tersimpan.")).to_be_visible()
    expect(page.get_by_label("nama, Kabupaten Sikka")).to_have_value("Maria Contoh")
    assert_accessible(page)
