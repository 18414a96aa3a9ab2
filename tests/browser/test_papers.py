"""From logging in to the PDF of the agenda, as a member of the committee does it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from portal.documents.models import Document
from portal.documents.tasks import render_document
from tests import factories


def test_login_to_agenda_pdf(any_page, log_in, assert_accessible, monkeypatch):
    # The worker is this test: a test's queue has nobody else who would take the hint.
    monkeypatch.setattr(render_document, "apply_async", lambda *args, **options: None)
    factories.make_programme(factories.make_meeting(status="terjadwal"))
    page = log_in(any_page, "panitia", "/")
    page.locator("main").get_by_role("link", name="Agenda").first.click()
    page.get_by_role("button", name="Buat PDF").click()
    page.wait_for_url("**/dokumen/**")
    expect(page.locator("#kemajuan progress")).to_be_visible()
    assert_accessible(page)
    render_document(Document.objects.get().pk)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh PDF").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    assert_accessible(page)
    page.get_by_role("link", name="Halaman pemeriksaan").click()
    expect(page.locator("main")).to_contain_text(Document.objects.get().sha256[:12])
    assert_accessible(page)
