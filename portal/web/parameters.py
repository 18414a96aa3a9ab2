"""Reading parameters of addresses and small forms that need no form class."""

from __future__ import annotations

from django.http import HttpRequest

LARGEST = 2**63 - 1
"""The largest primary key."""

LONGEST = 80
"""Characters of a search or filter that are looked at."""


def search_text(request: HttpRequest, name: str = "q") -> str:
    """What was typed into the search box of a list, or chosen in the filter of that name."""
    return request.GET.get(name, "").strip()[:LONGEST]


def whole_number(text: str | None, largest: int = LARGEST) -> int | None:
    """The number that the digits of the text mean, 0 to `largest`; None for everything else, however odd or long."""
    if not text or len(text) > len(str(largest)) or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= largest else None


def query_with(request: HttpRequest, **changes: str) -> str:
    """The address's query string without the page number, with these values replaced."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()
