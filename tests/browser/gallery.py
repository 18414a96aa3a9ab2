"""Pages that show the design system, for the browser tests only (docs/interface.md describes the parts).

The forms here answer like the portal's views do: 422 for mistakes, a redirect for success, 401 without a session.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django_htmx.http import trigger_client_event

from portal.kernel.decision import ALLOW, deny
from portal.web.access import page, signed_in
from regencies.models import Regency

received: list[str] = []

PAGES = Path(__file__).parent / "pages"


class Sample(forms.Form):
    """Each kind of field once."""

    title = forms.CharField(label="Judul")
    starts_on = forms.DateField(label="Mulai", widget=forms.DateInput(attrs={"type": "date"}))
    fund = forms.ChoiceField(label="Dana", choices=[("a", "APBD"), ("d", "DAK")])
    open = forms.BooleanField(label="Terbuka", required=False)
    note = forms.CharField(label="Catatan", widget=forms.Textarea, required=False)
    secret = forms.CharField(label="Rahasia", widget=forms.PasswordInput, required=False)


def _html(request: HttpRequest, name: str, context: dict) -> str:
    return engines["django"].from_string((PAGES / f"{name}.html").read_text()).render(context, request)


def _render(request: HttpRequest, name: str, status: int = 200, **context: object) -> HttpResponse:
    return HttpResponse(_html(request, name, context), status=status)


@page(who=signed_in, reads=True)
def listing(request: HttpRequest) -> HttpResponse:
    """A list with toolbar, table, pagination and tile map."""
    regencies = list(Regency.objects.order_by("code"))
    tiles = [
        {"row": r.tile_row, "col": r.tile_col, "code": r.short, "name": r.name, "url": "#", "tone": "success"}
        for r in regencies
    ]
    found = [r for r in regencies if request.GET.get("q", "").lower() in r.name.lower()]
    return _render(
        request,
        "listing",
        q=request.GET.get("q", ""),
        rows=Paginator(found, 8).get_page(request.GET.get("page")),
        sorts=[("nama", "Nama"), ("status", "Status")],
        tiles=tiles,
        legend=[{"tone": "success", "label": "Sudah mengirim"}],
    )


@page(who=signed_in, reads=True)
def parts(request: HttpRequest) -> HttpResponse:
    """Most of the other parts."""
    return _render(
        request,
        "parts",
        no=deny("Notula sudah final."),
        yes=ALLOW,
        tasks=[{"title": "Periksa notula", "url": "#", "note": "Rakor 2019", "tone": "warning"}],
        steps=[{"label": "Konsep", "state": "done"}, {"label": "Diperiksa", "state": "current"}],
        tabs=[{"url": "#", "label": "Acara", "active": True, "count": 34}, {"url": "#", "label": "Notula"}],
        entries=[
            {"what": "Dikembalikan", "who": "Kabid", "at": dt.datetime(2019, 4, 25, tzinfo=dt.UTC), "note": "Nama."}
        ],
    )


@page(who=signed_in, writes=True)
def form(request: HttpRequest) -> HttpResponse:
    """A form that is kept."""
    sample = Sample(request.POST or None)
    if request.method == "POST" and sample.is_valid():
        received.append(sample.cleaned_data["title"])
        messages.success(request, "Tersimpan.", extra_tags="undo:/contoh/urungkan/")
        return redirect("/contoh/")
    return _render(request, "form", status=422 if sample.errors else 200, form=sample)


@page(who=signed_in, writes=True)
def send(request: HttpRequest) -> HttpResponse:
    """Slow, so that a second click meets the first."""
    time.sleep(0.3)
    received.append(request.POST.get("word", ""))
    response = HttpResponse(f'<p id="out">terima {len(received)}</p>')
    return trigger_client_event(
        response, "toast", {"text": "Diterima.", "tone": "success", "undo": "/contoh/urungkan/"}
    )


@page(who=signed_in, writes=True)
def undo(request: HttpRequest) -> HttpResponse:
    """Takes the last one back."""
    received.pop()
    messages.info(request, "Diurungkan.")
    return redirect(request.POST.get("next", "/contoh/"))


@page(who=signed_in, writes=True)
def refused(request: HttpRequest) -> HttpResponse:
    """A refusal as the middleware gives it."""
    return HttpResponse("Susunan acara sudah diubah orang lain.", status=409, content_type="text/plain; charset=utf-8")


@page(who=signed_in, reads=True)
def progress(request: HttpRequest) -> HttpResponse:
    """Ready at the first question."""
    return _render(request, "progress")


urlpatterns = [
    path("contoh/", listing),
    path("contoh/bagian/", parts),
    path("contoh/formulir/", form),
    path("contoh/kirim/", send),
    path("contoh/urungkan/", undo),
    path("contoh/ditolak/", refused),
    path("contoh/kemajuan/", progress),
    path("", include("portal.urls")),
]
handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"
