"""Reading who takes part: the list with its filters, the counts above it, what an office may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from rakor import rules
from rakor.models import Invitation, Meeting, Registration
from regencies.models import Position

SORTS = {
    "name": ["participant__name", "pk"],
    "institution": ["participant__institution", "participant__name", "pk"],
    "category": ["category", "participant__name", "pk"],
    "-at": ["-at", "-pk"],
}


@dataclass(frozen=True)
class Wanted:
    """What was asked of the list; "" for all."""

    q: str = ""
    category: str = ""
    status: str = "terdaftar"
    regency: str = ""
    sort: str = "name"


def sort_choices() -> list[tuple[str, str]]:
    """Orders of the list with their labels."""
    return [
        ("name", _("Nama A–Z")), ("institution", _("Instansi")), ("category", _("Golongan")),
        ("-at", _("Terbaru didaftarkan")),
    ]  # fmt: skip


def listed_registrations(user: Any, meeting: Meeting, wanted: Wanted) -> QuerySet[Registration]:
    """The places of an edition that this user may see and that fit the search.

    Personal data are searched only for those who may read them.
    """
    rows = Registration.objects.visible_to(user).filter(meeting=meeting)
    rows = rows.select_related("participant__regency", "invitation", "stands_in_for__participant")
    for word in wanted.q.split():
        found = Q(participant__name__icontains=word) | Q(participant__institution__icontains=word)
        found |= Q(participant__title__icontains=word)
        if rules.guest_keepers(user):
            found |= Q(employee_number__startswith=word) | Q(phone__contains=word)
        rows = rows.filter(found)
    if wanted.category in Registration.Category.values:
        rows = rows.filter(category=wanted.category)
    if wanted.status in Registration.Status.values:
        rows = rows.filter(status=wanted.status)
    if wanted.regency:
        rows = rows.filter(participant__regency__code=wanted.regency)
    return rows.order_by(*SORTS.get(wanted.sort, SORTS["name"]))


def counts_by_category(meeting: Meeting) -> list[tuple[str, int]]:
    """Label and number of those expected, per category that has any, the largest first."""
    rows = Registration.objects.active().filter(meeting=meeting).order_by().values_list("category")
    labels = dict(Registration.Category.choices)
    found = rows.annotate(n=Count("pk")).order_by("-n", "category")
    return [(str(labels[category]), n) for category, n in found]


def delegates_of(invitation: Invitation) -> list[Registration]:
    """Everybody registered for an invitation: the expected first, then who was replaced or cancelled."""
    rows = invitation.delegates.select_related("participant", "stands_in_for__participant", "user")
    return sorted(rows, key=lambda row: (row.status != Registration.Status.EXPECTED, row.at, row.pk))


def invitation_for(meeting: Meeting, category: str, regency: Any) -> Invitation | None:
    """The standing invitation of the office of that regency, for somebody who comes as its delegate."""
    if category != Registration.Category.DELEGATE or regency is None:
        return None
    rows = meeting.invitations.active().filter(group=Invitation.Group.HEAD_OF_OFFICE, regency=regency)
    return rows.first()


def free_people(invitation: Invitation) -> QuerySet[Position]:
    """Those of `office_people` who have no place yet: an office chooses from them."""
    taken = Registration.objects.active().filter(meeting=invitation.meeting_id, user__isnull=False).values("user")
    return office_people(invitation).exclude(person__in=taken)


def office_people(invitation: Invitation) -> QuerySet[Position]:
    """The people of the invited office who hold a position today."""
    rows = Position.objects.in_force().select_related("person").exclude(role="tpl")
    if invitation.group == Invitation.Group.HEAD_OF_REGION:
        rows = rows.filter(agency__regency=invitation.regency_id, role="pimpinan")
    elif invitation.agency_id:
        rows = rows.filter(agency=invitation.agency_id)
    else:
        rows = rows.filter(agency__regency=invitation.regency_id or 0, agency__is_lead=True)
    return rows.order_by("role", "person__full_name")
