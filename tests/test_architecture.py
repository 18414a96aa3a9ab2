"""The ten habits, as far as a machine can see them (design §4). A rule that hurts is changed here, never around it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.addresses import addresses
from tests.sources import APPS, ROOT, imported, modules, short, templates, tree

LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 50, 150
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "manager", "managers", "misc"}
STATUS_WRITERS = {"portal/journal/actions.py"}
PRIVATE_PARTS = {"views", "forms", "urls", "admin", "tasks", "clock", "rendering", "mail", "management"}
SENTENCE_CALLS = {"deny", "allow_if", "Blocked", "PortalError", "StaleVersion", "FactsError"}
TRANSLATORS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}
# Words that are the same in every language: units, formats, names of things, languages in their own name.
SAME_EVERYWHERE = {
    "km",
    "km²",
    "Bahasa",
    "Indonesia",
    "English",
    "PDF",
    "NIP",
    "sha256",
    "QR",
    "BPS",
    "ICS",
    "Excel",
    "CSV",
    "YAML",
    "XLSX",
    "WhatsApp",
    "URL",
}


def test_imports_only_point_down(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.chdir(ROOT)
    kept = lint_imports(no_cache=True) == 0
    assert kept, capsys.readouterr().out


def test_apps_do_not_use_the_private_parts_of_others() -> None:
    """Pages, forms and tasks of an app are its own; others use its queries, actions, models and facts (design §3)."""
    wrong = []
    for name, path in modules().items():
        home = next((app for app in APPS if name == app or name.startswith(f"{app}.")), name)
        for line, target in imported(path):
            app = next((app for app in APPS if target.startswith(f"{app}.")), None)
            part = target.removeprefix(f"{app}.").partition(".")[0]
            if app and app != home and part in PRIVATE_PARTS:
                wrong.append(f"{short(path)}:{line} uses {target}")
    assert not wrong


def test_what_stands_below_the_models_knows_no_rows() -> None:
    wrong = [
        f"{short(path)}:{line} imports {target}"
        for name, path in modules().items()
        if {"facts", "rules", "workflow"} & set(name.split("."))
        for line, target in imported(path)
        if "models" in target.split(".") and not target.startswith("django.")
    ]
    assert not wrong


def test_small_things_stay_small() -> None:
    wrong = []
    for path in modules().values():
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE:
            wrong.append(f"{short(path)} has {lines} lines, {LONGEST_MODULE} are allowed")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    wrong.append(f"{short(path)}:{node.lineno} {node.name} has {length} lines")
    for path in templates(papers=True):
        if (lines := len(path.read_text().splitlines())) > LONGEST_TEMPLATE:
            wrong.append(f"{short(path)} has {lines} lines, {LONGEST_TEMPLATE} are allowed")
    assert not wrong


def test_no_vague_names() -> None:
    wrong = [name for name in modules() if VAGUE_NAMES & set(name.split("."))]
    assert not wrong


def test_a_status_moves_in_one_place() -> None:
    """Only journal.make_move writes `.status`; a job's own state (documents) is called by another name or listed."""
    wrong = [
        f"{short(path)}:{line}"
        for path in modules().values()
        if short(path) not in STATUS_WRITERS
        for line in _status_writes(tree(path))
    ]
    assert not wrong


def _status_writes(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield from (t.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "status")
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = [keyword.arg for keyword in node.keywords]
        literals = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if (called == "update" and "status" in named) or (called == "setattr" and "status" in literals):
            yield node.lineno


def test_every_view_says_who_may_and_whether_it_writes() -> None:
    wrong = [
        f"{address.path} ({address.name})"
        for address in addresses()
        if not address.foreign and not hasattr(address.view, "access")
    ]
    assert not wrong


def test_every_rule_of_a_view_explains_itself() -> None:
    """The first docstring line of the rule is what docs/access.md tells."""
    wrong = [
        f"{address.name}: {address.view.access.who.__name__}"
        for address in addresses()
        if hasattr(address.view, "access") and not (address.view.access.who.__doc__ or "").strip()
    ]
    assert not wrong


def test_every_address_has_a_name() -> None:
    assert [address.path for address in addresses() if not address.name] == []


ATTRIBUTES = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"<[^>]*\shx-on", re.I),
    "inline style sheet": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "javascript: address": re.compile(r"javascript:", re.I),
}


@pytest.mark.parametrize("what", ATTRIBUTES)
def test_served_templates_hold_nothing_the_security_policy_forbids(what: str) -> None:
    tags = re.compile(r"\{% comment.*?endcomment %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
    wrong = [short(path) for path in templates() if ATTRIBUTES[what].search(tags.sub(" ", path.read_text()))]
    assert not wrong


def test_every_text_of_a_template_is_translated() -> None:
    wrong = [f"{short(path)}: {text}" for path in templates() for text in _bare_texts(path)]
    assert not wrong


def _bare_texts(path: Path) -> Iterator[str]:
    """Words that a reader would see but no translation tag holds."""
    source = path.read_text()
    source = re.sub(r"\{% comment.*?endcomment %\}|\{#.*?#\}|<!--.*?-->", " ", source, flags=re.S)
    source = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", " ", source, flags=re.S)
    source = re.sub(r"\{% block (body_class|head|scripts) %\}.*?\{% endblock[^%]*%\}", " ", source, flags=re.S)
    source = re.sub(r"<(code|kbd|samp)\b.*?</\1>", " ", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", source, flags=re.S)
    shown = re.findall(r"\b(?:title|alt|placeholder|aria-label|data-confirm)=\"([^\"]*)\"", source)
    shown.append(re.sub(r"<[^>]*>|&\w+;", "\0", source, flags=re.S))
    for text in shown:
        for piece in text.split("\0"):
            words = [word for word in re.findall(r"[^\W_]+", piece) if _speaks(word)]
            if words:
                yield " ".join(piece.split())


def _speaks(word: str) -> bool:
    """Whether it is a word of a language: not a unit or a name, nor a code with digits in it."""
    return len(word) > 1 and word.isalpha() and word not in SAME_EVERYWHERE


def test_every_sentence_of_the_code_is_translated() -> None:
    """Refusals, errors and messages reach the user, so their texts go through gettext."""
    wrong = []
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            whose = getattr(getattr(node.func, "value", None), "id", "")
            if called in SENTENCE_CALLS or whose == "messages":
                wrong += [f"{short(path)}:{arg.lineno}" for arg in node.args if _bare_string(arg)]
    assert not wrong


def _bare_string(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _bare_string(node.left)
    text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    return isinstance(node, ast.JoinedStr) or bool(text)


def test_no_unfinished_work_is_marked_in_the_code() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = [*modules().values(), *templates(papers=True), *(ROOT / "static").rglob("*.js")]
    assert [short(path) for path in files if mark.search(path.read_text())] == []


def test_an_exception_to_a_rule_carries_its_reason() -> None:
    """`# noqa: CODE  why`: a bare one hides what it excuses."""
    bare = re.compile(r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)*  \S)")
    wrong = [
        f"{short(path)}:{number}"
        for path in modules().values()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if bare.search(line)
    ]
    assert not wrong
