"""The synthetic edition, brought in and taken through desks and plenary by the verbs that the screens call.

What is proposed and decided is the rule in rakor.facts.scenario; here only people act.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from programs.actions.moves import ready_all, send_all
from programs.actions.proposals import copy_proposal, start_proposal
from programs.actions.rounds import save_round
from programs.actions.verification import pass_proposal, score_proposal
from programs.models import Proposal, Round, RubricItem
from rakor.actions.demo import demo_user, ensure_demo_allowed
from rakor.actions.scenario_proposals import Content, fill
from rakor.facts.scenario import Planned, planned
from rakor.models import Meeting
from regencies.models import Regency

SUBJECTS_FILE = Path(__file__).resolve().parents[1] / "data" / "scenario" / "atambua.yaml"
KEYS = uuid.UUID("8f0c9d7e-2020-4d19-a7ab-53045300ab1e")
"""Names the proposals, so that loading again makes no doubles."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Team:
    """Who acts for one regency."""

    regency: Regency
    operator: User
    head: User


def teams() -> list[Team]:
    """The 22 in the order of the rule (by code), each with its demo accounts."""
    return [
        Team(regency, demo_user(f"operator-{regency.short.lower()}"), demo_user(f"kadis-{regency.short.lower()}"))
        for regency in Regency.objects.visible_to(None).order_by("code")
    ]


def proposal_key(code: str, j: int) -> uuid.UUID:
    """The name of proposal j of that regency, the same at every loading."""
    return uuid.uuid5(KEYS, f"{code}/{j}")


def all_keys() -> set[uuid.UUID]:
    """The names of all 132."""
    codes = Regency.objects.visible_to(None).order_by("code").values_list("code", flat=True)
    return {proposal_key(code, plan.j) for number, code in enumerate(codes) for plan in planned() if plan.i == number}


def load_proposals(meeting: Meeting, *, say: Say = lambda _line: None) -> int:
    """Bring in the proposals of the edition's planning year, up to "siap desk"; how many are new.

    Once all are there nothing happens any more: what people made of them stays.
    Errors: Blocked in production: the demo's password is public.
    """
    ensure_demo_allowed()
    year = meeting.planning_year
    if Proposal.objects.filter(client_key__in=all_keys()).count() == len(all_keys()):
        return 0
    _open_round(year)
    subjects = yaml.safe_load(SUBJECTS_FILE.read_text(encoding="utf-8"))
    made = 0
    for team, plans in zip(teams(), _by_regency(), strict=True):
        for plan in plans:
            made += _propose(team, plan, year, Content.of(plan, subjects[team.regency.code], team.regency))
        send_all(team.regency, year, by=team.head)
        say(f"{team.regency.code} {team.regency}")
    verify_all(year)
    ready_all(year, by=demo_user("verifikator"))
    _close_round(meeting)
    return made


def _by_regency() -> Iterator[list[Planned]]:
    plans = planned()
    size = max(plan.j for plan in plans)
    for start in range(0, len(plans), size):
        yield plans[start : start + size]


@transaction.atomic
def _propose(team: Team, plan: Planned, year: int, content: Content) -> int:
    key = proposal_key(team.regency.code, plan.j)
    if Proposal.objects.filter(client_key=key).exists():
        return 0
    proposal = start_proposal(team.regency, year, title=content.title, by=team.operator, client_key=key)
    fill(proposal, plan, content, by=team.operator)
    return 1


def _open_round(year: int) -> None:
    now = timezone.now()
    _save_round(year, opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1))


def _close_round(meeting: Meeting) -> None:
    """The dates of the edition: eleven weeks before it until ten days before it, the end of an office day."""
    zone = timezone.get_default_timezone()
    first = dt.datetime.combine(meeting.starts_on - dt.timedelta(weeks=11), dt.time(8), zone)
    last = dt.datetime.combine(meeting.starts_on - dt.timedelta(days=10), dt.time(16), zone)
    _save_round(meeting.planning_year, opens_at=first, closes_at=last)


def _save_round(year: int, **values: Any) -> None:
    known = Round.objects.filter(year=year).first()
    save_round(year, **values, version=known.version if known else 0, by=demo_user("panitia"))


def verify_all(year: int) -> None:
    """Score and pass whatever was sent: every reviewer's indicator gets its best step."""
    verifier = demo_user("verifikator")
    best = {
        item.key: item.steps.order_by("-points").first().pk
        for item in RubricItem.objects.filter(is_active=True, computed="").prefetch_related("steps")
    }
    for proposal in Proposal.objects.filter(year=year, status="diajukan").select_related("regency"):
        score_proposal(proposal, best, by=verifier)
        pass_proposal(proposal, by=verifier)


def open_next_round(meeting: Meeting | None) -> None:
    """The round of an edition that lies ahead, open until ten days before it, with two drafts of Belu to go on with.

    Nothing happens without such an edition, or when its round is there.
    """
    if meeting is None or Round.objects.filter(year=meeting.planning_year).exists():
        return
    zone = timezone.get_default_timezone()
    closes_at = dt.datetime.combine(meeting.starts_on - dt.timedelta(days=10), dt.time(16), zone)
    _save_round(meeting.planning_year, opens_at=timezone.now() - dt.timedelta(days=1), closes_at=closes_at)
    operator = demo_user("operator-blu")
    for source in Proposal.objects.filter(regency__code="53.04", client_key__in=all_keys()).order_by("rank")[:2]:
        copy_proposal(source, year=meeting.planning_year, by=operator)
