"""The room of one desk, the same for both sides of the table: proposals, answers, totals, confirmation, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.parameters import whole_number
from portal.web.submissions import form_status, see_version, sent
from programs.models import Decision, FundingSource
from rakor import rules
from rakor.actions.closing import closable, close_confirmed, close_desk
from rakor.actions.desks import Delegate, confirm_desk
from rakor.forms.desks import AnswerForm, CloseAllForm, CloseForm, ConfirmForm
from rakor.models import Desk, Session
from rakor.queries.desk_room import Item, Room, mark, room, share_text
from rakor.queries.desks import RUNNING, desk_of, next_desk, readable_sessions, running_desks
from rakor.views.agenda import visible_meeting

MOST_KNOWN = 200


def session_or_404(request: HttpRequest, slug: str, session_id: int) -> tuple[Session, Desk]:
    """The session and its desk, 404 for those who may not see it."""
    session = get_object_or_404(readable_sessions(request.user, slug), pk=session_id)
    desk = desk_of(session)
    desk.session = session
    return session, desk


def deciding(request: HttpRequest, desk: Desk) -> bool:
    """Whether this user may decide at this desk now."""
    return desk.status == RUNNING and bool(rules.may_lead(request.user, desk))


def parts_context(request: HttpRequest, session: Session, desk: Desk, found: Room) -> dict[str, Any]:
    """What the parts of the page need: head, items, totals, foot."""
    own = bool(rules.may_confirm_desk(request.user, desk))
    lead = rules.may_lead(request.user, desk)
    return {
        "meeting": session.meeting,
        "session": session,
        "desk": desk,
        "totals": found.totals,
        "strays": found.strays,
        "deciding": deciding(request, desk),
        "own": own,
        "leads": bool(rules.desk_leaders(request.user)),
        "lead": lead,
        "close": rules.may_close_desk(request.user, desk),
        "confirm_form": ConfirmForm(own=own, initial={"change": desk.change}) if desk.status == RUNNING else None,
        "next_desk": next_desk(session) if desk.status == "ditutup" and lead else None,
        "share": share_text(session, found.totals, _paper_url(request, desk)) if desk.document else "",
    }


def _paper_url(request: HttpRequest, desk: Desk) -> str:
    return request.build_absolute_uri(desk.document.get_absolute_url()) if desk.document else ""


@page(who=rules.desk_people, reads=True)
def desk_page(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The desk of one regency: it and the province see the same."""
    session, desk = session_or_404(request, slug, session_id)
    found = room(session)
    context = parts_context(request, session, desk, found)
    context |= {
        "items": found.items,
        "last_year": found.last_year,
        "year": session.meeting.planning_year,
        "mark": mark(desk),
        "decisions": Decision.choices,
        "sources": FundingSource.objects.filter(is_active=True) if context["deciding"] else [],
        "answer_form": AnswerForm(line=True, auto_id="putusan-%s") if context["deciding"] else None,
    }
    return render(request, "rakor/desks/page.html", context)


