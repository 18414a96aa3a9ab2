"""Papers in tests: a registered kind, an order, a rendering in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.documents import kinds
from tests.portal.documents.papers import AGENDA, sample


@pytest.fixture
def agenda_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[kinds.DocumentKind]:
    """The kind "agenda" readable by the committee alone, whatever the domain app registered."""
    monkeypatch.setattr(kinds, "_kinds", {"agenda": AGENDA})
    return AGENDA


@pytest.fixture
def order(agenda_kind: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`order(title=…)`: an ordered agenda whose hint nobody hears; `order.hints` lists them."""
    from portal.documents import actions

    hints: list[int] = []
    monkeypatch.setattr(actions, "send_hint", hints.append)

    def make(subject: Any = None, **changes: Any) -> Any:
        facts = {**sample("agenda"), **changes}
        return actions.order_document("agenda", facts, subject=subject or cast.panitia, by=cast.panitia)

    make.hints = hints
    return make


@pytest.fixture
def rendered(order: Callable[..., Any]) -> Callable[..., Any]:
    """`rendered(title=…)`: an agenda that the worker has finished."""
    from portal.documents.tasks import render_document

    def make(subject: Any = None, **changes: Any) -> Any:
        document = order(subject, **changes)
        render_document(document.pk)
        document.refresh_from_db()
        return document

    return make
