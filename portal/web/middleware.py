"""The language somebody chose; errors of the domain as pages with a sentence."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal.kernel.errors import Denied, PortalError
from portal.web.errors import sentence_page


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


class SentenceErrorsMiddleware:
    """Turns Denied into a 403 and any other PortalError into a 409 page that shows its sentence."""

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
        return None
