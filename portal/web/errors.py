"""Error pages: each says in a sentence what happened and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from portal.web.access import is_background, login_required_response


def sentence_page(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """The error page of that status with a sentence; scripts get the bare sentence to show as a message."""
    if is_background(request):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    template = "403.html" if status == 403 else "409.html"
    return render(request, template, {"sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by Django itself."""
    return sentence_page(request, _("Anda tidak berwenang membuka halaman ini."), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what exists but is not this user's to see."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without context processors: the database may be the very thing that is down."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form's token is old: says to reload, the browser copy keeps what was typed."""
    if is_background(request) and not request.user.is_authenticated:
        return login_required_response(request)
    return render(request, "403_csrf.html", status=403)
