"""Changing, replacing and cancelling a place: the same acts on the pages of an office and of the committee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, StaleVersion
from portal.web.submissions import form_status, see_version, sent, shown
from rakor.actions.registrations import (
    cancel_registration,
    change_registration,
    replace_registration,
)
from rakor.forms.registrations import CancelForm, DelegateForm, initial_of
from rakor.models import Registration
from rakor.queries.registrations import office_people


@dataclass(frozen=True)
class Place:
    """A place that may be changed: where one goes afterwards, and the page that shows its forms."""

    registration: Registration
    back: str
    template: str
    context: dict[str, Any]


def blame(form: DelegateForm, error: Blocked) -> None:
    """Say the sentence at the field that it is about, where the form shows that field."""
    name = getattr(error, "name", None)
    form.add_error(name if name in form.fields and not form[name].is_hidden else None, str(error))


def edit(request: HttpRequest, place: Place, form_class: type[DelegateForm]) -> HttpResponse:
    """The form of a place, and its saving; who is late sees both versions."""
    found = place.registration
    form = form_class(sent(request), initial=initial_of(found))
    del form.fields["user"]  # the account stays whose place it is
    status, theirs = form_status(request), []
    if request.method == "POST" and form.is_valid():
        try:
            change_registration(found, form.values, by=request.user, base_version=form.cleaned_data["version"] or 0)
        except StaleVersion as stale:
            status, theirs = 409, _differences(form, stale.current)
            see_version(form, stale.current.version)
        except Blocked as error:
            blame(form, error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect(place.back)
    context = place.context | {
        "form": form, "action": "edit", "registration": found, "stale": status == 409, "theirs": theirs,
        "back": place.back,
    }  # fmt: skip
    return render(request, place.template, context, status=status)


def _differences(form: DelegateForm, current: Registration) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of every field that differs."""
    stored = initial_of(current) | {"regency": current.participant.regency}
    pairs = [(str(form.fields[name].label), stored[name] or "", value or "") for name, value in form.values.items()]
    return [(label, shown(old), shown(new)) for label, old, new in pairs if old != new]


def replace(
    request: HttpRequest, place: Place, form_class: type[DelegateForm], *, initial: dict[str, Any], people: Any = None
) -> HttpResponse:
    """The form of whoever comes instead, with the reason."""
    found = place.registration
    staff = None if people is None else office_people(found.invitation)
    form = form_class(sent(request), initial=initial, people=staff)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = replace_registration(
                found, form.values, data["reason"], by=request.user, client_key=data["client_key"]
            )
        except Blocked as error:
            blame(form, error)
        else:
            names = {"new": made.participant.name, "old": found.participant.name}
            messages.success(request, _("%(new)s menggantikan %(old)s.") % names)
            return redirect(place.back)
    context = place.context | {
        "form": form, "action": "replace", "registration": found, "people": people or [], "back": place.back,
    }  # fmt: skip
    return render(request, place.template, context, status=form_status(request))


def cancel(request: HttpRequest, place: Place) -> HttpResponse:
    """Ask why, then cancel the place."""
    found = place.registration
    form = CancelForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            cancel_registration(found, form.cleaned_data["note"], by=request.user)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s dibatalkan.") % {"name": found.participant.name})
            return redirect(place.back)
    context = place.context | {"form": form, "action": "cancel", "registration": found, "back": place.back}
    return render(request, place.template, context, status=form_status(request))
