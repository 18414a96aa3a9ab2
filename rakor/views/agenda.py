"""The programme: page for readers and planners, print view, calendar, Excel, PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from portal.documents.actions import order_document
from portal.kernel.errors import ensure
from portal.web.access import page
from portal.web.excel import excel_response
from rakor import rules
from rakor.actions.sessions import undo_change
from rakor.facts.calendar import calendar_of
from rakor.models import Meeting, ProgrammeChange
from rakor.queries.meeting_table import PROGRAMME_COLUMNS, programme_table
from rakor.queries.papers import agenda_in_force, agenda_paper
from rakor.queries.programme import Day, Programme, programme_of
from regencies.rules import regency_ids


def visible_meeting(request: HttpRequest, slug: str) -> Meeting:
    """The edition of that address, 404 for those who may not see it."""
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("host_regency"), slug=slug)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 4 else 0


def programme_context(request: HttpRequest, meeting: Meeting, *, plan: bool) -> dict[str, Any]:
    """What the programme part of the page needs; the page and its fragments use the same."""
    programme = programme_of(meeting)
    wanted = {"room": request.GET.get("ruang", ""), "kind": request.GET.get("jenis", "")}
    day = _number(request.GET.get("hari"))
    days = programme.days(**wanted, day=day)
    now = timezone.now()
    return {
        "meeting": meeting,
        "programme": programme,
        "days": days,
        "day": day,
        "now": now,
        "running": _running(days, now),
        "room": wanted["room"],
        "kind": wanted["kind"],
        "filtered": bool(wanted["room"] or wanted["kind"]),
        "plan": plan,
        "live": meeting.starts_on <= timezone.localdate() <= meeting.ends_on,
        "mine": regency_ids(request.user),
        "query": request.GET.urlencode(),
    }


def _running(days: list[Day], now: Any) -> set[int]:
    """The sessions that take place at this moment."""
    return {item.pk for day in days for item in day.items if item.starts <= now < item.ends}


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
    context = programme_context(request, meeting, plan=plan)
    if request.htmx and request.htmx.target == "programme":
        return render(request, "rakor/agenda/_programme.html", context)
    context |= {
        "tabs": _tabs(request, meeting, context["day"]),
        "may_plan": may_plan,
        "shows_plan": bool(rules.planners(request.user)),
        "paper": agenda_in_force(request.user, meeting),
        "can_order": rules.may_order_agenda(request.user, len(context["programme"].items)),
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
    context = programme_context(request, meeting, plan=True)
    response = HttpResponse(render_to_string("rakor/agenda/_programme.html", context, request))
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
