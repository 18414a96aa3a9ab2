"""Numbers in Indonesian words, as contracts and berita acara write them."""

from __future__ import annotations

_UNITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"))


def terbilang(number: int) -> str:
    """The number in words: 9200 → "sembilan ribu dua ratus".

    Errors: ValueError for a thousand trillion or more.
    """
    if number < 0:
        return f"minus {terbilang(-number)}"
    if number >= 10**15:
        raise ValueError("terbilang counts below 1,000 trillion")
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        tens, rest = divmod(number, 10)
        return _join(f"{_UNITS[tens]} puluh", rest)
    for size, name in _SCALES:
        if number >= size:
            count, rest = divmod(number, size)
            one = count == 1 and size in (100, 1000)  # seratus, seribu; but satu juta
            return _join(f"se{name}" if one else f"{terbilang(count)} {name}", rest)
    raise AssertionError("unreachable")


def _join(head: str, rest: int) -> str:
    return f"{head} {terbilang(rest)}" if rest else head
