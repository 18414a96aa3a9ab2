"""An invited office on a phone: it answers, names delegates, hands in its surat tugas; the committee's map follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from rakor.models import LetterCopy, Registration
from tests.browser.conftest import until
from tests.browser.invited_steps import file_of, photo
from tests.factories_guests import delegate, make_invitation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invited(cast: Any, published_meeting: Any) -> Any:
    """Belu's invitation and Ende's, both sent, both silent."""
    found = make_invitation(published_meeting, by=cast.panitia)
    make_invitation(published_meeting, "53.08", by=cast.panitia, letter=LetterCopy.objects.get().letter)
    return found


@pytest.fixture
def phone(be: Any, cast: Any, page_360: Page, complaints: Any) -> Page:
    """The operator of Belu on a phone; a form that comes back is no complaint."""
    be(page_360, cast.operator_belu)
    complaints.allow("422")
    return page_360


def test_an_operator_does_it_all_from_a_phone(invited, cast, look, phone: Page):
    page = phone
    page.goto("/")
    page.get_by_role("link", name="Jawab undangan Rakor Atambua 2019").click()
    until(page, lambda: LetterCopy.objects.filter(invitation=invited, read_by=cast.operator_belu).exists())
    look(page, "undangan")
    page.get_by_role("button", name="Hadir", exact=True).click()
    page.get_by_role("link", name="Tambah utusan").click()
    page.locator(".choice-links").get_by_text("Kadis Belu Contoh").click()
    page.get_by_label("Nomor HP/WhatsApp").fill("081234567")
    look(page, "utusan")
    page.get_by_role("button", name="Simpan").dblclick()
    expect(page.get_by_text("terdaftar sebagai utusan")).to_be_visible()
    assert Registration.objects.get().user == cast.kadis_belu
    page.locator("#surat-tugas").get_by_role("link", name="Unggah surat tugas").click()
    page.get_by_label("Nomor surat tugas").fill("094/1/2019")
    page.get_by_label("Tanggal surat tugas").fill("2019-04-20")
    page.get_by_label("Foto atau pindaian").set_input_files(file_of("tugas.jpg", b"MZ bukan foto"))
    page.get_by_role("button", name="Simpan surat tugas").click()
    expect(page.locator("[data-form-errors]")).to_contain_text("tidak diterima")
    expect(page.get_by_label("Nomor surat tugas")).to_have_value("094/1/2019")
    look(page, "surat-tugas")
    page.get_by_label("Foto atau pindaian").set_input_files(file_of("tugas.jpg", photo()))
    page.get_by_role("button", name="Simpan surat tugas").click()
    expect(page.get_by_text("sudah dijawab lengkap")).to_be_visible()
    look(page, "undangan-lengkap")


def test_the_map_follows_on_the_committees_board(invited, cast, be, look, any_page: Page):
    from tests.factories_guests import accept, assign

    accept(invited, by=cast.operator_belu)
    delegate(invited, by=cast.operator_belu)
    assign(invited, by=cast.operator_belu)
    page = any_page
    be(page, cast.panitia)
    page.goto(reverse("invitations", args=[invited.meeting.slug]))
    expect(page.locator(".tile.tone-success").first).to_have_attribute(
        "title", "Kabupaten Belu: Hadir dan lengkap: 1 dari 2 utusan"
    )
    rows = page.locator("#undangan tbody tr")
    expect(rows.first).to_contain_text("Kabupaten Ende")
    look(page, "siapa-belum-menjawab")
    page.locator("#filter-state").select_option("lengkap")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Kabupaten Belu")
    page.goto(reverse("registrations", args=[invited.meeting.slug]))
    expect(page.get_by_text("Maria Contoh").first).to_be_visible()
    look(page, "peserta")
