"""A real Chromium against a real server: pages of two widths, log in, accessibility, a quiet console."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.cast import PASSWORD, Cast

# Playwright's blocking interface keeps an event loop in the test's thread; Django would then refuse every query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

HERE = Path(__file__).parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync", "--lang=id"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"page_360": {"width": 360, "height": 720}, "page_1280": {"width": 1280, "height": 800}}
expect.set_options(timeout=10_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test-browser ARGS="--shots=var/shots"` keeps a picture of every page."""
    parser.addoption("--shots", default="", help="folder for pictures of every page, at both widths")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; `make test` leaves it out, `make test-browser` runs it."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium of the system for all tests."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.fail("No Chromium found. Type: sudo apt-get install -y chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield started
        started.close()


class Traffic:
    """Requests that the server is answering right now.

    A page says good-bye with its last text and polls until it is closed; whoever empties the tables meanwhile meets
    these requests in a deadlock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._last = 0.0

    def count(self, step: int) -> None:
        """One more, or one less."""
        with self._lock:
            self._open += step
            self._last = time.monotonic()

    def settle(self, quiet: float = 0.2, longest: float = 20) -> None:
        """Return when nothing was asked or answered for a moment.

        Errors: TimeoutError.
        """
        begin = time.monotonic()
        while self._open or time.monotonic() - max(self._last, begin) < quiet:
            if time.monotonic() - begin > longest:
                raise TimeoutError(f"{self._open} requests are still open")
            time.sleep(0.02)


@pytest.fixture(scope="session")
def traffic() -> Iterator[Traffic]:
    """The server's open requests, counted for the whole run."""
    seen = Traffic()

    def started(**_signal: object) -> None:
        seen.count(1)

    def finished(**_signal: object) -> None:
        seen.count(-1)

    request_started.connect(started, weak=False)
    request_finished.connect(finished, weak=False)
    yield seen
    request_started.disconnect(started)
    request_finished.disconnect(finished)


class Complaints(list):
    """What the browser complained about; `allow` names parts of complaints that a test provokes."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed: list[str] = []

    def allow(self, *parts: str) -> None:
        """Expect complaints with these parts."""
        self.allowed += parts

    def unexpected(self) -> list[str]:
        """Complaints that no test asked for."""
        return [text for text in self if not any(part in text for part in self.allowed)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Errors of scripts, of the console and of the CSP in this test; any that was not allowed fails it."""
    found = Complaints()
    yield found
    assert found.unexpected() == []


@pytest.fixture
def open_window(
    browser: Browser, live_server, traffic: Traffic, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """`open_window(width=…, height=…)`: a page in a fresh browser profile; addresses are relative."""
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def make(width: int = 1280, height: int = 800, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            **{"locale": "id-ID", "timezone_id": settings.TIME_ZONE, **options},
        )
        contexts.append(context)
        context.on("console", note)
        context.on("weberror", lambda event: complaints.append(f"script: {event.error}"))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    traffic.settle()


@pytest.fixture
def page_360(open_window: Callable[..., Page]) -> Page:
    """A phone."""
    return open_window(**SIZES["page_360"])


@pytest.fixture
def page_1280(open_window: Callable[..., Page]) -> Page:
    """A desk."""
    return open_window(**SIZES["page_1280"])


@pytest.fixture(params=SIZES)
def any_page(request: pytest.FixtureRequest, open_window: Callable[..., Page]) -> Page:
    """The test runs twice: on a phone and on a desk."""
    return open_window(**SIZES[request.param])


@pytest.fixture
def log_in(cast: Cast, live_server) -> Callable[[Page, str], Page]:
    """`log_in(page, "panitia")`: through the real login page, as that member of the cast."""

    def enter(page: Page, name: str, path: str = "/") -> Page:
        page.goto(f"/masuk/?next={path}")
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit], main form button:not([type])").first.click()
        page.wait_for_url(f"**{path}")
        return page

    return enter


@pytest.fixture
def be(client_of, live_server) -> Callable[[Page, object], Client]:
    """`be(page, cast.panitia)`: the page's browser is that person from now on (None: anonymous), without typing.

    Gives the test client of that person too.
    """

    def enter(page: Page, user: object | None) -> Client:
        page.context.clear_cookies()
        client = client_of(user)
        page.context.add_cookies(
            [{"name": n, "value": c.value, "url": live_server.url} for n, c in client.cookies.items()]
        )
        return client

    return enter


def until(page: Page, what: Callable[[], object], seconds: float = 15) -> None:
    """Return as soon as `what()` is true; the page goes on meanwhile. For what stands elsewhere than on the page.

    Errors: AssertionError when it does not come true.
    """
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come true"
        page.wait_for_timeout(50)


def until_draggable(page: Page, items: str) -> None:
    """Return when the library that a hand at a grip asks for holds the list of these items."""
    # Not wait_for_function, which evaluates a text: the page's CSP refuses that.
    ready = "items => Boolean(window.Sortable && Sortable.get(document.querySelector(items).parentNode))"
    until(page, lambda: page.evaluate(ready, items))


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from the packages of the set-up."""
    return (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()


AT_REST = """Promise.all(document.getAnimations()
    .filter(each => each.effect.getComputedTiming().iterations !== Infinity)
    .map(each => each.finished.catch(() => {})))"""


# Only what is wrong is described and brought over here: the long list of what is right costs more than the judgement.
JUDGE = """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"""


@pytest.fixture
def assert_accessible(axe: str) -> Callable[[Page], None]:
    """`assert_accessible(page)`: no violation of WCAG 2.2 AA, and nothing to scroll sideways."""

    def check(page: Page) -> None:
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")  # the bar that stays on top covers links else
        page.evaluate(AT_REST)  # a message that is still fading in has no colours yet
        # Through the debugger, because the page's CSP rightly keeps foreign scripts out.
        debugger = page.context.new_cdp_session(page)
        debugger.send("Runtime.evaluate", {"expression": axe})
        found = page.evaluate(JUDGE, WCAG)
        assert [(v["id"], [node["target"] for node in v["nodes"]], v["help"]) for v in found] == []
        width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= room, f"{page.url} is {width} px wide on {room} px"

    return check


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """The folder for pictures, made if need be; None when nobody asked for pictures."""
    if not (folder := request.config.getoption("--shots")):
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@pytest.fixture
def look(
    request: pytest.FixtureRequest, assert_accessible: Callable[[Page], None], shots: Path | None
) -> Callable[[Page, str], None]:
    """`look(page, "name")`: accessible, not too wide; with --shots=folder also a picture."""
    subject = request.module.__name__.rpartition("test_")[2]

    def check(page: Page, name: str) -> None:
        if shots:
            name = f"{subject}-{name}-{page.viewport_size['width']}.png"
            # The caret is left alone: hiding it takes an inline style, which the CSP refuses.
            page.screenshot(path=shots / name, full_page=True, caret="initial")
        assert_accessible(page)

    return check
