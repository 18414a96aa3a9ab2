"""A hat is a role somebody holds today, for one office or regency.

Identity does not know where hats come from: a domain app plugs in the source when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hat:
    """A role in force. `regency_id` is None for offices of the province and other agencies.

    `administers`: the role keeps accounts and reads the journal; `needs_second_factor`: it falls under the setting
    RAKOR_REQUIRE_MFA. The source says so, because identity knows no roles.
    """

    role: str
    title: str
    agency_id: int
    agency_name: str
    regency_id: int | None
    position_id: int
    administers: bool = False
    needs_second_factor: bool = False


Source = Callable[[Any], Iterable[Hat]]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Plug in where hats come from (called once, from AppConfig.ready)."""
    if source not in _sources:
        _sources.append(source)


def hats_of(user: Any) -> tuple[Hat, ...]:
    """The hats this user wears today, the highest first as the source orders them."""
    return tuple(hat for source in _sources for hat in source(user))
