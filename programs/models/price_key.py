"""The name under which cost lines are "the same thing", in Python and in the database."""

from __future__ import annotations

import re

from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat, Lower

ODD = "[^a-z0-9|]+"


def price_key(description: str, unit: str) -> str:
    """Words and unit of a line without case, points and doubled spaces: "konsumsi rapat|orang"."""
    return re.sub(ODD, " ", f"{description}|{unit}".lower())


def stored_price_key() -> Func:
    """price_key as the database computes it; the index line_by_price_key holds it."""
    text = Lower(Concat("description", Value("|"), "unit"))
    return Func(text, Value(ODD), Value(" "), Value("g"), function="regexp_replace", output_field=CharField())
