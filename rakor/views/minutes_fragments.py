"""Fragments of the minutes pages, each a pure function of values and kept in memory: a page of 300 entries renders none
of them twice, and nothing has to be thrown away when an entry changes."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from rakor.forms.minutes import KIND_ICONS, EntryForm
from rakor.models import Meeting, MinuteEntry, Minutes
from rakor.queries.minutes import completion, shown_rows


class Shown(NamedTuple):
    """Everything an entry shows."""

    pk: int
    version: int
    client_key: UUID | None
    kind: str
    speaker: str
    institution: str
    text: str
    response: str
    responder: str
    responsible: str
    due_on: dt.date | None
    source: str
    at: dt.datetime
    full_name: str | None
    username: str | None


def entry_html(entry: MinuteEntry, *, editable: bool) -> str:
    """The fragment of one entry, the same in the page and in every answer."""
    by = entry.changed_by
    names = (by.full_name, by.username) if by else (None, None)
    shown = Shown(entry.pk, entry.version, entry.client_key, *entry.words.values(), entry.changed_at, *names)
    return _entry_html(shown, editable, get_language())


def entries_html(minutes: Minutes, *, editable: bool) -> list[str]:
    """The fragments of all kept entries in their order."""
    language = get_language()
    return [_entry_html(Shown(*row), editable, language) for row in shown_rows(minutes)]


@lru_cache(maxsize=3000)
def _entry_html(shown: Shown, editable: bool, language: str) -> str:
    context = {
        "entry": shown, "editable": editable, "icon_name": KIND_ICONS[shown.kind],
        "kind_label": MinuteEntry.Kind(shown.kind).label,
        "payload": json.dumps(_as_typed(shown), ensure_ascii=False) if editable else "",
    }  # fmt: skip
    return render_to_string("rakor/minutes/entry.html", context)


def _as_typed(shown: Shown) -> dict[str, str]:
    return {name: _plain(getattr(shown, name)) for name in MinuteEntry.TEXT_FIELDS}


def words_as_json(words: Any) -> dict[str, str]:
    """The words of an entry or draft as the browser's form holds them."""
    return {name: _plain(value) for name, value in words.words.items()}


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def forget_entries() -> None:
    """Empty the memory of rendered entries."""
    _entry_html.cache_clear()


def datalists_html(meeting: Meeting) -> str:
    """The lists that complete names, institutions and offices while somebody types."""
    known = completion(meeting)
    names = "".join(
        f'<option value="{escape(name)}" data-institution="{escape(institution)}">{escape(institution)}</option>'
        for name, institution in known.names.items()
    )
    lists = {"nama-peserta": names}
    for key, values in (("nama-instansi", known.institutions), ("nama-kantor", known.offices)):
        lists[key] = "".join(f'<option value="{escape(value)}"></option>' for value in values)
    html = "".join(f'<datalist id="{key}">{options}</datalist>' for key, options in lists.items())
    return mark_safe(html)  # noqa: S308  every value is escaped above


def editor_parts() -> dict[str, str]:
    """What every editor page has: the fields of an empty form, and the patterns the scripts clone.

    Shape: fields_html, patterns_html.
    """
    return _editor_parts(get_language())


@lru_cache(maxsize=8)
def _editor_parts(language: str) -> dict[str, str]:
    form = EntryForm(auto_id=False, initial={"kind": MinuteEntry.Kind.DISCUSSION})
    fields = render_to_string("rakor/minutes/fields.html", {"form": form})
    patterns = render_to_string("rakor/minutes/patterns.html", {"fields_html": fields, "action": ""})
    return {"fields_html": fields, "patterns_html": patterns}
