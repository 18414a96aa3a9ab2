"""What the door decides without asking anybody: codes, moments, and which of two claims about a person holds. Pure.

The rules are written down in docs/decisions/0014-conflicts-at-the-door.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PERIOD = 30
"""Seconds that the hall's code stays the same; the one before is accepted too."""

DAY = dt.timedelta(hours=24)
"""A scan that lay on a device for longer is taken to be so old."""

COUNTED, AGAIN, KEPT, REFUSED = "dihitung", "ganda", "disimpan", "ditolak"
"""What becomes of a scan; the first three are stored as they arrived."""

HERE = ("hadir", "terlambat")
"""States of those who came."""


def code_at(secret: str, moment: dt.datetime, *, back: int = 0) -> str:
    """The six digits that the hall's screen shows at that moment, or `back` periods before."""
    period = int(moment.timestamp()) // PERIOD - back
    digest = hmac.new(bytes.fromhex(secret), str(period).encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def code_fits(secret: str, typed: str, moment: dt.datetime) -> bool:
    """Whether the hall's screen shows these digits now, or showed them in the period before."""
    digits = "".join(typed.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    return any(hmac.compare_digest(digits, code_at(secret, moment, back=back)) for back in (0, 1))


def seconds_left(moment: dt.datetime) -> int:
    """How long the code of that moment stays."""
    return PERIOD - int(moment.timestamp()) % PERIOD


def pass_hash(token: str) -> str:
    """What a device at the door knows of a card: enough to recognise it, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def moment_of_scan(at: float, sent_at: float, now: dt.datetime, earliest: dt.datetime) -> dt.datetime:
    """When a scan was made by the server's clock: as long ago as the device's own clock says.

    A moment that cannot be (after the sending, or before `earliest`) is replaced by the moment of arrival, so that a
    wrong clock never makes anybody come first. Units: `at`, `sent_at` in milliseconds.
    """
    ago = max(0.0, min(sent_at - at, DAY.total_seconds() * 1000))
    moment = now - dt.timedelta(milliseconds=ago)
    return moment if moment >= earliest else now


def state_of(came_at: dt.datetime, late_after: dt.datetime | None, on: dt.date, zone: dt.tzinfo) -> str:
    """ "terlambat" after the limit of the list's own day. On another day (a list filled in afterwards) nobody is."""
    late = late_after is not None and came_at > late_after and came_at.astimezone(zone).date() == on
    return "terlambat" if late else "hadir"


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of somebody so far."""

    state: str
    came_at: dt.datetime | None
    by_hand: bool


def settle(said: Said | None, came_at: dt.datetime, *, closed: bool) -> tuple[str, bool]:
    """(outcome, whether the scan's moment becomes the person's): people beat scans, then the earliest scan holds."""
    if closed or (said is not None and said.by_hand):
        return KEPT, False
    if said is None or said.came_at is None:
        return COUNTED, True
    return AGAIN, came_at < said.came_at


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as a device sends it: of a person, of a card (`pass_hash`), or of somebody to be added (`newcomer`).

    `remark` is what the device is told besides.
    """

    key: uuid.UUID
    came_at: dt.datetime
    method: str
    person: int | None = None
    pass_hash: str = ""
    newcomer: Mapping[str, Any] | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A scan that cannot be counted, with the sentence that says why. `key` is what the device called it."""

    key: str
    sentence: str
