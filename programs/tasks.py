"""The worker's part of contracts: freeze the printed file, and analyse the signed one. Safe to run twice, and to be
killed at any line: the rows say what is still to be done, messages are only hints.

What is frozen is what people sign: of the electronic route the print with an empty field for everybody, and beside it
the stamps that will become visible there. Nothing is rendered after that.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from kombu.exceptions import OperationalError

from portal.documents.claims import claimed
from portal.documents.keeping import keep, kept
from portal.documents.models import Document
from portal.journal.actions import record
from portal.kernel.errors import PortalError
from portal.signing import checking
from portal.signing.fields import prepare
from portal.signing.stamps import Card, stamps_pdf
from programs.models import Contract, Revision, RevisionCheck
from programs.queries.contract_papers import sign_places
from programs.queries.contracts_files import FOLDER, last_signed
from programs.queries.contracts_signers import stored_signers, with_signers

log = logging.getLogger(__name__)

CONTRACT_LOCK = 0x4B4F4E54
"""Class of the advisory lock on a contract's files ("KONT"): who freezes or signs it."""

CHECK_LOCK = 0x4B434845
"""Class of the advisory lock on a revision that is analysed ("KCHE")."""

LOCAL_KIND = "Sertifikat portal (tidak tersertifikasi)"
"""What a stamp says. BSrE draws its own, so that ours never stands beside a certified signature."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What stands fast: the name, hash and size of the file, and the name of its stamps ("" on paper)."""

    file: str
    sha256: str
    size: int
    stamps: str = ""


@shared_task(name="programs.tasks.freeze_contract")
def freeze_contract(pk: int, at: dt.datetime | None = None) -> str:
    """What became of the hint: "frozen", "busy", "waiting" for the print, "refused" (see the log), or "done".

    `at` is when the file stands fast (now); a hint never says it, only a command that brings in papers of the past.
    """
    with override("id"), claimed(pk, CONTRACT_LOCK) as mine:
        if not mine:
            return "busy"
        contract = Contract.objects.select_related("document", "number").filter(pk=pk).first()
        if contract is None or contract.status != "siap_ttd" or contract.frozen_at:
            return "done"
        if not contract.document.is_ready:
            return "waiting"
        try:
            made = _made(contract)
        except PortalError as error:
            log.error("contract %s cannot be frozen: %s", pk, error)
            return "refused"
        return _stored(contract, made, at)


def _made(contract: Contract) -> Frozen:
    """The file that will be signed, stored under its hash.

    Errors: PortalError when the print changed in the store, or a place to sign is not in it.
    """
    document = contract.document
    content = kept(document.file.name, document.sha256)
    if content is None:
        raise PortalError(_("Cetakan yang tersimpan hilang atau berubah."))
    if contract.route == Contract.Route.PAPER:
        return Frozen(keep(content, FOLDER), document.sha256, len(content))
    prefetch_related_objects([contract], with_signers())
    prepared = prepare(content, sign_places(contract))
    stamps = stamps_pdf(_cards(contract, document), title=str(contract.number))
    return Frozen(keep(prepared, FOLDER), sha256(prepared).hexdigest(), len(prepared), keep(stamps, FOLDER))


def _cards(contract: Contract, document: Document) -> list[Card]:
    """A card for everybody who signs, in the order of `stored_signers`."""
    return [
        Card(signer.name, signer.title, LOCAL_KIND, document.shown_code, document.verify_url)
        for signer in stored_signers(contract)
    ]


def _stored(contract: Contract, made: Frozen, at: dt.datetime | None = None) -> str:
    """Store the revision and the moment, unless somebody took the paper back meanwhile."""
    with transaction.atomic():
        row = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        same = (row.document_id, row.route, row.version) == (contract.document_id, contract.route, contract.version)
        if row.status != "siap_ttd" or row.frozen_at or not same:
            return "done"
        Revision.objects.create(
            contract=row, sequence=next_sequence(row), kind=Revision.Kind.PRINT, file=made.file, sha256=made.sha256,
            size=made.size, pages=contract.document.pages, stamps=made.stamps,
        )  # fmt: skip
        row.frozen_at = at or timezone.now()
        row.save(update_fields=["frozen_at"])
        record(gettext_noop("Membekukan naskah"), row, by=None, note=f"sha256 {made.sha256}")
    return "frozen"


def next_sequence(contract: Contract) -> int:
    """The number of the contract's next revision; its row is locked."""
    return (contract.revisions.aggregate(last=Max("sequence"))["last"] or 0) + 1


def stamps_of(frozen: Revision) -> bytes | None:
    """The stamps beside a frozen print; None when they are gone or changed."""
    return kept(frozen.stamps.name, PurePath(frozen.stamps.name).stem)


@shared_task(name="programs.tasks.check_signatures")
def check_signatures(pk: int) -> str:
    """What became of the hint to analyse the last file of that contract: "checked", "busy", "done" or "unfinished"."""
    contract = Contract.objects.filter(pk=pk).first()
    revision = last_signed(contract) if contract else None
    if revision is None or RevisionCheck.objects.filter(revision=revision).exists():
        return "done"
    with override("id"), claimed(revision.pk, CHECK_LOCK) as mine:
        return _checked(revision) if mine else "busy"


def _checked(revision: Revision) -> str:
    """Store the verdict on the file as it lies in the store. One that was cut off by the clock is no verdict."""
    content = kept(revision.file.name, revision.sha256)
    if content is None:
        log.error("revision %s is missing or changed in the store", revision.pk)
        verdict = checking.Verdict(sentence=_("Berkas yang tersimpan hilang atau berubah."))
    else:
        verdict = checking.check(content, full=True)
        if not verdict.signatures and checking.check(content).signatures:
            log.error("the analysis of revision %s did not end", revision.pk)
            return "unfinished"
    RevisionCheck.objects.get_or_create(
        revision=revision,
        defaults={"whole": verdict.whole, "trusted": verdict.trusted, "verdict": verdict.as_json()},
    )
    return "checked"


def paper_ready(document: Document) -> None:
    """A print is there: let a worker freeze the contract that waits for it (portal.documents.kinds)."""
    waiting = Contract.objects.filter(document=document.pk, status="siap_ttd", frozen_at__isnull=True)
    for pk in waiting.values_list("pk", flat=True):
        hint(freeze_contract, pk)


def hint(task: Any, pk: int) -> None:
    """Put the row's number into the queue; a queue that is down loses nothing, the sweep tells again."""
    try:
        task.apply_async((pk,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("contract %s waits for the sweep, the queue is not reachable: %s", pk, error)
