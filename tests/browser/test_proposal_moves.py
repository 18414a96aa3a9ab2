"""Sending, reminding and reporting in the browser: questions before steps, one step for two clicks."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from programs.models import Submission
from tests.factories_programs import make_attachments, make_proposal, make_round


def test_the_head_sends_everything_after_a_question(cast, page_360, be):
    make_round(2020)
    rows = [make_attachments(make_proposal(status="menunggu_kadis", village=f"Desa {n}")) for n in range(2)]
    make_proposal(status="menunggu_kadis", title="Belum lengkap", village="Lain")
    be(page_360, cast.kadis_belu)
    page_360.goto("/")
    page_360.get_by_role("link", name=re.compile("Periksa dan kirim 3 usulan")).click()
    page_360.get_by_role("button", name="Setujui dan kirim semua (2)").click()
    expect(page_360.get_by_text("Kirim 2 usulan ke provinsi?")).to_be_visible()
    page_360.get_by_role("button", name="Batal").click()
    assert not Submission.objects.exists()
    page_360.get_by_role("button", name="Setujui dan kirim semua (2)").click()
    page_360.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page_360.get_by_text("2 usulan dikirim ke provinsi.")).to_be_visible()
    expect(page_360.get_by_text("“Belum lengkap” tidak terkirim")).to_be_visible()
    assert set(Submission.objects.values_list("proposal", flat=True)) == {row.pk for row in rows}


def test_the_operator_follows_a_finding_and_submits(cast, page_1280, be):
    make_round(2020)
    row = make_attachments(make_proposal(method=""))
    be(page_1280, cast.operator_belu)
    page_1280.goto(f"/usulan/{row.pk}/periksa/")
    page_1280.get_by_role("link", name="Isian “Cara pelaksanaan” belum diisi.").click()
    page_1280.wait_for_url(f"**/usulan/{row.pk}/ubah/#method")
    expect(page_1280.locator("#method")).to_be_in_viewport()
    type(row).objects.filter(pk=row.pk).update(method="Pelatihan.")
    page_1280.goto(f"/usulan/{row.pk}/")
    page_1280.get_by_role("button", name="Ajukan ke kepala dinas").dblclick()
    expect(page_1280.get_by_text("sekarang berstatus Menunggu kadis")).to_be_visible()
    expect(page_1280.get_by_role("button", name="Tarik kembali untuk diubah")).to_be_visible()
    row.refresh_from_db()
    assert row.status == "menunggu_kadis"


def test_the_reminder_is_copied(cast, page_1280, be):
    make_round(2020, open=False)
    make_proposal(status="diajukan")
    be(page_1280, cast.panitia)
    page_1280.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page_1280.goto("/putaran/2020/")
    page_1280.get_by_role("button", name="Salin teks").click()
    expect(page_1280.get_by_text("Tersalin")).to_be_visible()
    text = page_1280.evaluate("navigator.clipboard.readText()")
    assert "Kabupaten Ende" in text
    assert "Kabupaten Belu" not in text
    page_1280.get_by_label("Keadaan").select_option("terkirim")
    expect(page_1280.get_by_text("1 kabupaten/kota", exact=True)).to_be_visible()


def test_a_report_kept_through_a_refusal(cast, page_360, be, complaints):
    complaints.allow("409")
    row = make_proposal(status="disepakati")
    be(page_360, cast.operator_belu)
    page_360.goto(f"/realisasi/{row.pk}/")
    page_360.get_by_role("link", name="Laporkan TW II", exact=True).click()
    page_360.get_by_label("Realisasi keuangan").fill("99.000.000")
    page_360.get_by_label("Realisasi fisik").fill("40,5")
    page_360.get_by_label("Kendala").fill("Kapal terlambat.")
    page_360.get_by_role("button", name="Simpan laporan").click()
    expect(page_360.get_by_text("antara nol dan pagu yang disepakati")).to_be_visible()
    expect(page_360.get_by_label("Kendala")).to_have_value("Kapal terlambat.")
    page_360.get_by_label("Realisasi keuangan").fill("9.000.000")
    page_360.get_by_role("button", name="Simpan laporan").click()
    expect(page_360.get_by_text("Laporan TW II tersimpan.")).to_be_visible()
    assert row.realisations.get().obstacle == "Kapal terlambat."


def test_pages_with_content_keep_the_rules_of_access(cast, any_page, be, assert_accessible, complaints):
    complaints.allow("422")
    make_round(2020, open=False, note="Lampirkan KAK.")
    draft = make_proposal(background="", source="DAK_FISIK", ikm_count=None)
    agreed = make_proposal(status="disepakati", title="Garam rakyat")
    make_proposal(status="menunggu_kadis", title="Kelor bubuk", village="Lain")
    pages = (
        (cast.kadis_belu, "/usulan/persetujuan/?tahun=2020"),
        (cast.operator_belu, f"/usulan/{draft.pk}/periksa/"),
        (cast.operator_belu, "/realisasi/?tahun=2020"),
        (cast.operator_belu, f"/realisasi/{agreed.pk}/tw/1/"),
        (cast.panitia, "/putaran/"),
        (cast.panitia, "/putaran/2020/"),
        (cast.kabid, "/putaran/baru/"),
    )
    for who, path in pages:
        be(any_page, who)
        any_page.goto(path)
        assert_accessible(any_page)
    any_page.get_by_role("button", name="Simpan").click()
    expect(any_page.get_by_text("Formulir belum dapat disimpan")).to_be_visible()
    assert_accessible(any_page)
