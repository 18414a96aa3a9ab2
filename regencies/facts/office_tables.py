"""Tables every office begins with: classification codes, and the registers of numbers a provincial office needs."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def classification_codes() -> tuple[tuple[str, str, str], ...]:
    """(edition, code, name) of the codes this field uses: edition "baru" is Permendagri 83/2022, "lama" 78/2012.

    A letter to somebody who still files by the old list may bear the old code; an office may also write another one.
    Source: domain §2.3.
    """
    return tuple((row["edition"], row["code"], row["name"]) for row in _rows("classification_codes.csv"))


def ready_registers() -> list[dict[str, str]]:
    """The registers of a provincial office, keyed by field name. Patterns are conventional: the office changes them."""
    return _rows("registers.csv")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
