"""Reading who was invited and what came back: the committee's board, and what an invited office sees of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.workflow import Status
from rakor.models import Invitation, LetterCopy, Meeting, Registration
from regencies.models import Regency

ANSWER, GROUP = Invitation.Answer, Invitation.Group
SORTS = {
    "silent": ["rank", F("read_at").asc(nulls_first=True), "group", "order", "pk"],
    "place": ["group", "order", "pk"],
    "name": ["addressee", "pk"],
    "-answered_at": [F("answered_at").desc(nulls_last=True), "pk"],
}
MAPPED = (GROUP.HEAD_OF_OFFICE, GROUP.HEAD_OF_REGION)
"""Groups of which every regency has one: what the tile map can show."""


@dataclass(frozen=True)
class Wanted:
    """What was asked of the board; "" for all."""

    q: str = ""
    group: str = ""
    state: str = ""
    sort: str = "silent"


# What the board says of an invitation, and in which order: whoever is silent comes first.
STATES = {
    "belum": Status("belum", gettext_noop("Belum menjawab"), "neutral"),
    "menolak": Status("menolak", gettext_noop("Tidak hadir"), "danger"),
    "hadir": Status("hadir", gettext_noop("Hadir, belum lengkap"), "info"),
    "lengkap": Status("lengkap", gettext_noop("Hadir dan lengkap"), "success"),
    "belum_dikirim": Status("belum_dikirim", gettext_noop("Belum dikirim"), "neutral"),
}


def sort_choices() -> list[tuple[str, str]]:
    """Orders of the board with their labels."""
    return [
        ("silent", _("Yang belum menjawab dahulu")), ("place", _("Urutan undangan")), ("name", _("Nama A–Z")),
        ("-answered_at", _("Jawaban terbaru")),
    ]  # fmt: skip


def with_progress(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Invitations with `sent_at`, `read_at`, `confirm_by` (ISO text) of their letter, `named` delegates and `rank`.

    `rank`: 0 silent, 1 declined, 2 comes but delegates or surat tugas are missing, 3 complete, 4 not sent yet.
    """
    copies = LetterCopy.objects.standing().filter(invitation=OuterRef("pk"), sent_at__isnull=False).order_by("-pk")
    named = (
        Registration.objects.active().filter(invitation=OuterRef("pk")).order_by().values("invitation")
        .annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    day = KeyTextTransform("confirm_by", "letter__content")
    rows = rows.annotate(
        sent_at=Subquery(copies.values("sent_at")[:1], output_field=DateTimeField()),
        read_at=Subquery(copies.values("read_at")[:1], output_field=DateTimeField()),
        confirm_by=Subquery(copies.annotate(day=day).values("day")[:1], output_field=TextField()),
        named=Coalesce(Subquery(named[:1]), 0),
    )  # fmt: skip
    return rows.annotate(
        rank=Case(
            When(sent_at__isnull=True, answer=ANSWER.NONE, then=Value(4)),
            When(answer=ANSWER.NONE, then=Value(0)),
            When(answer=ANSWER.DECLINED, then=Value(1)),
            When(_complete(), then=Value(3)),
            default=Value(2), output_field=IntegerField(),
        )
    )  # fmt: skip


def _complete() -> Q:
    """Whoever comes has named somebody and, unless it is a head of region, handed in the surat tugas."""
    return Q(named__gt=0) & (~Q(assignment_file="") | Q(group=GROUP.HEAD_OF_REGION))


RANKS = ("belum", "menolak", "hadir", "lengkap", "belum_dikirim")


def state_of(invitation: Invitation) -> Status:
    """What the board says of a row of `with_progress`."""
    return STATES[RANKS[invitation.rank]]


def deadline_of(invitation: Invitation) -> dt.date | None:
    """The day until which a row of `with_progress` is to be answered."""
    return dt.date.fromisoformat(invitation.confirm_by) if invitation.confirm_by else None


def board(user: Any, meeting: Meeting, wanted: Wanted) -> QuerySet[Invitation]:
    """The standing invitations of an edition that fit the search, as `with_progress` has them."""
    rows = Invitation.objects.visible_to(user).active().filter(meeting=meeting).select_related("agency", "regency")
    for word in wanted.q.split():
        rows = rows.filter(
            Q(addressee__icontains=word) | Q(agency__name__icontains=word) | Q(regency__name__icontains=word)
            | Q(regency__aliases__icontains=word)
        )  # fmt: skip
    if wanted.group in GROUP.values:
        rows = rows.filter(group=wanted.group)
    rows = with_progress(rows)
    if wanted.state in RANKS:
        rows = rows.filter(rank=RANKS.index(wanted.state))
    return rows.order_by(*SORTS.get(wanted.sort, SORTS["silent"]))


def totals(meeting: Meeting, group: str = "") -> dict[str, int]:
    """How many standing invitations are in each state (keys of STATES), `coming`, silent but `read`, `delegates`."""
    rows = Invitation.objects.active().filter(meeting=meeting)
    rows = with_progress(rows.filter(group=group) if group else rows).order_by()
    found = {key: Count("pk", filter=Q(rank=rank)) for rank, key in enumerate(RANKS)}
    counted = rows.aggregate(**found, read=Count("pk", filter=Q(rank=0, read_at__isnull=False)))
    counted["coming"] = counted["hadir"] + counted["lengkap"]
    return counted | {"delegates": Registration.objects.active().filter(invitation__in=rows.values("pk")).count()}


def tiles(meeting: Meeting, group: str, regencies: Iterable[Regency]) -> list[dict[str, Any]]:
    """The tile map: every regency with the answer of its office, or of its head."""
    rows = Invitation.objects.active().filter(meeting=meeting, group=group, regency__isnull=False)
    found: Mapping[int, Invitation] = {row.regency_id: row for row in with_progress(rows)}
    return [_tile(meeting, place, found.get(place.pk)) for place in regencies]


def _tile(meeting: Meeting, place: Regency, invitation: Invitation | None) -> dict[str, Any]:
    tile = {"row": place.tile_row, "col": place.tile_col, "code": place.short or place.code, "name": place.name}
    if invitation is None:
        return tile | {"tone": "neutral", "note": _("Belum diundang"), "url": ""}
    state = state_of(invitation)
    note = _(state.label)
    if invitation.answer == ANSWER.COMING:
        note = _("%(state)s: %(n)s dari %(quota)s utusan") % {
            "state": note, "n": invitation.named, "quota": invitation.quota,
        }  # fmt: skip
    return tile | {"tone": state.tone, "note": note, "url": reverse("invitation", args=[meeting.slug, invitation.pk])}


def tile_legend() -> list[dict[str, str]]:
    """What the colours of the map mean."""
    return [
        {"tone": STATES[key].tone, "label": _(STATES[key].label)} for key in ("belum", "hadir", "lengkap", "menolak")
    ]


def own_invitations(user: Any, slug: str = "") -> QuerySet[Invitation]:
    """The standing invitations that this user's office received, of that edition or of all."""
    rows = Invitation.objects.received_by(user).active()
    rows = rows.filter(copies__sent_at__isnull=False, copies__voided_at__isnull=True)
    rows = rows.filter(meeting__slug=slug) if slug else rows
    rows = with_progress(rows.select_related("meeting", "regency", "agency"))
    return rows.order_by("meeting__starts_on", "order", "pk")


def letters_of(invitation: Invitation) -> list[LetterCopy]:
    """The copies that were sent for an invitation and stand, the newest first."""
    rows = LetterCopy.objects.standing().filter(invitation=invitation, sent_at__isnull=False)
    rows = rows.select_related("letter__signer__agency", "number", "document").defer("document__facts")
    return list(rows.order_by("-sent_at", "-pk"))


def days_left(deadline: dt.date | None) -> int | None:
    """Days until the deadline, negative when it has passed; None without one."""
    return (deadline - timezone.localdate()).days if deadline else None
