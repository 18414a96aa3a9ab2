"""Who would get what under given ceilings: proposals in their order, each paid while its sources hold enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposal as the simulation sees it. `shares`: {source key: rupiah}."""

    pk: int
    regency_id: int
    title: str
    rank: int | None
    score: float | None
    shares: Mapping[str, int]

    @property
    def rupiah(self) -> int:
        """What it costs."""
        return sum(self.shares.values())


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one candidate: paid, or the key of the first source that was used up, or "" below the cut line."""

    number: int
    candidate: Candidate
    paid: bool
    lacking: str = ""


@dataclass
class Outcome:
    """The whole simulation. Money in rupiah by source key or regency pk."""

    places: list[Place] = field(default_factory=list)
    used: Counter = field(default_factory=Counter)
    by_regency: Counter = field(default_factory=Counter)
    paid_of: Counter = field(default_factory=Counter)
    asked_of: Counter = field(default_factory=Counter)

    @property
    def paid(self) -> int:
        """How many are paid."""
        return sum(self.paid_of.values())

    @property
    def rupiah(self) -> int:
        """What is spent."""
        return sum(self.by_regency.values())

    def with_nothing(self) -> list[int]:
        """The regencies that asked and get nothing."""
        return [regency for regency in self.asked_of if not self.paid_of[regency]]


def by_score(candidate: Candidate) -> tuple:
    """The best score first, then the regency's own priority."""
    return (-(candidate.score if candidate.score is not None else -1), candidate.rank or 10**6, candidate.pk)


def by_rank(candidate: Candidate) -> tuple:
    """Everybody's first priority first, then the second …; equal ones by score."""
    return (candidate.rank or 10**6, -(candidate.score if candidate.score is not None else -1), candidate.pk)


ORDERS = {"score": by_score, "rank": by_rank}


def simulate(
    candidates: Iterable[Candidate], ceilings: Mapping[str, int | None], *, order: str = "score", cut: int | None = None
) -> Outcome:
    """The outcome of paying in that order down to the cut line (a number of proposals; None: all of them).

    A source without ceiling (None or not named) is never used up. A proposal is paid whole or not at all; a smaller one
    further down may still fit.
    """
    found = Outcome()
    for number, candidate in enumerate(sorted(candidates, key=ORDERS[order]), start=1):
        found.asked_of[candidate.regency_id] += 1
        lacking = _lacking(candidate, ceilings, found.used)
        paid = not lacking and (cut is None or number <= cut)
        if paid:
            found.used.update(candidate.shares)
            found.by_regency[candidate.regency_id] += candidate.rupiah
            found.paid_of[candidate.regency_id] += 1
        found.places.append(
            Place(number, candidate, paid, "" if paid or (cut is not None and number > cut) else lacking)
        )
    return found


def _lacking(candidate: Candidate, ceilings: Mapping[str, int | None], used: Counter) -> str:
    for source, rupiah in candidate.shares.items():
        ceiling = ceilings.get(source)
        if ceiling is not None and used[source] + rupiah > ceiling:
            return source
    return ""
