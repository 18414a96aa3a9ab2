"""Pages that belong to no domain: health check and choice of language."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views import i18n

from portal.web.access import everyone, page


@page(who=everyone, reads=True)
def health(request: HttpRequest) -> HttpResponse:
    """ "ok" when the web process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@page(who=everyone, writes=True)
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and return to the page."""
    return i18n.set_language(request)
