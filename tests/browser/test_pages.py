"""Every page of the portal, on a phone and on a desk: accessible, not wider than the screen, a quiet console.

The pages are the GET rows of the access matrix, so that a new page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.access_objects import OBJECTS, World
from tests.addresses import addresses
from tests.browser.conftest import SIZES
from tests.test_access import ROWS, Row

# Who looks at a page that several people may see: those who see most of it first.
EYES = ("panitia", "notulis", "admin", "kadis_prov", "operator_belu", "kadis_belu", "stranger", "anonymous")


def watcher(row: Row) -> str | None:
    """Somebody to whom this address answers with a page."""
    return next((name for name in EYES if row.codes.get(name) == 200), None)


def path_of(row: Row, world: World) -> str:
    """The row's address with the row's objects in it."""
    thing, *given = row.thing.split(",")
    found = {**OBJECTS[thing](world), **dict(pair.split("=") for pair in given)}
    address = next(address for address in addresses() if address.name == row.name)
    return reverse(row.name, kwargs={key: found[key] for key in address.parameters})


@pytest.fixture
def shots(pytestconfig: pytest.Config) -> Path | None:
    """The folder for pictures, if any are wanted."""
    folder = pytestconfig.getoption("--shots", default="")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) if folder else None


@pytest.fixture
def tour(cast, open_window, be, client_of) -> Callable[[str], Iterator[tuple[Page, str, str]]]:
    """`tour(size)` yields browser page, path and name of every page, each with somebody logged in who may see it."""

    def walk(size: str) -> Iterator[tuple[Page, str, str]]:
        world, seen, page = World(cast), set(), open_window(**SIZES[size])
        for row in ROWS:
            name = watcher(row) if row.method == "GET" else None
            path = path_of(row, world) if name else ""
            if name is None or (path, name) in seen or not is_page(client_of(cast[name]), path):
                continue
            seen.add((path, name))
            be(page, cast[name])
            yield page, path, f"{size[5:]}-{row.name}-{row.thing}"
        assert len(seen) > 20

    return walk


@pytest.fixture
def look(assert_accessible, complaints, shots) -> Callable[[Page, str, str], list[str]]:
    """`look(page, path, name)`: what is wrong with the page at that path; takes its picture if pictures are wanted."""

    def judge(page: Page, path: str, name: str) -> list[str]:
        complaints.clear()
        page.goto(path)
        page.wait_for_timeout(150)  # fragments that load themselves
        if shots:
            page.screenshot(path=shots / f"{name}.png", full_page=True)
        faults = []
        try:
            assert_accessible(page)
        except AssertionError as fault:
            faults = [str(fault).split("\nassert")[0]]
        faults += complaints
        complaints.clear()
        return faults

    return judge


@pytest.mark.parametrize("size", SIZES)
def test_every_page(size, tour, look):
    wrong = []
    for page, path, name in tour(size):
        wrong += [f"{path}: {fault}" for fault in look(page, path, name)]
    assert wrong == [], "\n".join(wrong)


def is_page(client: Client, path: str) -> bool:
    """Whether a whole page comes from there, not a file or a fragment."""
    return b"<html" in getattr(client.get(path), "content", b"")
