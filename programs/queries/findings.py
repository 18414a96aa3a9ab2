"""One thing that the self-check found."""

from __future__ import annotations

from dataclasses import dataclass

BLOCKER, WARNING = "blocker", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend (`blocker`) or to look at again (`warning`).

    Shape: `anchor` is the place in the editor: a name of Proposal.FIELDS, "rank", "lines", "line-<pk>", "shares",
    "indicators" or "berkas:<key of the readiness item>".
    """

    level: str
    sentence: str
    anchor: str

    @property
    def blocks(self) -> bool:
        """Whether the proposal cannot be sent with it."""
        return self.level == BLOCKER

    @property
    def place(self) -> str:
        """The id of that place in the editor's page."""
        return self.anchor.replace(":", "-")
