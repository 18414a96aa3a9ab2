"""Moves of a proposal between regency and province. Verdicts are moved by programs.actions.verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.actions import make_move
from portal.kernel.errors import Blocked, PortalError, ensure
from programs import rules
from programs.actions.scores import ensure_passable, recompute_scores, refresh_others
from programs.models import Proposal, Submission, Verdict
from programs.queries.rounds import may_send_now
from programs.queries.selfcheck import blockers
from programs.queries.snapshots import content_of
from programs.workflow import PROPOSAL


@transaction.atomic
def move_proposal(proposal: Proposal, move: str, *, by: Any, note: str = "") -> Proposal:
    """The proposal after the move, read anew under a lock: of two people at once one wins, the other reads why not.

    Errors: Denied; Blocked when the status, the self-check, the deadline, a missing score or a verdict forbids it.
    """
    row = Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)
    ensure(rules.may_move(by, row, move))
    if row.deleted_at is not None:
        raise Blocked(_("Usulan ini sudah dibuang. Kembalikan dahulu bila masih diperlukan."))
    if row.status in PROPOSAL.move(move).source:  # else make_move tells a second click that it is done
        _ensure_ready_for(row, move)
    make_move(PROPOSAL, move, row, by=by, note=note, **_evidence(row, move, by))
    if move == "submit":
        row.authors.add(by)  # who lays it before the head answers for it, and does not approve it too
    elif move == "send":
        _store_submission(row)
        recompute_scores(row)
    if move in ("send", "return", "withdraw"):
        refresh_others(row)
    row.change += 1
    row.save(update_fields=["change", "changed_at"])
    return row


def _ensure_ready_for(row: Proposal, move: str) -> None:
    """What the table of moves does not know: the content, the round, the score, a verdict."""
    if move in ("submit", "send"):
        found = blockers(row)
        if found:
            raise Blocked(
                ngettext(
                    "Periksa mandiri masih menemukan %(n)s hal yang harus dibereskan: %(first)s",
                    "Periksa mandiri masih menemukan %(n)s hal yang harus dibereskan, antara lain: %(first)s",
                    len(found),
                )
                % {"n": len(found), "first": found[0].sentence}
            )
    if move == "send":
        ensure(may_send_now(row))
    elif move == "pass":
        ensure_passable(row)
    elif move == "unready" and Verdict.objects.filter(proposal=row).exists():
        raise Blocked(_("Putusan desk atas usulan ini sudah dicatat. Hapus putusannya dahulu."))


def _evidence(row: Proposal, move: str, by: Any) -> dict[str, Any]:
    if move == "send":
        return {"sent_at": timezone.now(), "sent_by": by}
    # without a score the table or ensure_passable refuses; 0 only keeps the refusal a sentence
    return {"score": row.score or 0} if move == "pass" else {}


def _store_submission(row: Proposal) -> Submission:
    """The version as it is sent, under the next number (the caller holds the proposal's lock)."""
    last = Submission.objects.filter(proposal=row).order_by("-number").values_list("number", flat=True).first()
    return Submission.objects.create(
        proposal=row, number=(last or 0) + 1, content=content_of(row), title=row.title,
        budget_rupiah=row.budget_rupiah, sent_at=row.sent_at, sent_by=row.sent_by,
    )  # fmt: skip


@dataclass
class Outcome:
    """What became of many proposals: those moved, and those held with the sentence that says why."""

    moved: list[Proposal] = field(default_factory=list)
    held: list[tuple[Proposal, str]] = field(default_factory=list)


def send_all(regency: Any, year: int, *, by: Any) -> Outcome:
    """Approve and send everything of a regency that waits for its head; what cannot be sent stays, with the reason.

    Errors: Denied when the user is no head of that regency.
    """
    ensure(rules.may_head(by, regency.pk))
    waiting = Proposal.objects.kept().filter(regency=regency, year=year, status="menunggu_kadis")
    return _each(waiting.order_by("rank", "number"), "send", by=by)


def ready_all(year: int, *, by: Any, regency: Any = None) -> Outcome:
    """Make every verified proposal of the year, or of one regency, ready for its desk.

    Errors: Denied.
    """
    ensure(rules.may_move(by, None, "ready"))
    passed = Proposal.objects.kept().filter(year=year, status="lolos")
    if regency is not None:
        passed = passed.filter(regency=regency)
    return _each(passed.order_by("regency__code", "rank", "number"), "ready", by=by)


@transaction.atomic
def _each(proposals: Any, move: str, *, by: Any) -> Outcome:
    """One move for all, each with a way back of its own."""
    outcome = Outcome()
    for proposal in proposals.select_related("regency"):
        try:
            outcome.moved.append(move_proposal(proposal, move, by=by))
        except PortalError as error:
            outcome.held.append((proposal, str(error)))
    return outcome
