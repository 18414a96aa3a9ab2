"""Shares of funding as people write them: an amount, or a percentage of all lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from programs.facts.quantities import UnreadableNumber, parse_decimal, parse_rupiah


def read_shares(texts: Mapping[str, str], total: int) -> tuple[dict[str, int], dict[str, str]]:
    """The rupiah of each share, and a sentence for each that cannot be read.

    Percentages that make up 100 % share `total` to the last rupiah: the largest takes what rounding leaves.
    """
    shares, percents, errors = {}, {}, {}
    for key, typed in texts.items():
        text = typed.strip()
        try:
            if text.endswith("%"):
                percents[key] = parse_decimal(text[:-1])
            else:
                shares[key] = parse_rupiah(text)
        except UnreadableNumber as error:
            errors[key] = str(error)
        if percents.get(key, 0) > 100:
            errors[key] = _("Porsi paling besar 100%.")
            del percents[key]
    parts = {key: _part(total, percent) for key, percent in percents.items()}
    if sum(percents.values()) == 100:
        largest = max(percents, key=lambda key: percents[key])
        parts[largest] += total - sum(parts.values())
    return shares | parts, errors


def _part(total: int, percent: Decimal) -> int:
    return int((total * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
