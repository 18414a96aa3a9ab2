"""One MOU text for many regencies: what each draft begins with (domain §1.5: four in East Java in 2012)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from programs.models import ContractKind
from programs.queries.contracts_new import mou_title
from programs.queries.contracts_signers import default_signers
from regencies.models import Regency


def draft_mous(shared: dict[str, Any], regencies: Sequence[Regency], *, key: uuid.UUID) -> list[dict[str, Any]]:
    """What create_contract takes for each regency; `key` names the click, so that a second one makes nothing new.

    Shape: dicts with regency, values, signers, key.
    """
    return [
        {
            "regency": regency,
            "values": {**shared, "regency": regency, "title": mou_title(regency, shared["template"])},
            "signers": default_signers(ContractKind.MOU, regency),
            "key": uuid.uuid5(key, regency.code),
        }
        for regency in regencies
    ]