@page(who=rules.desk_people, reads=True)
def desk_pulse(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Nothing (204) while the page at `mark` is up to date, else what changed since.

    Shape: JSON as `parts_json` gives it; `known` = "pk:change,pk:change" names the items the page has.
    """
    session, desk = session_or_404(request, slug, session_id)
    if request.GET.get("mark") == mark(desk):
        return HttpResponse(status=204)
    known = _known(request.GET.get("known", ""))
    return JsonResponse(parts_json(request, session, desk, known=known))


def _known(text: str) -> dict[int, int]:
    pairs = (pair.split(":") for pair in text.split(",")[:MOST_KNOWN])
    numbers = ([whole_number(part) for part in pair] for pair in pairs)
    return {pair[0]: pair[1] for pair in numbers if len(pair) == 2 and None not in pair}


def parts_json(
    request: HttpRequest, session: Session, desk: Desk, *, known: dict[int, int] | None = None, only: int | None = None
) -> dict[str, Any]:
    """The page's parts anew: of the items those that differ from `known`, or the one of `only`.

    Shape: mark, status, change, at, totals, foot, items [{id, version, html}], order [id] without `only`.
    """
    found = room(session, only=only)
    context = parts_context(request, session, desk, found)
    changed = [each for each in found.items if (known or {}).get(each.proposal.pk) != each.proposal.change]
    return {
        "mark": mark(desk), "status": desk.status, "change": desk.change, "at": clock(timezone.localtime()),
        "totals": render_to_string("rakor/desks/_totals.html", context, request),
        "foot": render_to_string("rakor/desks/_foot.html", context, request),
        "items": [_item_json(request, context, each) for each in changed],
        "order": [each.proposal.pk for each in found.items] if only is None else None,
    }  # fmt: skip


def _item_json(request: HttpRequest, context: dict[str, Any], item: Item) -> dict[str, Any]:
    html = render_to_string("rakor/desks/_item.html", {**context, "item": item, "decisions": Decision.choices}, request)
    return {"id": item.proposal.pk, "version": item.version, "html": html}


@page(who=rules.desk_people, writes=True)
def desk_confirm(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The regency says yes to the verdicts as they stand: with its own account, or its delegate by the leader."""
    session, desk = session_or_404(request, slug, session_id)
    own = bool(rules.may_confirm_desk(request.user, desk))
    if not own:
        ensure(rules.may_lead(request.user, desk))
    form = ConfirmForm(sent(request), own=own, initial={"change": desk.change})
    if form.is_valid():
        data = form.cleaned_data
        delegate = None if own else Delegate(data["name"], data["title"], data["number"])
        try:
            confirm_desk(desk, by=request.user, change=data["change"], delegate=delegate)
        except StaleVersion as error:
            see_version(form, error.current.change, field="change")
            form.add_error(None, str(error))
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Putusan desk dikonfirmasi."))
            return redirect("desk", slug, session_id)
    return _asked(request, session, desk, form, "confirm.html")


@page(who=rules.desk_leaders, writes=True)
def desk_close(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Close the desk after its summary: verdicts come into force, the berita acara is made."""
    session, desk = session_or_404(request, slug, session_id)
    ensure(rules.may_close_desk(request.user, desk))
    form = CloseForm(sent(request))
    if form.is_valid():
        try:
            close_desk(desk, by=request.user, number=form.cleaned_data["number"])
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Desk ditutup. Berita acara sedang disusun."))
            return redirect("desk", slug, session_id)
    return _asked(request, session, desk, form, "close.html")


@page(who=rules.desk_leaders, writes=True)
def desk_close_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Close every desk that its regency has confirmed, with one click: those this user leads, or all in their place."""
    meeting = visible_meeting(request, slug)
    found = closable(list(running_desks(meeting)), by=request.user)
    form = CloseAllForm(sent(request))
    if form.is_valid():
        try:
            closed = close_confirmed(meeting, form.cleaned_data["desk"], by=request.user)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            told = _("%(n)s desk ditutup. Berita acaranya sedang disusun.") % {"n": len(closed)}
            messages.success(request, told)
            return redirect("desks", slug)
    context = {
        "meeting": meeting,
        "form": form,
        "ready": [each for each in found if not each.refusal],
        "left": [each for each in found if each.refusal],
    }
    return render(request, "rakor/desks/close_all.html", context, status=form_status(request))


def _asked(request: HttpRequest, session: Session, desk: Desk, form: Any, template: str) -> HttpResponse:
    """The question with the summary of the desk."""
    found = room(session)
    context = parts_context(request, session, desk, found) | {"form": form, "items": found.items}
    return render(request, f"rakor/desks/{template}", context, status=form_status(request))


def back_to_item(session: Session, pk: int) -> HttpResponse:
    """To the proposal on the desk's page."""
    return redirect(f"{reverse('desk', args=[session.meeting.slug, session.pk])}#usulan-{pk}")
