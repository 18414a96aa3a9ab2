"""The things that the rows of the access matrix are about; made only when a row asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests import factories
from tests.cast import Cast

Things = dict[str, Any]


class World:
    """One test's things. Each property makes its object once."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast


def _agency(code: str | None) -> Callable[[World], Things]:
    return lambda world: {"pk": factories.lead_agency(code).pk}


OBJECTS: dict[str, Callable[[World], Things]] = {
    "-": lambda world: {},
    "belu": lambda world: {"code": "53.04"},
    "no-regency": lambda world: {"code": "99.99"},
    "office-of-belu": _agency("53.04"),
    "office-of-the-province": _agency(None),
    "no-office": lambda world: {"pk": 999_999},
}
