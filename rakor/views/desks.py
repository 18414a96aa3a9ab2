"""The desks of an edition: plan by table and slot, moving them, and the call board of the hall."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import is_background, page
from portal.web.excel import excel_response
from portal.web.submissions import form_status, see_version, sent
from programs.rules import province_readers
from rakor import rules
from rakor.actions.desk_plan import place_desk, plan_desks
from rakor.actions.desks import call_desk, desk_for, open_desk, uncall_desk
from rakor.actions.sessions import undo_change
from rakor.forms.desks import PlaceForm, PlanForm
from rakor.models import Agreement, Meeting, ProgrammeChange, Session
from rakor.queries.desks import RUNNING, Place, board, desk_of, desk_sessions, grid, late_proposals, places
from rakor.views.agenda import visible_meeting
from rakor.workflow import DESK
from regencies.models import Regency


@page(who=rules.readers, reads=True)
def desk_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """All desks by table and slot, with their status, and as a tile map."""
    meeting = visible_meeting(request, slug)
    found = places(meeting, request.user)
    without = _without_desk(found)
    late = late_proposals(meeting, found) if rules.sees_drafts(request.user) else []
    leading = bool(rules.desk_leaders(request.user)) and meeting.status == "berlangsung"
    context = {
        "meeting": meeting,
        "plan": grid(found),
        "late": late,
        "late_count": sum(len(rows) for _regency, rows in late),
        "agreed": bool(late) and Agreement.objects.filter(meeting=meeting).exclude(status="rekap").exists(),
        "found": found,
        "without": without,
        "tiles": _tiles(request, meeting, found, without),
        "legend": _legend(),
        "counts": [(status, sum(1 for p in found if p.desk.status == status.key)) for status in DESK.statuses],
        "readable": _readable(request, found),
        "may_plan": rules.may_plan(request.user, meeting),
        "shows_plan": bool(rules.planners(request.user)),
        "leading": leading,
        "confirmed": sum(1 for place in found if leading and place.state.key == RUNNING and place.desk.confirmed),
    }
    return render(request, "rakor/desks/plan.html", context)


def _readable(request: HttpRequest, found: list[Place]) -> set[int]:
    """Sessions whose page this reader may open."""
    everything = province_readers(request.user)
    return {place.session.pk for place in found if everything or place.mine}


def _without_desk(found: list[Place]) -> list[Regency]:
    have = {place.session.regency_id for place in found}
    return [each for each in Regency.objects.visible_to(None).order_by("code") if each.pk not in have]


def _tiles(request: HttpRequest, meeting: Meeting, found: list[Place], without: list[Regency]) -> list[dict[str, Any]]:
    readable = _readable(request, found)
    tiles = [
        {
            "row": place.session.regency.tile_row, "col": place.session.regency.tile_col,
            "code": place.session.regency.short or place.session.regency.code, "name": place.session.regency.name,
            "tone": place.state.tone, "note": _(place.state.label), "mine": place.mine,
            "url": reverse("desk", args=[meeting.slug, place.session.pk]) if place.session.pk in readable else "",
        }
        for place in {place.session.regency_id: place for place in found}.values()
    ]  # fmt: skip
    return tiles + [
        {"row": each.tile_row, "col": each.tile_col, "code": each.short or each.code, "name": each.name,
         "tone": "danger", "note": _("Belum ada desk")}
        for each in without
    ]  # fmt: skip


def _legend() -> list[dict[str, str]]:
    return [{"tone": status.tone, "label": _(status.label)} for status in DESK.statuses] + [
        {"tone": "danger", "label": _("Belum ada desk")}
    ]


@page(who=rules.planners, writes=True)
def desk_spread(request: HttpRequest, slug: str) -> HttpResponse:
    """Give every regency without a desk a table and a slot."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    form = PlanForm(sent(request), meeting=meeting)
    if form.is_valid():
        try:
            change = plan_desks(meeting, by=request.user, slots=form.slots)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            n = len(change.after)
            text = ngettext("%(n)s desk dibagikan.", "%(n)s desk dibagikan.", n) % {"n": n}
            return _planned(request, meeting, text, change)
    without = _without_desk(places(meeting))
    context = {"meeting": meeting, "form": form, "without": without}
    return render(request, "rakor/desks/spread.html", context, status=form_status(request))


