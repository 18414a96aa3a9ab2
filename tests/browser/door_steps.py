"""What whoever keeps the door does, for every browser test with a door."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from rakor.models import Meeting, Registration
from tests.browser.conftest import until


def go(page: Page, meeting: Meeting) -> Page:
    """The page of the door, its list loaded."""
    page.goto(reverse("door", args=[meeting.slug]))
    expect(page.locator("[data-link]")).to_have_attribute("data-state", "online")
    expect(page.locator("[data-expected]")).to_have_text(re.compile(r"\d+"))
    return page


def ready_without_link(page: Page) -> None:
    """Return when the device holds the page itself too."""
    expect(page.locator("[data-ready]")).to_be_attached()
    until(page, lambda: page.evaluate("!document.querySelector('[data-ready]').hidden"))


def to_find(page: Page) -> None:
    """On a phone, from the camera to the names."""
    if page.viewport_size["width"] < 992:
        page.locator("[data-to=find]").click()


def note(page: Page, name: str) -> None:
    """Check somebody in by the name, as a thumb does."""
    to_find(page)
    page.locator("[data-q]").fill(name[:6])
    page.locator("[data-pick]").filter(has_text=name).click()
    page.locator(".door-check:visible").click()
    expect(result(page)).to_contain_text(name)


def result(page: Page) -> Locator:
    """What became of the last card or name."""
    return page.locator("[data-result]")


def waiting(page: Page, count: int) -> None:
    """Return when so many check-ins wait on the device."""
    expect(page.locator("[data-link]")).to_have_attribute("data-waiting", str(count), timeout=20_000)


def card(page: Page, registration: Registration, meeting: Meeting) -> str:
    """What the QR of that person's card says."""
    return page.evaluate("location.origin") + f"/hadir/{registration.token}/"


def scan(page: Page, text: str) -> None:
    """As if the camera had seen it; the camera itself is in its own test."""
    page.evaluate("text => window.door.scanned(text, Date.now())", text)
