"""What berita acara say of decisions: the rows of a matrix and their sums. Pure; papers are Indonesian for everybody.

Units: rupiah as integers until they are written. Sums of the budget leave out sources that are no budget (KUR, CSR).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.documents.shapes_agreements import (
    ChangedLine,
    DecidedRow,
    DecisionTotal,
    RegencyBlock,
    RegencyTotal,
    SharePart,
    SourceTotal,
    Totals,
)
from portal.kernel.money import rupiah_in_words, thousands
from programs.rules import AGREED

DECISIONS = {
    "disepakati": "Disepakati",
    "perbaikan": "Disepakati dengan perbaikan",
    "ditunda": "Ditunda",
    "tidak_disepakati": "Tidak disepakati",
    "dialihkan": "Dialihkan",
}
UNDECIDED = "Belum diputuskan"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Money:
    """One source's part of a proposal."""

    source: str
    name: str
    in_budget: bool
    position: int
    proposed: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Decided:
    """One proposal with the answer to it; `decision` is "" while there is none."""

    regency_code: str
    regency: str
    rank: int | None
    code: str
    sub_activity: str
    title: str
    decision: str
    decision_text: str
    reason: str
    shares: tuple[Money, ...]
    lines: tuple[ChangedLine, ...]

    @property
    def is_agreed(self) -> bool:
        """Agreed as proposed or with changes."""
        return self.decision in AGREED

    @property
    def proposed(self) -> int:
        """Budget money it asks for."""
        return sum(share.proposed for share in self.shares if share.in_budget)

    @property
    def agreed(self) -> int:
        """Budget money it was given."""
        return sum(share.agreed for share in self.shares if share.in_budget)


def decided_of(proposal: Any) -> Decided:
    """The proposal as berita acara see it.

    Needs `share_rows` (shares with source), `verdict` with `changed` (line verdicts with line and redirect_to).
    """
    verdict = getattr(proposal, "verdict", None)
    changed = list(verdict.changed) if verdict else []
    return Decided(
        regency_code=proposal.regency.code,
        regency=proposal.regency.name,
        rank=proposal.rank,
        code=proposal.code,
        sub_activity=proposal.sub_activity.code if proposal.sub_activity else "",
        title=proposal.title,
        decision=verdict.decision if verdict else "",
        decision_text=decision_text(verdict.decision, verdict.redirect_to) if verdict else UNDECIDED,
        reason=verdict.reason if verdict else "",
        shares=tuple(_money(share, verdict, changed) for share in proposal.share_rows),
        lines=tuple(_changed_line(line) for line in sorted(changed, key=lambda each: each.line.position)),
    )


def decision_text(decision: str, redirect_to: Any = None) -> str:
    """ "Disepakati", "Dialihkan ke APBD II"."""
    text = DECISIONS.get(decision, UNDECIDED)
    return f"{text} ke {source_label(redirect_to.key)}" if redirect_to else text


def source_label(key: str) -> str:
    """A source as narrow columns name it, never broken: "DAK_FISIK" → "DAK FISIK"."""
    return key.replace("_", "\u00a0")


def _money(share: Any, verdict: Any, changed: Sequence[Any]) -> Money:
    """The share with what was agreed of it: as stored once applied, before that from the lines that differ."""
    agreed = 0
    if verdict and verdict.decision in AGREED:
        if verdict.applied_at and share.agreed_rupiah is not None:
            agreed = share.agreed_rupiah
        else:
            own = [each for each in changed if each.line.source_id == share.source_id]
            agreed = share.share_rupiah + sum(each.agreed_rupiah - each.line.amount_rupiah for each in own)
    source = share.source
    return Money(source.key, source.name, source.in_budget, source.position, share.share_rupiah, agreed)


def _changed_line(answer: Any) -> ChangedLine:
    return {
        "description": answer.line.description,
        "proposed": thousands(answer.line.amount_rupiah),
        "agreed": thousands(answer.agreed_rupiah),
        "decision": decision_text(answer.decision, answer.redirect_to),
        "reason": answer.reason,
    }


def row_facts(row: Decided) -> DecidedRow:
    """One line of a matrix."""
    return {
        "rank": str(row.rank or NOTHING),
        "code": row.code,
        "sub_activity": row.sub_activity or NOTHING,
        "title": row.title,
        "shares": [_share_facts(share, row, several=len(row.shares) > 1) for share in row.shares],
        "proposed": thousands(row.proposed),
        "decision": row.decision_text,
        "agreed": thousands(row.agreed) if row.decision else NOTHING,
        "reason": row.reason,
        "lines": list(row.lines),
    }


