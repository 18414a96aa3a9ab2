"""Reading which moves of a proposal a user is offered, with the sentence where one is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.decision import Decision, allow_if
from portal.kernel.workflow import OfferedMove
from programs import rules
from programs.models import Proposal, Submission
from programs.queries.findings import Finding
from programs.queries.rounds import Window, window_of
from programs.queries.selfcheck import findings_of
from programs.queries.snapshots import shown_state
from programs.workflow import PROPOSAL
from regencies.rules import Role, regency_ids, roles

SIDES = (
    (Role.OPERATOR_KAB, ("submit", "recall")),
    (Role.KADIS_KAB, ("send", "decline", "withdraw")),
    (Role.PANITIA, ("ready", "unready")),
    (Role.KABID_PROV, ("ready", "unready", "reopen")),
    (Role.VERIFIKATOR, ("ready", "unready", "reopen")),
)
"""Which moves are whose work. Passing and returning have their place in the verifier's panel."""

FORWARD = ("submit", "send", "ready")


def offered_moves(user: Any, proposal: Proposal, *, found: list[Finding] | None = None) -> list[OfferedMove]:
    """The moves that are this user's work and that the table allows now; `found` saves a second self-check."""
    mine = _work_of(user, proposal)
    return [
        OfferedMove(
            key=move.key,
            label=_(move.label),
            url=reverse("proposal_move", args=[proposal.pk, move.key]),
            decision=_decision(user, proposal, move.key, found),
            posts=not move.note_required,
            confirm=_(move.confirm) if move.confirm else "",
            style="primary" if move.key in FORWARD else "outline-danger" if move.key == "withdraw" else "secondary",
        )
        for move in PROPOSAL.moves_from(proposal.status)
        if move.key in mine and proposal.deleted_at is None and (move.key != "withdraw" or proposal.sent_at is not None)
    ]


def _work_of(user: Any, proposal: Proposal) -> set[str]:
    """Keys of moves that belong to the user's roles; those of a regency only for its own people."""
    held = roles(user)
    own = proposal.regency_id in regency_ids(user)
    return {
        key
        for role, keys in SIDES
        if role in held and (own or role not in (Role.OPERATOR_KAB, Role.KADIS_KAB))
        for key in keys
    }


def _decision(user: Any, proposal: Proposal, move: str, found: list[Finding] | None) -> Decision:
    allowed = rules.may_move(user, proposal, move)
    if not allowed or move not in ("submit", "send"):
        return allowed
    if found is None:
        found = findings_of([proposal])[proposal.pk]
    complete = unblocked(found)
    if move == "submit" or not complete:
        return complete
    return window_of(proposal.regency_id, proposal.year).decision(sent_before=proposal.sent_at is not None)


def unblocked(found: list[Finding]) -> Decision:
    """Whether the self-check lets a proposal be submitted and sent."""
    count = sum(finding.blocks for finding in found)
    return allow_if(
        not count,
        ngettext(
            "Periksa mandiri masih menemukan %(n)s hal yang harus dibereskan.",
            "Periksa mandiri masih menemukan %(n)s hal yang harus dibereskan.",
            count,
        )
        % {"n": count},
    )


def moves_context(proposal: Proposal, user: Any, *, found: list[Finding] | None = None) -> dict[str, Any]:
    """What `programs/moves/_moves.html` shows.

    Shape: {"moves": [OfferedMove], "shown_state": Status, "submissions": [Submission without content],
    "window": Window or None}.
    """
    own = proposal.regency_id in regency_ids(user)
    return {
        "moves": offered_moves(user, proposal, found=found),
        "shown_state": shown_state(proposal, user),
        "submissions": list(Submission.objects.filter(proposal=proposal).select_related("sent_by").defer("content")),
        "window": window_of(proposal.regency_id, proposal.year) if own and not proposal.locked else None,
    }


def after_their_desk(year: int, proposals: Iterable[Proposal] | None = None) -> str:
    """A sentence naming the regencies with ready proposals whose desk decided others already; "" when there are none.

    Only those of `proposals` when they are given. What an edition and its desks are, is not known here.
    """
    rows = Proposal.objects.kept().filter(year=year)
    late = rows.filter(status="siap_desk", regency__in=rows.filter(status__in=rules.DECIDED).values("regency"))
    if proposals is not None:
        late = late.filter(pk__in=[proposal.pk for proposal in proposals])
    names = late.order_by("regency__code").values_list("regency__name", flat=True).distinct()
    names = list(dict.fromkeys(names))
    if not names:
        return ""
    sentence = _(
        "Desk %(names)s sudah dilaksanakan, tetapi masih ada usulannya yang siap desk. Tambahkan desk pada halaman "
        "Desk rakor, atau keluarkan usulan itu dari desk."
    )
    return sentence % {"names": ", ".join(names)}


@dataclass(frozen=True)
class Waiting:
    """A proposal before its head: what the self-check says of it, and whether it can be sent."""

    proposal: Proposal
    found: list[Finding]
    decision: Decision

    @property
    def blockers(self) -> list[Finding]:
        """What forbids to send it."""
        return [finding for finding in self.found if finding.blocks]

    @property
    def warnings(self) -> list[Finding]:
        """What deserves a second look."""
        return [finding for finding in self.found if not finding.blocks]


def waiting_for_head(user: Any, regency_id: int, year: int) -> tuple[Window, list[Waiting]]:
    """Everything of a regency and year that waits for its head, by priority, in thirteen statements."""
    rows = (
        Proposal.objects.visible_to(user)
        .kept()
        .filter(regency=regency_id, year=year, status="menunggu_kadis")
        .select_related("regency", "sub_activity")
        .prefetch_related("authors")
        .order_by("rank", "number")
    )
    window, found = window_of(regency_id, year), findings_of(rows)
    waiting = []
    for row in rows:
        row.__dict__["author_ids"] = frozenset(author.pk for author in row.authors.all())  # no statement per row
        decision = rules.may_move(user, row, "send") & unblocked(found[row.pk])
        if decision:
            decision = window.decision(sent_before=row.sent_at is not None)
        waiting.append(Waiting(row, found[row.pk], decision))
    return window, waiting


def year_to_send(user: Any, regency_id: int) -> int | None:
    """The earliest planning year in which something waits for this regency's head."""
    rows = Proposal.objects.visible_to(user).kept().filter(regency=regency_id, status="menunggu_kadis")
    return rows.order_by("year").values_list("year", flat=True).first()
