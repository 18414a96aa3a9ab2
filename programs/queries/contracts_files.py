"""The files of a contract: which one is signed next, which one people get, and what is known of one by its hash."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from portal.documents import rules as paper_rules
from portal.documents.workflow import READY
from portal.kernel.decision import Decision
from programs import contract_rules as rules
from programs.models import Contract, Revision, RevisionCheck

FOLDER = "kontrak"
"""Where files of contracts are kept, by their hash."""

SIGNED_LATELY = dt.timedelta(days=1)
"""So long a file waits for its analysis; one that never ends is not begun for ever."""


def current_file(contract: Contract) -> Revision | None:
    """What the next signature is put on: the newest print or the file after the last signature."""
    return contract.revisions.exclude(kind=Revision.Kind.SCAN).order_by("-sequence").first()


def frozen_print(contract: Contract) -> Revision | None:
    """The print that stands fast, with the stamps beside it."""
    return contract.revisions.filter(kind=Revision.Kind.PRINT).order_by("-sequence").first()


def latest_file(contract: Contract) -> Revision | None:
    """What people get: the confirmed scan of what was signed on paper, else the file as it was signed last."""
    scan = contract.revisions.filter(kind=Revision.Kind.SCAN, confirmed_by__isnull=False).order_by("-sequence").first()
    return scan or current_file(contract)


def last_signed(contract: Contract) -> Revision | None:
    """The file with the last electronic signature, when nobody signs any more."""
    if contract.signed_at is None:
        return None
    return contract.revisions.filter(kind=Revision.Kind.SIGNED).order_by("-sequence").first()


def scan_to_match(contract: Contract) -> Revision | None:
    """The scan that a second person has to compare."""
    scans = contract.revisions.filter(kind=Revision.Kind.SCAN, confirmed_by__isnull=True, rejected_reason="")
    return scans.select_related("by").order_by("-sequence").first()


def may_read_paper(user: Any, contract: Contract) -> Decision:
    """Whether this user may open the paper: as its document, by the rule of the kind."""
    return paper_rules.may_read(user, contract.document)


def readable_file(user: Any, contract: Contract, sequence: int) -> Revision | None:
    """That file of the contract, if this user may open it: the one in force, and for the province all others."""
    revision = contract.revisions.filter(sequence=sequence).first()
    if revision is None or contract.document is None or not may_read_paper(user, contract):
        return None
    latest = latest_file(contract), current_file(contract)
    return revision if revision in latest or rules.province_internal(user) else None


def waiting_to_freeze() -> QuerySet[Contract]:
    """Approved contracts whose print is there and stands not fast yet."""
    return Contract.objects.filter(status="siap_ttd", frozen_at__isnull=True, document__status=READY)


def waiting_for_analysis() -> QuerySet[Contract]:
    """Contracts whose last electronic signature was not analysed in full yet."""
    signed = Revision.objects.filter(contract=OuterRef("pk"), kind=Revision.Kind.SIGNED)
    analysed = RevisionCheck.objects.filter(revision__contract=OuterRef("pk"))
    lately = Contract.objects.filter(signed_at__gte=timezone.now() - SIGNED_LATELY)
    return lately.filter(Exists(signed), ~Exists(analysed))
