"""What somebody has to do now: one line of the first page, whichever app knows of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One line of "Yang perlu Anda lakukan"; `urgency` 0 comes first."""

    title: str
    url: str
    note: str = ""
    tone: str = "info"
    icon: str = "followup"
    urgency: int = 5