def _share_facts(share: Money, row: Decided, *, several: bool) -> SharePart:
    """The source with its part, unless it is the only one: then the amounts of the row say it."""
    shown = several or not share.in_budget
    return {
        "source": source_label(share.source) + ("" if share.in_budget else " (nonanggaran)"),
        "proposed": thousands(share.proposed) if shown else "",
        "agreed": thousands(share.agreed) if shown and row.is_agreed and share.agreed != share.proposed else "",
    }


def blocks(rows: Iterable[Decided]) -> list[RegencyBlock]:
    """The rows grouped by regency, in their order, with the sums of each."""
    found: list[RegencyBlock] = []
    for (code, name), group in groupby(rows, key=lambda row: (row.regency_code, row.regency)):
        own = list(group)
        found.append(
            {
                "code": code,
                "regency": name,
                "rows": [row_facts(row) for row in own],
                "count": str(len(own)),
                "proposed": thousands(_sum(own, "proposed")),
                "agreed": thousands(_sum(own, "agreed")),
            }
        )
    return found


def totals(rows: Sequence[Decided]) -> Totals:
    """The sums of the rows per source and per decision."""
    agreed = [row for row in rows if row.is_agreed]
    other = [row for row in rows if row.decision and not row.is_agreed]
    amount = _sum(agreed, "agreed")
    return {
        "sources": _per_source(rows, lambda share: share.in_budget),
        "decisions": _per_decision(rows),
        "count": str(len(rows)),
        "proposed": thousands(_sum(rows, "proposed")),
        "agreed_count": str(len(agreed)),
        "agreed": thousands(amount),
        "agreed_words": rupiah_in_words(amount),
        "other_count": str(len(other)),
        "other_proposed": thousands(_sum(other, "proposed")),
        "outside": _per_source(rows, lambda share: not share.in_budget),
    }


def per_regency(rows: Sequence[Decided], regencies: Iterable[tuple[str, str]]) -> list[RegencyTotal]:
    """One line for each (code, name), also for those without proposals."""
    by_code: dict[str, list[Decided]] = {}
    for row in rows:
        by_code.setdefault(row.regency_code, []).append(row)
    found: list[RegencyTotal] = []
    for code, name in regencies:
        own = by_code.get(code, [])
        agreed = [row for row in own if row.is_agreed]
        found.append(
            {
                "code": code,
                "regency": name,
                "count": str(len(own)),
                "proposed": thousands(_sum(own, "proposed")),
                "agreed_count": str(len(agreed)),
                "agreed": thousands(_sum(agreed, "agreed")),
                "other_count": str(sum(1 for row in own if row.decision and not row.is_agreed)),
            }
        )
    return found


def _sum(rows: Iterable[Decided], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _per_source(rows: Iterable[Decided], wanted: Callable[[Money], bool]) -> list[SourceTotal]:
    found: dict[tuple[int, str, str], list[tuple[Money, bool]]] = {}
    for row in rows:
        for share in row.shares:
            if wanted(share):
                found.setdefault((share.position, share.source, share.name), []).append((share, row.is_agreed))
    return [
        {
            "source": name,
            "count": str(len(shares)),
            "proposed": thousands(sum(share.proposed for share, _agreed in shares)),
            "agreed_count": str(sum(1 for _share, agreed in shares if agreed)),
            "agreed": thousands(sum(share.agreed for share, _agreed in shares)),
        }
        for (_position, _key, name), shares in sorted(found.items())
    ]


def _per_decision(rows: Sequence[Decided]) -> list[DecisionTotal]:
    """All five, also those nobody gave; what has no answer yet comes last."""
    keys = [*DECISIONS, *([""] if any(not row.decision for row in rows) else [])]
    found: list[DecisionTotal] = []
    for key in keys:
        own = [row for row in rows if row.decision == key]
        found.append(
            {
                "decision": DECISIONS.get(key, UNDECIDED),
                "count": str(len(own)),
                "proposed": thousands(_sum(own, "proposed")),
                "agreed": thousands(_sum(own, "agreed")),
            }
        )
    return found
