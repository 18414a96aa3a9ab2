"""The way of a contract from hand to hand: back to its draft, into force, to its end.

Initial and approval, which many contracts can have at once, are in contracts_together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import make_move
from portal.kernel.errors import Blocked, PortalError, ensure
from programs import contract_rules as rules
from programs.facts.contract_periods import last_day
from programs.models import Contract, ContractKind
from programs.workflow import CONTRACT, WORKER
from regencies.actions.registers import void_number

NEXT_YEAR = gettext_noop("Kontrak berikutnya ditandatangani.")


def _locked(contract: Contract) -> Contract:
    """The row as it is now, held until the transaction ends."""
    rows = Contract.objects.select_for_update(of=("self",))
    return rows.select_related("template", "register", "worker", "regency", "number").get(pk=contract.pk)


def _begin(contract: Contract, move: str, by: Any) -> Contract:
    """The locked contract if this person may make the move.

    Errors: Denied.
    """
    row = _locked(contract)
    ensure(rules.may_move_contract(by, row, move))
    return row


@transaction.atomic
def return_contract(contract: Contract, reason: str, *, by: Any) -> Contract:
    """The contract as a draft again, without its initial.

    Errors: Denied; Blocked.
    """
    row = _begin(contract, "return", by)
    make_move(CONTRACT, "return", row, by=by, note=reason)
    return _as_draft(row)


def _as_draft(row: Contract) -> Contract:
    """Take back what initial, approval and freezing left; a number once taken stays with the paper."""
    row.checked_by = row.checked_at = row.approved_by = row.approved_at = row.document = row.frozen_at = None
    row.version += 1
    row.save(
        update_fields=["checked_by", "checked_at", "approved_by", "approved_at", "document", "frozen_at", "version"]
    )
    row.signers.update(printed_name="", printed_title="")
    return row


@transaction.atomic
def reopen_contract(contract: Contract, reason: str, *, by: Any) -> Contract:
    """The approved contract as a draft again, as long as nobody has signed; it keeps its number.

    Errors: Denied; Blocked.
    """
    row = _begin(contract, "reopen", by)
    make_move(CONTRACT, "reopen", row, by=by, note=reason)
    return _as_draft(row)


@transaction.atomic
def cancel_contract(contract: Contract, reason: str, *, by: Any) -> Contract:
    """The contract cancelled before it came into force; its number becomes a gap with that reason.

    Errors: Denied; Blocked.
    """
    row = _begin(contract, "cancel", by)
    make_move(CONTRACT, "cancel", row, by=by, note=reason, ended_reason=reason.strip())
    if row.number is not None and row.number.voided_at is None:
        void_number(row.number, reason.strip()[:300], by=by)
    if row.previous_id:
        row.previous = None  # another renewal of that contract is possible
        row.save(update_fields=["previous"])
    return row


@transaction.atomic
def terminate_contract(contract: Contract, reason: str, *, by: Any, on: dt.date | None = None) -> Contract:
    """The contract ended before its time, on that day (today); its worker's status follows.

    Errors: Denied; Blocked when it is not in force, or that day is not between its first day and today.
    """
    row = _begin(contract, "terminate", by)
    today = timezone.localdate()
    day = on or today
    if row.status == "aktif" and not min(row.effective_on, today) <= day <= today:
        raise Blocked(_("Tanggal pemutusan antara mulai berlakunya kontrak dan hari ini."))
    make_move(CONTRACT, "terminate", row, by=by, note=reason, ended_on=day, ended_reason=reason.strip())
    if row.worker_id and row.worker.status == "kontrak":
        make_move(WORKER, "terminate", row.worker, by=by, note=reason)
    return row


def activate(contract: Contract, *, by: Any, at: dt.datetime) -> Contract:
    """The contract in force with its last signature, given at that moment. The caller holds its lock.

    An MOU runs from that day; a worker is under contract from now on, and the contract before is renewed.
    Errors: Blocked.
    """
    day = timezone.localtime(at).date()
    make_move(CONTRACT, "activate", contract, by=by, signed_at=at, effective_on=day)
    if contract.kind == ContractKind.MOU:
        contract.starts_on = day
        contract.ends_on = last_day(day, contract.duration_months) if contract.duration_months else None
        contract.save(update_fields=["starts_on", "ends_on"])
    if contract.worker_id:
        _engage(contract, by)
    previous = contract.previous
    if previous is not None and previous.status in CONTRACT.move("renew").source:
        until = min(previous.ends_on or day, max((contract.starts_on or day) - dt.timedelta(days=1), day))
        make_move(CONTRACT, "renew", previous, by=by, ended_on=previous.ended_on or until)
    return contract


def _engage(contract: Contract, by: Any) -> None:
    """Put the worker under this contract; one whose contract was terminated has to be placed again by somebody.

    Errors: Blocked.
    """
    worker = contract.worker
    if worker.status == "selesai":
        make_move(WORKER, "return", worker, by=by, note=NEXT_YEAR)
    year = max(contract.contract_year, worker.contract_year)
    make_move(WORKER, "contract", worker, by=by, contract_year=year)


def end_contracts(today: dt.date | None = None) -> int:
    """How many contracts the calendar ended: those in force whose last day has passed."""
    today = today or timezone.localdate()
    over = Contract.objects.running().filter(ends_on__lt=today).order_by("pk")
    return sum(_ended(contract) for contract in over)


@transaction.atomic
def _ended(contract: Contract) -> bool:
    """Whether this one could be ended; somebody may have been faster."""
    row = _locked(contract)
    try:
        make_move(CONTRACT, "end", row, by=None, ended_on=row.ends_on)
    except PortalError:
        return False
    worker = row.worker
    if worker is not None and worker.status == "kontrak" and worker.contract_year <= (row.contract_year or 0):
        make_move(WORKER, "finish", worker, by=None)
    return True