def _planned(request: HttpRequest, meeting: Meeting, text: str, change: ProgrammeChange | None) -> HttpResponse:
    undo = f"undo:{reverse('desk_undo', args=[meeting.slug, change.pk])}" if change else ""
    messages.success(request, text, extra_tags=undo)
    return redirect("desks", meeting.slug)


@page(who=rules.planners, writes=True)
def desk_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change of the plan back."""
    meeting = visible_meeting(request, slug)
    change = get_object_or_404(ProgrammeChange, meeting=meeting, pk=pk)
    if request.method == "POST":
        undo_change(change, by=request.user)
        messages.success(request, _("Perubahan diurungkan."))
    return redirect("desks", slug)


def _desk_session(meeting: Meeting, session_id: int) -> Session:
    session = get_object_or_404(desk_sessions(meeting), pk=session_id)
    session.meeting = meeting
    return session


@page(who=rules.planners, writes=True)
def desk_place(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Move a desk to another slot or table, or let two change places."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    session = _desk_session(meeting, session_id)
    initial = {"version": session.version}
    form = PlaceForm(
        sent(request), meeting=meeting, plan=grid(places(meeting)), session=session, initial=initial
    )  # fmt: skip
    if form.is_valid():
        try:
            change = place_desk(
                session, starts_at=form.starts_at, room_id=form.room_id, version=form.cleaned_data["version"],
                by=request.user,
            )  # fmt: skip
        except StaleVersion as error:
            see_version(form, error.current.version)
            form.add_error(None, str(error))
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            text = _("%(title)s dipindahkan.") % {"title": session.title}
            return _planned(request, meeting, text, change)
    context = {"meeting": meeting, "session": session, "form": form}
    return render(request, "rakor/desks/place.html", context, status=form_status(request))


_MOVES = {"call": call_desk, "uncall": uncall_desk, "open": open_desk}


@page(who=rules.desk_leaders, writes=True)
def desk_move(request: HttpRequest, slug: str, session_id: int, move: str) -> HttpResponse:
    """Call a regency to its table, take the call back, or open the desk."""
    meeting = visible_meeting(request, slug)
    session = _desk_session(meeting, session_id)
    if move not in _MOVES:
        raise Http404
    if request.method != "POST":
        return redirect("desk", slug, session_id)
    ensure(rules.may_lead(request.user, desk_of(session)))
    _MOVES[move](desk_for(session), by=request.user)
    if move == "open":
        return redirect("desk", slug, session_id)
    back = {"papan": "desk_board", "rencana": "desks"}.get(request.POST.get("dari", ""))
    return redirect(back, slug) if back else redirect("desk", slug, session_id)


COLUMNS = ("Waktu", "Meja", "Kode", "Kabupaten/Kota", "Status", "Pimpinan desk")


@page(who=rules.readers, reads=True)
def desk_excel(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan as a list in Excel."""
    meeting = visible_meeting(request, slug)
    rows = [
        (
            f"{place.starts:%d-%m-%Y} {place.time}", place.table, place.session.regency.code,
            place.session.regency.name, _(place.state.label),
            place.desk.leader.display_name if place.desk.leader else "",
        )
        for place in places(meeting)
    ]  # fmt: skip
    return excel_response(f"desk-{meeting.slug}", "desk", COLUMNS, rows)


@page(who=rules.readers, reads=True)
def desk_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan as a sheet of paper."""
    meeting = visible_meeting(request, slug)
    return render(request, "rakor/desks/print.html", {"meeting": meeting, "plan": grid(places(meeting))})


@page(who=rules.readers, reads=True)
def desk_board(request: HttpRequest, slug: str) -> HttpResponse:
    """The call board for the hall: a page of its own, then small fragments that are not sent again when the same."""
    meeting = visible_meeting(request, slug)
    shown = board(places(meeting))
    leading = bool(rules.desk_leaders(request.user)) and meeting.status == "berlangsung"
    context = {"meeting": meeting, "board": shown, "leading": leading}
    if not is_background(request):
        return render(request, "rakor/desks/board.html", context)
    content = repr((shown.content, leading, get_language())).encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:  # compressing makes it weak
        return HttpResponseNotModified(headers={"ETag": tag})
    response = render(request, "rakor/desks/_board.html", context)
    response["ETag"] = tag
    return response
