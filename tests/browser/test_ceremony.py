"""The signing ceremony in windows: the committee records, the hall follows, drag and keys order, photos."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from programs.models import Contract
from rakor.actions import ceremonies as actions
from rakor.actions.ceremonies_photos import add_photo
from rakor.facts.session_photos import read_photo
from rakor.models import Ceremony
from tests.browser.conftest import until, until_draggable
from tests.factories_ceremonies import make_ceremony, make_waiting, picture
from tests.factories_contracts import make_contract

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (360, 1280)
CAPTION = "Bupati Belu menyaksikan penandatanganan kontrak TPL-IKM di Aula Hotel Matahari"


@pytest.fixture
def window(be: Any, open_window: Any) -> Any:
    """`window(person, width)`: a page of that person."""

    def make(person: Any, width: int = 1280, **options: Any) -> Page:
        page = open_window(width=width, **options)
        be(page, person)
        return page

    return make


@pytest.fixture
def ceremony(cast: Any) -> Ceremony:
    """Twelve contracts of Belu, three of them on the stage, not open yet."""
    made = make_ceremony(12, by=cast.panitia, opened=False)
    for item in list(made.items.order_by("order"))[:3]:
        actions.mark_on_stage(item, True, by=cast.panitia)
    return made


def address(ceremony: Ceremony, tail: str = "") -> str:
    return f"/rakor/{ceremony.session.meeting.slug}/penandatanganan/{ceremony.session_id}/{tail}"


def photos(ceremony: Ceremony, tail: str = "") -> str:
    return f"/rakor/{ceremony.session.meeting.slug}/sesi/{ceremony.session_id}/foto/{tail}"


def sign_all(ceremony: Ceremony, contract: Any, by: Any) -> None:
    for signer in sorted(contract.signers.select_related("contract"), key=lambda each: (each.step, each.order)):
        actions.record_signature(ceremony, signer, by=by)


def test_the_clock_of_the_hall_is_the_portals_whatever_the_device_is_set_to(ceremony, cast, window):
    hall = window(cast.panitia, timezone_id="America/New_York")
    hall.clock.set_fixed_time("2026-11-22T16:05:00Z")
    hall.goto(address(ceremony, "layar/"))
    expect(hall.locator("[data-clock]")).to_have_text("00.05")  # WITA


@pytest.mark.parametrize("width", WIDTHS)
def test_one_click_after_another_while_the_hall_follows(ceremony, cast, window, look, width):
    panitia = window(cast.panitia, width)
    hall = window(cast.operator_ende, 1920 if width == 1280 else 360, height=1080)
    hall.goto(address(ceremony, "layar/"))
    expect(hall.locator("main")).to_contain_text("Penandatanganan belum dibuka")
    panitia.goto(address(ceremony))
    look(panitia, "prepared")
    panitia.get_by_role("button", name="Buka penandatanganan").click()
    expect(hall.locator("main")).to_contain_text("Di panggung")
    look(hall, "hall-open")

    paper = panitia.locator(".paper").first
    for name in ("Kadis Belu Contoh", "Penyuluh 01"):
        paper.get_by_role("button", name=re.compile(f"Catat tanda tangan {name}")).click()
        expect(panitia.locator("#confirm-question")).to_contain_text("sudah menandatangani di kertas?")
        panitia.locator("[data-confirm-yes]").click()
        expect(paper).to_contain_text(re.compile(f"{name}.*Sudah ditandatangani", re.S))
    expect(hall.locator(".has-signed")).to_have_count(2)
    look(panitia, "signing")
    look(hall, "hall-signing")
    for witness in ("Bupati Belu Contoh", "Kepala Dinas Contoh"):
        paper.get_by_role("button", name=re.compile(f"Catat tanda tangan {witness}")).click()
        panitia.locator("[data-confirm-yes]").click()
    expect(panitia.locator(".ceremony-count")).to_contain_text("1 dari 12 naskah ditandatangani")
    expect(hall.locator(".stage-progress")).to_contain_text("1 dari 12 naskah ditandatangani")
    expect(hall.locator(".stage h2")).to_contain_text("Penyuluh 02")
    panitia.get_by_role("link", name="Tutup penandatanganan").click()
    expect(panitia.locator("main")).to_contain_text("11 dari 12 naskah belum ditandatangani lengkap")
    look(panitia, "close")
    panitia.get_by_role("button", name="Tutup penandatanganan").click()
    expect(hall.locator("main")).to_contain_text("Penandatanganan selesai")
    look(panitia, "closed")
    look(hall, "hall-closed")


def test_two_members_of_the_committee_see_each_others_clicks(ceremony, cast, window):
    actions.open_ceremony(ceremony, by=cast.panitia)
    first, second = window(cast.panitia), window(cast.kabid)
    for page in (first, second):
        page.goto(address(ceremony))
    first.get_by_role("button", name=re.compile("Catat tanda tangan Kadis Belu")).first.click()
    first.locator("[data-confirm-yes]").click()
    expect(first.locator(".paper").first).to_contain_text("Sudah ditandatangani")
    expect(second.locator(".paper").first).to_contain_text("Sudah ditandatangani", timeout=20_000)


def test_order_by_keys_and_by_hand(ceremony, cast, window):
    page = window(cast.panitia)
    page.goto(address(ceremony))
    order = page.locator(".paper h2 a")
    fourth = order.nth(3).inner_text()
    down = page.locator(".paper").nth(3).get_by_role("button", name=re.compile("Turunkan urutan"))
    down.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(order.nth(4)).to_have_text(fourth)
    expect(page.locator(".paper").nth(4).get_by_role("button", name=re.compile("Turunkan urutan"))).to_be_focused()
    page.locator(".paper .grip").nth(5).hover()
    until_draggable(page, ".ceremony-papers > .paper")
    sixth = order.nth(5).inner_text()
    start, end = page.locator(".paper .grip").nth(5), page.locator(".paper").nth(4)
    start.scroll_into_view_if_needed()
    box, goal = start.bounding_box(), end.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] - 40, steps=5)
    page.mouse.move(goal["x"] + 20, goal["y"] + 10, steps=10)
    page.mouse.up()
    expect(order.nth(4)).to_have_text(sixth)
    until(page, lambda: list(ceremony.items.all())[4].contract.title == sixth)


@pytest.mark.parametrize("width", WIDTHS)
def test_choosing_papers(cast, window, look, width):
    ceremony = make_ceremony(0, by=cast.panitia, opened=False)
    make_waiting(name="Penyuluh Atambua")
    make_waiting("53.08", "Penyuluh Ende")
    page = window(cast.panitia, width)
    page.goto(address(ceremony))
    look(page, "empty")
    page.get_by_role("link", name="Tambah naskah").click()
    look(page, "add")
    page.get_by_label("Kabupaten/kota").select_option(label="Kabupaten Ende")
    expect(page.locator("#pilihan")).not_to_contain_text("Penyuluh Atambua")
    page.get_by_role("button", name="Tambahkan 1 naskah ini").click()
    expect(page.locator(".paper")).to_have_count(1)
    expect(page.locator(".paper")).to_contain_text("Penyuluh Ende")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_signer_finds_his_papers(ceremony, cast, window, look, width):
    contract = make_contract(kind="nota_kesepahaman", status="siap_ttd", route="elektronik")
    actions.add_contracts(ceremony, [contract.pk], by=cast.panitia)
    actions.open_ceremony(ceremony, by=cast.panitia)
    page = window(cast.kadis_prov, width)
    page.goto(address(ceremony))
    expect(page.get_by_role("link", name="Tanda tangani")).to_be_visible()
    phone = window(cast.bupati_belu, width)
    phone.goto(address(ceremony))
    expect(phone.locator("main")).to_contain_text("naskah yang menyangkut Anda")
    look(phone, "signer")


@pytest.fixture
def with_photos(ceremony, cast, complaints):
    """The session of the ceremony with three photos; a form that comes back is no complaint."""
    complaints.allow("422")
    for number in range(3):
        data = picture(size=(1200 + number, 800))
        ready = read_photo("foto.jpg", data, size=len(data), largest=10**7)
        add_photo(ceremony.session, ready, CAPTION, by=cast.panitia)
    return ceremony


@pytest.mark.parametrize("width", WIDTHS)
def test_photos_with_captions_by_people(with_photos, cast, window, look, width):
    page = window(cast.notulis, width)
    page.goto(photos(with_photos, "unggah/"))
    look(page, "photo-form")
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.locator("[data-form-errors]")).to_contain_text("Tulis keterangan foto")
    look(page, "photo-add")
    file = {"name": "IMG_1.PNG", "mimeType": "image/png", "buffer": picture("PNG", size=(600, 900))}
    page.get_by_label("Foto (JPEG atau PNG)").set_input_files(file)
    page.get_by_label("Keterangan foto").fill("Hadirin di aula")
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.locator(".photos > li")).to_have_count(4)
    until(
        page, lambda: page.evaluate("[...document.images].every(each => each.loading === 'lazy' || each.naturalWidth)")
    )
    look(page, "photos")
    page.get_by_role("button", name="Hapus foto: Hadirin di aula").click()
    expect(page.locator(".photos > li")).to_have_count(3)
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator(".photos > li")).to_have_count(4)
    page.goto(f"/rakor/{with_photos.session.meeting.slug}/sesi/{with_photos.session_id}/")
    look(page, "session")


def test_the_hall_when_all_have_signed(cast, window, look):
    ceremony = make_ceremony(2, by=cast.panitia)
    for contract in Contract.objects.all():
        sign_all(ceremony, contract, cast.panitia)
    hall = window(cast.observer, 1920, height=1080)
    hall.goto(address(ceremony, "layar/"))
    expect(hall.locator("main")).to_contain_text("Semua naskah sudah ditandatangani")
    look(hall, "hall-over")
