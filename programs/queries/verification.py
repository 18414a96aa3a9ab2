"""The verifiers' queue, who comes next, how far each regency is, and what belongs to one proposal's verification."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_noop as _

from portal.accounts.models import User
from programs import rules
from programs.models import (
    Comment,
    Funding,
    FundingSource,
    Proposal,
    ReturnPoint,
    Round,
    Sector,
    SubActivity,
    Submission,
    told,
)
from programs.queries.points import FILE, WHOLE
from programs.queries.scoring import sheet_of
from programs.queries.snapshots import sent_part, sent_rank
from programs.queries.versions import difference
from regencies.models import Position, Regency
from regencies.rules import Role, regency_ids

WAITING = ("diajukan", "dikembalikan", "lolos")
"""Statuses of the queue: to be checked, with the regency again, passed."""

SORTS = {
    "waiting": (_("Terlama dahulu"), ("sent_at", "regency__code", "pk")),
    "priority": (_("Prioritas"), ("sent_rank", "regency__code", "pk")),
    "money": (_("Pagu terbesar"), ("-sent_budget", "pk")),
    "score": (_("Nilai tertinggi"), (F("score").desc(nulls_last=True), "pk")),
    "regency": (_("Kabupaten/kota"), ("regency__code", "sent_rank", "pk")),
}
SCOPES = {"saya": _("Tugas saya"), "bebas": _("Belum diambil"), "semua": _("Semua")}


@dataclass(frozen=True)
class Wanted:
    """What of the queue is looked at; empty values do not restrict."""

    year: int
    scope: str = "semua"
    text: str = ""
    regency: str = ""
    source: str = ""
    sector: str = ""
    sub_activity: str = ""
    status: str = ""
    sort: str = "waiting"


def years_of_rounds() -> list[int]:
    """Planning years with a round or proposals, the latest first."""
    found = set(Round.objects.values_list("year", flat=True))
    found |= set(Proposal.objects.kept().order_by().values_list("year", flat=True).distinct())
    return sorted(found, reverse=True)


def _queued(year: int) -> QuerySet[Proposal]:
    return Proposal.objects.kept().filter(told(*WAITING), year=year)


def queue(user: Any, wanted: Wanted) -> QuerySet[Proposal]:
    """The proposals of the queue with what was last sent: sent_title, sent_budget, sent_rank, versions, open_points.

    A returned one is being edited: filters look at what was last sent of it, never at the draft.
    """
    points = ReturnPoint.objects.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    untold = points.filter(Q(answered_at__isnull=True) | ~_resent())
    found = _queued(wanted.year).alias(sent_content=sent_part("content")).annotate(
        sent_title=sent_part("title"),
        sent_budget=sent_part("budget_rupiah"),
        sent_rank=sent_rank(),
        versions=sent_part("number"),
        points=Subquery(points.annotate(n=Count("pk")).values("n")),
        open_points=Subquery(untold.annotate(n=Count("pk")).values("n")),
    )  # fmt: skip
    found = _filtered(found, user, wanted)
    _label, order = SORTS.get(wanted.sort) or SORTS["waiting"]
    return found.select_related("regency", "verifier").order_by(*order)


def _filtered(found: QuerySet[Proposal], user: Any, wanted: Wanted) -> QuerySet[Proposal]:
    if wanted.scope == "saya":
        found = found.filter(verifier=user)
    elif wanted.scope == "bebas":
        found = found.filter(verifier__isnull=True, status="diajukan")
    if wanted.regency:
        found = found.filter(regency__code=wanted.regency)
    if wanted.status:
        found = found.filter(told(wanted.status))
    back = told(rules.RETURNED)
    live = ~back
    if wanted.sector:
        key = wanted.sector
        found = found.filter(live & Q(sector__key=key) | back & Q(sent_content__fields__sector__key=key))
    if wanted.sub_activity:
        code = wanted.sub_activity
        found = found.filter(
            live & Q(sub_activity__code=code) | back & Q(sent_content__fields__sub_activity__code=code)
        )
    if wanted.source:
        paid = Funding.objects.filter(source__key=wanted.source, share_rupiah__gt=0).values("proposal")
        found = found.filter(
            live & Q(pk__in=paid) | back & Q(sent_content__shares__contains=[{"source": wanted.source}])
        )
    for word in wanted.text.split():
        found = found.filter(Q(sent_title__icontains=word) | Q(regency__name__icontains=word))
    return found


def listed(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The same rows, each with its sources as `paid_by`; those of a returned one are in its last version only."""
    shares = Funding.objects.filter(share_rupiah__gt=0).select_related("source")
    return found.prefetch_related(Prefetch("shares", shares, to_attr="paid_by"))


