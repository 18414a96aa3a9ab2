"""The hall's screen with the live count and the rotating code, and the participants' own check-in by it. No login."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.throttling import TooSoon, try_hall_code
from portal.kernel.errors import Blocked
from portal.web.access import everyone, is_background, page
from portal.web.submissions import form_status, sent
from rakor import rules
from rakor.actions.attendance_scans import check_in_by_code
from rakor.actions.attendance_screens import close_screen, open_screen
from rakor.facts.attendance import AGAIN, KEPT, code_at
from rakor.facts.qr import qr_path
from rakor.forms.attendance import CardForm, CodeForm
from rakor.models import AttendanceList, Registration
from rakor.queries.attendance import counts_of, is_open, label_of, list_of_screen
from rakor.queries.attendance_pass import card_of, card_of_user, day_of
from rakor.views.attendance import list_at

CARD = "rakor_kartu"
"""The cookie that remembers on a phone whose card was opened there."""

CARD_AGE = 30 * 24 * 3600


@page(who=rules.door_keepers, reads=True)
def attendance_screen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The screen of the hall for whoever is signed in."""
    back = reverse("attendance_list", args=[slug, pk])
    return _screen(request, list_at(request, slug, pk), back)


@page(who=everyone, reads=True)
def hall_screen(request: HttpRequest, key: str) -> HttpResponse:
    """The same screen behind its secret address, for a computer that stands in the hall all day without a login."""
    row = list_of_screen(key)
    if row is not None:
        return _public(_screen(request, row, ""))
    template = "rakor/attendance/_screen_over.html" if is_background(request) else "rakor/attendance/screen_over.html"
    return _public(render(request, template, status=410))


def _screen(request: HttpRequest, row: AttendanceList, back: str) -> HttpResponse:
    """A page of its own, then fragments that are not sent again while they are the same."""
    counts, open_ = counts_of(row), is_open(row)
    code = code_at(row.secret, timezone.now()) if open_ else ""
    context = {"meeting": row.meeting, "list": row, "label": label_of(row), "counts": counts, "code": code,
               "url": request.path, "back": back}  # fmt: skip
    content = repr((row.pk, counts, open_, code, get_language())).encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    if is_background(request) and request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    if code:
        address = request.build_absolute_uri(reverse("attendance_arrive"))
        size, path = qr_path(f"{address}?kode={code}")
        shown = address.partition("://")[2]
        context |= {"qr_size": size, "qr_path": path, "address": shown, "digits": f"{code[:3]} {code[3:]}"}
    template = "rakor/attendance/_screen.html" if is_background(request) else "rakor/attendance/screen.html"
    response = render(request, template, context)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-store"
    return response


@page(who=rules.door_keepers, writes=True)
def screen_address(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make the screen's address (`tindakan` "buat") or take it back ("cabut")."""
    row = list_at(request, slug, pk)
    if request.method == "POST" and request.POST.get("tindakan") == "buat":
        open_screen(row, by=request.user)
        messages.success(request, _("Alamat layar siap: buka di komputer ruang sidang."))
    elif request.method == "POST" and request.POST.get("tindakan") == "cabut":
        close_screen(row, by=request.user)
        messages.success(request, _("Alamat layar dicabut. Layarnya berhenti dalam beberapa detik."))
    return redirect(f"{reverse('attendance_list', args=[slug, pk])}#layar")


@page(who=everyone, writes=True)
def attendance_arrive(request: HttpRequest) -> HttpResponse:
    """Where the hall's QR leads: on to the card that this phone knows, else the question whose card it is."""
    code = _digits(request.GET.get("kode", ""))
    form = CardForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return _to_card(form.cleaned_data["card"] or "-", _digits(request.POST.get("kode", "")))
    if request.method != "POST" and "lain" not in request.GET:
        known = request.COOKIES.get(CARD, "")
        if known and card_of(known):
            return _to_card(known, code)
        if own := card_of_user(request.user):
            return _to_card(own.token, code)
    return _public(
        render(request, "rakor/attendance/arrive.html", {"form": form, "code": code}, status=form_status(request))
    )


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())[:6]


def _to_card(token: str, code: str) -> HttpResponse:
    query = f"?kode={code}" if code else ""
    return redirect(f"{reverse('attendance_pass', args=[token[:40]])}{query}")


@page(who=everyone, writes=True)
def attendance_pass(request: HttpRequest, token: str) -> HttpResponse:
    """A participant's own page: name, office, the day's programme, and the check-in by the hall's code."""
    place = card_of(token)
    if place is None:
        return _public(render(request, "rakor/attendance/no_card.html", {"withdrawn": False}, status=404))
    if place.status != Registration.Status.EXPECTED or place.meeting.status in ("arsip", "dibatalkan"):
        return _public(render(request, "rakor/attendance/no_card.html", {"withdrawn": True}, status=410))
    form = CodeForm(sent(request), initial={"code": _digits(request.GET.get("kode", ""))})
    status = form_status(request)
    if request.method == "POST" and form.is_valid():
        try:
            return _arrived(request, place, form.cleaned_data)
        except TooSoon as error:
            status = 429
            form.add_error("code", str(error))
        except Blocked as error:
            form.add_error("code", str(error))
    day = day_of(place)
    context = {"place": place, "meeting": place.meeting, "form": form, "day": day, "code": form["code"].value() or ""}
    response = _public(render(request, "rakor/attendance/pass.html", context, status=status))
    response.set_cookie(
        CARD, place.token, max_age=CARD_AGE, path=reverse("attendance_arrive"), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _arrived(request: HttpRequest, place: Registration, values: dict[str, Any]) -> HttpResponse:
    """Check in, and show the page anew.

    Errors: TooSoon after many wrong codes; Blocked for a wrong one.
    """
    tried = try_hall_code(place.token)
    result = check_in_by_code(place, values["code"], key=values["key"])
    tried.succeeded()
    if result.outcome == KEPT:
        messages.warning(
            request, _("Daftar hadir sudah ditutup atau dicatat panitia. Hubungi panitia di meja registrasi.")
        )
    elif result.outcome == AGAIN:
        messages.info(request, _("Anda sudah tercatat."))
    else:
        messages.success(request, _("Kehadiran Anda tercatat. Selamat mengikuti rakor."))
    return redirect("attendance_pass", place.token)


def _public(response: HttpResponse) -> HttpResponse:
    """Nobody keeps or finds this page but who has the card."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
