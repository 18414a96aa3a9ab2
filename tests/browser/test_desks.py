"""The desk in two windows: the leader decides by keys, the regency's phone follows; the board of the hall."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.documents import tasks
from programs.models import Proposal, Verdict
from rakor.actions.desks import agree_rest, decide, open_desk
from rakor.models import Desk
from tests.factories import make_meeting
from tests.factories_programs import make_desk, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (360, 1280)


@pytest.fixture
def window(be: Any, open_window: Any) -> Any:
    """`window(person, width)`: a page of that person."""

    def make(person: Any, width: int = 1280, **options: Any) -> Page:
        page = open_window(width=width, **options)
        be(page, person)
        return page

    return make


@pytest.fixture
def desk(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Belu's waiting desk with three proposals, one of them continuing what was agreed last year."""
    monkeypatch.setattr(tasks.render_document, "apply_async", lambda *args, **options: None)
    meeting = make_meeting(status="berlangsung")
    old = make_proposal(year=2019, status="disepakati", title="Sentra tenun Fatukbot")
    old.realisations.create(quarter=4, spent_rupiah=25_000_000, physical_percent=90, reported_by=cast.operator_belu)
    for number in range(3):
        make_proposal(status="siap_desk", copied_from=old if number == 0 else None)
    return make_desk(meeting)


def address(desk: Desk, tail: str = "") -> str:
    return f"/rakor/{desk.session.meeting.slug}/desk/{desk.session_id}/{tail}"


def item(page: Page, number: int) -> Any:
    return page.locator("[data-item]").nth(number)


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_call_to_the_closed_desk(desk, cast, window, assert_accessible, width):
    leader, phone = window(cast.verifikator, width), window(cast.kadis_belu, 1640 - width)
    phone.goto(address(desk))
    assert_accessible(phone)
    leader.goto(address(desk))
    leader.get_by_role("button", name="Panggil", exact=True).click()
    expect(phone.locator("main")).to_contain_text("dipanggil ke Meja")
    leader.get_by_role("button", name="Buka desk").click()
    expect(item(leader, 0)).to_contain_text("Lanjutan 2019: disepakati Rp30.000.000")
    expect(phone.locator("#desk-foot")).to_contain_text("3 usulan belum diputuskan")

    item(leader, 0).get_by_role("button", name="Disepakati", exact=True).click()
    expect(item(leader, 0)).to_contain_text("Verifikator Contoh")
    expect(phone.locator("#desk-totals")).to_contain_text("Rp30.000.000")
    item(leader, 1).get_by_role("link", name="Ditunda").click()
    leader.get_by_role("button", name="Simpan putusan").click()
    expect(leader.locator("[data-error]")).to_contain_text("Alasan wajib diisi")
    assert_accessible(leader)
    leader.get_by_label("Alasan").fill("Menunggu sertifikat lahan.")
    leader.get_by_role("button", name="Simpan putusan").click()
    expect(item(phone, 1)).to_contain_text("Menunggu sertifikat lahan.")

    item(leader, 2).locator("summary").click()
    row = item(leader, 2).locator("[data-line]").first
    row.get_by_role("link", name="Putuskan").click()
    leader.get_by_label("Jumlah yang disepakati").fill("7.500.000")
    leader.get_by_label("Alasan").fill("Harga pasar.")
    leader.get_by_role("button", name="Simpan putusan").click()
    expect(item(leader, 2)).to_contain_text("Rp27.500.000")
    expect(phone.locator("#desk-totals")).to_contain_text("Rp57.500.000")
    assert_accessible(leader)
    assert_accessible(phone)

    phone.get_by_role("button", name="Konfirmasi putusan").click()
    phone.get_by_role("button", name="Ya, lanjutkan").click()
    expect(phone.locator("#desk-foot")).to_contain_text("Dikonfirmasi oleh Kadis Belu Contoh")
    leader.get_by_role("link", name="Tutup desk").click()
    assert_accessible(leader)
    leader.get_by_role("button", name="Tutup desk dan buat berita acara").click()
    expect(leader.locator("#desk-foot")).to_contain_text("Berita acara sedang disusun")
    expect(phone.locator("#desk-foot")).to_contain_text("Berita acara sedang disusun")
    tasks.render_document(Desk.objects.get().document_id)
    expect(phone.locator("#desk-foot")).to_contain_text("Unduh berita acara")
    assert_accessible(phone)
    assert sorted(Proposal.objects.filter(year=2020).values_list("status", flat=True)) == [
        "disepakati", "ditunda", "perbaikan",
    ]  # fmt: skip


def test_a_desk_by_keys_alone(desk, cast, be, page_1280):
    open_desk(desk, by=cast.verifikator)
    be(page_1280, cast.verifikator)
    page = page_1280
    page.goto(address(desk))
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(item(page, 0)).to_contain_text("Verifikator Contoh")
    page.keyboard.press("j")
    page.keyboard.press("4")
    page.keyboard.type("Ganda dengan DAK.")
    page.keyboard.press("Control+Enter")
    expect(item(page, 1)).to_contain_text("Ganda dengan DAK.")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.type("Tahun depan.")
    page.keyboard.press("Control+Enter")
    expect(item(page, 2)).to_contain_text("Rp20.000.000")
    page.keyboard.press("k")
    page.keyboard.press("0")
    expect(item(page, 2).locator(".desk-verdict")).to_have_count(0)
    page.keyboard.press("s")
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.locator("#desk-totals")).to_contain_text("Semua diputuskan")
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_contain_text("Putusan untuk yang terpilih")


