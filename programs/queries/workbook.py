"""Reading what the workbook of a regency is filled with: its proposals as rows, and the lists to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from portal.kernel.dates import MONTHS
from programs.facts.workbook import LOCKED
from programs.models import CostLine, FundingSource, HelpKind, Indicator, Kbli, Proposal, Sector, SubActivity, Tag
from regencies.models import Regency

LEVELS = (SubActivity.Level.REGENCY, SubActivity.Level.PROVINCE)


def choice_lists() -> dict[str, list[tuple[str, Any]]]:
    """By name of the list: what a cell says, and the row it means. The texts are unique within their list."""
    subs = SubActivity.objects.filter(is_active=True, level__in=LEVELS).order_by("-level", "code")
    return {
        "sub_activities": [(str(row), row) for row in subs],
        "help_kinds": [(row.name, row) for row in HelpKind.objects.filter(is_active=True)],
        "sectors": [(row.name, row) for row in Sector.objects.filter(is_active=True)],
        "kbli": [(str(row), row) for row in Kbli.objects.all()],
        "sources": [(row.key, row.key) for row in FundingSource.objects.filter(is_active=True)],
        "kinds": [(str(kind.label), kind.value) for kind in Indicator.Kind],
        "months": [(name, number) for number, name in enumerate(MONTHS, start=1)],
        "tags": [(row.name, row) for row in Tag.objects.all()],
    }


def rows_of(regency: Regency, year: int) -> dict[str, list[dict[str, Any]]]:
    """The regency's kept proposals of a year as rows by sheet and field, in order of priority."""
    found = (
        Proposal.objects.kept()
        .filter(regency=regency, year=year)
        .select_related("regency", *Proposal.CHOICE_FIELDS)
        .prefetch_related("tags", "shares__source")
        .prefetch_related(
            Prefetch("lines", CostLine.objects.kept().select_related("source")),
            Prefetch("indicators", Indicator.objects.kept()),
        )
        .order_by("rank", "number")
    )
    sheets: dict[str, list[dict[str, Any]]] = {"Usulan": [], "Indikator": [], "RAB": [], "Sumber dana": []}
    for number, proposal in enumerate(found, start=1):
        sheets["Usulan"].append(_main(number, proposal))
        sheets["Indikator"] += [_indicator(number, row) for row in proposal.indicators.all()]
        sheets["RAB"] += [_line(number, row) for row in proposal.lines.all()]
        sheets["Sumber dana"] += [
            {"no": number, "source": share.source.key, "share": share.share_rupiah} for share in proposal.shares.all()
        ]
    return sheets


def _main(number: int, proposal: Proposal) -> dict[str, Any]:
    row = {name: getattr(proposal, name) for name in (*Proposal.TEXT_FIELDS, *Proposal.NUMBER_FIELDS)}
    row |= {"no": number, "code": proposal.code, "state": "" if proposal.writable else LOCKED}
    row |= {name: str(value) if (value := getattr(proposal, name)) else "" for name in ("sub_activity", "kbli")}
    row |= {name: value.name if (value := getattr(proposal, name)) else "" for name in ("help_kind", "sector")}
    for name in ("starts_month", "ends_month"):
        row[name] = MONTHS[row[name] - 1] if row[name] else ""
    row["tags"] = "; ".join(tag.name for tag in proposal.tags.all())
    return row


def _indicator(number: int, row: Indicator) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("name", "baseline", "target", "unit")}
    return values | {"no": number, "kind": str(Indicator.Kind(row.kind).label)}


def _line(number: int, row: CostLine) -> dict[str, Any]:
    names = ("account_code", "description", "quantity_text", "unit", "unit_price_rupiah", "note")
    values = {name: getattr(row, name) for name in names}
    return values | {"no": number, "amount": row.amount_rupiah, "source": row.source.key if row.source else ""}


def own_titles(regency: Regency, year: int) -> Iterable[Proposal]:
    """The kept proposals of that year, for finding doubles and those to change."""
    return Proposal.objects.kept().filter(regency=regency, year=year).select_related("regency")
