"""What devices at the door exchange with the server, in JSON: the list they hold, and the scans they kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from portal.kernel.errors import Denied, PortalError
from portal.web.access import page
from rakor import rules
from rakor.actions.attendance_scans import receive
from rakor.forms.attendance_scans import Unreadable, read_sending
from rakor.models import AttendanceList
from rakor.queries.attendance import (
    PEOPLE,
    change_of,
    counts_in,
    list_json,
    milliseconds,
    people_json,
    people_of,
    rows_json,
)
from rakor.views.agenda import visible_meeting


def in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for scripts: every refusal is JSON too, {"login": address} with 401 or {"sentence": text}."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            back = urlencode({"next": request.path.rpartition("/pintu/")[0] + "/pintu/"})
            answer = JsonResponse({"login": f"{resolve_url(settings.LOGIN_URL)}?{back}"}, status=401)
            answer["X-Login-Required"] = "1"
            return _private(answer)
        try:
            return _private(view(request, *args, **kwargs))
        except Http404:
            return JsonResponse({"sentence": _("Daftar hadir ini tidak ditemukan.")}, status=404)
        except Denied as refused:
            return JsonResponse({"sentence": str(refused)}, status=403)
        except Unreadable as refused:
            return JsonResponse({"sentence": str(refused)}, status=422)
        except PortalError as refused:
            return JsonResponse({"sentence": str(refused)}, status=409)

    return told


def _private(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


@in_json
@page(who=rules.door_keepers, reads=True)
def door_list(request: HttpRequest, slug: str, list_id: int) -> HttpResponse:
    """The whole list for a device: people, who came, numbers; not sent again while nothing changed."""
    attendance_list = _list(request, slug, list_id)
    people = people_of(attendance_list.meeting_id)
    rows = {row.registration_id: row for row in attendance_list.rows.all()}
    answer = {
        "list": list_json(attendance_list),
        "change": change_of(attendance_list, people),
        "people": people_json(person for person in people if person.expected),
        "rows": rows_json(attendance_list, rows),
        "counts": counts_in(attendance_list, people, rows.values()),
    }
    tag = f'"{hashlib.sha256(json.dumps(answer).encode()).hexdigest()[:24]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = JsonResponse({**answer, "server_time": milliseconds(timezone.now()), "csrf": get_token(request)})
    response["ETag"] = tag
    return response


@in_json
@page(who=rules.door_keepers, writes=True)
def door_sync(request: HttpRequest, slug: str, list_id: int) -> HttpResponse:
    """Take the scans of a device, and tell it what became of them and what it does not know yet."""
    attendance_list = _list(request, slug, list_id)
    if request.method != "POST":
        return JsonResponse({"sentence": _("Kirimkan pemindaian dengan POST.")}, status=405)
    if request.content_type != "application/json":
        return JsonResponse({"sentence": _("Kiriman perangkat tidak terbaca.")}, status=422)
    sending = read_sending(request.body, attendance_list)
    received = receive(attendance_list, sending.items, device=sending.device, by=request.user)
    row, people = received.attendance_list, received.people
    seen, seen_people = divmod(sending.since, PEOPLE)
    if not sending.since or seen > row.change:  # it knows nothing yet, or more than there is: a restored database
        seen = -1
    change = change_of(row, people)
    return JsonResponse(
        {
            "results": [
                {
                    "key": each.key,
                    "outcome": each.outcome,
                    "sentence": each.sentence,
                    "person": each.person,
                    **({"remark": each.remark} if each.remark else {}),
                }
                for each in received.results
            ],
            "list": list_json(row),
            "rows": rows_json(row, received.rows, since=seen),
            "people": people_json(people) if change % PEOPLE != seen_people else [],
            "change": change,
            "server_time": milliseconds(timezone.now()),
            "counts": counts_in(row, people, received.rows.values()),
        }
    )


def _list(request: HttpRequest, slug: str, list_id: int) -> AttendanceList:
    meeting = visible_meeting(request, slug)
    found = get_object_or_404(AttendanceList, meeting=meeting, pk=list_id)
    found.meeting = meeting
    return found
