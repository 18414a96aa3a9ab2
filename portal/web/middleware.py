"""The language somebody chose; plain texts only; errors of the domain as pages with a sentence."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from portal.kernel.errors import Denied, PortalError
from portal.kernel.plain_text import is_plain, plain
from portal.web.errors import sentence_page
from portal.web.storage import no_room, out_of_room

log = logging.getLogger(__name__)


class ChosenLanguageMiddleware:
    """Indonesian, unless this browser chose English in the portal.

    Django's LocaleMiddleware would follow Accept-Language, and many office phones are sold with English set.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PlainCookiesMiddleware:
    """Forgets cookies with control characters before anybody looks one up: a session or a card by NUL is an error.

    Browsers do not make them; a quoted cookie may still spell any octet ("\\000").
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_plain(value)}
        return self.get_response(request)


class PlainTextMiddleware:
    """Takes control characters out of every field and parameter at the door, once for all views.

    PostgreSQL refuses NUL, XML (Excel, PDF/A) all of them: one pasted character would break a page for everybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_plain(request.path_info):
            raise BadRequest("control characters in the address")
        request.GET = plain_fields(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Clean the form, except where the view itself wants to read the upload."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = plain_fields(request.POST)


def plain_fields(fields: QueryDict) -> QueryDict:
    """The same fields when all are plain, else a copy that is (also for views that read their upload themselves)."""
    if all(is_plain(name) and all(map(is_plain, values)) for name, values in fields.lists()):
        return fields
    cleaned = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        cleaned.setlist(plain(name), [plain(value) for value in values])
    cleaned._mutable = False
    return cleaned


class SentenceErrorsMiddleware:
    """Turns Denied into a 403, any other PortalError into a 409 and a full disk into a 507 page with a sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a domain error; None leaves all other errors to Django."""
        if isinstance(error, Denied):
            return sentence_page(request, str(error), status=403)
        if isinstance(error, PortalError):
            return sentence_page(request, str(error), status=409)
        if out_of_room(error):
            log.error("%s %s found no room: %s", request.method, request.path, error)
            return sentence_page(request, no_room(), status=507)
        return None
