"""QR codes for the screen, as the path of an SVG."""

from __future__ import annotations

import segno


def qr_path(text: str) -> tuple[int, str]:
    """(modules of a side with the quiet zone around it, path of the dark ones)."""
    matrix = list(segno.make(text, error="m", micro=False).matrix_iter(border=2))
    runs = [
        f"M{x} {y}h{length}v1h-{length}z" for y, line in enumerate(matrix) for x, length in _dark_runs(bytearray(line))
    ]
    return len(matrix), "".join(runs)


def _dark_runs(line: bytearray) -> list[tuple[int, int]]:
    """(start, length) of every run of dark modules."""
    runs, start = [], None
    for x, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append((start, x - start))
            start = None
    return runs
