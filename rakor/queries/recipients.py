"""Reading the list of the invited: search, filters, order, and how far each one's letter is."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from rakor.models import Invitation, LetterCopy, Meeting
from regencies.models import Regency

SORTS = {
    "order": (_("Urutan surat"), ("group_rank", "order", "pk")),
    "name": (_("Penerima A–Z"), ("addressee", "place", "pk")),
    "quota": (_("Utusan terbanyak"), ("-quota", "addressee", "pk")),
}
STATES = {
    "aktif": (_("Berlaku"), Q(withdrawn_at__isnull=True)),
    "tanpa": (_("Belum bersurat"), Q(withdrawn_at__isnull=True, lettered=False)),
    "bersurat": (_("Sudah bernomor"), Q(withdrawn_at__isnull=True, lettered=True)),
    "tanpa_alamat": (_("Tanpa surel dan telepon"), Q(withdrawn_at__isnull=True, email="", phone="")),
    "batal": (_("Dibatalkan atau diganti"), Q(withdrawn_at__isnull=False)),
}
PER_PAGE = (25, 50)


def recipients_listed(
    user: Any, meeting: Meeting, *, q: str = "", group: str = "", state: str = "", sort: str = ""
) -> QuerySet[Invitation]:
    """The recipients that fit the search; those that stand unless `state` asks for others. `lettered`: has a number."""
    numbered = LetterCopy.objects.standing().filter(invitation=OuterRef("pk"), number__isnull=False)
    rows = (
        Invitation.objects.visible_to(user).filter(meeting=meeting)
        .select_related("meeting", "regency", "agency")
        .annotate(lettered=Exists(numbered), group_rank=_rank())
    )  # fmt: skip
    for word in q.split():
        rows = rows.filter(
            Q(addressee__icontains=word) | Q(place__icontains=word) | Q(regency__name__icontains=word)
            | Q(agency__name__icontains=word)
        )  # fmt: skip
    if group in Invitation.Group.values:
        rows = rows.filter(group=group)
    rows = rows.filter(STATES.get(state, STATES["aktif"])[1])
    return rows.order_by(*SORTS.get(sort, SORTS["order"])[1])


def _rank() -> Case:
    return Case(
        *(When(group=group, then=Value(place)) for place, group in enumerate(Invitation.Group.values)),
        output_field=IntegerField(),
    )


def recipient_counts(meeting: Meeting) -> dict[str, int]:
    """How many active recipients each group has."""
    rows = Invitation.objects.active().filter(meeting=meeting).values_list("group").annotate(n=Count("pk"))
    return dict(rows.order_by())


def uninvited(meeting: Meeting) -> dict[str, int]:
    """How many regencies are not on the list yet, for the two groups that are added at once."""
    total = Regency.objects.filter(province=meeting.province_id).count()
    counted = recipient_counts(meeting)
    return {
        group.value: total - counted.get(group.value, 0)
        for group in (Invitation.Group.HEAD_OF_OFFICE, Invitation.Group.HEAD_OF_REGION)
    }


def initialled_groups(meeting: Meeting) -> set[str]:
    """Groups whose letter waits for approval: their list stands still."""
    return set(meeting.letters.filter(status="diparaf").exclude(group="").values_list("group", flat=True))
