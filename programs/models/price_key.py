"""The name under which cost lines are "the same thing", in Python and in the database."""

from __future__ import annotations

import re

from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat, Lower

ODD = "[^A-Za-z0-9|]+"


def price_key(description: str, unit: str) -> str:
    """Letters and digits of what a line is and of its unit, without case: "konsumsirapat|orang"."""
    return re.sub(ODD, "", f"{description}|{unit}").lower()


def stored_price_key() -> Func:
    """price_key as the database computes it; the index line_by_price_key holds it."""
    text = Concat("description", Value("|"), "unit")
    # Only ASCII is left when the case goes, so that both sides lower alike whatever the database's locale.
    bare = Func(text, Value(ODD), Value(""), Value("g"), function="regexp_replace", output_field=CharField())
    return Lower(bare)
