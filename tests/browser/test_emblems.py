"""Emblems in the browser: uploaded on a phone, replaced after a question, removed without scripts, shown in the kop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from regencies.actions.stand_ins import PROVINCE, REGENCY, stand_in
from regencies.models import Emblem
from tests.cast import Cast
from tests.factories import lead_agency


@pytest.fixture
def refused(complaints) -> None:
    """A refused form is a 422, which Chromium writes into its console."""
    complaints.allow("422")


@pytest.mark.usefixtures("refused")
def test_an_operator_uploads_replaces_and_removes(
    any_page: Page, be: Callable, look, cast: Cast, tmp_path: Path
) -> None:
    shield, other, drawing = tmp_path / "Lambang Belu.png", tmp_path / "lain.png", tmp_path / "lambang.svg"
    shield.write_bytes(stand_in(REGENCY))
    other.write_bytes(stand_in(PROVINCE))
    drawing.write_text("<svg/>")
    be(any_page, cast.operator_belu)
    any_page.goto(f"/kantor/{lead_agency('53.04').pk}/")
    look(any_page, "office-without")
    any_page.get_by_role("link", name="Unggah lambang").click()
    picture, keep = any_page.get_by_label("Gambar lambang"), any_page.get_by_role("button", name="Simpan lambang")
    picture.set_input_files(drawing)
    keep.click()
    expect(any_page.get_by_text("Lambang hanya dapat berupa gambar PNG atau JPEG").first).to_be_visible()
    look(any_page, "refused")
    picture.set_input_files(shield)
    keep.click()
    expect(any_page.get_by_text("Lambang Kabupaten Belu disimpan.")).to_be_visible()
    shown = any_page.get_by_role("img", name="Gambar Lambang Kabupaten Belu")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.complete && picture.naturalWidth") == 520
    look(any_page, "list")
    any_page.get_by_role("link", name="Ganti Lambang Kabupaten Belu").click()
    first = Emblem.objects.get().sha256
    picture.set_input_files(other)
    keep.click()
    look(any_page, "question")
    any_page.get_by_role("dialog").get_by_role("button", name="Ganti").click()
    expect(any_page.get_by_text("Lambang Kabupaten Belu disimpan.")).to_be_visible()
    assert Emblem.objects.get().sha256 != first
    any_page.goto(f"/kantor/{lead_agency('53.04').pk}/")
    expect(any_page.get_by_role("img", name="Lambang Kabupaten Belu")).to_be_visible()
    look(any_page, "office")
    any_page.goto("/kantor/lambang/")
    any_page.get_by_role("link", name="Hapus Lambang Kabupaten Belu").click()
    look(any_page, "remove")
    any_page.get_by_role("button", name="Hapus lambang").click()
    expect(any_page.get_by_text("Lambang Kabupaten Belu dihapus.")).to_be_visible()
    assert not Emblem.objects.exists()


def test_the_committee_sees_every_place(any_page: Page, be: Callable, look, cast: Cast) -> None:
    be(any_page, cast.panitia)
    any_page.goto("/kantor/lambang/")
    expect(any_page.get_by_role("link", name="Unggah Lambang", exact=False)).to_have_count(25)
    look(any_page, "list-empty")


def test_it_works_without_scripts(open_window: Callable, be: Callable, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "lambang.png"
    file.write_bytes(stand_in(REGENCY))
    page = open_window(width=360, java_script_enabled=False)
    be(page, cast.panitia)
    for _time in range(2):  # put there, then put there again
        page.goto("/kantor/lambang/provinsi/")
        page.get_by_label("Gambar lambang").set_input_files(file)
        page.get_by_role("button", name="Simpan lambang").click()
        expect(page.get_by_text("Lambang Provinsi Nusa Tenggara Timur disimpan.")).to_be_visible()
    page.goto("/kantor/lambang/provinsi/hapus/")
    page.get_by_role("button", name="Hapus lambang").click()
    expect(page.get_by_text("Lambang Provinsi Nusa Tenggara Timur dihapus.")).to_be_visible()
