"""Every page of the portal, on a phone and on a desk: accessible, not wider than the screen, a quiet console.

The pages are the GET rows of the access matrix, so that a new page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
FEW = 6  # addresses of one test


def watcher(row: Row) -> str | None:
    """Somebody to whom this address answers with a page."""
    return next((name for name in EYES if row.codes.get(name) == 200), None)


def path_of(row: Row, things: dict) -> str:
    """The row's address with its objects in it."""
    found = things | dict(pair.split("=") for pair in row.thing.split(",")[1:])
    address = next(address for address in addresses() if address.name == row.name)
    return reverse(row.name, kwargs={key: found[key] for key in address.parameters})


def first_looks() -> dict[str, tuple[str, list[tuple[Row, str]]]]:
    """Each address once, with who looks at it, by the thing that the rows need; a few at a time, for many workers."""
    looks: dict[str, list[tuple[Row, str]]] = {}
    seen = set()
    for row in ROWS:
        name = watcher(row) if row.method == "GET" else None
        if name and row.name not in seen:
            seen.add(row.name)
            looks.setdefault(row.thing.split(",")[0], []).append((row, name))
    return {
        f"{thing} {number}" if number else thing: (thing, list(some))
        for thing, rows in looks.items()
        for number, some in enumerate(batched(rows, FEW))
    }


def batched(rows: list, size: int) -> Iterator[list]:
    """The rows in order, `size` at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


LOOKS = first_looks()


@pytest.fixture
def look(assert_accessible, complaints, shots, traffic) -> Callable[[Page, str, str], list[str]]:
    """`look(page, path, name)`: what is wrong with the page at that path; takes its picture if pictures are wanted."""

    def judge(page: Page, path: str, name: str) -> list[str]:
        complaints.clear()
        page.goto(path)
        traffic.settle(quiet=0.15)  # fragments that load themselves
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


@pytest.mark.parametrize("looks", LOOKS)
def test_every_page(looks, cast, page_1280, be, look):
    world, wrong, page = World(cast), [], page_1280
    thing, rows = LOOKS[looks]
    found = OBJECTS[thing](world)
    for row, name in rows:
        path = path_of(row, found)
        if not is_page(be(page, cast[name]), path):
            continue
        for size in SIZES.values():
            page.set_viewport_size(size)
            faults = look(page, path, f"{row.name}-{size['width']}")
            wrong += [f"{name} {path} on {size['width']} px: {fault}" for fault in faults]
    assert wrong == [], "\n".join(wrong)


def test_the_matrix_was_read():
    assert sum(len(rows) for _thing, rows in LOOKS.values()) > 40


def is_page(client: Client, path: str) -> bool:
    """Whether a whole page comes from there, not a file or a fragment."""
    answer = client.get(path)
    if answer.streaming:  # a file: until it is closed its request counts as open; the client closes all others itself
        answer.close()
        return False
    return b"<html" in answer.content
