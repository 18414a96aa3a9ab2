"""Pages of one session: reading, planning, moving, its calendar entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.journal.queries import history_of
from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.parameters import search_text, whole_number
from portal.web.submissions import see_version, sent, shown
from programs.rules import province_readers
from rakor import rules
from rakor.actions.sessions import SessionPlan, change_session, delete_session, move_session, plan_session
from rakor.forms.sessions import PersonFormSet, SessionForm, people_initial, session_initial
from rakor.models import Meeting, Minutes, Session, SessionPerson
from rakor.queries.ceremonies_photos import photos_of
from rakor.queries.programme import WITHOUT_MINUTES, Programme, SessionRow, programme_of_one, rooms_of
from rakor.views.agenda import calendar_response, programme_answer, visible_meeting
from regencies.models import Regency
from regencies.rules import regency_ids


def _session(meeting: Meeting, pk: int) -> Session:
    session = get_object_or_404(Session.objects.select_related("room", "regency"), meeting=meeting, pk=pk)
    session.meeting = meeting
    return session


def _alone(meeting: Meeting, pk: int) -> Programme:
    """The programme of this one session, 404 when the edition has none of that number."""
    programme = programme_of_one(meeting, pk)
    if not programme.items:
        raise Http404
    return programme


@page(who=rules.readers, reads=True)
def session_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One session: when, where, who, and the way to its minutes."""
    meeting = visible_meeting(request, slug)
    [item] = _alone(meeting, pk).items
    readable = Minutes.objects.visible_to(request.user).filter(session=pk).exists()
    has_minutes = readable or (rules.sees_drafts(request.user) and item.session.kind not in WITHOUT_MINUTES)
    history = history_of(Session(pk=pk), limit=10) if rules.sees_drafts(request.user) else []
    context = {
        "meeting": meeting,
        "session": item.session,
        "item": item,
        "parts": [(label, item.parts[part]) for part, label in _part_labels() if part in item.parts],
        "may_plan": rules.may_plan(request.user, meeting),
        "shows_plan": bool(rules.planners(request.user)),
        "minutes_url": reverse("minutes", args=[slug, pk]) if has_minutes else "",
        "desk_url": reverse("desk", args=[slug, pk]) if _reads_desk(request, item.session) else "",
        "ceremony_url": reverse("ceremony", args=[slug, pk]) if item.session.kind == Session.Kind.SIGNING else "",
        "photos": photos_of(pk),
        "keeps_photos": bool(rules.photo_keepers(request.user)),
        "history": history,
    }
    return render(request, "rakor/sessions/detail.html", context)


def _reads_desk(request: HttpRequest, session: SessionRow) -> bool:
    """Whether the session is a desk whose page this reader may open."""
    desk = session.kind == Session.Kind.DESK and session.regency_id is not None
    return desk and (province_readers(request.user) or session.regency_id in regency_ids(request.user))


def _part_labels() -> list[tuple[str, str]]:
    return [(part, str(label)) for part, label in SessionPerson.Part.choices]


@page(who=rules.readers, reads=True)
def session_calendar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The session as an ICS file."""
    meeting = visible_meeting(request, slug)
    return calendar_response(request, meeting, _alone(meeting, pk), f"{meeting.slug}-sesi-{pk}")


def _form_page(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The form: a fragment for htmx, a page of its own otherwise."""
    meeting = context["meeting"]
    known = list(meeting.participants.values_list("name", "institution"))
    context = {
        "rooms": rooms_of(meeting),
        "known": known,
        "institutions": sorted({institution for _name, institution in known if institution}),
        "stale": False,
        "blocked": "",
        "theirs": [],
        **context,
    }
    template = "rakor/sessions/_form.html" if request.htmx else "rakor/sessions/form.html"
    return render(request, template, context, status=status)


@page(who=rules.planners, writes=True)
def session_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a session; the same form sent twice adds one."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    form = SessionForm(sent(request), meeting=meeting, initial=_new_initial(request))
    people = PersonFormSet(sent(request), prefix="people")
    context = {"meeting": meeting, "session": None, "form": form, "people": people}
    if request.method != "POST":
        return _form_page(request, context, status=200)
    if form.is_valid() and people.is_valid():
        key = form.cleaned_data["client_key"]
        try:
            session, change = plan_session(meeting, form.plan(people.plans()), by=request.user, client_key=key)
        except Blocked as error:
            return _form_page(request, context | {"blocked": str(error)}, status=409)
        text = _("Sesi “%(title)s” ditambahkan.") % {"title": session.title}
        return programme_answer(request, meeting, text, change=change, focus=f"sesi-{session.pk}")
    return _form_page(request, context, status=422)


