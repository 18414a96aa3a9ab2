"""Money is integer rupiah everywhere; these functions only write and read it."""

from __future__ import annotations

from portal.kernel.terbilang import terbilang


def thousands(number: int) -> str:
    """The number with points: 1250000 → "1.250.000"."""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """The amount as official letters write it: "Rp1.250.000", "-Rp5.000"."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{thousands(abs(amount))}"


def rupiah_in_words(amount: int) -> str:
    """The amount with its terbilang: "Rp5.000 (lima ribu rupiah)"."""
    return f"{rupiah(amount)} ({terbilang(amount)} rupiah)"
