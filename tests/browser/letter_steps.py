"""What panitia, kabid and kadis click on the way of a letter, for every browser test that sends one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from portal.documents.actions import render_now
from portal.documents.workflow import READY
from rakor.models import Letter

INITIAL, APPROVE, SEND = "Bubuhkan paraf", "Setujui dan beri nomor", "Kirim"
TOLD = {INITIAL: "Surat diparaf.", APPROVE: "Surat disetujui dan bernomor.", SEND: "Surat terkirim."}


def take_step(page: Page, label: str, look: Callable[[Page], Any] = lambda page: None) -> None:
    """The step of that name on the page of a letter: its button, the question (`look` sees it), the answer."""
    page.locator("main").get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()
    look(page)
    page.locator("main form").get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text(TOLD[label])).to_be_visible()


def write_invitation(page: Page, slug: str, group: str) -> Letter:
    """A new letter to that group as the form offers it, saved."""
    page.goto(f"/rakor/{slug}/surat/")
    page.locator(f"section[aria-labelledby=g-{group}] a.btn").first.click()
    expect(page.get_by_role("heading", name="Surat undangan baru")).to_be_visible()
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Konsep surat tersimpan.")).to_be_visible()
    return Letter.objects.latest("pk")


def print_papers(letter: Letter, most: int | None = None) -> None:
    """Be the worker for the letter's papers that nobody printed yet, or for so many of them."""
    waiting = letter.copies.standing().exclude(document__status=READY).select_related("document").order_by("pk")
    for copy in waiting[:most]:
        assert render_now(copy.document).is_ready
