"""All participants of an edition, for the committee: the list, one more, changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text
from portal.web.submissions import form_status, sent
from rakor import rules
from rakor.actions.registrations import register
from rakor.facts.people import PERSONAL
from rakor.forms.registrations import GuestForm, with_reason
from rakor.models import Meeting, Registration
from rakor.queries import registrations as queries
from rakor.views.guest_tabs import guest_tabs
from rakor.views.registration_forms import Place, blame, cancel, edit, replace
from regencies.models import Regency

PER_PAGE = 25
ReplacingForm = with_reason(GuestForm)


@page(who=rules.guest_readers, reads=True)
def registrations(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who takes part, with search, filters, order, paging and Excel."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    status = search_text(request, "status") if "status" in request.GET else "terdaftar"
    wanted = queries.Wanted(
        q=search_text(request), category=search_text(request, "category"), status=status,
        regency=search_text(request, "regency"), sort=search_text(request, "sort") or "name",
    )  # fmt: skip
    rows = queries.listed_registrations(request.user, meeting, wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(request, meeting, rows)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    total = found.paginator.count
    categories = queries.counts_by_category(meeting)
    context = {
        "meeting": meeting, "page": found, "q": wanted.q, "sort": wanted.sort, "sorts": queries.sort_choices(),
        "filters": _filters(meeting, wanted), "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s peserta", "%(n)s peserta", total) % {"n": total},
        "categories": categories, "expected": sum(n for _label, n in categories),
        "may_keep": rules.may_keep_guests(request.user, meeting), "personal": bool(rules.guest_keepers(request.user)),
        "narrowed": bool(wanted.q or wanted.category or wanted.regency or wanted.status != "terdaftar"),
        "tabs": guest_tabs(request.user, meeting, "registrations"),
    }  # fmt: skip
    return render(request, "rakor/registrations/list.html", context)


def _filters(meeting: Meeting, wanted: queries.Wanted) -> list[dict[str, Any]]:
    return [
        {"name": "category", "label": _("Golongan"), "value": wanted.category,
         "choices": Registration.Category.choices},
        {"name": "regency", "label": _("Kabupaten/kota"), "value": wanted.regency,
         "choices": list(Regency.objects.filter(province=meeting.province_id).values_list("code", "name"))},
        {"name": "status", "label": _("Status"), "value": wanted.status, "choices": Registration.Status.choices},
    ]  # fmt: skip


def _excel(request: HttpRequest, meeting: Meeting, rows: Any) -> HttpResponse:
    """The rows as asked for; personal data only for who keeps the guests."""
    keeper = bool(rules.guest_keepers(request.user))
    labels = [str(Registration._meta.get_field(name).verbose_name) for name in PERSONAL] if keeper else []
    header = [
        _("Nama"), _("Jabatan"), _("Instansi"), _("Kabupaten/kota"), _("Golongan"), _("Status"), _("Asal"),
        *(label[:1].upper() + label[1:] for label in labels),
    ]  # fmt: skip
    return excel_response(
        f"peserta-{meeting.slug}", _("Peserta"), header,
        (
            [row.participant.name, row.participant.title, row.participant.institution,
             row.participant.regency.name if row.participant.regency else "", row.get_category_display(),
             row.get_status_display(), row.get_source_display(),
             *(getattr(row, name) for name in PERSONAL if keeper)]
            for row in rows
        ),
    )  # fmt: skip


@page(who=rules.guest_keepers, writes=True)
def registration_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down one participant of any kind."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    ensure(rules.may_keep_guests(request.user, meeting))
    form = GuestForm(sent(request), initial={"category": search_text(request, "category") or None})
    if request.method == "POST" and form.is_valid():
        try:
            made = register(
                meeting, form.values, by=request.user, source=Registration.Source.COMMITTEE,
                client_key=form.cleaned_data["client_key"],
                invitation=queries.invitation_for(meeting, form.values["category"], form.values["regency"]),
            )  # fmt: skip
        except Blocked as error:
            blame(form, error)
        else:
            messages.success(request, _("%(name)s terdaftar.") % {"name": made.participant.name})
            return redirect("registration_new" if "more" in request.POST else "registrations", slug)
    context = _context(meeting) | {"form": form, "action": "add", "back": reverse("registrations", args=[slug])}
    return render(request, "rakor/registrations/guest.html", context, status=form_status(request))


def _context(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "stale": False, "theirs": [], "people": []}


def _place(request: HttpRequest, slug: str, registration_id: int) -> Place:
    """The place that the committee changes.

    Errors: Http404; Denied.
    """
    rows = Registration.objects.visible_to(request.user).select_related(
        "participant__regency", "meeting", "invitation__meeting"
    )
    registration = get_object_or_404(rows, meeting__slug=slug, pk=registration_id)
    ensure(rules.may_change_registration(request.user, registration))
    back = reverse("registrations", args=[slug])
    return Place(registration, back, "rakor/registrations/guest.html", _context(registration.meeting))


@page(who=rules.guest_keepers, writes=True)
def registration_edit(request: HttpRequest, slug: str, registration_id: int) -> HttpResponse:
    """Correct what was typed of a participant; who is late sees both."""
    return edit(request, _place(request, slug, registration_id), GuestForm)


@page(who=rules.guest_keepers, writes=True)
def registration_replace(request: HttpRequest, slug: str, registration_id: int) -> HttpResponse:
    """Somebody else comes instead."""
    place = _place(request, slug, registration_id)
    person = place.registration.participant
    initial = {"institution": person.institution, "category": place.registration.category, "regency": person.regency_id}
    return replace(request, place, ReplacingForm, initial=initial)


@page(who=rules.guest_keepers, writes=True)
def registration_cancel(request: HttpRequest, slug: str, registration_id: int) -> HttpResponse:
    """Nobody comes instead."""
    return cancel(request, _place(request, slug, registration_id))