def counts(user: Any, year: int) -> dict[str, int]:
    """How many stand in each scope of the queue."""
    found = (
        _queued(year)
        .order_by()
        .aggregate(
            saya=Count("pk", filter=Q(verifier=user)),
            bebas=Count("pk", filter=Q(verifier__isnull=True, status="diajukan")),
            semua=Count("pk"),
        )
    )
    return dict(found)


def choices_of(year: int) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what occurs in the queue of the year. 5 queries.

    A returned proposal is being edited: what occurs in it is what was last sent of it.
    """
    queued = _queued(year).order_by()
    back = told(rules.RETURNED)
    live, sent = queued.exclude(back), _occurring(queued.filter(back))
    regencies = queued.values_list("regency__code", "regency__name").distinct().order_by("regency__code")
    paid = Funding.objects.filter(proposal__in=live, share_rupiah__gt=0)
    sources = FundingSource.objects.filter(Q(pk__in=paid.values("source")) | Q(key__in=sent["source"]))
    sectors = Sector.objects.filter(Q(pk__in=live.values("sector")) | Q(key__in=sent["sector"]))
    codes = SubActivity.objects.filter(Q(pk__in=live.values("sub_activity")) | Q(code__in=sent["sub_activity"]))
    names = codes.order_by("code", "name").values_list("code", "name").distinct()
    return {
        "regency": list(regencies),
        "source": list(sources.order_by("position").values_list("key", "name")),
        "sector": list(sectors.order_by("position").values_list("key", "name")),
        "sub_activity": [(code, f"{code} {name}"[:90]) for code, name in names],
    }


def _occurring(returned: QuerySet[Proposal]) -> dict[str, set[str]]:
    """The sources, sectors and codes in the last versions of these proposals."""
    parts = ("content__shares", "content__fields__sector__key", "content__fields__sub_activity__code")
    rows = list(returned.values_list(*(sent_part(part) for part in parts)))
    return {
        "source": {share["source"] for shares, _sector, _code in rows for share in shares or ()},
        "sector": {sector for _shares, sector, _code in rows if sector},
        "sub_activity": {code for _shares, _sector, code in rows if code},
    }


def next_in_queue(user: Any, year: int, *, after: int | None = None) -> Proposal | None:
    """The proposal this verifier should look at next: his own that waits longest, else one that nobody has."""
    waiting = Proposal.objects.kept().filter(year=year, status="diajukan").exclude(pk=after)
    mine = waiting.filter(Q(verifier=user) | Q(verifier__isnull=True)).select_related("regency")
    return mine.order_by(F("verifier").asc(nulls_last=True), "sent_at", "pk").first()


def progress_by_regency(year: int) -> list[Any]:
    """Every regency with how many of its proposals of the year are sent, returned, passed or further."""
    of_year = Q(proposals__year=year, proposals__deleted_at__isnull=True)

    def number(*statuses: str) -> Count:
        return Count("proposals", filter=of_year & told(*statuses, path="proposals__"))

    return list(
        Regency.objects.order_by("code").annotate(
            waiting=number("diajukan"), returned=number("dikembalikan"), passed=number("lolos"),
            further=number("siap_desk", *rules.DECIDED),
        )
    )  # fmt: skip


def verifiers_in_office() -> QuerySet[User]:
    """Everybody who may be given a proposal, by name: verifiers and division heads in office today."""
    held = Position.objects.in_force().filter(role__in=(Role.VERIFIKATOR, Role.KABID_PROV))
    return User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("full_name")


# -- one proposal -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PointRow:
    """A return point as one side sees it: where it leads in the editor, and whether its part has changed since.

    `told`: whether the reader may know the regency's answer. It is part of the version that the regency is writing.
    """

    point: ReturnPoint
    anchor: str
    touched: bool | None
    told: bool

    @property
    def answered(self) -> bool:
        """Whether the regency says it is mended, as far as the reader may know."""
        return self.told and self.point.answered_at is not None

    @property
    def answer(self) -> str:
        """The regency's word, as far as the reader may know it."""
        return self.point.answer if self.told else ""


