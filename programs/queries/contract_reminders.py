"""Reading whose contract ends soon and was not announced yet, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from programs.models import Contract
from programs.queries.contracts import NEAR, URGENT, ending_within
from regencies.models import Position
from regencies.rules import Role

DISTANCES = (NEAR, URGENT)
"""So many days before the end people are reminded."""

PROVINCIAL_ROLES = (Role.PANITIA, Role.KABID_PROV)
REGIONAL_ROLES = (Role.KADIS_KAB, Role.KABID_KAB)


@dataclass
class Letter:
    """What one person is told: contracts in the order of their last days."""

    person: Any
    contracts: list[Contract] = field(default_factory=list)


def ending_soon(today: dt.date) -> QuerySet[Contract]:
    """Contracts in force within the first distance of their end that nobody renews."""
    renewed = Contract.objects.filter(previous=OuterRef("pk"))
    return ending_within(Contract.objects.all(), NEAR, today).exclude(Exists(renewed)).order_by("ends_on", "pk")


def reached(contract: Contract, today: dt.date) -> list[int]:
    """The distances that this contract has come to, the farthest first."""
    left = (contract.ends_on - today).days
    return [days for days in DISTANCES if left <= days]


def letters(contracts: Iterable[Contract], today: dt.date) -> list[Letter]:
    """One letter for everybody who is told of any of them: drafters of the province, heads of their regencies.

    Who has no address or cannot log in any more gets none. One statement.
    """
    held = Position.objects.in_force(today).filter(role__in=[*PROVINCIAL_ROLES, *REGIONAL_ROLES])
    held = held.filter(person__is_active=True).exclude(person__email="").select_related("person", "agency")
    found: dict[int, Letter] = {}
    positions = list(held.order_by("person", "pk"))
    for contract in contracts:
        for position in positions:
            if position.role in PROVINCIAL_ROLES or position.agency.regency_id == contract.regency_id:
                letter = found.setdefault(position.person_id, Letter(position.person))
                if contract not in letter.contracts:
                    letter.contracts.append(contract)
    return list(found.values())
