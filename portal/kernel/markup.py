"""Markdown-light: bold, italics, lists, paragraphs. What people type in minutes, made safe for page and PDF alike."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

MAX_LENGTH = 20_000
"""Characters of one text. An hour of fast speech is about 9,000 words; one turn is far less."""

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote"}
_PARSER = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["emphasis", "list", "newline", "escape", "blockquote"]
)


def to_html(text: str) -> str:
    """Safe HTML of a Markdown-light text; never links, images, styles or raw HTML (they stay visible as text)."""
    return clean(_PARSER.render(text or ""))


def clean(html: str) -> str:
    """The HTML reduced to what `to_html` may produce; papers call it again, since stored facts may be old or forged."""
    return nh3.clean(html, tags=_TAGS, attributes={}, strip_comments=True)


def to_plain(text: str) -> str:
    """The text without its marks, on one line, for lists and e-mail subjects."""
    return " ".join(nh3.clean(to_html(text).replace("</", " </"), tags=set()).split())
