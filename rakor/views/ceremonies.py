"""The signing ceremony to look at: the committee's page, and the screen of the hall."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render

from portal.kernel.decision import Decision
from portal.web.access import is_background, page
from programs.contract_rules import province_readers
from rakor import rules
from rakor.models import Ceremony
from rakor.queries import ceremonies as queries


def ceremony_or_404(request: HttpRequest, slug: str, session_id: int) -> Ceremony:
    """The ceremony of that signing session, an unsaved one when nobody has begun it; 404 for who may not know of it."""
    session = get_object_or_404(queries.signing_sessions(request.user, slug), pk=session_id)
    return queries.ceremony_of(session)


def frame(request: HttpRequest, ceremony: Ceremony) -> dict[str, Any]:
    """What every page of the ceremony needs."""
    return {
        "ceremony": ceremony, "session": ceremony.session, "meeting": ceremony.session.meeting,
        "state": queries.state_of(ceremony), "leads": bool(rules.leaders(request.user)),
    }  # fmt: skip


def list_context(request: HttpRequest, ceremony: Ceremony) -> dict[str, Any]:
    """The list of papers with what may be done to each."""
    papers = queries.papers_of(ceremony, request.user)
    leads = bool(rules.leaders(request.user))
    may_record = rules.may_record_signature(request.user, ceremony) if leads else Decision(False)
    return frame(request, ceremony) | {
        "papers": papers,
        "now": queries.current(papers) if ceremony.closed_at is None else None,
        "done": sum(paper.signed for paper in papers),
        "total": sum(not paper.withdrawn for paper in papers),
        "on_stage": sum(paper.item.on_stage for paper in papers),
        "may_change": rules.may_change_ceremony(request.user, ceremony) if leads else Decision(False),
        "may_record": may_record,
        "sees_all": bool(province_readers(request.user)),
        "other_day": queries.on_other_day(ceremony),
        "pulse": queries.pulse(ceremony),
    }


@page(who=rules.readers, reads=True)
def ceremony(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The papers of the ceremony with their signers in order; a signer or a regency sees its own ones.

    A script that asks with `perubahan` gets an empty answer while nothing changed.
    """
    found = ceremony_or_404(request, slug, session_id)
    if request.htmx:
        if request.GET.get("perubahan", "") == queries.pulse(found):
            return HttpResponse(status=204)
        return render(request, "rakor/ceremonies/_list.html", list_context(request, found))
    context = list_context(request, found) | {"may_open": rules.may_open_ceremony(request.user, found)}
    return render(request, "rakor/ceremonies/page.html", context)


@page(who=rules.readers, reads=True)
def ceremony_hall(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The screen of the hall: a page of its own, then fragments that are empty while nothing changed."""
    found = ceremony_or_404(request, slug, session_id)
    if not is_background(request):
        context = frame(request, found) | {"hall": queries.hall_of(found, request.user)}
        return render(request, "rakor/ceremonies/hall.html", context)
    tag = f'"{queries.pulse(found)}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:  # compressing makes it weak
        return HttpResponseNotModified(headers={"ETag": tag})
    response = render(request, "rakor/ceremonies/_hall.html", {"hall": queries.hall_of(found, request.user)})
    response["ETag"] = tag
    return response
