"""The files of the project, for the tests that look at all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("portal", "regencies", "programs", "rakor")
APPS = (
    "portal.accounts", "portal.journal", "portal.documents", "portal.outbox", "portal.signing", "regencies", "programs",
    "rakor",
)  # fmt: skip


@cache
def modules() -> dict[str, Path]:
    """Every Python module of the product by dotted name; migrations are history and left out."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found[dotted] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(), filename=str(path))


def templates(*, papers: bool = False) -> list[Path]:
    """The HTML templates that are served; with `papers` also those of PDFs."""
    found = sorted((ROOT / "templates").rglob("*.html"))
    return [path for path in found if papers or "pdf" not in path.relative_to(ROOT / "templates").parts]


def short(path: Path) -> str:
    """The path as people name it."""
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, also inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
