"""A measured figure, its target, and the table of all."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LOOP = "for _number in range(30_000_000): pass"
"""About a second of a processor, with nothing in it that two of them could share."""


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


@dataclass(frozen=True, slots=True)
class Round:
    """What was timed with one worker and with two, and how much faster two plain loops were side by side just then."""

    one: Mapping[str, float]
    two: Mapping[str, float]
    loops: float


def rounds_of(timed: Callable[[int, int], Mapping[str, float]], count: int) -> list[Round]:
    """So many rounds of `timed(turn, workers)`, each with one worker, then with two, then the plain loops."""
    return [Round(timed(turn, 1), timed(turn, 2), side_by_side()) for turn in range(count)]


def two_workers(name: str, rounds: Sequence[Round], *, until: str, also: str, limit: float | None) -> Figure:
    """Time with two workers ÷ time with one: the median of the rounds' ratios, of what is timed under `until`.

    `also` joins the note: a format of the medians with one worker, e.g. "{clicks:.1f} s of it closing". Two workers
    can hardly gain more than the plain loops, which share nothing, gain on this machine: the note tells that too.
    """
    one, two = statistics.median(row.one[until] for row in rounds), statistics.median(row.two[until] for row in rounds)
    ratio = statistics.median(row.two[until] / row.one[until] for row in rounds)
    medians = {key: statistics.median(row.one[key] for row in rounds) for key in rounds[0].one}
    loops = statistics.median(row.loops for row in rounds)
    note = (
        f"{one:.1f} s with one, {two:.1f} s with two: {1 / ratio:.2f} times faster, {also.format_map(medians)}; "
        f"{len(rounds)} rounds; two plain loops: {loops:.2f} times faster"
    )
    return Figure(name, ratio, limit, note=note)


def side_by_side() -> float:
    """How many times faster two plain Python loops, a process each, are side by side than one after the other."""
    begin = time.perf_counter()
    for _turn in range(2):
        _loop().wait()
    between = time.perf_counter()
    for process in [_loop(), _loop()]:
        process.wait()
    return (between - begin) / (time.perf_counter() - between)


def _loop() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-S", "-c", LOOP])  # noqa: S603  our own interpreter and words
