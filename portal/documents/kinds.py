"""The kinds of paper. Each domain app registers its own when it starts; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.kernel.decision import Decision

Document = Any
"""The model stands above this file; kinds only pass its rows on."""


def _nothing(document: Document) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class DocumentKind:
    """One kind of paper.

    `version` is the template version that new orders use; older rows keep theirs.
    `may_read(user, document)` decides who may open and download it. `readable(user, documents)` narrows a list to the
    same rows in the database; without it every row is asked, so give it where there are many.
    `public_summary(document)` gives the label–value pairs that anybody with the code may see.
    """

    key: str
    version: int
    title: str
    may_read: Callable[[Any, Document], Decision]
    public_summary: Callable[[Document], list[tuple[str, str]]] = _nothing
    readable: Callable[[Any, QuerySet], QuerySet] | None = None

    @property
    def folder(self) -> str:
        """The template folder below templates/pdf: "agenda/v1"."""
        return f"{self.key}/v{self.version}"


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Add a kind (called once, from AppConfig.ready)."""
    _kinds[kind.key] = kind


def kind(key: str) -> DocumentKind:
    """The registered kind.

    Errors: KeyError.
    """
    return _kinds[key]


def all_kinds() -> list[DocumentKind]:
    """Every registered kind, by key."""
    return [_kinds[key] for key in sorted(_kinds)]
