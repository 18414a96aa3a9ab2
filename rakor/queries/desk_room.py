"""Reading one desk as both sides of the table see it: proposals with lines and answers, totals, what is promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.money import rupiah
from programs.models import CostLine, Decision, LineVerdict, Proposal, Verdict
from programs.queries.verdicts import Totals, for_desk, last_year, stray_verdicts, totals
from programs.rules import AGREED
from programs.workflow import PROPOSAL
from rakor.models import Desk, Session


@dataclass
class Line:
    """A cost line with the answer to it; `agreed_rupiah` is None while the proposal has no answer."""

    line: CostLine
    answer: LineVerdict | None
    agreed_rupiah: int | None

    @property
    def version(self) -> int:
        """Of the answer, 0 for none."""
        return self.answer.version if self.answer else 0

    @property
    def tone(self) -> str:
        """Of the answer that differs."""
        return PROPOSAL.status(self.answer.decision).tone if self.answer else "neutral"


@dataclass
class Item:
    """A proposal at the desk. `before` is what the regency was promised last year for the one it continues."""

    proposal: Proposal
    verdict: Verdict | None
    lines: list[Line]
    before: Proposal | None = None

    @property
    def version(self) -> int:
        """Of the answer, 0 for none."""
        return self.verdict.version if self.verdict else 0

    @property
    def tone(self) -> str:
        """Of the answer."""
        return PROPOSAL.status(self.verdict.decision).tone if self.verdict else "neutral"

    @property
    def differing(self) -> int:
        """How many lines are answered otherwise than proposed."""
        return sum(1 for line in self.lines if line.answer)

    @property
    def above(self) -> bool:
        """Whether more is agreed than was asked for."""
        return bool(self.verdict) and self.verdict.agreed_rupiah > self.proposal.budget_rupiah


@dataclass
class Room:
    """Everything a desk's page shows. `strays` were decided here and then taken out of the desk by somebody."""

    items: list[Item]
    totals: Totals
    last_year: list[Proposal]
    strays: list[Proposal]


def room(session: Session, *, only: int | None = None) -> Room:
    """The desk of a session. `only` narrows the items to one proposal, not the totals."""
    year, regency_id = session.meeting.planning_year, session.regency_id
    promised = last_year(year, regency_id)
    by_pk = {proposal.pk: proposal for proposal in promised}
    items = [_item(proposal, by_pk) for proposal in for_desk(year, regency_id, only=only)]
    strays = list(stray_verdicts(year, regency_id).select_related("regency", "verdict"))
    return Room(items, totals(year, regency_id), promised, strays)


def _item(proposal: Proposal, promised: dict[int, Proposal]) -> Item:
    verdict = getattr(proposal, "verdict", None)
    lines = [_line(line, verdict) for line in proposal.kept_lines]
    return Item(proposal, verdict, lines, promised.get(proposal.copied_from_id))


def _line(line: CostLine, verdict: Verdict | None) -> Line:
    answer = getattr(line, "verdict", None)
    if verdict is None:
        return Line(line, None, None)
    if verdict.decision not in AGREED:
        return Line(line, None, 0)
    return Line(line, answer, answer.agreed_rupiah if answer else line.amount_rupiah)


def mark(desk: Desk) -> str:
    """What a page must know anew when it differs: status, verdicts, confirmation, and how far the paper is."""
    paper = desk.document.status if desk.document else ""
    confirmed = desk.confirmed_change if desk.confirmed_at else "-"
    return f"{desk.status}.{desk.change}.{confirmed}.{paper}"


def told(answer: Verdict | LineVerdict | None) -> dict[str, Any]:
    """An answer in words, for whoever decided otherwise at the same moment."""
    if answer is None:
        return {"version": 0, "decision": "", "label": _("Belum diputuskan"), "reason": "", "agreed": "", "by": ""}
    label = str(Decision(answer.decision).label)
    if answer.redirect_to:
        label = f"{label} → {answer.redirect_to}"
    return {
        "version": answer.version, "decision": answer.decision, "label": label, "reason": answer.reason,
        "agreed": rupiah(answer.agreed_rupiah), "by": answer.by.display_name,
    }  # fmt: skip


def share_text(session: Session, whole: Totals, url: str) -> str:
    """The desk's outcome for WhatsApp."""
    lines = [
        _("*Hasil desk %(regency)s* – %(meeting)s")
        % {"regency": session.regency.name, "meeting": session.meeting.short_name},
        _("Usulan: %(n)s program, %(amount)s") % {"n": whole.count, "amount": rupiah(whole.proposed_rupiah)},
        _("Disepakati: %(n)s program, %(amount)s") % {"n": whole.agreed_count, "amount": rupiah(whole.agreed_rupiah)},
    ]
    lines += [f"– {answer.decision.label}: {answer.count}" for answer in whole.answers]
    return "\n".join([*lines, _("Berita acara: %(url)s") % {"url": url}])
