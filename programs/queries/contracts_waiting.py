"""Contracts that wait for one move of somebody's, for the pages where many are moved on together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from programs.models import Contract
from programs.queries.contracts import SORTS, Wanted, wanted_contracts
from programs.queries.contracts_checks import loaded
from programs.workflow import CONTRACT

MOST = 100
"""Contracts that are moved on together; more come afterwards."""

ORDERS = ("oldest", "newest", "place", "title")
"""The orders of SORTS that say something of contracts without number and end."""


def waiting(user: Any, wanted: Wanted, move: str) -> tuple[list[Contract], int]:
    """The first of those that wait for the move, by kind, place, cohort and words as wanted, and how many there are.

    Shape: the contracts as `loaded` gives them, the oldest first unless another of ORDERS is wanted.
    """
    [source] = CONTRACT.move(move).source
    found = wanted_contracts(user, replace(wanted, status=source, within=None))
    _label, order = SORTS[wanted.sort if wanted.sort in ORDERS else ORDERS[0]]
    return loaded(found.order_by(*order)[:MOST]), found.count()
