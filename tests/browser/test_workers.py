"""The register of extension workers in the browser: its pages at both widths, and a person registered by hand."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from programs.models import ExtensionWorker
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_worker


def test_the_pages_of_workers(any_page: Page, be: Callable, look, cast: Cast) -> None:
    worker = make_worker(
        "Maria Goreti Bere Mau, A.Md.T.", identity_number="5304012345678901", phone="0812 3456 7890",
        address="Jalan Contoh 12, Kelurahan Fatukbot, Atambua", email="maria.bere@contoh.test", user=cast.tpl_belu,
    )  # fmt: skip
    make_contract("kontrak_tpl", status="aktif", worker=worker, honorarium_rupiah=2_600_000)
    for number in range(1, 28):
        make_worker(f"Penyuluh Contoh {number:02}", "53.08" if number % 2 else "53.04", cohort=2014 + number % 2)
    be(any_page, cast.panitia)
    any_page.goto("/penyuluh/")
    look(any_page, "list")
    any_page.goto(worker.get_absolute_url())
    look(any_page, "detail")
    any_page.goto(f"/penyuluh/{worker.pk}/ubah/")
    look(any_page, "edit")
    be(any_page, cast.kadis_belu)
    any_page.goto(worker.get_absolute_url())
    expect(any_page.get_by_text("Data pribadi hanya untuk")).to_be_visible()
    look(any_page, "detail-regency")
    be(any_page, cast.admin)
    any_page.goto(f"/penyuluh/{worker.pk}/akun/")
    look(any_page, "account")
    any_page.goto(f"/penyuluh/{ExtensionWorker.objects.exclude(pk=worker.pk).first().pk}/akun/")
    look(any_page, "account-none")


def test_a_person_is_registered_and_placed(any_page: Page, be: Callable, look, complaints, cast: Cast) -> None:
    be(any_page, cast.panitia)
    any_page.goto("/penyuluh/")
    look(any_page, "list-empty")
    complaints.allow("status of 422")
    any_page.goto("/penyuluh/baru/")
    any_page.get_by_label("Nama lengkap").fill("Yosef Mau")
    any_page.get_by_label("NIK").fill("12345")
    any_page.get_by_role("button", name="Simpan").click()
    expect(any_page.get_by_text("Angkatan wajib diisi untuk program beasiswa.").first).to_be_visible()
    look(any_page, "new-wrong")
    any_page.get_by_label("Angkatan").fill("2015")
    any_page.get_by_label("NIK").fill("5304 0123 4567 8901")
    any_page.get_by_role("button", name="Simpan").click()
    expect(any_page.get_by_text("Yosef Mau terdaftar.")).to_be_visible()
    any_page.get_by_role("link", name="Tempatkan", exact=True).click()
    any_page.get_by_label("Kabupaten/kota penempatan").select_option(label="Kabupaten Belu")
    look(any_page, "place")
    any_page.locator("main button", has_text="Tempatkan").click()
    expect(any_page.get_by_text("Penempatan tersimpan.")).to_be_visible()
    look(any_page, "placed")


def test_the_steps_stay_within_their_bar_on_a_phone(page_360: Page, be: Callable, cast: Cast) -> None:
    be(page_360, cast.panitia)
    page_360.goto(make_worker("Yosef Mau").get_absolute_url())
    expect(page_360.locator(".steps [aria-current]")).to_contain_text("Penempatan")
    reach = page_360.locator(".steps li").evaluate_all(
        """items => items.slice(1).map(item => {
            const line = getComputedStyle(item, "::before");
            return item.getBoundingClientRect().left + parseFloat(line.left)
                - items[0].parentNode.getBoundingClientRect().left;
        })"""
    )
    assert len(reach) == 4 and min(reach) >= 0
