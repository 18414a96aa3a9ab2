"""The sentences that people are told about contracts near their end: stored Indonesian, whoever reads them."""

from __future__ import annotations

from typing import Any

from portal.kernel.dates import long_date
from portal.outbox.facts import Part

ENDING = "akhir-"
"""So the key of a part about a contract's end begins."""


def ending_key(contract_id: int) -> str:
    """The key of the part about this contract."""
    return f"{ENDING}{contract_id}"


def ending_part(contract: Any, days: int) -> Part:
    """The contract ends within `days`; needs `regency` and `number`."""
    number = f"Nomor {contract.number.text}. " if contract.number else ""
    text = (
        f"{number}{contract.regency.name}. Berakhir {long_date(contract.ends_on)}. Ini pengingat {days} hari sebelum "
        "berakhir. Perpanjang, atau biarkan berakhir."
    )
    return Part(ending_key(contract.pk), f"Akan berakhir: {contract.title}", text, contract.get_absolute_url())


def own_ending_part(contract: Any, days: int, *, url: str) -> Part:
    """The same as said to its worker; `url` is "" when he has no account to open it with."""
    number = f"Nomor {contract.number.text}. " if contract.number else ""
    text = (
        f"{number}{contract.regency.name}. Ini pengingat {days} hari sebelum berakhir. Tentang perpanjangannya, "
        "tanyakan kepada dinas."
    )
    title = f"Kontrak Saudara berakhir {long_date(contract.ends_on)}"
    return Part(ending_key(contract.pk), title, text, url)
