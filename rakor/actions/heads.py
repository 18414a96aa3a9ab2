"""Heads (number, date, chair, words) of minutes and of the agreement: saved whole, by whom saw the newest."""

from __future__ import annotations

from typing import Any

from portal.journal.actions import changes_between
from portal.kernel.errors import StaleVersion


def take_head(row: Any, head: dict[str, Any], *, names: list[str], head_version: int, sentence: str) -> dict[str, list]:
    """What changes by the new head: the locked row carries it and its new head version, and is not saved yet.

    The same head sent again is no change, whichever version its writer saw.
    Errors: StaleVersion with the sentence when somebody saved another head since `head_version`.
    """
    before = type(row)._default_manager.get(pk=row.pk)
    if row.head_version != head_version and any(getattr(row, name) != value for name, value in head.items()):
        raise StaleVersion(sentence, current=row, yours=head)
    for name, value in head.items():
        setattr(row, name, value)
    changes = changes_between(before, row, names)
    row.head_version += bool(changes)
    return changes
