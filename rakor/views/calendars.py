"""Calendars that phones subscribe to: the secret address, and what stands behind it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from portal.web.access import everyone, page, signed_in
from rakor.actions import calendars as verbs
from rakor.models import CalendarFeed, Registration
from rakor.queries.calendars import feed_file, feed_of, taken_part_in
from rakor.tasks import hint_calendar_read


@page(who=everyone, reads=True)
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar of that secret address; unchanged since the phone last asked, it is not sent again."""
    feed = feed_of(key)
    if feed is None:
        raise Http404
    hint_calendar_read(feed)
    content, mark = feed_file(feed)
    etag = f'"{mark}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="rakor.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@page(who=signed_in, writes=True)
def calendar_subscribe(request: HttpRequest) -> HttpResponse:
    """One's own calendar: make its address, change it, stop it."""
    feed = CalendarFeed.objects.filter(user=request.user).first()
    if request.method == "POST":
        _do(request, feed, user=request.user)
        return redirect("calendar_subscribe")
    context = {**_addresses(feed), "meetings": taken_part_in(request.user), "by_card": False}
    return render(request, "rakor/notices/calendar.html", context)


@page(who=everyone, writes=True)
def calendar_pass(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of a participant without an account, behind the secret of his card.

    Who photographs a card may read it and no more: its address is made once, and only the committee takes it back,
    with a new card.
    """
    rows = Registration.objects.active().select_related("meeting", "participant")
    registration = get_object_or_404(rows, token=token)
    feed = CalendarFeed.objects.filter(registration=registration).first()
    if request.method == "POST":
        if request.POST.get("tindakan") == "buat":
            _do(request, None, registration=registration)
        return redirect("calendar_pass", token)
    context = {**_addresses(feed), "registration": registration, "meeting": registration.meeting, "by_card": True}
    response = render(request, "rakor/notices/calendar_pass.html", context)
    response["Cache-Control"] = "private, no-store"  # nobody keeps or finds this page but who has the card
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _do(request: HttpRequest, feed: CalendarFeed | None, **owner: Any) -> None:
    """What the pressed button says; nothing for another word."""
    wanted = request.POST.get("tindakan")
    if wanted == "buat":
        verbs.subscribe(**owner)
        messages.success(request, _("Alamat kalender siap. Salin ke aplikasi kalender Anda."))
    elif wanted == "ganti" and feed:
        verbs.change_address(feed)
        messages.success(request, _("Alamat kalender diganti. Alamat lama tidak berlaku lagi."))
    elif wanted == "henti" and feed:
        verbs.unsubscribe(feed)
        messages.success(request, _("Langganan kalender dihentikan."))


def _addresses(feed: CalendarFeed | None) -> dict[str, Any]:
    if feed is None:
        return {"feed": None, "address": "", "webcal": ""}
    address = f"{settings.PUBLIC_URL}{reverse('calendar_feed', args=[feed.key])}"
    return {"feed": feed, "address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
