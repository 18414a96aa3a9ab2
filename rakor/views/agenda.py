"""The programme: page for readers and planners, print view, calendar, Excel, PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from portal.documents.actions import order_document
from portal.kernel.dates import zone_label
from portal.kernel.errors import ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.fragments import rendered_once
from portal.web.parameters import whole_number
from rakor import rules
from rakor.actions.sessions import undo_change
from rakor.facts.calendar import calendar_of
from rakor.models import Meeting, ProgrammeChange
from rakor.queries.meeting_table import PROGRAMME_COLUMNS, programme_table
from rakor.queries.papers import agenda_in_force, agenda_paper
from rakor.queries.programme import Programme, programme_of
from regencies.rules import regency_ids


def visible_meeting(request: HttpRequest, slug: str) -> Meeting:
    """The edition of that address, 404 for those who may not see it."""
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("host_regency"), slug=slug)


class Part:
    """The programme part of the page: the same on the page, as a fragment after a filter, and after a change."""

    template = "rakor/agenda/_programme.html"

    def __init__(self, request: HttpRequest, meeting: Meeting, *, plan: bool) -> None:
        self.request, self.meeting, self.plan = request, meeting, plan
        self.room, self.kind = request.GET.get("ruang", ""), request.GET.get("jenis", "")
        self.day = whole_number(request.GET.get("hari"), largest=999) or 0
        self.live = not plan and meeting.starts_on <= timezone.localdate() <= meeting.ends_on
        self.programme = programme_of(meeting, now=timezone.now(), regencies=regency_ids(request.user))

    @property
    def _context(self) -> dict[str, Any]:
        return {
            "meeting": self.meeting,
            "days": self.programme.days(room=self.room, kind=self.kind, day=self.day),
            "kind": self.kind,
            "filtered": bool(self.room or self.kind),
            "plan": self.plan,
            "live": self.live,
            "query": self.request.GET.urlencode(),
            "zone": zone_label(timezone.get_default_timezone()),
        }

    def html(self) -> SafeString:
        """The part, rendered once for the same programme, filters and moment."""
        query = self.request.GET.urlencode() if self.live or self.plan else ""
        filters = (self.room, self.kind, self.day, self.live, self.plan, query)
        key = (self.programme.content, filters)
        forms_of = self.request if self.plan else None
        return rendered_once(self.template, lambda: self._context, key=key, forms_of=forms_of)


def _tabs(request: HttpRequest, meeting: Meeting, day: int) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query.pop("hari", None)
    tail = f"&{query.urlencode()}" if query else ""
    every = [{"url": f"?{query.urlencode()}", "label": _("Semua hari"), "active": not day}]
    return every + [
        {"url": f"?hari={number}{tail}", "label": f"{_('Hari')} {number}", "active": day == number}
        for number, _date in enumerate(meeting.days, 1)
    ]


@page(who=rules.readers, reads=True)
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme by day; planners switch to planning with `?rencana=1`."""
    meeting = visible_meeting(request, slug)
    may_plan = rules.may_plan(request.user, meeting)
    plan = bool(may_plan) and request.GET.get("rencana") == "1"
    part = Part(request, meeting, plan=plan)
    if request.htmx and request.htmx.target == "programme":
        return HttpResponse(part.html())
    context = {
        "meeting": meeting,
        "part": part,
        "plan": plan,
        "tabs": _tabs(request, meeting, part.day),
        "may_plan": may_plan,
        "shows_plan": bool(rules.planners(request.user)),
        "paper": agenda_in_force(request.user, meeting),
        "can_order": rules.may_order_agenda(request.user, len(part.programme.sessions)),
    }
    return render(request, "rakor/agenda/page.html", context)


def programme_answer(
    request: HttpRequest, meeting: Meeting, text: str, *, change: ProgrammeChange | None, focus: str = ""
) -> HttpResponse:
    """After a change: the programme part anew with a toast that offers to take it back; a redirect without htmx."""
    undo = f"{reverse('agenda_undo', args=[meeting.slug, change.pk])}?{request.GET.urlencode()}" if change else ""
    if not request.htmx:
        messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
        return redirect(f"{reverse('agenda', args=[meeting.slug])}?rencana=1")
    response = HttpResponse(Part(request, meeting, plan=True).html())
    response["HX-Retarget"] = "#programme"
    response["HX-Reswap"] = "outerHTML"
    toast = {"text": text, "tone": "success", "undo": undo, "undoTarget": "#programme"}
    response = trigger_client_event(response, "toast", {key: value for key, value in toast.items() if value})
    return trigger_client_event(response, "programme", {"focus": focus}, after="settle")


@page(who=rules.planners, writes=True)
def agenda_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change of the programme back."""
    meeting = visible_meeting(request, slug)
    change = get_object_or_404(ProgrammeChange, meeting=meeting, pk=pk)
    if request.method != "POST":
        return redirect("agenda", slug)
    undo_change(change, by=request.user)
    return programme_answer(request, meeting, _("Perubahan diurungkan."), change=None)


@page(who=rules.readers, reads=True)
def agenda_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as a sheet of paper."""
    meeting = visible_meeting(request, slug)
    days = programme_of(meeting).days()
    return render(request, "rakor/agenda/print.html", {"meeting": meeting, "days": days})


@page(who=rules.readers, reads=True)
def agenda_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """All sessions as an ICS file."""
    meeting = visible_meeting(request, slug)
    return calendar_response(request, meeting, programme_of(meeting), meeting.slug)


def calendar_response(request: HttpRequest, meeting: Meeting, programme: Programme, name: str) -> HttpResponse:
    """The ICS download of a programme."""
    content = calendar_of(meeting, programme.items, site=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@page(who=rules.readers, reads=True)
def agenda_excel(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme with the columns that load_meeting reads."""
    meeting = visible_meeting(request, slug)
    rows = programme_table(programme_of(meeting))
    return excel_response(f"agenda-{meeting.slug}", "sesi", PROGRAMME_COLUMNS, rows)


@page(who=rules.agenda_orderers, writes=True)
def agenda_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the susunan acara as PDF and go to its page."""
    meeting = visible_meeting(request, slug)
    if request.method != "POST":
        return redirect("agenda", slug)
    ensure(rules.may_order_agenda(request.user, meeting.sessions.count()))
    document = order_document("agenda", agenda_paper(meeting), subject=meeting, by=request.user)
    return redirect(document.get_absolute_url())
