"""Contracts that can be signed: a real print with real fields and stamps, and people with certificates."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from typing import Any

from django.utils import timezone

from portal.signing.fields import Place, prepare
from portal.signing.stamps import Card, stamps_pdf
from tests.cast import Cast
from tests.factories_contracts import make_contract, make_worker
from tests.portal.documents.papers import VERIFY
from tests.signing import PASSPHRASE, identity_of, plain_paper

NAMES = ("ttd-pihak-1", "ttd-pihak-2", "ttd-saksi-1", "ttd-saksi-2")
SIGNERS = ("kadis_belu", "tpl_belu", "bupati_belu", "kadis_prov")
"""Who signs an employment contract of Belu: the parties, then the witnesses, in the order of the stamps."""


@cache
def prepared() -> bytes:
    """The sample of an employment contract with an empty field for each of the four."""
    return prepare(plain_paper(), [Place(name, name, 62, 24, f"Tanda tangan {name}") for name in NAMES])


@cache
def stamps() -> bytes:
    """Their stamps."""
    return stamps_pdf([Card(name, "Kepala Dinas", "Sertifikat portal", "7K3QM-9XPA2", VERIFY) for name in NAMES])


def make_frozen(cast: Cast, route: str = "elektronik", **values: Any) -> Any:
    """A contract of Belu that waits for its first signature, frozen with a real print."""
    from portal.documents.keeping import keep
    from programs.models import Revision

    worker = values.pop("worker", None) or make_worker("Penyuluh Belu Contoh", user=cast.tpl_belu)
    contract = make_contract(status="siap_ttd", worker=worker, route=route, **values)
    content = prepared() if route == "elektronik" else plain_paper()
    Revision.objects.create(
        contract=contract, sequence=2, kind="cetak", file=keep(content, "kontrak"), size=len(content), pages=6,
        sha256=hashlib.sha256(content).hexdigest(), stamps=keep(stamps(), "kontrak") if route == "elektronik" else "",
    )  # fmt: skip
    return contract


def place(contract: Any, user: Any) -> Any:
    """Where this person signs."""
    return next(signer for signer in contract.signers.select_related("worker") if signer.account_id == user.pk)


def people(cast: Cast) -> list[Any]:
    """The four, each with a certificate."""
    found = [cast[name] for name in SIGNERS]
    for person in found:
        identity_of(person)
    return found


def sign(contract: Any, user: Any, **changes: Any) -> Any:
    """Sign the file there is now as this person."""
    from programs.actions.signing import sign_contract
    from programs.queries.contracts_files import current_file

    signer = changes.pop("signer", None) or place(contract, user)
    values = {"passphrase": PASSPHRASE, "base_sha256": current_file(contract).sha256, **changes}
    return sign_contract(signer, by=user, **values)


def sign_all(contract: Any, signers: list[Any]) -> None:
    """All of them sign, one after another."""
    for person in signers:
        sign(contract, person)
    contract.refresh_from_db()


def end_office(user: Any, days_ago: int = 1) -> Any:
    """The position of this person as over since so many days."""
    from regencies.models import Position

    held = Position.objects.get(person=user)
    held.ends_on = timezone.localdate() - dt.timedelta(days=days_ago)
    held.save()
    return held
