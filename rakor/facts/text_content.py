"""What the committee's papers have in common: a content of texts and lists that JSON keeps, and a number to come."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

DRAFT = "RANCANGAN"


@dataclass(frozen=True, slots=True)
class TextContent:
    """Named parts of a paper: texts, and lists with one item per line."""

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The content as stored; unknown keys are an error, missing ones take their defaults.

        Errors: TypeError.
        """
        lists = cls.lists()
        return cls(**{name: tuple(value) if name in lists else value for name, value in stored.items()})

    @classmethod
    def lists(cls) -> frozenset[str]:
        """The parts that are lists."""
        return frozenset(field.name for field in fields(cls) if str(field.type).startswith("tuple"))

    @classmethod
    def parts(cls) -> tuple[str, ...]:
        """The names of the parts in the order of the paper."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def refilled(cls) -> tuple[str, ...]:
        """The parts for which the portal has words: neither what is ticked, nor the place."""
        return tuple(field.name for field in fields(cls) if str(field.type) != "bool" and field.name != "place")

    def stored(self) -> dict[str, Any]:
        """What JSON keeps."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def text_of(self, part: str) -> str:
        """The part as people type it: a list has one item per line."""
        value = getattr(self, part)
        return "\n".join(value) if isinstance(value, tuple) else value
