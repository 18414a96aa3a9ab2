"""Codes of sub-activities as people type them."""

from __future__ import annotations

import re

OLD_LEVEL = re.compile(r"^((?:\d|X)+\.(?:\d|X)+\.\d{2}\.)0([1-4])(?=\.|$)")


def official_spelling(code: str) -> str:
    """The code as the nomenclature writes it: "3.31.02.02.01.0001" of older texts is "3.31.02.2.01.0001"."""
    return OLD_LEVEL.sub(r"\1\2", "".join(code.split()).upper().strip("."))
