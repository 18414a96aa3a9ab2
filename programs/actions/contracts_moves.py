"""The way of a contract from hand to hand: initial, approval, coming into force, end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import make_move
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, PortalError, StaleVersion, ensure
from programs import contract_rules as rules
from programs.facts.contract_periods import last_day
from programs.models import Contract, ContractKind, Signer
from programs.queries.contract_papers import contract_paper
from programs.queries.contracts_checks import blockers
from programs.queries.contracts_signers import stored_signers
from programs.tasks import freeze_contract, hint
from programs.workflow import CONTRACT, WORKER
from regencies.actions.registers import take_number, void_number
from regencies.models import LetterNumber, Register

NEXT_YEAR = gettext_noop("Kontrak berikutnya ditandatangani.")
MOVED = gettext_noop("Naskah dipindahkan ke register lain.")


def _locked(contract: Contract) -> Contract:
    """The row as it is now, held until the transaction ends."""
    rows = Contract.objects.select_for_update(of=("self",))
    return rows.select_related("template", "register", "worker", "regency", "number").get(pk=contract.pk)


def _begin(contract: Contract, move: str, by: Any, base_version: int | None = None) -> Contract:
    """The locked contract if this person may make the move, and the text is the one he read.

    Errors: Denied; StaleVersion.
    """
    row = _locked(contract)
    ensure(rules.may_move_contract(by, row, move))
    if base_version is not None and row.version != base_version:
        raise StaleVersion(
            _("Naskah ini diubah sejak Anda membacanya. Baca dahulu yang sekarang."), current=row, yours={}
        )
    return row


def _ensure_whole(row: Contract, move: str) -> None:
    """Return if the move is next and nothing is missing.

    Errors: Blocked.
    """
    known = CONTRACT.move(move)
    if row.status not in known.source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: %(object)s sudah berstatus “%(status)s”.")
            % {"move": _(known.label), "object": row, "status": _(row.state.label)}
        )
    if found := blockers(row):
        raise Blocked(" ".join(remark.sentence for remark in found[:3]))


@transaction.atomic
def check_contract(
    contract: Contract, *, by: Any, note: str = "", base_version: int | None = None, at: dt.datetime | None = None
) -> Contract:
    """The contract with the initial of the division head, given at that moment (now; see `_moment`).

    Errors: Denied; Blocked when something is missing or it is no draft any more; StaleVersion.
    """
    row = _begin(contract, "check", by, base_version)
    _ensure_whole(row, "check")
    return make_move(CONTRACT, "check", row, by=by, note=note, checked_by=by, checked_at=_moment(at))


def _moment(at: dt.datetime | None) -> dt.datetime:
    """When it happens: now, or the moment that a paper of the past bears. Screens never name one; the journal keeps
    when it was really done.

    Errors: Blocked for a moment to come.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise Blocked(_("Waktu itu belum tiba."))
    return at or now


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
def approve_contract(
    contract: Contract, *, by: Any, note: str = "", base_version: int | None = None, at: dt.datetime | None = None
) -> Contract:
    """The contract with number and ordered paper, ready to be signed: one transaction, so that no number is lost.

    `at` is the moment of the approval and of its number (now; see `_moment`).
    Errors: Denied; Blocked when something is missing, or somebody else was faster; StaleVersion.
    """
    row = _begin(contract, "approve", by, base_version)
    _ensure_whole(row, "approve")
    moment = _moment(at)
    row.number = _number_of(row, by, timezone.localtime(moment).date())
    row.save(update_fields=["number"])
    row.document = contract_paper(row, by=by)
    _fix_names(row)
    make_move(
        CONTRACT, "approve", row, by=by, note=note, approved_by=by, approved_at=moment, number=row.number,
        document=row.document,
    )  # fmt: skip
    transaction.on_commit(lambda: _tell_worker(row.pk))
    return row


def _fix_names(row: Contract) -> None:
    """Keep who signs as the ordered paper names him: offices change their holders and titles, the paper does not."""
    signers = stored_signers(row)
    with override("id"):
        for signer in signers:
            signer.printed_name, signer.printed_title = signer.name, signer.title
    Signer.objects.bulk_update(signers, ["printed_name", "printed_title"])


def _number_of(row: Contract, by: Any, day: dt.date) -> LetterNumber:
    """The number it has from an earlier approval out of the same register, else the next one of that day.

    Errors: Blocked when a later day has a number already.
    """
    held = row.number
    if held is not None and held.voided_at is None:
        if held.register_id == row.register_id:
            return held
        void_number(held, MOVED, by=by)
    _ensure_last(row.register, day)
    return take_number(row.register, on=day, by=by, subject=row, title=row.title)


def _ensure_last(register: Register, day: dt.date) -> None:
    """Return when the numbers of that year stay in the order of their days.

    Errors: Blocked.
    """
    if day == timezone.localdate():
        return
    later = LetterNumber.objects.filter(register=register, year=day.year, on__gt=day, voided_at__isnull=True)
    if last := later.aggregate(last=Max("on"))["last"]:
        raise Blocked(
            _("Nomor terakhir bertanggal %(day)s. Untuk surat sebelum hari itu, sisipkan nomor.")
            % {"day": long_date(last)}
        )


def _tell_worker(pk: int) -> None:
    """Let a worker freeze the paper; a queue that is down loses nothing, the sweep finds the row."""
    hint(freeze_contract, pk)


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
