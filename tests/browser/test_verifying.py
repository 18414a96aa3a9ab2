"""The public page behind the QR code, and the pages of papers in their three states."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.documents import tasks
from portal.documents.actions import order_document
from tests import factories


@pytest.fixture
def paper(cast, monkeypatch):
    """`paper()`: an agenda of the demo edition, finished; `paper(render=False)` waits, `paper(fails=True)` failed."""
    from rakor.queries.papers import agenda_paper

    monkeypatch.setattr(tasks.render_document, "apply_async", lambda *args, **options: None)
    meeting = factories.make_programme(factories.make_meeting(status="terjadwal"))

    def make(*, render=True, fails=False, **changes):
        document = order_document("agenda", {**agenda_paper(meeting), **changes}, subject=meeting, by=cast.panitia)
        if render:
            with monkeypatch.context() as patched:
                if fails:
                    patched.setattr(tasks, "_rendered", lambda document: 1 / 0)
                tasks.render_document(document.pk)
            document.refresh_from_db()
        return document

    return make


def test_a_stranger_compares_a_file(any_page, paper, look, tmp_path):
    document = paper()
    page = any_page
    page.goto("/v/")
    look(any_page, "verify-form")
    page.get_by_label("Kode dokumen").fill(document.shown_code.lower().replace("-", " "))
    page.get_by_role("button", name="Periksa").click()
    page.wait_for_url(f"**/v/{document.shown_code}/")
    expect(page.locator("main")).to_contain_text("Berlaku")
    true, false = tmp_path / "asli.pdf", tmp_path / "ubah.pdf"
    with document.file.open() as file:
        true.write_bytes(file.read())
    false.write_bytes(true.read_bytes() + b" ")
    uploads = []
    page.on(
        "request", lambda sent: uploads.append(len(sent.post_data_buffer or b"")) if sent.method == "POST" else None
    )
    for file, verdict in ((false, "Tidak cocok"), (true, "Cocok")):
        page.get_by_label("Berkas PDF").set_input_files(file)
        page.get_by_role("button", name="Bandingkan").click()
        expect(page.locator("[data-verdict] h2")).to_have_text(verdict)
    assert len(uploads) == 2 and max(uploads) < 1000, "the file itself never left the device"
    look(any_page, "verify")


def test_without_script_the_server_compares(open_window, paper, tmp_path):
    document = paper()
    page = open_window(java_script_enabled=False)
    page.goto(f"/v/{document.shown_code}/")
    with document.file.open() as file:
        (tmp_path / "asli.pdf").write_bytes(file.read())
    page.get_by_label("Berkas PDF").set_input_files(tmp_path / "asli.pdf")
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.locator("[data-verdict] h2")).to_have_text("Cocok")


def test_papers_of_every_state(any_page, paper, be, cast, look):
    page = any_page
    old, new = paper(place="a"), paper(place="b")
    waiting, failing = paper(render=False, place="c"), paper(fails=True, place="d")
    be(page, cast.panitia)
    page.goto("/dokumen/")
    look(any_page, "documents")
    for document, words in ((old, "Ada versi yang lebih baru"), (new, "Unduh PDF"), (failing, "Coba lagi")):
        page.goto(document.get_absolute_url())
        expect(page.locator("main")).to_contain_text(words)
        look(any_page, f"document-{document.facts['place']}")
    page.goto(waiting.get_absolute_url())
    expect(page.locator("#kemajuan progress")).to_be_visible()
    tasks.render_document(waiting.pk)
    expect(page.get_by_role("link", name="Unduh PDF")).to_be_visible()  # without a click
    page.goto(failing.get_absolute_url())
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.locator("main")).to_contain_text("Menunggu giliran")
