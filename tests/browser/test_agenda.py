"""Planning the programme by hand: dragging, arrow keys, undo; the drag library comes only when it is needed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import until_draggable
from tests.factories import make_meeting, make_programme


@pytest.fixture
def plan(cast, be):
    """`plan(page)`: the planning page of an edition with three sessions, as panitia."""
    make_programme(make_meeting(slug="rakor-atambua", status="terjadwal"))

    def enter(page: Page) -> Page:
        be(page, cast.panitia)
        page.goto("/rakor/rakor-atambua/agenda/?rencana=1")
        return page

    return enter


def titles(page: Page) -> list[str]:
    """The sessions as they stand."""
    return page.locator(".plan-title").all_inner_texts()


def test_dragging_moves_a_session_and_times_follow(page_1280, plan):
    page = plan(page_1280)
    assert titles(page) == ["Pembukaan", "Sambutan Gubernur", "Pleno"]
    assert not page.evaluate("Boolean(window.Sortable)")
    items = page.locator(".plan-item")
    items.nth(0).locator(".grip").hover()
    until_draggable(page, ".plan-item")
    target = items.nth(2).bounding_box()
    page.mouse.down()
    page.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.5, steps=12)
    page.mouse.move(target["x"] + 30, target["y"] + target["height"] * 0.8, steps=6)
    page.mouse.up()
    expect(items.nth(2)).to_contain_text("Pembukaan")
    expect(items.nth(2)).to_contain_text("10.00–11.00")
    expect(items.nth(0)).to_contain_text("08.00–09.00")


def test_the_keyboard_orders_too_and_keeps_the_focus(page_360, plan, assert_accessible):
    page = plan(page_360)
    page.locator(".plan-item").nth(0).get_by_role("link").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".plan-title").nth(1)).to_have_text("Pembukaan")
    expect(page.locator(".plan-item:focus-within")).to_contain_text("Pembukaan")  # waits: the focus follows the swap
    assert not page.evaluate("Boolean(window.Sortable)")
    assert_accessible(page)
