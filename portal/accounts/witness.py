"""What happens to accounts is told to whoever keeps a journal.

Accounts stand below the journal and may not import it: the journal plugs itself in when it starts, as hats do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Recorder = Callable[..., Any]
_recorders: list[Recorder] = []


def register_recorder(recorder: Recorder) -> None:
    """Plug in a keeper of a journal (called once, from AppConfig.ready)."""
    if recorder not in _recorders:
        _recorders.append(recorder)


def record(verb: str, obj: Any, *, by: Any, note: str = "", changes: dict[str, list] | None = None) -> None:
    """Tell every journal of one act; the arguments are those of portal.journal.actions.record."""
    for recorder in _recorders:
        recorder(verb, obj, by=by, note=note, changes=changes)
