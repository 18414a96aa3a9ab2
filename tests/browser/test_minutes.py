"""Writing minutes in a real browser: nothing typed is lost, nothing is overwritten, the keyboard is enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from rakor.actions.minutes import save_entry, start_minutes
from rakor.models import EntryDraft, MinuteEntry, Minutes
from tests import factories
from tests.cast import PASSWORD

LONG = "Realisasi triwulan I mencapai **62 persen**; dua kabupaten menunggu pengadaan selesai."


@pytest.fixture
def minutes(cast) -> Minutes:
    meeting = factories.make_programme(factories.make_meeting(status="terjadwal"))
    return start_minutes(meeting.sessions.get(kind="pleno"), by=cast.notulis)


@pytest.fixture
def shot(request):
    """`shot(page, "name")`: with --shots=folder, a picture at the page's width."""
    folder = request.config.getoption("--shots")

    def take(page: Page, name: str) -> None:
        if folder:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(folder) / f"minutes-{name}-{width}.png", full_page=True)

    return take


@pytest.fixture
def url(minutes) -> str:
    return f"/rakor/rakor-atambua/notulen/{minutes.session_id}/"


@pytest.fixture
def write(be, cast, url):
    """`write(page, "notulis")`: that person's editor, ready."""

    def enter(page: Page, who: str = "notulis") -> Page:
        be(page, cast[who])
        page.goto(url)
        expect(page.locator("body.notula-live")).to_be_attached()
        return page

    return enter


def words(text: str, **values) -> dict:
    blank = dict.fromkeys(MinuteEntry.TEXT_FIELDS, "") | {"kind": "pembahasan", "due_on": None, "text": text}
    return blank | values


def composer(page: Page):
    return page.locator("[data-composer] textarea[name=text]")


def state(page: Page):
    return page.locator("[data-state]")


def saved(page: Page) -> None:
    expect(state(page)).to_have_attribute("data-state", "saved")


def sample(minutes: Minutes, cast) -> None:
    """A session as it reads after an hour."""
    save_entry(minutes, words("Rapat dibuka oleh pimpinan sidang.", kind="pembukaan", speaker="Ketua"), by=cast.notulis)
    save_entry(
        minutes,
        words(LONG + "\n\n- Belu\n- Ende", speaker="Utusan 1", institution="Dinas Perindustrian Kab. Belu",
              response="Dimasukkan ke desk hari kedua.", responder="Pimpinan sidang"),
        by=cast.panitia,
    )  # fmt: skip
    save_entry(minutes, words("Data IKM belum mutakhir.", kind="permasalahan", speaker="Utusan 4"), by=cast.notulis)
    save_entry(minutes, words("Laporan disampaikan tiap triwulan.", kind="keputusan"), by=cast.notulis)
    save_entry(
        minutes,
        words("Menyiapkan templat laporan.", kind="tindak_lanjut", responsible="Disperindag Provinsi NTT",
              due_on=minutes.session.ends_at.date()),
        by=cast.notulis,
    )  # fmt: skip


# -- how it looks and reads --------------------------------------------------------------------------------------------


def test_editor_is_accessible_with_entries(any_page, write, minutes, cast, assert_accessible, shot):
    sample(minutes, cast)
    page = write(any_page)
    composer(page).fill("Peserta menanyakan jadwal pencairan.")
    saved(page)
    assert_accessible(page)
    shot(page, "editor")
    page.locator("#butir-%d" % minutes.entries.all()[1].pk).get_by_role("link", name="Ubah").click()
    expect(page.locator(".entry.is-editing textarea[name=text]")).to_be_focused()
    assert_accessible(page)
    shot(page, "edit")
