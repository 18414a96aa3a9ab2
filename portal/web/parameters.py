"""Reading parameters of addresses and small forms that need no form class."""

from __future__ import annotations

LARGEST = 2**63 - 1
"""The largest primary key."""


def whole_number(text: str | None, largest: int = LARGEST) -> int | None:
    """The number that the digits of the text mean, 0 to `largest`; None for everything else, however odd or long."""
    if not text or len(text) > len(str(largest)) or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= largest else None
