"""Reading all proposals of a year side by side: filters, sums by what one asks for, one number per regency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from programs.models import Funding, Proposal, told
from programs.queries.agreed import Line
from programs.queries.snapshots import sent_part, sent_rank
from programs.rules import AGREED, IN_PROCESS
from programs.workflow import PROPOSAL
from regencies.models import Regency

BACK = ("dikembalikan", "ditarik")
"""Statuses in which the rows may hold what the regency has changed since: only what was sent is compared."""

COMPARABLE = (*IN_PROCESS, *BACK)
"""What one may ask for by status."""

SORTS = {
    "place": (_("Kabupaten/kota dan prioritas"), ("regency__code", F("shown_rank").asc(nulls_last=True), "pk")),
    "money": (_("Pagu terbesar"), ("-money", "pk")),
    "least": (_("Pagu terkecil"), ("money", "pk")),
    "score": (_("Nilai tertinggi"), (F("score").desc(nulls_last=True), "pk")),
    "title": (_("Judul"), ("shown_title", "pk")),
}
GROUPS = {
    "regency": _("Kabupaten/kota"),
    "source": _("Sumber dana"),
    "sector": _("Sektor"),
    "sub_activity": _("Sub-kegiatan"),
    "status": _("Status"),
}
MEASURES = {
    "money": _("Pagu usulan"),
    "count": _("Banyaknya usulan"),
    "agreed": _("Pagu disepakati"),
    "share": _("Bagian pagu yang disepakati"),
}
"""What the tile map can show."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for. Numbers are primary keys; None or "" means all."""

    year: int
    text: str = ""
    regency: int | None = None
    source: int | None = None
    sector: int | None = None
    sub_activity: int | None = None
    status: str = ""
    sort: str = "place"


@dataclass
class Group(Line):
    """One line of the sums. `key` is what a filter would take."""

    key: Any = None
    label: str = ""


def years(user: Any) -> list[int]:
    """The years with something to compare, the newest first."""
    found = Proposal.objects.visible_to(user).filter(sent_at__isnull=False)
    return list(found.order_by("-year").values_list("year", flat=True).distinct())


def compared(user: Any, wanted: Wanted) -> QuerySet[Proposal]:
    """The proposals asked for, without order; `money` and `agreed` are the chosen source's share when one is chosen.

    `shown_title` and `shown_rank` are what the reader may see; `sent_title` is "" where the live rows are shown.
    Those returned or withdrawn may have been changed since: they are found by asking for that status alone, by title
    and money of the version that was sent last, never by a source, sector or code.
    """
    found = Proposal.objects.visible_to(user).filter(year=wanted.year)
    found = found.filter(told(wanted.status) if wanted.status else Q(status__in=IN_PROCESS))
    if wanted.regency:
        found = found.filter(regency=wanted.regency)
    if wanted.status in BACK:
        return _as_sent(found, wanted)
    if wanted.sector:
        found = found.filter(sector=wanted.sector)
    if wanted.sub_activity:
        found = found.filter(sub_activity=wanted.sub_activity)
    for word in wanted.text.split():
        found = found.filter(_holding(word))
    return _with_money(found, wanted)


def _holding(word: str) -> Q:
    return (
        Q(title__icontains=word)
        | Q(product__icontains=word)
        | Q(center__icontains=word)
        | Q(district__icontains=word)
        | Q(village__icontains=word)
        | Q(sub_activity__code__startswith=word)
        | Q(regency__name__icontains=word)
        | Q(regency__aliases__icontains=word)
    )


def _as_sent(found: QuerySet[Proposal], wanted: Wanted) -> QuerySet[Proposal]:
    """With title and money of the last version; nothing when something is asked that only the live rows know."""
    money = Coalesce(sent_part("budget_rupiah"), 0, output_field=BigIntegerField())
    found = found.annotate(
        money=money, agreed=Value(0, BigIntegerField()), sent_title=sent_part("title"), shown_title=F("sent_title"),
        shown_rank=sent_rank(), shown_status=Value(wanted.status),
    )  # fmt: skip
    if wanted.source or wanted.sector or wanted.sub_activity:
        return found.none()
    for word in wanted.text.split():
        found = found.filter(Q(sent_title__icontains=word) | Q(regency__name__icontains=word))
    return found


