"""The first page: what this user has to do, then the nearest edition with its day, then the newest papers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.outbox.queries import unread_messages
from portal.web.access import page, signed_in
from programs.queries.workers import own_worker
from rakor import edition_rules
from rakor.models import Meeting
from rakor.queries.meetings import nearest_meeting, next_meeting
from rakor.queries.papers import newest_papers
from rakor.queries.programme import Day, programme_of
from rakor.queries.tasks import tasks_for
from regencies.rules import only_worker, regency_ids


@page(who=signed_in, reads=True)
def home(request: HttpRequest) -> HttpResponse:
    """Tasks, the running or next edition, its programme of the day; an extension worker's own things."""
    if only_worker(request.user):
        return _workers_home(request)
    meeting = nearest_meeting(request.user)
    today = timezone.localdate()
    day = _day_to_show(request, meeting) if meeting else None
    context: dict[str, Any] = {
        "tasks": tasks_for(request.user),
        "unread": unread_messages(request.user),
        "meeting": meeting,
        "countdown": (meeting.starts_on - today).days if meeting else 0,
        "held": bool(meeting) and meeting.status != "berlangsung" and meeting.ends_on < today,
        "following": _following(request, meeting),
        "day": day,
        "is_today": bool(day) and day.date == today,
        "documents": newest_papers(request.user),
        "may_create": edition_rules.edition_makers(request.user),
    }
    return render(request, "rakor/home.html", context)


def _workers_home(request: HttpRequest) -> HttpResponse:
    """What an extension worker comes for: his reports, his contract. The programme of a rakor is not his work."""
    context = {
        "tasks": tasks_for(request.user),
        "unread": unread_messages(request.user),
        "worker": own_worker(request.user),
        "documents": newest_papers(request.user),
    }
    return render(request, "rakor/home_worker.html", context)


def _following(request: HttpRequest, meeting: Meeting | None) -> dict[str, Any] | None:
    """The next edition ahead with the days until it begins, when it is not the one shown."""
    found = next_meeting(request.user)
    if found is None or found == meeting:
        return None
    return {"meeting": found, "days": (found.starts_on - timezone.localdate()).days}


def _day_to_show(request: HttpRequest, meeting: Meeting) -> Day | None:
    """Today while the edition runs, else its first day."""
    days = programme_of(meeting, now=timezone.now(), regencies=regency_ids(request.user)).days()
    today = timezone.localdate()
    return next((day for day in days if day.date == today), days[0] if days else None)
