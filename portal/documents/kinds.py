"""The kinds of paper. Each domain app registers its own when it starts; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.kernel.decision import Decision

Document = Any
"""The model stands above this file; kinds only pass its rows on."""

Bundle = Any
"""The same for bundles."""


def _nothing(document: Document) -> list[tuple[str, str]]:
    return []


def _nowhere(user: Any, document: Document) -> str:
    return ""


def _no_matter(document: Document) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the public page that a kind brings: `template` is included, `values` are its variables as `panel`."""

    template: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Examined:
    """What is to be said of a file that somebody compares: `lines` are sentences below it, one per signature."""

    tone: str
    title: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentKind:
    """One kind of paper.

    `version` is the template version that new orders use; older rows keep theirs.
    `may_read(user, document)` decides who may open and download it. `readable(user, documents)` narrows a list to the
    same rows in the database; without it every row is asked, so give it where there are many.
    `public_summary(document)` gives the label–value pairs that anybody with the code may see, `public_panel(document)`
    a part of that page of the kind's own. `examine(document, content, sha256)` looks at a file itself, which is then
    sent to the portal instead of its hash alone; `content` is b"" where only a hash came.
    `receipt(user, document)` is the address that is posted to when this reader opens the paper: somebody waits to know.
    `ready(document)` is told by the worker when the file is there; it may come twice or, when a worker dies, never.
    """

    key: str
    version: int
    title: str
    may_read: Callable[[Any, Document], Decision]
    public_summary: Callable[[Document], list[tuple[str, str]]] = _nothing
    readable: Callable[[Any, QuerySet], QuerySet] | None = None
    public_panel: Callable[[Document], Panel | None] = _no_matter
    examine: Callable[[Document, bytes, str], Examined] | None = None
    receipt: Callable[[Any, Document], str] = _nowhere
    ready: Callable[[Document], None] = _no_matter

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


def find(key: str) -> DocumentKind | None:
    """The registered kind; None when no app knows it any more."""
    return _kinds.get(key)


def all_kinds() -> list[DocumentKind]:
    """Every registered kind, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


_bundle_rights: dict[str, Callable[[Any, Bundle], Decision]] = {}


def register_bundles(key: str, may_read: Callable[[Any, Bundle], Decision]) -> None:
    """Say who may still have bundles of that kind (called once, from AppConfig.ready)."""
    _bundle_rights[key] = may_read


def may_read_bundle(user: Any, bundle: Bundle) -> Decision:
    """Whether the app that named the files still lets this user have all of them.

    Errors: KeyError when no app knows that kind.
    """
    return _bundle_rights[bundle.kind](user, bundle)


def tell_ready(document: Document) -> None:
    """Tell the kind that the paper's file is there; a kind that no app knows any more is told nothing."""
    kind = find(document.kind)
    if kind is not None:
        kind.ready(document)
