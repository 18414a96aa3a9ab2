"""Reading editions: the list with its filters, one edition, what may be copied."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rakor.models import Meeting
from rakor.workflow import MEETING
from regencies.queries import home_province

PER_PAGE = 10


def sort_choices() -> list[tuple[str, str]]:
    """Orders of the list with their labels."""
    return [
        ("-starts_on", _("Terbaru dahulu")), ("starts_on", _("Terlama dahulu")),
        ("title", _("Judul A–Z")), ("town", _("Kota A–Z")),
    ]  # fmt: skip


def listed_meetings(
    user: Any, *, q: str = "", status: str = "", year: str = "", sort: str = "", host: str = ""
) -> QuerySet[Meeting]:
    """The editions this user may see that fit the search, with the number of their sessions as `session_count`."""
    rows = Meeting.objects.visible_to(user).select_related("host_regency").annotate(session_count=Count("sessions"))
    for word in q.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(town__icontains=word) | Q(venue__icontains=word)
            | Q(host_regency__name__icontains=word)
        )  # fmt: skip
    if status in {key for key, _label in MEETING.choices}:
        rows = rows.filter(status=status)
    if year.isdecimal():
        rows = rows.filter(execution_year=int(year[:4]))
    if host:
        rows = rows.filter(host_regency__code=host)
    known = {key for key, _label in sort_choices()}
    return rows.order_by(sort if sort in known else "-starts_on", "-pk")


def year_taken(planning_year: int, *, but: Meeting | None = None, client_key: uuid.UUID | None = None) -> str:
    """The sentence that says which edition plans that year already; "" while none does.

    `but` and the edition of that form (`client_key`) may keep their year.
    """
    found = Meeting.objects.filter(planning_year=planning_year, province=home_province())
    found = found.exclude(status="dibatalkan").exclude(pk=but.pk if but else None)
    taken = next((row for row in found if client_key is None or row.client_key != client_key), None)
    if taken is None:
        return ""
    sentence = _(
        "Tahun perencanaan %(year)s sudah dibahas dalam “%(title)s” (%(dates)s). Satu tahun dibahas dalam satu edisi; "
        "bila edisi itu diganti, batalkan dahulu dengan alasan."
    )
    return sentence % {"year": planning_year, "title": taken.title, "dates": taken.dates}


def years_with_meetings(user: Any) -> list[int]:
    """Execution years that have an edition, the newest first."""
    years = Meeting.objects.visible_to(user).order_by("-execution_year").values_list("execution_year", flat=True)
    return list(dict.fromkeys(years))


def latest_meeting(user: Any) -> Meeting | None:
    """The newest edition that was not cancelled: what a new one is copied from."""
    return Meeting.objects.visible_to(user).exclude(status="dibatalkan").order_by("-starts_on").first()


def edition_before(day: dt.date) -> Meeting | None:
    """The edition held last before that day: what a new one looks back on; None when another follows it already."""
    last = Meeting.objects.exclude(status="dibatalkan").filter(ends_on__lt=day).order_by("-starts_on").first()
    return None if last is None or Meeting.objects.filter(previous=last).exists() else last


def nearest_meeting(user: Any, today: dt.date | None = None) -> Meeting | None:
    """The edition that runs, else the next one, else the one held last; cancelled ones never."""
    rows = Meeting.objects.visible_to(user).exclude(status="dibatalkan").select_related("host_regency")
    running = rows.filter(status="berlangsung").order_by("-starts_on").first()
    return running or next_meeting(user, today) or rows.order_by("-starts_on").first()


def next_meeting(user: Any, today: dt.date | None = None) -> Meeting | None:
    """The edition ahead that begins first, not cancelled; one that takes place just now counts too."""
    rows = Meeting.objects.visible_to(user).exclude(status="dibatalkan").select_related("host_regency")
    return rows.filter(ends_on__gte=today or timezone.localdate()).order_by("starts_on").first()
