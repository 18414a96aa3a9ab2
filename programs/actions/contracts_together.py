"""Initial and approval of contracts, one or many with one click: what cannot go stays behind with its reason.

Many cost as many statements as one. Locks: the contracts' rows by number, then the counters of their registers by
number; numbers are taken in the order in which the contracts were asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import Step, make_moves
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, PortalError, StaleVersion, ensure
from programs import contract_rules as rules
from programs.models import Contract, Signer
from programs.queries.contract_papers import contract_papers
from programs.queries.contracts_checks import Remark, loaded, overlapping, remarks_of
from programs.queries.contracts_signers import stored_signers
from programs.tasks import freeze_contract, hint
from programs.workflow import CONTRACT
from regencies.actions.registers import Bearer, take_numbers, void_number
from regencies.models import LetterNumber, Register

MOVED = gettext_noop("Naskah dipindahkan ke register lain.")
DONE_BY = {"check": "checked_by_id", "approve": "approved_by_id"}
"""Where a contract keeps who made the move."""

Seen = Mapping[int, int | None]
"""Contracts by number, each with the version that was read; None where nobody read it on a screen."""


@dataclass
class Candidate:
    """A contract that waits for a move: what is to be said about it, and in `error` why it cannot be made now."""

    contract: Contract
    remarks: list[Remark] = field(default_factory=list)
    error: PortalError | None = None

    @property
    def refusal(self) -> str:
        """Why it cannot go, as a sentence."""
        return str(self.error or "")


@dataclass(frozen=True)
class Outcome:
    """What became of many: `done` in the order asked for, `left` with the reason of each."""

    done: list[Contract]
    left: list[Candidate]


# -- one --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_contract(
    contract: Contract, *, by: Any, note: str = "", base_version: int | None = None, at: dt.datetime | None = None
) -> Contract:
    """The contract with the initial of the division head, given at that moment (now; see `_moment`).

    Errors: Denied; Blocked when something is missing or it is no draft any more; StaleVersion.
    """
    row = _only(contract, "check", by, base_version)
    _check([row], by, _moment(at), note)
    return _fresh([row])[0]


@transaction.atomic
def approve_contract(
    contract: Contract, *, by: Any, note: str = "", base_version: int | None = None, at: dt.datetime | None = None
) -> Contract:
    """The contract with number and ordered paper, ready to be signed: one transaction, so that no number is lost.

    `at` is the moment of the approval and of its number (now; see `_moment`).
    Errors: Denied; Blocked when something is missing, or somebody else was faster; StaleVersion.
    """
    row = _only(contract, "approve", by, base_version)
    _approve([row], by, _moment(at), note)
    return _fresh([row])[0]


def _only(contract: Contract, move: str, by: Any, base_version: int | None) -> Contract:
    """The locked contract, if this person may make the move now, nothing is missing, and the text is the one he read.

    Errors: Denied; StaleVersion; Blocked.
    """
    seen = {contract.pk: base_version}
    [found] = candidates(_held(seen), move, by=by, seen=seen)
    if found.error:
        raise found.error
    return found.contract


def _moment(at: dt.datetime | None) -> dt.datetime:
    """When it happens: now, or the moment that a paper of the past bears. Screens never name one; the journal keeps
    when it was really done.

    Errors: Blocked for a moment to come.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise Blocked(_("Waktu itu belum tiba."))
    return at or now


# -- many -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_contracts(seen: Seen, *, by: Any) -> Outcome:
    """Those of `seen` that could be initialled, all at once; a second click of the same person changes nothing.

    Errors: Denied; Blocked when none is left.
    """
    ensure(rules.checkers(by))
    return _together("check", seen, by, _check)


@transaction.atomic
def approve_contracts(seen: Seen, *, by: Any) -> Outcome:
    """Those of `seen` that could be approved, all at once, numbered in this order; a second click of the same person
    changes nothing.

    Errors: Denied; Blocked when none is left, or when a register gives no number.
    """
    ensure(rules.approvers(by))
    return _together("approve", seen, by, _approve)


def _together(move: str, seen: Seen, by: Any, make: Callable[[list[Contract], Any, dt.datetime], None]) -> Outcome:
    """Make the move with all that can go.

    Errors: Blocked.
    """
    rows = _held(seen)
    again = [row for row in rows if _went_before(row, move, by, seen[row.pk])]
    found = candidates([row for row in rows if row not in again], move, by=by, seen=seen)
    going: list[Contract] = []
    for each in found:  # two drafts of one worker may be free one by one, not both
        if not each.error and (clash := overlapping(each.contract, going)):
            each.error = Blocked(clash.sentence)
        if not each.error:
            going.append(each.contract)
    if not going and not again:
        raise Blocked(" ".join([_("Tidak ada naskah yang dapat diproses."), *told_left(found)]))
    if going:
        make(going, by, timezone.now())
    done = {row.pk for row in (*going, *again)}
    return Outcome(_fresh([row for row in rows if row.pk in done]), [each for each in found if each.error])


