"""Who is writing where just now. Kept in the cache only: losing it costs a few seconds of a hint, nothing else."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from rakor.models import Minutes

SECONDS = 20
"""How long somebody counts as present after the last sign; browsers give one every seven seconds."""

KEY = re.compile(r"[0-9]{1,19}|baru")
"""What names an entry. Other people's scripts read it, so nothing else is passed on."""

log = logging.getLogger(__name__)


def note_presence(minutes: Minutes, user: Any, tab: str, keys: list[str]) -> list[dict[str, Any]]:
    """The other writers of these minutes, after noting that this tab of the user is here and edits those entries.

    Shape: dicts with name, keys (entries by pk, "baru" for one that does not exist yet) and self (the same person in
    another tab, left out unless typing there), by name.
    """
    place, now, own = f"notula:{minutes.pk}:hadir", time.time(), f"{user.pk}:{tab}"
    try:
        seen = cache.get(place) or {}
        # Two signs at the same moment may overwrite each other: the next one, seconds later, puts it right.
        seen = {who: sign for who, sign in seen.items() if now - sign["at"] < SECONDS}
        keys = [key for key in keys if KEY.fullmatch(key)]
        seen[own] = {"at": now, "user": user.pk, "name": user.display_name, "keys": keys}
        cache.set(place, seen, SECONDS * 2)
    except RedisError as error:
        log.warning("presence is not available: %s", error)
        return []
    others = [sign for who, sign in seen.items() if who != own and (sign["user"] != user.pk or sign["keys"])]
    return [
        {"name": sign["name"], "keys": sign["keys"], "self": sign["user"] == user.pk}
        for sign in sorted(others, key=lambda sign: sign["name"])
    ]
