"""What figures of two workers against one say, whatever was measured."""

from __future__ import annotations

from bench.figures import Round, rounds_of, two_workers


def test_two_workers_are_compared_round_by_round() -> None:
    """The middle one of the ratios, not the ratio of sums: a loud minute hits one round."""
    rounds = [
        Round({"end": 10.0, "click": 1.0}, {"end": 6.0}, 1.9), Round({"end": 30.0, "click": 3.0}, {"end": 15.0}, 1.1),
        Round({"end": 20.0, "click": 2.0}, {"end": 18.0}, 1.5),
    ]  # fmt: skip
    figure = two_workers("x", rounds, until="end", also="{click:.1f} s of it clicking", limit=0.588)
    assert (figure.value, figure.limit, figure.kept) == (0.6, 0.588, False)
    assert figure.note == (
        "20.0 s with one, 15.0 s with two: 1.67 times faster, 2.0 s of it clicking; 3 rounds; "
        "two plain loops: 1.50 times faster"
    )


def test_a_round_is_one_worker_then_two() -> None:
    asked: list[tuple[int, int]] = []

    def timed(turn: int, workers: int) -> dict[str, float]:
        asked.append((turn, workers))
        return {"end": float(workers)}

    [first, _second] = rounds_of(timed, 2)
    assert asked == [(0, 1), (0, 2), (1, 1), (1, 2)] and (first.one["end"], first.two["end"]) == (1, 2)
    assert first.loops > 0
