"""A measured figure, its target, and the table of all."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One result. Without `limit` it is for information only."""

    name: str
    value: float
    limit: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the target is met."""
        return self.limit is None or self.value <= self.limit


def table(figures: list[Figure]) -> str:
    """The figures as aligned text."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'figure':<{width}}  {'measured':>10}  {'target':>9}  result"]
    for figure in figures:
        target = f"≤ {figure.limit:g}{figure.unit}" if figure.limit is not None else ""
        result = "" if figure.limit is None else "ok" if figure.kept else "MISSED"
        measured = f"{figure.value:.3g}{figure.unit}"
        lines.append(f"{figure.name:<{width}}  {measured:>10}  {target:>9}  {result:<6}  {figure.note}".rstrip())
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call (others on the machine do not count), earlier garbage collected first."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def ratio(ours: Callable[[], object], other: Callable[[], object], *, rounds: int) -> tuple[float, float, float]:
    """(median of the paired ratios, of ours, of the other): both in turn, so that a loud machine hits both."""
    pairs = [(seconds(other), seconds(ours)) for _round in range(rounds)]
    return (
        statistics.median(mine / theirs for theirs, mine in pairs),
        statistics.median(mine for _theirs, mine in pairs),
        statistics.median(theirs for theirs, _mine in pairs),
    )
