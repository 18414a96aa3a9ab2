"""What is new in a programme since people were told of it. Pure: two snapshots in, Indonesian sentences out.

Shape of a snapshot: {"edition": [first day, last day, place, cancelled], "sessions": {pk: [title, start, end, room,
regency's pk or null, version]}}, with days and local moments in ISO format.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from portal.kernel.dates import clock_range, date_range, long_date
from rakor.facts.calendar import Removed

MOST = 15
"""Lines that a message lists; it counts the rest."""

Snapshot = dict[str, Any]


def fingerprint(snapshot: Snapshot) -> str:
    """Equal for snapshots that say the same; versions do not count."""
    plain = {pk: row[:5] for pk, row in snapshot["sessions"].items()}
    return hashlib.sha256(json.dumps([snapshot["edition"], plain], sort_keys=True).encode()).hexdigest()


def news(told: Snapshot, now: Snapshot, regency_id: int | None) -> list[str]:
    """What changed for somebody of that regency (None: without a desk): days and place, times and rooms."""
    lines = []
    if told["edition"][:3] != now["edition"][:3]:
        lines.append(f"Rakor: {_edition(told)} menjadi {_edition(now)}.")
    before, after = _own(told, regency_id), _own(now, regency_id)
    if after and not told["sessions"]:
        return [*lines, f"Susunan acara sudah ditetapkan: {len(after)} mata acara."]
    dated = sorted({**before, **after}.items(), key=lambda pair: (pair[1][1], pair[0]))
    for pk, _row in dated:
        if line := _line(before.get(pk), after.get(pk)):
            lines.append(line)
    if len(lines) > MOST:
        lines = [*lines[:MOST], f"dan {len(lines) - MOST} perubahan lain."]
    return lines


def removed(told: Snapshot, now: Snapshot, regency_id: int | None) -> list[Removed]:
    """The sessions that are told of no more, for the calendars that hold them."""
    kept = _own(now, regency_id)
    return [
        Removed(int(pk), row[0], dt.datetime.fromisoformat(row[1]), dt.datetime.fromisoformat(row[2]), row[5])
        for pk, row in _own(told, regency_id).items()
        if pk not in kept
    ]


def _own(snapshot: Snapshot, regency_id: int | None) -> dict[str, list]:
    return {pk: row for pk, row in snapshot["sessions"].items() if row[4] is None or row[4] == regency_id}


def _edition(snapshot: Snapshot) -> str:
    first, last, place, _cancelled = snapshot["edition"]
    return f"{date_range(dt.date.fromisoformat(first), dt.date.fromisoformat(last))} di {place}"


def _line(before: list | None, after: list | None) -> str:
    if before is None:
        room = f" di {after[3]}" if after[3] else ""
        return f"Baru: “{after[0]}”, {_when(after)}{room}."
    if after is None:
        return f"“{before[0]}”, {_when(before)}, ditiadakan."
    parts = []
    if before[1:3] != after[1:3]:
        parts.append(f"{_when(before)} menjadi {_when(after, than=before)}")
    if before[3] != after[3] and after[3]:
        parts.append(f"di {after[3]}" + (f" (semula {before[3]})" if before[3] else ""))
    return f"“{after[0]}”: {', '.join(parts)}." if parts else ""


def _when(row: list, than: list | None = None) -> str:
    """Day and hours; hours alone when the day is the same as in `than`."""
    starts, ends = dt.datetime.fromisoformat(row[1]), dt.datetime.fromisoformat(row[2])
    hours = f"pukul {clock_range(starts, ends)}"
    if than is not None and dt.datetime.fromisoformat(than[1]).date() == starts.date():
        return hours
    return f"{long_date(starts.date())} {hours}"
