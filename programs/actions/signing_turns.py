"""What both ways of signing share: the locked contract whose turn it is, and what a signature moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.documents.keeping import kept
from portal.journal.actions import make_move
from portal.kernel.errors import Blocked
from programs.actions.contracts_moves import activate
from programs.models import Contract, Revision, Signature, Signer
from programs.queries.contracts_files import current_file
from programs.queries.contracts_signers import stored_signers
from programs.queries.contracts_turns import signature_of, why_not_yet
from programs.workflow import CONTRACT


def locked(pk: int) -> Contract:
    """The contract, held until the transaction ends, with what coming into force needs."""
    rows = Contract.objects.select_for_update(of=("self",))
    return rows.select_related("worker", "regency", "number", "previous", "document").get(pk=pk)


def place_of(contract: Contract, signer: Signer) -> tuple[Signer, list[Signer]]:
    """The place as it is stored now, and all of the contract with their signatures.

    Errors: Blocked when the place is gone because the paper was opened again.
    """
    signers = stored_signers(contract)
    for each in signers:
        if each.pk == signer.pk:
            return each, signers
    raise Blocked(_("Penanda tangan naskah ini sudah diubah. Muat ulang halamannya."))


def ensure_turn(
    contract: Contract, signer: Signer, signers: list[Signer], route: str, on: dt.date | None = None
) -> None:
    """Return when this place may be signed in this way on that day.

    Errors: Blocked with the reason.
    """
    if contract.route != route:
        if route == Contract.Route.PAPER:
            raise Blocked(_("Naskah ini ditandatangani secara elektronik, bukan di kertas."))
        raise Blocked(_("Naskah ini ditandatangani di kertas, bukan secara elektronik."))
    if reason := why_not_yet(contract, signer, signers, on):
        raise Blocked(reason)


def file_to_sign(contract: Contract) -> tuple[Revision, bytes]:
    """The revision that the next signature is put on, with its bytes as they were stored.

    Errors: Blocked when the file in the store is not that one any more.
    """
    revision = current_file(contract)
    content = kept(revision.file.name, revision.sha256) if revision else None
    if revision is None or content is None:
        raise Blocked(
            _(
                "Berkas naskah yang tersimpan hilang atau tidak sama lagi dengan yang dibekukan. Tidak ada yang "
                "ditandatangani; hubungi pengelola portal."
            )
        )
    return revision, content


def give(contract: Contract, signer: Signer, **values: Any) -> Signature:
    """The signature with the name and office that the paper prints."""
    with override(settings.LANGUAGE_CODE):
        return Signature.objects.create(
            contract=contract, signer=signer, name=signer.name, title=signer.title[:200], **values
        )


def move_on(contract: Contract, signer: Signer, signers: list[Signer], *, by: Any, at: dt.datetime) -> bool:
    """Move the contract after this signature; whether it was the last one, with which it is in force."""
    others = [signature_of(each) for each in signers if each.pk != signer.pk]
    if all(others):
        activate(contract, by=by, at=max([at, *(other.signed_at for other in others)]))  # recorded in any order
        return True
    if contract.status == "siap_ttd":
        make_move(CONTRACT, "begin", contract, by=by)
    return False