def _new_initial(request: HttpRequest) -> dict[str, Any]:
    """Day, time, room, kind and regency offered by the place where "Tambah" was pressed."""
    names = {"tanggal": "day", "pukul": "starts", "di": "room", "jenis": "kind"}
    found: dict[str, Any] = {field: request.GET[name] for name, field in names.items() if name in request.GET}
    regency = Regency.objects.visible_to(None).filter(code=search_text(request, "kabupaten")).first()
    return found | ({"regency": regency.pk, "title": f"Desk {regency.name}"} if regency else {})


@page(who=rules.planners, writes=True)
def session_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a session; after somebody else's save both versions are shown and nothing typed is lost."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    session = _session(meeting, pk)
    form = SessionForm(sent(request), meeting=meeting, initial=session_initial(session))
    people = PersonFormSet(sent(request), prefix="people", initial=people_initial(session))
    context = {"meeting": meeting, "session": session, "form": form, "people": people}
    if request.method != "POST":
        return _form_page(request, context, status=200)
    if form.is_valid() and people.is_valid():
        plan = form.plan(people.plans())
        try:
            change = change_session(session, plan, version=form.cleaned_data["version"] or 0, by=request.user)
        except StaleVersion as stale:
            see_version(form, stale.current.version)
            both = {"stale": True, "theirs": _differences(_session(meeting, pk), plan)}
            return _form_page(request, context | both, status=409)
        except Blocked as error:
            return _form_page(request, context | {"blocked": str(error)}, status=409)
        text = _("Sesi “%(title)s” tersimpan.") % {"title": plan.title}
        return programme_answer(request, meeting, text, change=change, focus=f"sesi-{pk}")
    return _form_page(request, context, status=422)


def _differences(current: Session, plan: SessionPlan) -> list[tuple[str, str, str]]:
    """(label, stored text, typed text) of every field that differs."""
    found = []
    for name in ("kind", "title", "starts_at", "ends_at", "regency", "details", "note", "source"):
        stored, typed = getattr(current, name), getattr(plan, name)
        if stored != typed:
            found.append((str(Session._meta.get_field(name).verbose_name), _told(name, stored), _told(name, typed)))
    room = current.room.name if current.room else ""
    if room.lower() != plan.room.lower():
        found.append((_("Ruang"), shown(room), shown(plan.room)))
    people = "\n".join(_person(row.part, row.participant.name) for row in current.people.select_related("participant"))
    typed_people = "\n".join(_person(row.part, row.name) for row in plan.people)
    if people != typed_people:
        found.append((_("Petugas"), shown(people), shown(typed_people)))
    return found


def _person(part: str, name: str) -> str:
    return f"{dict(_part_labels())[part]}: {name}"


def _told(name: str, value: Any) -> str:
    if name == "kind":
        return str(Session.Kind(value).label)
    if name in ("starts_at", "ends_at"):
        local = timezone.localtime(value)
        return f"{shown(local.date())} {clock(local)}"
    return shown(value)


@page(who=rules.planners, writes=True)
def session_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the session out of the programme; it can be brought back."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    session = _session(meeting, pk)
    if request.method != "POST":
        return render(request, "rakor/sessions/delete.html", {"meeting": meeting, "session": session})
    change = delete_session(session, by=request.user)
    return programme_answer(request, meeting, _("Sesi “%(title)s” dihapus.") % {"title": session.title}, change=change)


@page(who=rules.planners, writes=True)
def session_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the session another place in its room's order: `step` -1 or 1, or `to`, a place counted from 0."""
    meeting = visible_meeting(request, slug)
    ensure(rules.may_plan(request.user, meeting))
    session = _session(meeting, pk)
    if request.method != "POST":
        return redirect(session)
    step = request.POST.get("step", "")
    change = move_session(
        session,
        by=request.user,
        step={"-1": -1, "1": 1}.get(step, 0),
        to=whole_number(request.POST.get("to"), largest=9999),
    )
    text = _("Sesi ini sudah berada di ujung.")
    if change:
        starts = timezone.localtime(dt.datetime.fromisoformat(change.after[str(pk)]["starts_at"]))
        text = _("Memindahkan sesi “%(title)s” ke pukul %(time)s. Sesi lain dalam ruang yang sama ikut bergeser.")
        text %= {"title": session.title, "time": clock(starts)}
    focus = f"{'up' if step == '-1' else 'down'}-{pk}" if step else f"sesi-{pk}"
    return programme_answer(request, meeting, text, change=change, focus=focus)