def _resent() -> Exists:
    """Whether the regency sent another version since: the province reads its answers from then on."""
    return Exists(Submission.objects.filter(proposal=OuterRef("proposal"), number__gt=OuterRef("submission__number")))


def anchor_of(point: ReturnPoint) -> str:
    """The id of the part in the regency's editor: "title", "line-12", "berkas-kak", "lines"."""
    if point.line_id:
        return f"line-{point.line_id}"
    if point.field.startswith(FILE):
        return f"berkas-{point.field.removeprefix(FILE)}"
    return "" if point.field == WHOLE else point.field


def points_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """The points of the last return for templates/programs/verification/_points.html and for marks beside fields.

    Shape: points [PointRow], open_points (how many), may_answer (Decision), points_by {anchor: [point]}.
    """
    latest = proposal.return_points.order_by("-pk").values("submission")[:1]
    found = proposal.return_points.filter(submission__in=latest).annotate(resent=_resent())
    own = proposal.regency_id in regency_ids(user)
    rows = [
        PointRow(point, anchor_of(point), None, told=own or point.resent)
        for point in found.select_related("by").order_by("pk")
    ]
    places: dict[str, list[ReturnPoint]] = {}
    for row in rows:
        if row.anchor and not row.answered:
            places.setdefault(row.anchor, []).append(row.point)
    return {
        "points": rows,
        "open_points": sum(not row.answered for row in rows),
        "may_answer": rules.may_write(user, proposal) if own else None,
        "points_by": places,
    }


def checked_points(proposal: Proposal, content: dict[str, Any]) -> list[PointRow]:
    """Every point ever returned, as the province sees it, newest first.

    Each says whether its part differs from the version it was about.
    """
    found = proposal.return_points.select_related("by", "submission").defer("submission__content")
    found = found.annotate(resent=_resent())
    points = list(found.order_by("-submission__number", "pk"))
    versions = proposal.submissions.filter(number__in={point.submission.number for point in points})
    steps = {number: difference(old, content) for number, old in versions.values_list("number", "content")}
    rows = []
    for point in points:
        where = "" if point.field == WHOLE else point.field
        touched = steps[point.submission.number].touches(where, point.line_id)
        rows.append(PointRow(point, anchor_of(point), touched, told=point.resent))
    return rows


def talk(proposal: Proposal, user: Any) -> dict[str, list[Comment]]:
    """Comments for both sides and the office's own notes, strictly apart. Who may not read the notes gets none."""
    found = Comment.objects.visible_to(user).filter(proposal=proposal).select_related("by")
    return {
        "comments": [row for row in found if not row.internal],
        "notes": [row for row in found if row.internal],
    }


def verification_context(proposal: Proposal, user: Any) -> dict[str, Any]:
    """What templates/programs/verification/_panel.html shows beside a proposal.

    Shape: points_context, comments, may_comment (Decision), comment_key (of a fresh form),
    sheet (the province's score sheet, None for others),
    verifying (whether the page of verification is open to this user), versions [Submission, newest first].
    """
    staff = rules.reads_internal(user)
    return {
        **points_context(proposal, user),
        "comments": talk(proposal, user)["comments"],
        "may_comment": rules.may_comment(user, proposal),
        "comment_key": uuid.uuid4(),
        "sheet": sheet_of(proposal) if staff and proposal.sent_at else None,
        "verifying": staff and proposal.sent_at is not None,
        "versions": list(proposal.submissions.defer("content").select_related("sent_by")),
    }
