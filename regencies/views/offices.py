"""The list of offices, the page of one office, and its form for the admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.journal.queries import history_of
from portal.kernel.errors import StaleVersion
from portal.web.access import page
from portal.web.parameters import search_text
from portal.web.submissions import differences, form_status, see_version, sent
from regencies.actions.offices import FIELDS, change_agency
from regencies.facts import letterhead_facts
from regencies.forms.offices import AgencyForm
from regencies.models import Agency
from regencies.queries import emblem_key, emblem_of, offices, search_offices
from regencies.rules import may_edit_agency, may_edit_emblem, may_read_office_history, office_holders


@page(who=office_holders, reads=True)
def agency_list(request: HttpRequest) -> HttpResponse:
    """Every office with who holds which position there today."""
    text = search_text(request)
    return render(request, "regencies/agency_list.html", {"offices": search_offices(request.user, text), "q": text})


@page(who=office_holders, reads=True)
def agency_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, letterhead, positions in force and earlier ones, history."""
    agency = get_object_or_404(offices(request.user), pk=pk)
    earlier = agency.positions.visible_to(request.user).ended().select_related("person").order_by("-ends_on")
    emblem = emblem_of(agency)
    context = {
        "agency": agency,
        "letterhead": letterhead_facts(agency),
        "earlier": earlier,
        "staffed": agency.positions.in_force().exists(),
        "may_edit": may_edit_agency(request.user),
        "emblem_key": emblem_key(emblem),
        "may_edit_emblem": may_edit_emblem(request.user, emblem),
        "entries": history_of(agency) if may_read_office_history(request.user, agency) else None,
    }
    return render(request, "regencies/agency_detail.html", context)


@page(who=may_edit_agency, writes=True)
def agency_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; when somebody else saved in between, both texts are shown and nothing is lost."""
    agency = get_object_or_404(Agency.objects.visible_to(request.user), pk=pk)
    name = agency.name  # as stored: validation writes what was typed into the form's instance
    form = AgencyForm(sent(request), instance=agency)
    theirs, status = [], form_status(request)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        try:
            change_agency(agency, version=form.cleaned_data["version"], by=request.user, **values)
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, values)
            see_version(form, stale.current.version)
        else:
            messages.success(request, _("Data kantor tersimpan."))
            return redirect("agency", pk)
    context = {"pk": pk, "name": name, "form": form, "stale": status == 409, "theirs": theirs}
    return render(request, "regencies/agency_edit.html", context, status=status)
