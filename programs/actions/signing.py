"""Freezing contracts and signing them electronically; signatures on paper are in signing_paper.

A signature takes its time: a key is stretched, or a service far away asked. Meanwhile only an advisory lock is held,
no row and no transaction. What was true before is asked again when the signature is stored; whatever fails before
that leaves everything as it was.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from portal.documents.claims import claimed
from portal.documents.keeping import keep
from portal.journal.actions import record
from portal.kernel.errors import Blocked, PortalError, StaleVersion, ensure
from portal.signing import actions as signing
from portal.signing.errors import SigningError
from programs import contract_rules as rules
from programs import tasks
from programs.actions.signing_paper import confirm_scan, record_wet, reject_scan, upload_scan
from programs.actions.signing_turns import ensure_turn, file_to_sign, give, locked, move_on, place_of
from programs.models import Contract, Revision, Signature, Signer
from programs.queries.contract_papers import place_name
from programs.queries.contracts_files import FOLDER, current_file, frozen_print

__all__ = [
    "SigningError", "confirm_scan", "freeze_contract", "record_wet", "reject_scan", "sign_contract", "upload_scan",
]  # fmt: skip

ELECTRONIC = Contract.Route.ELECTRONIC


def freeze_contract(contract: Contract, *, at: dt.datetime | None = None) -> str:
    """What became of it here and now (see the task): for commands in a database that no worker looks after."""
    return tasks.freeze_contract(contract.pk, at)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one person signs: the place, the file with its bytes, and the page of the stamps."""

    contract: Contract
    signer: Signer
    revision: Revision
    content: bytes
    stamps: bytes
    stamp_page: int


@sensitive_variables("passphrase", "code")
def sign_contract(signer: Signer, *, by: Any, passphrase: str, base_sha256: str, code: str = "") -> Signature:
    """The electronic signature of this person at this place, stored with the file it made.

    `base_sha256` is the file that the signer saw; `code` of the second factor where the account has one. Call it
    outside of any transaction.
    Errors: Denied; Blocked when it is not the turn, or somebody signs at this moment; StaleVersion when the file is
    another one by now; SigningError from the signature itself. Nothing has changed then.
    """
    with claimed(signer.contract_id, tasks.CONTRACT_LOCK) as mine:
        if not mine:
            raise Blocked(
                _("Naskah ini sedang ditandatangani pada saat yang sama. Tunggu sebentar, lalu muat ulang halaman ini.")
            )
        sheet = _sheet(signer, by, base_sha256)
        signed = signing.sign(
            sheet.content, user=by, passphrase=passphrase, field=place_name(sheet.signer), stamp=sheet.stamps,
            stamp_page=sheet.stamp_page, first=sheet.contract.status == "siap_ttd",
            reason=_reason(sheet.signer), location=sheet.contract.place, code=code,
        )  # fmt: skip
        return _stored(sheet, signed, by)


def _reason(signer: Signer) -> str:
    """What the signature itself says of why it was given."""
    if signer.witnesses_id:
        return f"Menyaksikan tanda tangan {signer.witnesses.label}"
    return f"Menandatangani sebagai {signer.label}"


def _sheet(signer: Signer, by: Any, base_sha256: str) -> _Sheet:
    contract = Contract.objects.get(pk=signer.contract_id)
    here, signers = place_of(contract, signer)
    ensure(rules.may_sign(by, here))
    ensure_turn(contract, here, signers, ELECTRONIC)
    revision, content = file_to_sign(contract)
    if revision.sha256 != base_sha256:
        raise StaleVersion(
            _("Berkasnya sudah lain sejak Anda membukanya: ada tanda tangan yang bertambah. Baca lagi dahulu."),
            current=revision, yours=base_sha256,
        )  # fmt: skip
    frozen = frozen_print(contract)
    stamps = tasks.stamps_of(frozen) if frozen and frozen.stamps else None
    if stamps is None:
        raise Blocked(_("Tera tanda tangan naskah ini hilang atau berubah. Hubungi pengelola portal."))
    page = [each.pk for each in signers].index(here.pk)
    return _Sheet(contract, here, revision, content, stamps, page)


def _stored(sheet: _Sheet, signed: signing.Signed, by: Any) -> Signature:
    """Store file and signature, if all is still as it was when the signing began."""
    name = keep(signed.content, FOLDER)
    try:
        with transaction.atomic():
            return _counted(sheet, signed, name, by)
    except PortalError:
        if not Revision.objects.filter(file=name).exists():
            default_storage.delete(name)
        raise


def _counted(sheet: _Sheet, signed: signing.Signed, name: str, by: Any) -> Signature:
    contract = locked(sheet.contract.pk)
    here, signers = place_of(contract, sheet.signer)
    ensure_turn(contract, here, signers, ELECTRONIC)
    latest = current_file(contract)
    if latest is None or latest.pk != sheet.revision.pk:
        raise Blocked(
            _("Selagi Anda menandatangani, berkas naskah ini sudah lain. Muat ulang, lalu tandatangani lagi.")
        )
    digest = sha256(signed.content).hexdigest()
    revision = Revision.objects.create(
        contract=contract, sequence=tasks.next_sequence(contract), kind=Revision.Kind.SIGNED, file=name, sha256=digest,
        size=len(signed.content), pages=latest.pages, by=by,
    )  # fmt: skip
    signature = give(
        contract, here, kind=signed.kind, signed_at=signed.signed_at, recorded_by=by, base_sha256=latest.sha256,
        revision=revision, field=place_name(here), certificate=signed.certificate, serial=signed.serial[:64],
        verdict=signed.verdict,
    )  # fmt: skip
    record(
        gettext_noop("Menandatangani secara elektronik"), contract, by=by,
        note=f"{here.label}: {signature.get_kind_display()}; sha256 {digest}",
    )  # fmt: skip
    if move_on(contract, here, signers, by=by, at=signed.signed_at):
        transaction.on_commit(lambda: tasks.hint(tasks.check_signatures, contract.pk))
    return signature
