"""The synthetic edition's three days: 22 desks decide by the rule, the plenary changes two reasons and agrees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from programs.models import CostLine, Proposal
from rakor.actions.agreements import agree, change_in_plenary, start_agreement
from rakor.actions.closing import close_desk
from rakor.actions.demo import demo_user
from rakor.actions.desks import confirm_desk, decide, desk_for, open_desk
from rakor.actions.scenario import Say, proposal_key, teams
from rakor.facts.scenario import Planned, planned, verdict_of
from rakor.models import Agreement, Desk, Meeting, Session

PLENARY_ENDS = dt.time(9, 30)
LIVE_CHANGES = (
    ("53.04", "tidak_disepakati", "Sudah dibiayai APBD Kabupaten tahun berjalan pada kelompok yang sama."),
    ("53.03", "ditunda", "Menunggu sertifikat lahan; diusulkan kembali pada tahun berikutnya."),
)
"""Regency, the verdict whose reason the plenary words anew, and the new reason: the sums stay those of the rule."""


def hold_desks(meeting: Meeting, *, say: Say = lambda _line: None, only: int | None = None) -> list[Desk]:
    """Open, decide, confirm and close the desks (the first `only` ones), each by its own people; those closed now.

    Each closes when its time at the table is over, so that its berita acara bears the day of the meeting.
    """
    leader = demo_user("verifikator")
    closed = []
    for desk in decide_desks(meeting, only=only):
        closed.append(close_desk(desk, by=leader, closed_at=desk.session.ends_at))
        say(f"{desk.session.regency.code} {desk.session.regency}")
    return closed


def decide_desks(meeting: Meeting, *, only: int | None = None) -> list[Desk]:
    """The desks (the first `only` ones) with all verdicts and the regency's confirmation; closed ones are left out."""
    leader, plans = demo_user("verifikator"), _plans()
    sessions = meeting.sessions.filter(kind=Session.Kind.DESK, regency__isnull=False).select_related("regency")
    found = []
    for session in sessions.order_by("starts_at", "room__name")[:only]:
        desk = desk_for(session)
        if desk.status == "ditutup":
            continue
        if desk.status != "berlangsung":
            desk = open_desk(desk, by=leader)
        for proposal, plan in _to_decide(meeting, session, plans):
            decide_by_rule(desk, proposal, plan, by=leader)
        desk.refresh_from_db()
        head = demo_user(f"kadis-{session.regency.short.lower()}")
        found.append(confirm_desk(desk, by=head, change=desk.change))
    return found


def _plans() -> dict[str, Planned]:
    found = {}
    for number, team in enumerate(teams()):
        found |= {str(proposal_key(team.regency.code, plan.j)): plan for plan in planned() if plan.i == number}
    return found


def _to_decide(meeting: Meeting, session: Session, plans: dict[str, Planned]) -> list[tuple[Proposal, Planned]]:
    waiting = Proposal.objects.filter(
        year=meeting.planning_year, regency=session.regency, status="siap_desk", verdict__isnull=True
    )
    return [(proposal, plans[str(proposal.client_key)]) for proposal in waiting.order_by("rank")]


def decide_by_rule(desk: Desk, proposal: Proposal, plan: Planned, *, by: Any) -> None:
    """The verdict of the rule, with its changed lines, as the desk's page would send it."""
    wanted = verdict_of(plan)
    lines = _line_answers(proposal, wanted["lines"]) if wanted["lines"] else None
    decide(
        desk, proposal, wanted["decision"], by=by, lines=lines, reason=wanted["reason"],
        redirect_to=wanted["redirect_to"] or None, base_version=0,
    )  # fmt: skip


def _line_answers(proposal: Proposal, changed: dict[int, tuple[int, str]]) -> dict[int, dict[str, Any]]:
    numbered = list(CostLine.objects.filter(proposal=proposal).kept())
    return {
        numbered[number].pk: {"decision": "perbaikan", "agreed_rupiah": rupiah, "reason": reason, "redirect_to": ""}
        for number, (rupiah, reason) in changed.items()
    }


def hold_plenary(meeting: Meeting) -> Agreement:
    """The agreement after two live changes; its berita acara is ordered."""
    chair = demo_user("kabid")
    agreement = start_agreement(meeting, by=chair)
    if agreement.status != "rekap":
        return agreement
    for code, decision, reason in LIVE_CHANGES:
        proposal = (
            Proposal.objects.filter(year=meeting.planning_year, regency__code=code, status=decision)
            .select_related("verdict", "regency")
            .order_by("rank")
            .first()
        )
        if proposal and proposal.verdict.reason != reason:
            change_in_plenary(
                agreement, proposal, decision, reason=reason, by=chair, base_version=proposal.verdict.version
            )
    agreement.refresh_from_db()
    last_day = dt.datetime.combine(meeting.ends_on, PLENARY_ENDS, timezone.get_default_timezone())
    return agree(agreement, by=demo_user("kadis-prov"), agreed_at=last_day)
