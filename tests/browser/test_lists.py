"""Lists whose filters are applied without loading the page anew: what depends on the filters follows them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.factories_programs import make_proposal, make_round


def test_the_head_and_the_excel_file_follow_the_filters(cast: Any, be: Any, page_1280: Page) -> None:
    for year in (2020, 2021):
        make_round(year)
    make_proposal("53.04", status="diajukan", title="Tenun Belu")
    make_proposal("53.08", status="diajukan", title="Garam Ende")
    make_proposal("53.08", year=2021, status="diajukan", title="Kelor Ende")
    page = page_1280
    be(page, cast.kabid)
    page.goto("/verifikasi/?tahun=2020")
    page.evaluate("window.sameDocument = true")
    excel = page.get_by_role("link", name="Unduh Excel")
    page.locator("#q").press_sequentially("garam")
    expect(page.locator("#daftar tbody tr")).to_have_count(1)
    expect(excel).to_have_attribute("href", re.compile(r"q=garam"))
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("")
    page.locator("#filter-kabupaten").select_option("53.04")
    expect(excel).to_have_attribute("href", re.compile(r"kabupaten=53\.04"))
    page.locator("#filter-kabupaten").select_option("")
    page.locator("#filter-tahun").select_option("2021")
    expect(page.locator("#daftar")).to_contain_text("Kelor Ende")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2021")
    expect(excel).to_have_attribute("href", re.compile(r"tahun=2021"))
    expect(page.locator("#kepala-halaman input[name=tahun]")).to_have_value("2021")
    expect(page.locator("#peta-kemajuan a[href*='tahun=2021']").first).to_be_visible()
    with page.expect_download() as saved:
        excel.click()
    assert saved.value.suggested_filename == "verifikasi-2021.xlsx"
    assert page.evaluate("window.sameDocument")
