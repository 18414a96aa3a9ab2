"""Moves of minutes with the server's own question, and the orders of their papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.errors import ensure
from portal.web.access import page
from portal.web.forms import ReasonForm
from portal.web.submissions import form_status, sent
from rakor.actions.minutes_moves import move_minutes, print_collection, print_draft
from rakor.models import Meeting
from rakor.queries import minutes as queries
from rakor.rules import may_move_minutes, minutes_movers, readers
from rakor.views.minutes_entries import minutes_or_404
from rakor.workflow import MINUTES
from regencies.rules import province_staff

DONE = {
    "submit": gettext_noop("Notula diajukan untuk diperiksa."),
    "return": gettext_noop("Notula dikembalikan ke notulis."),
    "finalise": gettext_noop("Notula ditetapkan final. PDF sedang disusun."),
    "reopen": gettext_noop("Notula dibuka kembali sebagai versi baru."),
}


@page(who=minutes_movers, writes=True)
def minutes_move(request: HttpRequest, slug: str, session_id: int, move: str) -> HttpResponse:
    """Ask, with what has to be known before (what is missing, unsaved texts of others), then move."""
    minutes = minutes_or_404(request, slug, session_id)
    if move not in DONE:
        raise Http404
    flow_move = MINUTES.move(move)
    form = ReasonForm(sent(request)) if flow_move.note_required else None
    if request.method == "POST" and (form is None or form.is_valid()):
        note = form.cleaned_data["note"] if form else ""
        move_minutes(minutes, move, by=request.user, note=note)
        messages.success(request, _(DONE[move]))
        return redirect("minutes", slug, session_id)
    decision = may_move_minutes(request.user, minutes, move)
    ensure(decision)
    context = {
        "minutes": queries.load_people(minutes), "session": minutes.session, "meeting": minutes.session.meeting,
        "move": flow_move,
        "label": _(flow_move.label), "confirm": _(flow_move.confirm) if flow_move.confirm else "", "form": form,
        "day": queries.session_day(minutes.session), "possible": minutes.status in flow_move.source,
        "missing": queries.missing_parts(minutes) if move in ("submit", "finalise") else [],
        "drafts": queries.unsaved_drafts(minutes) if move in ("submit", "finalise") else [],
        "count": minutes.entries.kept().count(),
    }  # fmt: skip
    return render(request, "rakor/minutes/move.html", context, status=form_status(request))


@page(who=province_staff, writes=True)
def minutes_print(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Order the draft as a PDF marked KONSEP and open its page."""
    minutes = minutes_or_404(request, slug, session_id)
    if request.method != "POST":
        return redirect("minutes", slug, session_id)
    return redirect(print_draft(minutes, by=request.user))


@page(who=readers, writes=True)
def minutes_collect(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the collection of all final minutes and open its page."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    if request.method != "POST":
        return redirect("minutes_list", slug)
    return redirect(print_collection(meeting, by=request.user))
