"""What a session remembers, and what of a form may be kept when it has ended."""

from __future__ import annotations

import re
from typing import Any

LAST_SEEN = "last_seen"
HAD_HATS = "had_hats"
PARKED_FIELD = "_isian_tertunda"
_SECRET = re.compile(r"passw|passphrase|sandi|secret|otp|^code$|csrfmiddlewaretoken|" + PARKED_FIELD, re.IGNORECASE)


def keepable(post: Any) -> list[list[str]]:
    """The fields of a form that may be stored: no secrets, no tokens.

    Shape: [[name, value], …] in the order they were sent.
    """
    return [[name, value] for name, values in post.lists() if not _SECRET.search(name) for value in values]
