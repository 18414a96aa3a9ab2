"""One's own account: data, sessions, forms that wait."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from portal.accounts import actions, queries
from portal.accounts.forms import ProfileForm
from portal.accounts.models import ParkedForm, User
from portal.accounts.rules import must_have_second_factor
from portal.accounts.session import PARKED_FIELD
from portal.web.access import page, signed_in
from portal.web.submissions import form_status, sent


@page(who=signed_in, writes=True)
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Own name, e-mail and phone; positions; the state of second factor and sessions."""
    # A fresh copy: a refused form must not rename the user whom the rest of the page shows.
    form = ProfileForm(sent(request), instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        actions.update_user(request.user, form.cleaned_data, by=request.user)
        messages.success(request, _("Data akun tersimpan."))
        return redirect("profile")
    context = {
        "form": form,
        "second_factor": queries.has_second_factor(request.user),
        "required": must_have_second_factor(request.user),
        "codes_left": len(queries.unused_recovery_codes(request.user)),
        "sessions": queries.sessions_of(request.user, request.session.session_key),
        "waiting": ParkedForm.objects.of(request.user),
    }
    return render(request, "accounts/profile.html", context, status=form_status(request))


@page(who=signed_in, writes=True)
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Own sessions; a POST ends all others."""
    key = request.session.session_key
    if request.method == "POST":
        ended = actions.end_other_sessions(request.user, keep=key)
        messages.success(request, ngettext("%d sesi lain diakhiri.", "%d sesi lain diakhiri.", ended) % ended)
        return redirect("usersessions_list")
    return render(request, "usersessions/usersession_list.html", {"sessions": queries.sessions_of(request.user, key)})


@page(who=signed_in, writes=True)
@never_cache
def parked_form(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A form that arrived after the session had ended: send it now, or throw it away (POST)."""
    form = get_object_or_404(ParkedForm.objects.of(request.user), pk=pk)
    if request.method == "POST":
        actions.discard_parked_form(request.user, pk)
        messages.success(request, _("Isian dibuang."))
        return redirect("home")
    shown = [(queries.field_label(name), value) for name, value in form.data if value.strip()]
    return render(request, "accounts/parked_form.html", {"form": form, "shown": shown, "field": PARKED_FIELD})