def _fresh(rows: list[Contract]) -> list[Contract]:
    """The rows without what was loaded with them: whoever gets them asks the database who signs."""
    for row in rows:
        row._prefetched_objects_cache = {}
    return rows


def told_left(left: Sequence[Candidate], most: int = 3) -> list[str]:
    """A sentence for each of the first that stay behind: which and why."""
    return [f"“{each.contract}”: {each.refusal}" for each in left[:most]]


def _went_before(row: Contract, move: str, by: Any, version: int | None) -> bool:
    """Whether this person made that move already, with that text: the first of two clicks."""
    same = getattr(row, DONE_BY[move]) == by.pk and row.version == version
    return same and row.status == CONTRACT.move(move).target


def _held(seen: Seen) -> list[Contract]:
    """The rows as they are now, in this order, held until the transaction ends; two who take many meet in one order."""
    rows = Contract.objects.filter(pk__in=seen)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    found = {row.pk: row for row in loaded(rows)}
    return [found[pk] for pk in seen if pk in found]


def candidates(rows: Sequence[Contract], move: str, *, by: Any, seen: Seen | None = None) -> list[Candidate]:
    """These contracts, `loaded`, each with what keeps this person from the move. Two statements for all of them."""
    found = [Candidate(row) for row in rows]
    for each in found:
        try:
            _ensure_may(each.contract, move, by, seen[each.contract.pk] if seen else None)
        except PortalError as error:
            each.error = error
    free = [each for each in found if not each.error]
    told = remarks_of([each.contract for each in free])
    for each in free:
        each.remarks = told[each.contract.pk]
        if missing := [remark.sentence for remark in each.remarks if remark.blocks]:
            each.error = Blocked(" ".join(missing[:3]))
    return found


def _ensure_may(row: Contract, move: str, by: Any, version: int | None) -> None:
    """Return if the move is next, this person may make it, and the text is the one he read.

    Errors: Denied; StaleVersion; Blocked.
    """
    ensure(rules.may_move_contract(by, row, move))
    if version is not None and row.version != version:
        raise StaleVersion(
            _("Naskah ini diubah sejak Anda membacanya. Baca dahulu yang sekarang."), current=row, yours={}
        )
    known = CONTRACT.move(move)
    if row.status not in known.source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: %(object)s sudah berstatus “%(status)s”.")
            % {"move": _(known.label), "object": row, "status": _(row.state.label)}
        )


# -- the moves themselves, with rows that are held and whole ----------------------------------------------------------


def _check(rows: Sequence[Contract], by: Any, at: dt.datetime, note: str = "") -> None:
    given = {"checked_by": by, "checked_at": at}
    make_moves(CONTRACT, [Step(row, "check", note, given) for row in rows], by=by)


def _approve(rows: Sequence[Contract], by: Any, at: dt.datetime, note: str = "") -> None:
    """Number the rows in this order, order their papers, fix who signs, and let a worker freeze each.

    Errors: Blocked.
    """
    _take_numbers(rows, by, timezone.localtime(at).date())
    papers = contract_papers(rows, by=by)
    _fix_names(rows)
    given = {"approved_by": by, "approved_at": at}
    steps = [
        Step(row, "approve", note, {**given, "number": row.number, "document": paper})
        for row, paper in zip(rows, papers, strict=True)
    ]
    make_moves(CONTRACT, steps, by=by)
    for row in rows:
        transaction.on_commit(lambda pk=row.pk: _tell_worker(pk))


def _fix_names(rows: Sequence[Contract]) -> None:
    """Keep who signs as the ordered papers name them: offices change their holders and titles, the papers do not."""
    signers = [signer for row in rows for signer in stored_signers(row)]
    with override("id"):
        for signer in signers:
            signer.printed_name, signer.printed_title = signer.name, signer.title
    Signer.objects.bulk_update(signers, ["printed_name", "printed_title"])


def _take_numbers(rows: Sequence[Contract], by: Any, day: dt.date) -> None:
    """Give each the number it has from an earlier approval out of the same register, else the next one of that day.

    Errors: Blocked when a later day has a number already.
    """
    waiting = [row for row in rows if not keeps_number(row)]
    for row in waiting:
        if row.number is not None and row.number.voided_at is None:
            void_number(row.number, MOVED, by=by)
    for register in sorted({row.register for row in waiting}, key=lambda register: register.pk):
        own = [row for row in waiting if row.register_id == register.pk]
        _ensure_last(register, day)
        numbers = take_numbers(register, [Bearer(row, row.title) for row in own], on=day, by=by)
        for row, number in zip(own, numbers, strict=True):
            row.number = number


def keeps_number(row: Contract) -> bool:
    """Whether the contract was numbered before, out of the register it is in."""
    number = row.number
    return number is not None and number.voided_at is None and number.register_id == row.register_id


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
