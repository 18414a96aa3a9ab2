"""`manage.py make_docs [--check]`: docs/workflows.md and docs/access.md, written from the code (habit 7)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import URLPattern, get_resolver
from django.utils import translation
from django.utils.module_loading import module_has_submodule

from portal.kernel.workflow import Workflow

NOTE = "<!-- Made by `manage.py make_docs` from the code; a test compares. Do not edit. -->"


class Command(BaseCommand):
    """Writes the generated pages, or with --check says which of them no longer fit the code."""

    help = "Write docs/workflows.md and docs/access.md from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        with translation.override("id"):
            pages = {"workflows.md": workflows_page(), "access.md": access_page()}
        folder = Path(settings.BASE_DIR) / "docs"
        stale = [name for name, text in pages.items() if _read(folder / name) != text]
        if check and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run `manage.py make_docs`.")
        if not check:
            for name in stale:
                (folder / name).write_text(pages[name])
        self.stdout.write(f"{len(pages) - len(stale)} of {len(pages)} pages were up to date.")


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _lines(*parts: str | list[str]) -> str:
    flat = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat) + "\n"


# -- workflows --------------------------------------------------------------------------------------------------------


def workflows_page() -> str:
    """Every workflow table as a table and as a picture."""
    text = [
        "# Workflows", "", NOTE, "",
        "A status moves in one place: `portal.journal.actions.make_move` asks these tables. Who may make a move is a",
        "rule of the app; the database ties statuses to their evidence.",
    ]  # fmt: skip
    for module, flow in find_workflows():
        text += ["", f"## {flow.name} (`{module}`)", "", "```mermaid", "stateDiagram-v2"]
        text += [f"    {status.key}: {status.label}" for status in flow.statuses]
        text += [f"    [*] --> {flow.initial}"]
        text += [f"    {source} --> {move.target}: {move.label}" for move in flow.moves for source in move.source]
        text += ["```", "", "| Move | Label | From | To | Reason | Evidence |", "|---|---|---|---|---|---|"]
        text += [
            f"| `{move.key}` | {move.label} | {', '.join(move.source)} | {move.target} "
            f"| {'required' if move.note_required else ''} | {', '.join(move.evidence)} |"
            for move in flow.moves
        ]
    return _lines(text)


def find_workflows() -> Iterator[tuple[str, Workflow]]:
    """(module, table) of every app that has workflow tables, in the order of the settings."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "workflow"):
            module = import_module(f"{config.name}.workflow")
            yield from ((module.__name__, value) for value in vars(module).values() if isinstance(value, Workflow))


# -- access -----------------------------------------------------------------------------------------------------------


def access_page() -> str:
    """Every address: who may, whether it reads or writes, what it is."""
    rows = sorted(_walk(get_resolver().url_patterns, "/"))
    return _lines(
        ["# Access", "", NOTE, ""],
        "Who may open an address at all; which objects somebody sees there is the model's `visible_to(user)`, and each",
        "verb asks its rule again. What everybody of the tests' cast really gets: `tests/access_matrix.txt`.",
        ["", "| Address | Name | Who | Does | What |", "|---|---|---|---|---|"],
        [f"| `{path}` | `{name}` | {who} | {mode} | {what} |" for path, name, who, mode, what in rows],
    )


def _walk(patterns: list, before: str) -> Iterator[tuple[str, str, str, str, str]]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if not isinstance(pattern, URLPattern):
            yield from _walk(pattern.url_patterns, path)
            continue
        access = getattr(pattern.callback, "access", None)
        who = _first_line(access.who) if access else f"({pattern.callback.__module__.partition('.')[0]})"
        yield path, pattern.name or "", who, access.mode if access else "", _first_line(pattern.callback)


def _first_line(thing: Any) -> str:
    return (getattr(thing, "__doc__", None) or "").strip().partition("\n")[0].replace("|", "\\|")
