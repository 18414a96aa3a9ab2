"""The RAB of a proposal as pages show it: lines, sums by source beside the stated shares, what does not add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.kernel.money import thousands
from programs.facts.accounts import ACCOUNT_GROUPS
from programs.facts.quantities import written_number
from programs.models import CostLine, FundingSource, Indicator, Proposal
from programs.queries.snapshots import last_submission, reads_live
from programs.rules import may_write


@dataclass(frozen=True, slots=True)
class SourceSum:
    """One source: what its lines cost beside the share that the regency states."""

    key: str
    name: str
    in_budget: bool
    lines_rupiah: int
    share_rupiah: int

    @property
    def short(self) -> str:
        """The key as people write it."""
        return self.key.replace("_", " ")

    @property
    def difference(self) -> int:
        """What the share lacks (positive) or has too much (negative)."""
        return self.lines_rupiah - self.share_rupiah

    @property
    def excess(self) -> int:
        """What the share has too much."""
        return -self.difference

    @property
    def used(self) -> bool:
        """Whether any line or share names it."""
        return bool(self.lines_rupiah or self.share_rupiah)


def source_sums(lines: Iterable[dict[str, Any]], shares: Iterable[dict[str, Any]]) -> list[SourceSum]:
    """Every source that may be chosen or is used, in the order of the list.

    Shape: lines with "source" and "amount_rupiah", shares with "source" and "share_rupiah", as in a snapshot.
    """
    costs: dict[str, int] = {}
    for line in lines:
        costs[line["source"]] = costs.get(line["source"], 0) + line["amount_rupiah"]
    stated = {share["source"]: share["share_rupiah"] for share in shares}
    return [
        SourceSum(source.key, source.name, source.in_budget, costs.get(source.key, 0), stated.get(source.key, 0))
        for source in FundingSource.objects.all()
        if source.is_active or source.key in costs or source.key in stated
    ]


def totals_of(lines: Sequence[dict[str, Any]], sums: Sequence[SourceSum]) -> dict[str, Any]:
    """The sums below the table: in the budget, outside it, of lines without a source, and whether the shares fit."""
    return {
        "budget": sum(row.lines_rupiah for row in sums if row.in_budget),
        "other": sum(row.lines_rupiah for row in sums if not row.in_budget),
        "share_budget": sum(row.share_rupiah for row in sums if row.in_budget),
        "share_other": sum(row.share_rupiah for row in sums if not row.in_budget),
        "unsourced": sum(line["amount_rupiah"] for line in lines if not line["source"]),
        "all": sum(line["amount_rupiah"] for line in lines),
        "balanced": all(not row.difference for row in sums),
    }


def lines_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What templates/programs/lines/_table.html shows: live rows, or the version the province was last sent."""
    if reads_live(proposal, user):
        lines, shares = _live_lines(proposal), _live_shares(proposal)
    else:
        sent = last_submission(proposal)
        lines, shares = (sent.content["lines"], sent.content["shares"]) if sent else ([], [])
    sums = source_sums(lines, shares)
    return {
        "costs": {
            "lines": [line | {"source_short": line["source"].replace("_", " ")} for line in lines],
            "sums": [row for row in sums if row.used],
            "totals": totals_of(lines, sums),
        }
    }


def _live_lines(proposal: Proposal) -> list[dict[str, Any]]:
    """The kept lines in the shape of a snapshot, as far as the table shows them."""
    plain = ("account_code", "description", "quantity_text", "quantity", "unit", "unit_price_rupiah", "amount_rupiah")
    return [
        {"id": line.pk, "note": line.note, "source": line.source.key if line.source else ""}
        | {"in_budget": line.source is None or line.source.in_budget}
        | {name: getattr(line, name) for name in plain}
        for line in proposal.lines.kept().select_related("source")
    ]


def _live_shares(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {"source": key, "share_rupiah": amount}
        for key, amount in proposal.shares.values_list("source__key", "share_rupiah")
    ]


# -- editing ----------------------------------------------------------------------------------------------------------


def line_texts(line: CostLine) -> dict[str, str]:
    """Every field of the line as its input shows it."""
    return {
        "account_code": line.account_code,
        "description": line.description,
        "quantity_text": line.quantity_text,
        "unit": line.unit,
        "unit_price_rupiah": thousands(line.unit_price_rupiah) if line.unit_price_rupiah else "",
        "source": line.source.key if line.source else "",
        "note": line.note,
    }


def indicator_texts(indicator: Indicator) -> dict[str, str]:
    """Every field of the indicator as its input shows it."""
    return {
        "kind": indicator.kind,
        "name": indicator.name,
        "baseline": _number(indicator.baseline),
        "target": _number(indicator.target),
        "unit": indicator.unit,
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else written_number(value)


def line_row(line: CostLine) -> dict[str, Any]:
    """One line as the edit table shows it."""
    return {
        "id": line.pk, "version": line.version, "key": line.client_key or "", "texts": line_texts(line),
        "amount": line.amount_rupiah,
    }  # fmt: skip


def indicator_row(indicator: Indicator) -> dict[str, Any]:
    """One indicator as the edit table shows it."""
    return {
        "id": indicator.pk, "version": indicator.version, "key": indicator.client_key or "",
        "texts": indicator_texts(indicator),
    }  # fmt: skip


def source_choices() -> list[FundingSource]:
    """The sources that may be chosen."""
    return list(FundingSource.objects.filter(is_active=True))


def lines_edit_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What templates/programs/lines/_edit.html shows to a writer of the proposal."""
    rows = list(proposal.lines.kept().select_related("source"))
    plain = [{"source": row.source.key if row.source else "", "amount_rupiah": row.amount_rupiah} for row in rows]
    sums = source_sums(plain, _live_shares(proposal))
    kinds = [{"key": key, "label": label} for key, label in Indicator.Kind.choices]
    return {
        "costs_edit": {
            "proposal": proposal,
            "writing": may_write(user, proposal),
            "rows": [line_row(row) for row in rows],
            "sums": sums,
            "totals": totals_of(plain, sums),
            "account_groups": ACCOUNT_GROUPS,
            "indicators": [indicator_row(row) for row in proposal.indicators.kept()],
            "kinds": kinds,
            "paste_key": uuid4(),
            "blank": {"id": "", "version": 0, "key": "", "amount": 0, "texts": line_texts(CostLine())},
            "blank_indicator": {"id": "", "version": 0, "key": "", "texts": indicator_texts(Indicator())},
        }
    }
