"""A permission is a value with a sentence, never a bare False (habit 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Says whether something is allowed, and if not, why: `reason` is shown to the user as it stands."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def __and__(self, other: Decision) -> Decision:
        """The first denial of the two, so that the user reads the most basic reason."""
        return other if self.allowed else self


ALLOW = Decision(True)


def deny(reason: str) -> Decision:
    """A refusal with the sentence that explains it."""
    return Decision(False, str(reason))


def allow_if(condition: bool, reason: str) -> Decision:
    """ALLOW when the condition holds, else a refusal with `reason`."""
    return ALLOW if condition else deny(reason)
