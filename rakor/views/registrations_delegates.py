"""Delegates of an invitation: an office adds, changes, replaces and cancels its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, ensure
from portal.web.access import page
from portal.web.parameters import whole_number
from portal.web.submissions import form_status, sent
from rakor import rules
from rakor.actions.registrations import register
from rakor.forms.registrations import DelegateForm, initial_from, with_reason
from rakor.models import Invitation, Registration
from rakor.queries.registrations import free_people, office_people
from rakor.views.invitations import opened_or_404
from rakor.views.registration_forms import Place, blame, cancel, edit, replace

ReplacingForm = with_reason(DelegateForm)


@page(who=rules.readers, writes=True)
def delegate_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Name somebody; `?orang=` fills the form with what the register of offices knows of one of the own people."""
    found = opened_or_404(request, slug, pk)
    ensure(rules.may_answer(request.user, found))
    people = free_people(found)
    form = DelegateForm(sent(request), initial=_chosen(request, people), people=office_people(found))
    if request.method == "POST" and form.is_valid():
        source = Registration.Source.OFFICE if rules.is_invited(request.user, found) else Registration.Source.COMMITTEE
        try:
            made = register(
                found.meeting, form.values, by=request.user, source=source, invitation=found,
                client_key=form.cleaned_data["client_key"],
            )  # fmt: skip
        except Blocked as error:
            blame(form, error)
        else:
            messages.success(request, _("%(name)s terdaftar sebagai utusan.") % {"name": made.participant.name})
            return redirect(found)
    context = _context(found) | {"form": form, "people": people, "action": "add"}
    return render(request, "rakor/registrations/delegate.html", context, status=form_status(request))


def _chosen(request: HttpRequest, people: Any) -> dict[str, Any]:
    pk = whole_number(request.GET.get("orang"))
    position = people.filter(pk=pk).first() if pk else None
    return initial_from(position) if position else {}


def _context(found: Invitation) -> dict[str, Any]:
    return {"invitation": found, "meeting": found.meeting, "stale": False, "theirs": [], "people": []}


def _place(request: HttpRequest, slug: str, pk: int, registration_id: int) -> Place:
    """The delegate with the invitation he comes for.

    Errors: Http404; Denied.
    """
    found = opened_or_404(request, slug, pk)
    rows = Registration.objects.visible_to(request.user).select_related("participant", "meeting", "invitation__meeting")
    registration = get_object_or_404(rows, pk=registration_id, invitation=found)
    ensure(rules.may_change_registration(request.user, registration))
    return Place(registration, found.get_absolute_url(), "rakor/registrations/delegate.html", _context(found))


@page(who=rules.readers, writes=True)
def delegate_edit(request: HttpRequest, slug: str, pk: int, registration_id: int) -> HttpResponse:
    """Correct what was typed of a delegate; who is late sees both."""
    return edit(request, _place(request, slug, pk, registration_id), DelegateForm)


@page(who=rules.readers, writes=True)
def delegate_replace(request: HttpRequest, slug: str, pk: int, registration_id: int) -> HttpResponse:
    """Somebody else comes instead."""
    place = _place(request, slug, pk, registration_id)
    people = free_people(place.registration.invitation)
    return replace(request, place, ReplacingForm, initial=_chosen(request, people), people=people)


@page(who=rules.readers, writes=True)
def delegate_cancel(request: HttpRequest, slug: str, pk: int, registration_id: int) -> HttpResponse:
    """Nobody comes instead."""
    return cancel(request, _place(request, slug, pk, registration_id))
