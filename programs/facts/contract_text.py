"""Texts of contracts: variables found and filled. Pure, by one plain regular expression.

There is no template engine, so there is nothing to escape from: "{{", "{%" and "{__class__}" are letters on paper. A
value is put in after the marks of the text were read, and is never read again: it can become neither markup nor
another variable. What is unknown or missing is reported and stays visible as it was written, in <mark>.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from portal.kernel.markup import MAX_LENGTH, to_html
from programs.facts.contract_variables import is_own

Values = Mapping[str, str | Sequence[str]]
PARTS = ("title", "opening", "recital", "clauses", "closing")
"""What a version says; together its digest."""

MOST_CLAUSES, LONGEST_HEADING, LONGEST_BODY = 60, 150, 8000

_BRACES = re.compile(r"\{([^{}\n]{1,60})\}")
_SLOT = re.compile("\ue000(\\d{1,6})\ue001")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ALONE = re.compile("<p>\\s*(\ue000\\d{1,6}\ue001)\\s*</p>")
_LAST_LINE = re.compile("<br ?/?>\\s*(\ue000\\d{1,6}\ue001)\\s*</(p|li)>")
_WHOLE_ITEM = re.compile("<li>\\s*(\ue000\\d{1,6}\ue001)\\s*</li>")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled: as HTML of portal.kernel.markup, and as plain text of the same lines.

    `missing` names variables that have no value yet, `unknown` what stands in braces and is no variable.
    """

    html: str
    plain: str
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def variables_in(*texts: str) -> list[str]:
    """What stands in braces, each name once, in the order of the text."""
    return list(dict.fromkeys(name.strip() for text in texts for name in _BRACES.findall(text)))


def own_variables(*texts: str) -> list[str]:
    """The template's own variables ("isian_…") in the order in which the text asks for them."""
    return [name for name in variables_in(*texts) if is_own(name)]


def fill(text: str, values: Values) -> Filled:
    """The text with the values of its variables.

    `values` names every variable there is; an empty value is missing. A list is lettered where it has a paragraph or a
    line of its own, and a sentence "a, b, dan c" elsewhere. Never raises, whatever the text is.
    """
    text = _PRIVATE.sub("", text or "")
    names: list[str] = []

    def slot(match: re.Match[str]) -> str:
        names.append(match[1].strip())
        return f"\ue000{len(names) - 1}\ue001"

    slotted = _BRACES.sub(slot, text)
    known = [_known(name, values) for name in names]
    return Filled(
        html=_in_markup(slotted, names, known),
        plain=_SLOT.sub(lambda found: _in_line(names[int(found[1])], known[int(found[1])]), slotted),
        missing=_once(name for name, value in zip(names, known, strict=True) if value == ""),
        unknown=_once(name for name, value in zip(names, known, strict=True) if value is None),
    )


def _known(name: str, values: Values) -> str | list[str] | None:
    """The value, "" for one that is missing, None for what is no variable."""
    if name not in values:
        return "" if is_own(name) else None
    value = values[name]
    if isinstance(value, str):
        return value.strip()
    return [item for item in value if item] or ""


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _in_line(name: str, value: str | list[str] | None) -> str:
    if not value:
        return f"{{{name}}}"
    return value if isinstance(value, str) else sentence_of(value)


@lru_cache(maxsize=512)
def _marked(slotted: str) -> str:
    """The text as HTML, kept: a wording is read once and not for each contract; no value stands in it yet.

    Longer than any field can be, it is shown as it is, since reading its marks would take long.
    """
    return to_html(slotted) if len(slotted) <= MAX_LENGTH else f"<p>{html.escape(slotted)}</p>"


def _in_markup(slotted: str, names: list[str], known: list[str | list[str] | None]) -> str:
    """The text as HTML with its values."""
    marked = _marked(slotted)

    def is_list(slot: str) -> bool:
        return isinstance(known[int(slot[1:-1])], list)

    def lettered(slot: str) -> str:
        return _lettered(known[int(slot[1:-1])] or [])

    marked = _ALONE.sub(lambda found: lettered(found[1]) if is_list(found[1]) else found[0], marked)
    marked = _WHOLE_ITEM.sub(lambda found: f"<li>{lettered(found[1])}</li>" if is_list(found[1]) else found[0], marked)
    marked = _LAST_LINE.sub(
        lambda found: found[0] if not is_list(found[1])
        else f"</p>{lettered(found[1])}" if found[2] == "p" else f"{lettered(found[1])}</li>",
        marked,
    )  # fmt: skip
    return _SLOT.sub(lambda found: _shown(names[int(found[1])], known[int(found[1])]), marked)


def _shown(name: str, value: str | list[str] | None) -> str:
    text = html.escape(_in_line(name, value), quote=False)
    if value:
        return text.replace("\r\n", "\n").replace("\n", "<br>")
    return f'<mark class="{"unknown" if value is None else "missing"}">{text}</mark>'


def _lettered(items: Sequence[str]) -> str:
    """Lettered by the style sheet, with the semicolons that a list in a contract ends its lines with."""
    ends = ["."] if len(items) == 1 else [*[";"] * (len(items) - 2), "; dan", "."]
    rows = (f"<li>{html.escape(item, quote=False)}{end}</li>" for item, end in zip(items, ends, strict=True))
    return f"<ul>{''.join(rows)}</ul>"


def sentence_of(items: Sequence[str]) -> str:
    """The items as part of a sentence: "a", "a dan b", "a, b, dan c"."""
    if len(items) < 3:
        return " dan ".join(items)
    return f"{', '.join(items[:-1])}, dan {items[-1]}"


def in_sentence(name: str) -> str:
    """A name as it stands within a sentence: "industri agro", but "One Village One Product (OVOP)"."""
    first, rest = name[:1], name[1:]
    return f"{first.lower()}{rest}" if rest == rest.lower() else name


def texts_of(content: Mapping[str, Any]) -> list[str]:
    """All texts of a version, in the order in which they are read."""
    clauses = [text for clause in content["clauses"] for text in (clause["heading"], clause["body"])]
    return [content["title"], content["opening"], content["recital"], *clauses, content["closing"]]


def digest(content: Mapping[str, Any]) -> str:
    """sha256 over what a version says: the seal of a published one.

    Shape: content has the keys of PARTS; clauses = [{"heading", "body"}].
    """
    said = {name: content[name] for name in PARTS}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
