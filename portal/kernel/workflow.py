"""A workflow is a table of statuses and moves; who may make a move is a rule, how it is stored is the journal's job."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from portal.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Status:
    """One state. `tone` is a colour role of the interface: neutral, info, progress, success, warning, danger."""

    key: str
    label: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of status.

    `note_required`: the user has to give a reason. `confirm`: the question asked before it is made, "" for none.
    `evidence`: names of the fields that must be given with the move and are stored with it.
    """

    key: str
    label: str
    source: tuple[str, ...]
    target: str
    note_required: bool = False
    confirm: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A move as a user is offered it: a button that `posts` it, or leads to the page that asks for the reason."""

    key: str
    label: str
    url: str
    decision: Decision
    posts: bool
    confirm: str
    style: str


@dataclass(frozen=True)
class Workflow:
    """The table of one kind of object. `field` is the model's status column."""

    name: str
    statuses: tuple[Status, ...]
    moves: tuple[Move, ...]
    field: str = "status"
    _by_status: dict[str, Status] = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)
    _by_move: dict[str, Move] = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_status.update((status.key, status) for status in self.statuses)
        self._by_move.update((move.key, move) for move in self.moves)
        for move in self.moves:
            unknown = {*move.source, move.target} - self._by_status.keys()
            if unknown:
                raise ValueError(f"{self.name}.{move.key} names unknown status {sorted(unknown)}")

    @property
    def initial(self) -> str:
        """Key of the status every object begins in: the first of the table."""
        return self.statuses[0].key

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs (key, label) for a model field."""
        return [(status.key, status.label) for status in self.statuses]

    def status(self, key: str) -> Status:
        """The status of that key.

        Errors: KeyError.
        """
        return self._by_status[key]

    def move(self, key: str) -> Move:
        """The move of that key.

        Errors: KeyError.
        """
        return self._by_move[key]

    def moves_from(self, status: str) -> list[Move]:
        """The moves that the table allows from a status, in table order."""
        return [move for move in self.moves if status in move.source]
