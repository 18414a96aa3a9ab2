"""What differs between two texts, word by word: for conflicts and for the history."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel.dates import short_date
from rakor.models import MinuteEntry

MANY_WORDS = 1500
"""Above this, whole lines are compared: word by word would take seconds."""

LABELLED = ("kind", "speaker", "institution", "text", "response", "responder", "responsible", "due_on", "source")


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of two entries side by side; fields that are empty in both are left out.

    Shape: dicts with label, old and new (safe HTML with <del> and <ins>), same.
    """
    rows = []
    for name in LABELLED:
        before, after = _shown(name, old.get(name)), _shown(name, new.get(name))
        if before or after:
            left, right = mark_words(before, after)
            label = MinuteEntry._meta.get_field(name).verbose_name
            rows.append({"name": name, "label": label, "old": left, "new": right, "same": before == after})
    return rows


def mark_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts as safe HTML: what only the first has in <del>, what only the second has in <ins>, each with a word
    for those who do not see the colour."""
    before, after = _tokens(old), _tokens(new)
    if len(before) + len(after) > MANY_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    left: list[tuple[str]] = []
    right: list[tuple[str]] = []
    removed, added = _("dihapus:"), _("ditambahkan:")
    for change, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        if change == "equal":
            left.append((gone,))
            right.append((come,))
            continue
        if gone:
            left.append((format_html('<del><span class="visually-hidden">{} </span>{}</del>', removed, gone),))
        if come:
            right.append((format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', added, come),))
    return format_html_join("", "{}", left), format_html_join("", "{}", right)


def _tokens(text: str) -> list[str]:
    """Words with the space after them."""
    return re.findall(r"\S+\s*|\s+", text)


def _shown(name: str, value: Any) -> str:
    if name == "kind":
        return str(dict(MinuteEntry.Kind.choices).get(value, value or ""))
    if name == "due_on":
        return short_date(value) if value else ""
    return value or ""
