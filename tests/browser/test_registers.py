"""The registers of numbers in the browser: the preview that follows typing, and every page at both widths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from playwright.sync_api import Page, expect

from regencies.actions import registers as verbs
from regencies.queries import register_for
from tests.cast import Cast

APRIL = dt.date(2019, 4, 24)


def test_the_next_number_is_shown_while_the_pattern_is_typed(any_page: Page, be: Callable, look, cast: Cast) -> None:
    be(any_page, cast.admin)
    any_page.goto(f"/register/{register_for('surat-keluar').pk}/ubah/")
    preview = any_page.locator("#pratinjau")
    expect(preview).to_contain_text("500.9/1/DISPERINDAG/")
    any_page.get_by_label("Pola nomor").fill("{klasifikasi}/{nomor:03}/{kode}/{tahun}")
    expect(preview).to_contain_text("500.9/001/DISPERINDAG/")
    any_page.get_by_label("Pola nomor").fill("{klasifikasi}/{nomer}/{tahun}")
    expect(preview).to_contain_text("{nomer} tidak dikenal")
    look(any_page, "settings-wrong")
    any_page.get_by_label("Pola nomor").fill("{klasifikasi}/{nomor}/{kode}/{tahun}")
    any_page.get_by_label("Nomor terakhir tahun ini").fill("244")
    expect(preview).to_contain_text("500.9/245.a/DISPERINDAG/")


def test_the_book_with_numbers_of_every_kind(any_page: Page, be: Callable, look, cast: Cast) -> None:
    be(any_page, cast.panitia)
    register = register_for("surat-keluar")
    for number in range(1, 29):
        taken = verbs.reserve_number(register, on=APRIL, title=f"Undangan rapat ke-{number}", by=cast.panitia)
    verbs.insert_number(register, taken, on=APRIL, by=cast.panitia, title="Surat susulan kepada Bank NTT")
    verbs.void_number(taken, "Salah alamat, dibuat ulang.", by=cast.panitia)
    any_page.goto("/register/")
    look(any_page, "list")
    any_page.goto(f"/register/{register.pk}/?tahun=2019")
    look(any_page, "book")
    any_page.locator("summary", has_text="Tindakan untuk").first.click()
    any_page.get_by_role("link", name="Sisipkan nomor sesudah ini").first.click()
    look(any_page, "insert")
    any_page.get_by_role("textbox", name="Hal").fill("Sisipan dari peramban")
    any_page.get_by_role("button", name="Sisipkan nomor").click()
    expect(any_page.get_by_text("28.b/DISPERINDAG/IV/2019").first).to_be_visible()
    any_page.goto(f"/register/{register.pk}/ambil/")
    look(any_page, "take")
    any_page.goto(f"/register/{register_for('sk').pk}/")
    look(any_page, "book-empty")
