"""The portal's main menu: each app adds its entries when it starts, so that nobody has to know them all."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from portal.web.access import Rule


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: shown to users for whom `who` allows, in ascending `order`; `icon` names a symbol of the sprite."""

    order: int
    label: str
    url_name: str
    icon: str
    who: Rule


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add an entry (called once, from AppConfig.ready)."""
    if item not in _items:
        _items.append(item)
        _items.sort(key=lambda entry: entry.order)


def menu(request: HttpRequest) -> list[dict]:
    """The entries of this user.

    Shape: dicts with url, label, icon, active.
    """
    entries = []
    for item in _items:
        if not item.who(request.user):
            continue
        url = reverse(item.url_name)
        active = request.path == url if url == "/" else request.path.startswith(url)
        entries.append({"url": url, "label": item.label, "icon": item.icon, "active": active})
    return entries
