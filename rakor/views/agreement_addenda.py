"""Pages of addenda: list, draft with its changes, issue."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, ensure
from portal.web.access import page
from portal.web.parameters import search_text
from portal.web.submissions import form_status, sent
from programs.models import Proposal
from programs.queries import agreed
from rakor import rules
from rakor.actions import addenda as actions
from rakor.forms.agreements import AddendumForm, VerdictForm
from rakor.models import Addendum, Agreement
from rakor.queries import agreements as queries
from rakor.views.agreement_decisions import verdict_of, verdict_page
from rakor.views.agreement_frame import agreement_or_404, frame

FOUND = 10
"""Proposals offered for a change at a time."""


@page(who=rules.desk_people, reads=True)
def addenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The addenda; drafts only for the provincial office."""
    agreement = agreement_or_404(request, slug, every_regency=True)
    drafts = rules.sees_drafts(request.user)
    context = frame(request, agreement, "addenda") | {"rows": queries.addenda_of(agreement, drafts=drafts)}
    return render(request, "rakor/agreements/addenda.html", context)


@page(who=rules.leaders, writes=True)
def addendum_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an addendum with its reason."""
    agreement = agreement_or_404(request, slug)
    ensure(rules.may_add_addendum(request.user, agreement))
    form = AddendumForm(sent(request))
    blocked = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_addendum(agreement, by=request.user, **form.cleaned_data)
        except Blocked as error:
            blocked = str(error)
        else:
            return redirect("addendum", slug, made.sequence)
    context = frame(request, agreement, "addenda") | {"form": form, "blocked": blocked}
    return render(
        request, "rakor/agreements/addendum_new.html", context, status=409 if blocked else form_status(request)
    )


@page(who=rules.leaders, writes=True)
def addendum(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """One addendum: its words, its changes, and the search for a proposal to change."""
    agreement, row = _addendum_or_404(request, slug, sequence)
    form = AddendumForm(sent(request), initial={"number": row.number, "reason": row.reason})
    if request.method == "POST" and form.is_valid():
        actions.save_addendum(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("Adendum tersimpan."))
        return redirect("addendum", slug, sequence)
    text, meeting = search_text(request), agreement.meeting
    found = agreed.decided(meeting.planning_year, meeting.province_id, text=text) if text else Proposal.objects.none()
    changes = list(row.changes.select_related("proposal__regency", "by").order_by("pk"))
    context = frame(request, agreement, "addenda") | {
        "row": row, "form": form, "changes": changes, "q": text, "searched": bool(text),
        "found": Paginator(found, FOUND).get_page(1) if text else [], "draft": row.issued_at is None,
    }  # fmt: skip
    return render(request, "rakor/agreements/addendum.html", context, status=form_status(request))


@page(who=rules.leaders, writes=True)
def addendum_change(request: HttpRequest, slug: str, sequence: int, pk: int) -> HttpResponse:
    """Another verdict, in force when the addendum is issued."""
    agreement, row = _addendum_or_404(request, slug, sequence)
    ensure(rules.may_add_addendum(request.user, agreement))

    def change(proposal: Proposal, form: VerdictForm) -> None:
        actions.change_by_addendum(row, proposal, by=request.user, **verdict_of(form))
        messages.success(request, _("Perubahan masuk ke adendum; berlaku sesudah adendum ditetapkan."))

    back = reverse("addendum", args=[slug, sequence])
    return verdict_page(request, agreement, pk, change=change, back=back, addendum=row)


@page(who=rules.leaders, writes=True)
def addendum_drop(request: HttpRequest, slug: str, sequence: int, pk: int) -> HttpResponse:
    """Take one change out of the draft."""
    _agreement, row = _addendum_or_404(request, slug, sequence)
    if request.method == "POST":
        actions.drop_change(row, pk, by=request.user)
        messages.success(request, _("Perubahan dikeluarkan dari adendum."))
    return redirect("addendum", slug, sequence)


@page(who=rules.leaders, writes=True)
def addendum_issue(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """Put the changes in force and order the paper."""
    _agreement, row = _addendum_or_404(request, slug, sequence)
    if request.method == "POST":
        actions.issue_addendum(row, by=request.user)
        messages.success(request, _("Adendum ditetapkan. Dokumennya sedang disusun."))
    return redirect("addendum", slug, sequence)


@page(who=rules.leaders, writes=True)
def addendum_discard(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """Throw the draft away."""
    _agreement, row = _addendum_or_404(request, slug, sequence)
    if request.method != "POST":
        return redirect("addendum", slug, sequence)
    actions.discard_addendum(row, by=request.user)
    messages.success(request, _("Konsep adendum dibuang."))
    return redirect("addenda", slug)


def _addendum_or_404(request: HttpRequest, slug: str, sequence: int) -> tuple[Agreement, Addendum]:
    """The agreement and its addendum.

    Errors: Http404.
    """
    agreement = agreement_or_404(request, slug)
    if sequence > 32767:
        raise Http404
    row = get_object_or_404(agreement.addenda.select_related("document").defer("document__facts"), sequence=sequence)
    row.agreement = agreement
    return agreement, row
