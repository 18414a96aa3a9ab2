"""Who may read the history of which objects: each app registers a rule per model when it starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from portal.journal.models import object_type
from portal.kernel.decision import Decision

MayRead = Callable[[Any, Any], Decision]
_rules: dict[str, tuple[type[models.Model], MayRead]] = {}


def register_history(model: type[models.Model], may_read: MayRead) -> None:
    """Open the history of this model to those whom `may_read(user, object)` allows (from AppConfig.ready)."""
    _rules[object_type(model)] = (model, may_read)


def history_rule(kind: str) -> tuple[type[models.Model], MayRead] | None:
    """The model and rule of a type such as "rakor.session"; None when its history is not open."""
    return _rules.get(kind)
