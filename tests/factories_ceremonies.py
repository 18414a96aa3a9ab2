"""Signing ceremonies with contracts in them, and pictures for photos: plain functions as in tests/factories.py."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests import factories
from tests.factories_contracts import make_contract, make_worker


def make_ceremony(
    count: int = 3, *, by: Any, status: str = "berlangsung", opened: bool = True, regency: str = "53.04", **values: Any
) -> Any:
    """A ceremony of the first day with so many TPL contracts that wait for signatures."""
    from rakor.actions.ceremonies import add_contracts, open_ceremony, start_ceremony

    meeting = values.pop("meeting", None) or factories.make_meeting(status=status)
    session = make_signing_session(meeting)
    ceremony = start_ceremony(session, by=by)
    contracts = [make_waiting(regency, f"Penyuluh {number:02}", **values) for number in range(1, count + 1)]
    add_contracts(ceremony, [contract.pk for contract in contracts], by=by)
    if opened and count:
        ceremony = open_ceremony(ceremony, by=by)
    return ceremony


def make_signing_session(meeting: Any, title: str = "Penandatanganan kontrak TPL-IKM", **values: Any) -> Any:
    """A session in which papers are signed, on the first day at ten."""
    values = {"starts_at": factories.at(10), "ends_at": factories.at(11), **values}
    return factories.make_session(meeting, title, kind="penandatanganan", **values)


def make_waiting(regency: str = "53.04", name: str = "Penyuluh Contoh", **values: Any) -> Any:
    """A TPL contract that waits for its first signature."""
    return make_contract(status="siap_ttd", regency=regency, worker=make_worker(name, regency=regency), **values)


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), **options: Any) -> bytes:
    """A whole picture of that size."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(out, kind, **options)
    return out.getvalue()
