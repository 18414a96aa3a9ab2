"""Tags of the design system (docs/interface.md): icons, status badges and the tile map."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django import template
from django.core.paginator import Page
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.workflow import Status

register = template.Library()

# A tone always comes with its own icon, so that colour never speaks alone.
TONE_ICONS = {
    "neutral": "circle",
    "info": "info",
    "progress": "progress",
    "success": "check-circle",
    "warning": "warning",
    "danger": "x-circle",
    "accent": "star",
}
# Levels of Django's messages in the words of our tones.
MESSAGE_TONES = {"debug": "neutral", "info": "info", "success": "success", "warning": "warning", "error": "danger"}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A symbol of static/img/icons.svg, hidden from screen readers: the text beside it speaks."""
    return _icon(str(name), extra)


@cache
def _icon(name: str, extra: str) -> SafeString:
    classes = f"icon {extra}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def fixed(name: str) -> SafeString:
    """A template that depends on nothing but the language, rendered once per language and process."""
    return _fixed(name, get_language())


@cache
def _fixed(name: str, language: str | None) -> SafeString:
    return get_template(name).template.render(template.Context())


@register.simple_tag
def badge(status: Status | str, tone: str = "neutral", icon: str = "") -> SafeString:
    """A status with colour, icon and word: `{% badge flow_status %}` or `{% badge "Konsep" "neutral" %}`."""
    if isinstance(status, Status):
        label, tone = _(status.label), status.tone
    else:
        label = str(status)
    symbol = _icon(icon or TONE_ICONS.get(tone, "circle"), "")
    return format_html('<span class="badge-tone tone-{}">{}{}</span>', tone, symbol, label)


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon that belongs to a tone."""
    return _icon(TONE_ICONS.get(tone, "circle"), "")


@register.filter
def message_tone(message: object) -> str:
    """The tone of a Django message."""
    return MESSAGE_TONES.get(getattr(message, "level_tag", ""), "info")


@register.filter
def undo_url(message: object) -> str:
    """The address that takes the action back: a message sent with extra_tags="undo:/address/", else ""."""
    tags = getattr(message, "extra_tags", "") or ""
    return next((tag.removeprefix("undo:") for tag in tags.split() if tag.startswith("undo:/")), "")


@register.filter
def breakable(number: object) -> SafeString:
    """A letter number that may be broken after a slash, but not within 2019."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in str(number).split("/")))


@register.filter
def initials(name: str) -> str:
    """Two letters for the round mark of a person: "Panitia Provinsi" gives PP."""
    words = [word for word in str(name).split(",")[0].replace(".", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict:
    """The links to the other pages of a list, nothing when there is only one; the query string is kept."""
    return {"page": page, "pages": page.paginator.get_elided_page_range(page.number), "request": context["request"]}


@register.inclusion_tag("components/tile_map.html")
def tile_map(tiles: Iterable[dict], label: str = "", legend: Iterable[dict] = ()) -> dict:
    """The regencies as a grid of tiles, and the same as a list.

    Shape: each tile a dict with row, col (int or None), code, name, and if wanted url, tone, note, mine; each entry
    of the legend a dict with tone and label. When any tile has no place, all flow in the order given.
    """
    tiles = [{"url": "", "tone": "neutral", "note": "", "mine": False, **tile} for tile in tiles]
    placed = bool(tiles) and all(_fits(tile.get("row")) and _fits(tile.get("col")) for tile in tiles)
    columns = max((tile["col"] for tile in tiles), default=0) + 1 if placed else 0
    return {"tiles": tiles, "placed": placed, "columns": columns, "label": label, "legend": list(legend)}


def _fits(place: object) -> bool:
    """Whether the style sheet has a class for this row or column."""
    return isinstance(place, int) and 0 <= place <= 15
