"""Verification in a real browser: take, score, return with points, answer, see the difference, pass, next."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from programs.actions.lines import save_line
from programs.actions.moves import move_proposal
from programs.actions.verification import comment
from programs.models import Proposal
from tests.cast import Cast
from tests.factories_programs import make_attachments, make_proposal, make_round


@pytest.fixture
def proposal(cast) -> Proposal:
    make_round(2020)
    made = make_attachments(make_proposal("53.04", status="diajukan", lines=4))
    make_proposal("53.08", status="diajukan", sent_at=made.sent_at.replace(day=25), title="Garam Ende")
    return made


def test_from_the_queue_to_the_next_one(cast, be, any_page, look, proposal):
    page = any_page
    be(page, cast.verifikator)
    page.goto("/verifikasi/")
    look(page, "queue")
    page.get_by_role("button", name="Ambil berikutnya").click()
    page.wait_for_url(f"**/verifikasi/{proposal.pk}/")
    look(page, "page")

    _score(page)
    _return_with_two_points(page, proposal)
    look(page, "returned")

    be(page, cast.operator_belu)
    page.goto(f"/usulan/{proposal.pk}/ubah/")
    expect(page.locator(".point-mark")).to_have_count(2)
    look(page, "editor")
    _answer_one_point(page)
    _send_again(proposal, cast)

    be(page, cast.verifikator)
    page.goto(f"/verifikasi/{proposal.pk}/")
    changed = page.locator("section", has=page.get_by_role("heading", name="Perubahan sejak versi 1"))
    expect(changed).to_contain_text("Rp900.000")
    expect(page.locator(".points")).to_contain_text("Harga disesuaikan SSH.")
    look(page, "again")
    page.goto(f"/usulan/{proposal.pk}/versi/")
    look(page, "versions")
    page.goto(f"/verifikasi/{proposal.pk}/")
    page.get_by_role("button", name="Lolos, lalu berikutnya").click()
    page.wait_for_url(lambda url: f"/{proposal.pk}/" not in url)
    expect(page.locator("h1")).to_contain_text("Garam Ende")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.score) == ("lolos", 80)


def _score(page: Page) -> None:
    page.get_by_label("Bahan baku lokal dan pasar tersedia").check()
    expect(page.locator("#lembar .score-total")).to_contain_text("1 indikator belum dinilai")
    page.get_by_label("Berbadan hukum dan aktif").check()
    expect(page.locator("#lembar .score-total")).not_to_contain_text("belum dinilai")
    expect(page.locator("#lembar .score-total strong")).to_contain_text("80")


def _return_with_two_points(page: Page, proposal: Proposal) -> None:
    page.get_by_role("button", name="Beri catatan: baris 3").click()
    first = page.locator(".point-row").first
    expect(first.locator("textarea")).to_be_focused()
    first.locator("textarea").fill("Perbaiki harga satuan baris 3.")
    page.get_by_role("button", name="Beri catatan: Judul").click()
    second = page.locator(".point-row").nth(1)
    expect(second.locator("select")).to_have_value("title")
    second.locator("textarea").fill("Sebutkan nama kelompok.")
    page.get_by_role("button", name="Tambah catatan").click()
    expect(page.locator(".point-row")).to_have_count(4)
    page.locator("#kembalikan .btn-danger").click()
    page.locator("dialog[open] .btn-danger, dialog[open] .btn-primary").last.click()
    page.wait_for_url(f"**/verifikasi/{proposal.pk}/")
    expect(page.locator("main")).to_contain_text("dikembalikan kepada")


def _answer_one_point(page: Page) -> None:
    page.locator("#perbaikan input[name=answer]").first.fill("Harga disesuaikan SSH.")
    page.locator("#perbaikan").get_by_role("button", name="Tandai sudah diperbaiki").first.click()
    expect(page.locator("#perbaikan .point-answered")).to_have_count(1)
    expect(page.locator(".point-mark")).to_have_count(1)


def _send_again(proposal: Proposal, cast: Cast) -> None:
    """One price lowered, a word for each side, and back to the province."""
    line = proposal.lines.order_by("position")[2]
    values = {"description": line.description, "quantity_text": "10 orang", "unit": "orang",
              "unit_price_rupiah": 900_000, "source": "APBD_II"}  # fmt: skip
    save_line(proposal, values, by=cast.operator_belu, line_id=line.pk, base_version=line.version)
    proposal.shares.update(share_rupiah=39_000_000)
    comment(proposal, "Sudah kami perbaiki.", by=cast.operator_belu)
    comment(proposal, "Hanya untuk kita.", by=cast.kabid, internal=True)
    move_proposal(proposal, "submit", by=cast.operator_belu)
    move_proposal(proposal, "send", by=cast.kadis_belu)


@pytest.fixture
def _wrong_forms_are_expected(complaints) -> None:
    complaints.allow("422")


@pytest.mark.usefixtures("_wrong_forms_are_expected")
def test_rubric_and_ready(cast, be, any_page, look, proposal):
    page = any_page
    be(page, cast.kabid)
    page.goto("/verifikasi/")
    page.get_by_role("button", name="Pilih semua di halaman ini").click()
    expect(page.locator("input[name=proposal]:checked")).to_have_count(2)
    look(page, "queue-head")
    page.get_by_label("Verifikator untuk yang dipilih").select_option(label="Verifikator Contoh")
    page.get_by_role("button", name="Bagi tugas").click()
    expect(page.locator("main")).to_contain_text("2 usulan dibagi.")
    page.goto("/verifikasi/rubrik/")
    look(page, "rubric")
    page.get_by_role("link", name="Bahan baku lokal dan pasar").click()
    look(page, "rubric-item")
    page.locator("#id_tingkat-0-points").fill("9")
    page.get_by_role("button", name="Simpan rubrik").click()
    expect(page.locator("main")).to_contain_text("Poin tertinggi (9) harus sama dengan bobot (10).")
    page.goto("/verifikasi/siap-desk/?tahun=2020")
    look(page, "ready")
    page.goto(f"/usulan/{proposal.pk}/")
    look(page, "detail")
