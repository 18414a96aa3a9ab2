"""Files of a proposal in a real browser: many at once, a link that breaks in the middle, a page that was left."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, Route, expect

from programs.models import Upload
from tests.factories_programs import make_attachments, make_proposal
from tests.programs import files

PIECES = "**/lampiran/unggah/*/?dari=*"


@pytest.fixture
def proposal(cast: Any, live_server: Any) -> Any:
    """A draft of Belu without files."""
    return make_proposal()


@pytest.fixture
def at_files(proposal: Any, cast: Any, be: Callable) -> Callable[[Page], Page]:
    """`at_files(page)`: Belu's operator looks at the files of the draft."""

    def go(page: Page) -> Page:
        be(page, cast.operator_belu)
        page.goto(reverse("attachments", args=[proposal.pk]))
        return page

    return go


def large_pdf(size: int = 900_000) -> bytes:
    """A PDF of four pieces."""
    noise = Random(1).randbytes(size)  # noqa: S311  no secret: bytes that cannot be compressed
    return files.PDF.replace(b"%%EOF", b"% " + noise.replace(b"%", b"$") + b"\nstartxref\n190\n%%EOF")


def payload(name: str, data: bytes) -> FilePayload:
    """A file as the chooser gives it to the page."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def choose(page: Page, *chosen: FilePayload, item: str = "kak") -> None:
    """Press the button of that item and choose the files."""
    with page.expect_file_chooser() as chooser:
        page.locator(f'[data-pick="{item}"]').click()
    chooser.value.set_files(list(chosen))


def test_several_files_arrive_one_is_deleted_and_comes_back(
    any_page: Page, at_files: Callable, proposal: Any, assert_accessible: Callable, complaints: Any
) -> None:
    complaints.allow("422")
    page = at_files(any_page)
    assert_accessible(page)
    choose(page, payload("KAK.pdf", files.pdf()), payload("Lampiran KAK.docx", files.docx()))
    expect(page.locator("#berkas-kak .slot-file-name[href]")).to_have_count(2)
    choose(page, payload("RAB.xlsx", files.photo()), item="rab")
    refused = page.locator("[data-row].is-refused")
    expect(refused).to_contain_text("tetapi isinya berkas JPEG")
    choose(page, payload("film.mp4", b"x"), payload("kosong.pdf", b""), item="rab")
    expect(refused).to_have_count(3)
    choose(page, payload("RAB.xlsx", files.xlsx()), item="rab")
    expect(page.locator(".readiness-text")).to_contain_text("2 dari 2")
    assert_accessible(page)
    page.locator("#berkas-rab .slot-file-actions form button").click()
    expect(page.locator(".readiness-text")).to_contain_text("1 dari 2")
    page.locator(".toast-item .btn-undo").click()
    expect(page.locator(".readiness-text")).to_contain_text("2 dari 2")
    assert proposal.attachments.kept().count() == 3


def test_a_link_cut_in_the_middle_costs_nothing(
    page_360: Page, at_files: Callable, proposal: Any, complaints: Any
) -> None:
    complaints.allow("ERR_", "Failed to load")
    page, data, seen = at_files(page_360), large_pdf(), []

    def answer(route: Route) -> None:
        seen.append(int(route.request.url.split("dari=")[1]))
        if len(seen) == 2:  # the server takes the piece, the answer is lost
            route.fetch()
        if len(seen) in (2, 3):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(PIECES, answer)
    choose(page, payload("DED.pdf", data))
    row = page.locator("[data-row]")
    expect(row).to_contain_text("Sambungan terputus")
    expect(page.locator("#berkas-kak .slot-file-name[href]")).to_have_count(1, timeout=30_000)
    expect(page.locator("[data-queue-says]")).to_have_text("DED.pdf: Tersimpan")
    expect(row).to_have_count(0)
    assert default_storage.open(proposal.attachments.get().file.name).read() == data
    assert seen[:3] == [0, 256 * 1024, 256 * 1024]
    assert seen == sorted(seen)


def test_after_a_reload_the_same_file_goes_on(page_1280: Page, at_files: Callable, proposal: Any) -> None:
    page, data, seen = at_files(page_1280), large_pdf(), []

    def stop(route: Route) -> None:
        seen.append(int(route.request.url.split("dari=")[1]))
        if len(seen) < 3:
            route.continue_()  # the third piece gets no answer: the page is left

    page.route(PIECES, stop)
    choose(page, payload("DED.pdf", data))
    expect(page.locator("[data-row-state]")).to_contain_text("58 %")
    page.reload()
    page.unroute(PIECES)
    left = page.locator("[data-unfinished]")
    expect(left).to_contain_text("DED.pdf")
    with page.expect_file_chooser() as chooser:
        left.locator("[data-continue]").click()
    chooser.value.set_files([payload("lain.pdf", data)])
    expect(page.locator(".toast-item")).to_contain_text("bukan yang tadi")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "dari=" in request.url else None)
    with page.expect_file_chooser() as chooser:
        left.locator("[data-continue]").click()
    chooser.value.set_files([payload("DED.pdf", data)])
    expect(page.locator("#berkas-kak .slot-file-name[href]")).to_have_count(1)
    expect(left).to_have_count(0)
    assert [int(url.split("dari=")[1]) for url in asked] == [512 * 1024, 768 * 1024]
    assert default_storage.open(proposal.attachments.get().file.name).read() == data


def test_after_sending_a_late_file_is_refused(
    page_1280: Page, at_files: Callable, proposal: Any, complaints: Any
) -> None:
    complaints.allow("403")
    page = at_files(page_1280)
    type(proposal).objects.filter(pk=proposal.pk).update(status="menunggu_kadis")
    choose(page, payload("KAK.pdf", files.pdf()))
    expect(page.locator("[data-row].is-refused")).to_contain_text("tidak dapat diubah")
    assert not proposal.attachments.exists()


def test_an_upload_is_cancelled(page_1280: Page, at_files: Callable, complaints: Any) -> None:
    complaints.allow("404", "ERR_")  # the held piece finds no upload any more
    page = at_files(page_1280)
    page.route(PIECES, lambda route: None)
    choose(page, payload("DED.pdf", large_pdf()))
    expect(page.locator("[data-row-state]")).to_contain_text("0 %")
    with page.expect_response("**/batal/"):
        page.locator("[data-row-cancel]").click()
    expect(page.locator("[data-row-state]")).to_have_text("Dibatalkan")
    expect(page.locator("[data-unfinished]")).to_have_count(0)
    page.unroute(PIECES)
    assert not Upload.objects.exists()


def test_files_are_dropped_on_their_item(page_1280: Page, at_files: Callable) -> None:
    page = at_files(page_1280)
    dropped = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'RAB.pdf')); return data; }",
        files.pdf().decode(),
    )
    page.dispatch_event("#berkas-rab", "dragover", {"dataTransfer": dropped})
    expect(page.locator("#berkas-rab")).to_have_class("slot is-over")
    page.dispatch_event("#berkas-rab", "drop", {"dataTransfer": dropped})
    expect(page.locator("#berkas-rab .slot-file-name[href]")).to_contain_text("RAB.pdf")


def test_without_scripts_the_form_sends_files(open_window: Callable, be: Callable, proposal: Any, cast: Any) -> None:
    page = open_window(width=360, java_script_enabled=False)
    be(page, cast.operator_belu)
    page.goto(reverse("attachments", args=[proposal.pk]))
    page.locator("#berkas-rab .slot-head a").click()
    expect(page.locator("#unggah-item")).to_have_value("rab")
    page.locator("#unggah-berkas").set_input_files([payload("RAB.pdf", files.pdf())])
    page.locator("[data-upload-send]").click()
    expect(page.locator(".notice.tone-success")).to_contain_text("1 berkas disimpan")
    page.locator("#berkas-rab .slot-file-actions form button").click()
    page.locator(".notice form button").click()
    expect(page.locator("#berkas-rab .slot-file-name[href]")).to_have_count(1)


def test_a_file_is_shown(page_1280: Page, at_files: Callable, proposal: Any, complaints: Any) -> None:
    complaints.allow("favicon.ico")  # a bare PDF names no icon
    make_attachments(proposal)
    page = at_files(page_1280)
    with page.expect_popup() as popup:
        page.locator("#berkas-kak .slot-file-name").click()
    popup.value.wait_for_load_state()
    assert popup.value.url.endswith("?lihat")