def _with_money(found: QuerySet[Proposal], wanted: Wanted) -> QuerySet[Proposal]:
    found = found.annotate(sent_title=Value(""), shown_title=F("title"), shown_rank=F("rank"), shown_status=F("status"))
    if wanted.source:
        share = Funding.objects.filter(proposal=OuterRef("pk"), source=wanted.source)
        return found.filter(Exists(share)).annotate(
            money=Subquery(share.values("share_rupiah")[:1]),
            agreed=Coalesce(Subquery(share.values("agreed_rupiah")[:1]), 0, output_field=BigIntegerField()),
        )
    return found.annotate(money=F("budget_rupiah"), agreed=Coalesce(F("agreed_rupiah"), 0))


def in_order(found: QuerySet[Proposal], sort: str) -> QuerySet[Proposal]:
    """The rows in that order, with everything a line of the table shows."""
    _label, order = SORTS.get(sort) or SORTS["place"]
    return found.select_related("regency", "sector", "sub_activity").prefetch_related("shares__source").order_by(*order)


_SUMS = {
    "count": Count("pk", distinct=True),
    "total": Sum("money"),
    "agreed_count": Count("pk", distinct=True, filter=Q(status__in=AGREED)),
    "agreed_total": Sum("agreed"),
}
_KEYS = {
    "regency": ("regency_id", "regency__name", "regency__code"),
    "sector": ("sector_id", "sector__name", "sector__position"),
    "sub_activity": ("sub_activity_id", "sub_activity__name", "sub_activity__code"),
    "status": ("shown_status", "shown_status", "shown_status"),
}


def groups(found: QuerySet[Proposal], by: str) -> list[Group]:
    """The sums by regency, sector, sub-activity or status; by source the shares are added up. One statement.

    Which sector or code one that was returned or withdrawn has by now is not told: it is in no line of these.
    """
    if by == "source":
        return _by_source(found)
    if by in ("sector", "sub_activity"):
        found = found.filter(status__in=IN_PROCESS)
    key, label, order = _KEYS[by]
    rows = found.order_by().values(key, label, order).annotate(**_SUMS).order_by(order)
    return [_group(row, row[key], _label(by, row[label], row[order])) for row in rows]


def _group(row: dict[str, Any], key: Any, label: str) -> Group:
    return Group(row["count"], row["agreed_count"], row["total"] or 0, row["agreed_total"] or 0, key=key, label=label)


def _label(by: str, label: str | None, order: Any) -> str:
    if by == "status":
        return PROPOSAL.status(label).label
    if by == "sub_activity" and label:
        return f"{order} {label}"
    return label or "–"


def _by_source(found: QuerySet[Proposal]) -> list[Group]:
    rows = (
        Funding.objects.filter(proposal__in=found.order_by().values("pk"))
        .filter(proposal__status__in=IN_PROCESS)
        .values("source_id", "source__key", "source__position")
        .annotate(
            count=Count("proposal", distinct=True),
            total=Sum("share_rupiah"),
            agreed_count=Count("proposal", distinct=True, filter=Q(proposal__status__in=AGREED)),
            agreed_total=Sum("agreed_rupiah"),
        )
        .order_by("source__position")
    )
    return [_group(row, row["source_id"], row["source__key"]) for row in rows]


def total_of(lines: list[Group]) -> Line:
    """The sum of all lines, when every proposal is in one line only."""
    total = Line()
    for line in lines:
        total.add(line)
    return total


def measured(lines: list[Group], measure: str) -> dict[int, float]:
    """Per regency the number the map shows; `lines` are the sums by regency."""
    values = {
        "money": lambda line: line.proposed_rupiah,
        "count": lambda line: line.count,
        "agreed": lambda line: line.agreed_rupiah,
        "share": lambda line: line.agreed_rupiah / line.proposed_rupiah if line.proposed_rupiah else 0,
    }
    take = values.get(measure) or values["money"]
    return {line.key: take(line) for line in lines}


def everywhere(user: Any) -> QuerySet[Regency]:
    """All regencies in the order of their codes."""
    return Regency.objects.visible_to(user).order_by("code")
