"""Every address of the portal, as the resolver knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, its path as people read it, the names of its parameters, its view."""

    name: str
    path: str
    parameters: frozenset[str]
    view: Callable[..., Any]

    @property
    def foreign(self) -> bool:
        """Whether the view is not ours (allauth, Django): it declares no access of its own."""
        return not self.view.__module__.startswith(("portal.", "regencies", "programs", "rakor"))

    @property
    def mode(self) -> str:
        """ "reads" or "writes"; "" for a view that declares nothing."""
        access = getattr(self.view, "access", None)
        return access.mode if access else ""


def addresses() -> list[Address]:
    """All of them, sorted by path."""
    return sorted(_walk(get_resolver().url_patterns, "", frozenset()), key=lambda address: address.path)


def _walk(patterns: list, before: str, parameters: frozenset[str]) -> Iterator[Address]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        names = parameters | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, names)
        elif isinstance(pattern, URLPattern):
            yield Address(pattern.name or "", f"/{path}", names, pattern.callback)