def test_two_leaders_see_both_answers(desk, cast, window, complaints, assert_accessible):
    complaints.allow("409")
    open_desk(desk, by=cast.verifikator)
    page_1280 = window(cast.verifikator)
    page_1280.goto(address(desk))
    first = Proposal.objects.filter(year=2020).order_by("rank").first()
    page_1280.evaluate("document.querySelector('[data-desk]').setAttribute('data-pulse', '/tidak-ada/')")
    complaints.allow("404")
    decide(desk, first, "ditunda", by=cast.kabid, reason="Lahan.", base_version=0)
    item(page_1280, 0).get_by_role("button", name="Disepakati", exact=True).click()
    dialog = page_1280.locator("#conflict-dialog")
    expect(dialog).to_contain_text("Ditunda · Rp0 · Lahan. · (Kepala Bidang Contoh)")
    assert_accessible(page_1280)
    dialog.get_by_role("button", name="Pakai putusan saya").click()
    expect(item(page_1280, 0)).to_contain_text("Verifikator Contoh")
    assert Verdict.objects.get(proposal__year=2020).decision == "disepakati"
    assert first.verdict_revisions.count() == 2


def test_a_press_without_a_link_is_kept_and_stored_later(desk, cast, be, page_1280, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "Failed to load")
    open_desk(desk, by=cast.verifikator)
    be(page_1280, cast.verifikator)
    page_1280.goto(address(desk))
    page_1280.context.set_offline(True)
    item(page_1280, 0).get_by_role("button", name="Disepakati", exact=True).click()
    expect(page_1280.locator("[data-save-state]")).to_contain_text("Luring")
    page_1280.context.set_offline(False)
    expect(item(page_1280, 0)).to_contain_text("Verifikator Contoh")
    assert Verdict.objects.get(proposal__year=2020).decision == "disepakati"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_board_follows_the_calls(desk, cast, window, assert_accessible, width):
    hall = window(cast.observer, width)
    hall.goto("/rakor/rakor-atambua/desk/papan/")
    expect(hall.locator("main")).to_contain_text("Menunggu panggilan")
    assert_accessible(hall)
    open_desk(desk, by=cast.verifikator)
    expect(hall.locator("main")).to_contain_text("Di meja")
    assert_accessible(hall)
    with hall.expect_response("**/papan/") as unchanged:
        pass
    assert unchanged.value.status == 304


@pytest.mark.parametrize("width", WIDTHS)
def test_the_plan_and_the_forms(desk, cast, window, assert_accessible, width):
    page = window(cast.panitia, width)
    for tail in ("desk/", "desk/bagi/", f"desk/{desk.session_id}/pindah/", "desk/cetak/"):
        page.goto(f"/rakor/rakor-atambua/{tail}")
        assert_accessible(page)
    page.goto("/rakor/rakor-atambua/desk/bagi/")
    page.get_by_role("button", name="Bagi desk").click()
    expect(page.locator("main")).to_contain_text("21 desk dibagikan")
    page.get_by_role("link", name=re.compile("Pindah Kab. Ende")).click()
    page.get_by_role("radio", name=re.compile("kosong")).first.check()
    page.get_by_role("button", name="Pindahkan").click()
    expect(page.locator("main")).to_contain_text("dipindahkan")
    page.get_by_role("button", name="Urungkan").first.click()
    expect(page.locator("main")).to_contain_text("Perubahan diurungkan")


def test_without_scripts_everything_is_a_form(desk, cast, window):
    desk = open_desk(desk, by=cast.verifikator)
    page = window(cast.verifikator, java_script_enabled=False)
    page.goto(address(desk))
    item(page, 0).get_by_role("button", name="Disepakati", exact=True).click()
    expect(item(page, 0)).to_contain_text("Verifikator Contoh")
    item(page, 1).get_by_role("link", name="Tidak disepakati").click()
    page.get_by_label("Alasan").fill("Ganda.")
    page.get_by_role("button", name="Simpan putusan").click()
    expect(item(page, 1)).to_contain_text("Ganda.")
    page.get_by_role("button", name="Semua sesuai usulan").click()
    page.get_by_role("link", name="Catat persetujuan utusan").click()
    page.get_by_label("Nama utusan").fill("Yohanes Contoh")
    page.get_by_label("Jabatan").fill("Kepala Bidang")
    page.get_by_role("button", name="Konfirmasi putusan").click()
    expect(page.locator("#desk-foot")).to_contain_text("Dikonfirmasi oleh Yohanes Contoh")


@pytest.mark.parametrize("width", WIDTHS)
def test_forms_of_answers_are_accessible(desk, cast, window, assert_accessible, width):
    desk = open_desk(desk, by=cast.verifikator)
    agree_rest(desk, by=cast.verifikator)
    page = window(cast.verifikator, width)
    proposal = Proposal.objects.filter(year=2020).first()
    for tail in (f"usulan/{proposal.pk}/?putusan=dialihkan", f"rincian/{proposal.lines.first().pk}/", "konfirmasi/"):
        page.goto(address(desk, tail))
        assert_accessible(page)
