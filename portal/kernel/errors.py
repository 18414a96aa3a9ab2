"""Errors whose text is a sentence for the user. Views turn them into pages; workers into stored sentences."""

from __future__ import annotations

from typing import Any

from portal.kernel.decision import Decision


class PortalError(Exception):
    """A failure that the user can read: `str(error)` is a whole Indonesian sentence."""


class Denied(PortalError):
    """The rules said no. Carries the decision whose reason is shown."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


class Blocked(PortalError):
    """The data does not allow it now (wrong status, overlap, missing part)."""


class WrongFile(PortalError):
    """This file cannot be taken. The sentence says why and what to do; whoever shows it names the file."""


class StaleVersion(PortalError):
    """Somebody saved in between. `current` is the stored row, `yours` what the user tried to save."""

    def __init__(self, sentence: str, *, current: Any, yours: Any) -> None:
        super().__init__(sentence)
        self.current = current
        self.yours = yours


def ensure(decision: Decision) -> None:
    """Return when the decision allows.

    Errors: Denied otherwise.
    """
    if not decision:
        raise Denied(decision)
