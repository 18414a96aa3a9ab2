"""Templates of ours that name an undefined variable fail the test (habit 9: every template variable exists)."""

from __future__ import annotations

import inspect
from pathlib import Path

from django.template.base import Node, VariableNode

CHECKOUT = Path(__file__).resolve().parent.parent


class UndefinedVariable(AssertionError):
    """A template of ours read a variable that nobody gave it."""


class Strict(str):
    """The value of string_if_invalid: Django asks whether it holds "%s" and then fills in the variable's name.

    Templates outside the checkout (Django's, crispy's, allauth's own) rely on undefined variables being empty and keep
    that. `{% if name %}` and `{% for x in name %}` never come here: Django lets them ask for what may be missing.
    """

    def __new__(cls) -> Strict:
        return super().__new__(cls, "undefined template variable")

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        node = _node_being_rendered()
        if node is None or not _ours(node):
            return ""
        where = f"{node.origin.name}:{node.token.lineno}" if getattr(node, "token", None) else node.origin.name
        raise UndefinedVariable(f"{where}: undefined template variable {variable}")


def _node_being_rendered() -> Node | None:
    frame = inspect.currentframe()
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, Node | VariableNode) and getattr(owner, "origin", None):
            return owner
        frame = frame.f_back
    return None


def _ours(node: Node) -> bool:
    path = Path(str(node.origin.name))
    return path.is_relative_to(CHECKOUT) and "site-packages" not in path.parts
