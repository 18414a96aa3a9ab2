"""The installable page at the door: its shell, its manifest and its service worker. Lists travel by `attendance`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.dates import long_date
from portal.web.access import everyone, page
from rakor import rules
from rakor.models import AttendanceList, Meeting, Registration
from rakor.queries.attendance import lists_of
from rakor.views.agenda import visible_meeting

SCRIPTS = ("door-store", "door-list", "door-sync", "door-camera", "door", "door-add", "door-start")
ASSETS = (
    "vendor/bootstrap.min.css", "css/portal.css", "css/components.css", "css/print.css", "css/door.css",
    "vendor/htmx.min.js", "js/portal.js", "js/session.js", "js/keeper.js", *(f"js/{name}.js" for name in SCRIPTS),
    "vendor/qr/decode.js", "img/icons.svg", "img/mark.svg", "img/ikat.svg", "img/diamond.svg",
)  # fmt: skip
NOON = dt.time(12)
"""Who opens the page after this is at the door of the afternoon."""


@page(who=rules.door_keepers, reads=True)
def door(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the door with all that it needs without a link; what is missing, when there are no lists."""
    meeting = visible_meeting(request, slug)
    may = rules.may_keep_door(request.user, meeting)
    lists = list(lists_of(meeting))
    context = {"meeting": meeting, "may": may, "lists": lists, "categories": Registration.Category.choices}
    if not (may and lists):
        return render(request, "rakor/door/closed.html", context)
    context |= {"setup": setup_of(meeting, lists), "scripts": SCRIPTS}
    response = render(request, "rakor/door/page.html", context)
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    response["X-Door"] = "1"  # the service worker keeps this page and no other answer at its address
    return response


def short_label(attendance_list: AttendanceList) -> str:
    """ "Siang · Rabu, 24 April": what tells lists of one edition apart comes first on a narrow screen."""
    half = str(attendance_list.get_half_display()).capitalize()
    return f"{half} · {long_date(attendance_list.on).rpartition(' ')[0]}"


def setup_of(meeting: Meeting, lists: list[AttendanceList]) -> dict[str, Any]:
    """What the scripts of the page know: the lists with their addresses, the half-day of now, where things are."""
    return {
        "meeting": meeting.slug,
        "zone": settings.TIME_ZONE,
        "noon": NOON.strftime("%H.%M"),
        "lists": [
            {
                "id": each.pk, "on": each.on.isoformat(), "half": each.half,
                "label": short_label(each),
                "url": reverse("door_list", args=[meeting.slug, each.pk]),
                "send": reverse("door_sync", args=[meeting.slug, each.pk]),
            }
            for each in lists
        ],
        "decoder": static("vendor/qr/decode.js"),
        "worker": reverse("door_worker", args=[meeting.slug]),
        "scope": reverse("door", args=[meeting.slug]),
    }  # fmt: skip


@page(who=rules.door_keepers, reads=True)
def door_manifest(request: HttpRequest, slug: str) -> HttpResponse:
    """What a phone needs to install the page: its name, icon, colours and address."""
    meeting = visible_meeting(request, slug)
    home = reverse("door", args=[meeting.slug])
    manifest = {
        "id": home, "start_url": home, "scope": home, "display": "standalone", "orientation": "any",
        "name": _("Pintu %(meeting)s") % {"meeting": meeting.short_name}, "short_name": _("Pintu"),
        "lang": request.LANGUAGE_CODE, "background_color": "#fbf8f1", "theme_color": "#15214a",
        "icons": [
            {"src": static(f"img/door-{edge}.png"), "sizes": f"{edge}x{edge}", "type": "image/png", "purpose": purpose}
            for edge in (192, 512)
            for purpose in ("any", "maskable")
        ],
    }  # fmt: skip
    return JsonResponse(manifest, content_type="application/manifest+json")


@page(who=everyone, reads=True)
def door_worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The service worker; it says nothing about the edition, and a browser asks for it without a session too."""
    home, script = reverse("door", args=[slug]), static("js/door-worker.js")
    # The one name that a script says itself ("./index.js"), so never the one with a hash.
    assets = [*(static(name) for name in ASSETS), f"{settings.STATIC_URL}vendor/qr/index.js"]
    mark = hashlib.sha256("\n".join([script, *assets]).encode()).hexdigest()[:12]
    family = f"pintu-{slug}-"
    told = {
        "cache": family + mark, "family": family, "shell": home, "assets": assets, "static": settings.STATIC_URL,
    }  # fmt: skip
    body = f"self.DOOR = {json.dumps(told)};\nimportScripts({json.dumps(script)});\n"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
