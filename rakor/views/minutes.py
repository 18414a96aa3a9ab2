"""Pages of minutes: list of an edition, editor and reading view, head data, history; preview and pulse for scripts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.journal.queries import history_of
from portal.kernel import markup
from portal.kernel.errors import Blocked, StaleVersion
from portal.web.access import page
from portal.web.parameters import whole_number
from portal.web.submissions import form_status, see_version, sent
from rakor.actions.minutes import save_head, start_minutes
from rakor.actions.minutes_presence import note_presence
from rakor.forms.minutes import HeadForm
from rakor.models import Meeting, Minutes
from rakor.queries import minutes as queries
from rakor.rules import (
    may_move_minutes,
    may_start_minutes,
    may_write_minutes,
    minute_takers,
    readers,
    sees_drafts,
)  # fmt: skip
from rakor.views.minutes_entries import minutes_or_404
from rakor.views.minutes_fragments import datalists_html, editor_parts, entries_html, entry_html, words_as_json
from rakor.workflow import MINUTES
from regencies.rules import province_staff

MOVE_ICONS = {"submit": "check", "return": "undo", "finalise": "signature", "reopen": "unlock"}


@page(who=readers, reads=True)
def minutes_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions of an edition with their minutes; for all but the province only final ones."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    sessions = queries.listed_sessions(request.user, meeting)
    context = {
        "meeting": meeting,
        "sessions": sessions,
        "staff": sees_drafts(request.user),
        "may_start": may_start_minutes(request.user, meeting),
        "counts": _counts(sessions),
        "finals": any(session.notula and session.notula.status == "final" for session in sessions),
    }
    return render(request, "rakor/minutes/list.html", context)


def _counts(sessions: list[Any]) -> list[dict[str, Any]]:
    statuses = [session.notula.status if session.notula else "" for session in sessions]
    counts = [{"label": _("Belum ditulis"), "value": statuses.count("")}]
    return counts + [{"label": _(status.label), "value": statuses.count(status.key)} for status in MINUTES.statuses]


@page(who=readers, reads=True)
def minutes_page(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The editor for those who may write now, else the minutes to read; an invitation to begin when there are none."""
    minutes = next(iter(queries.minutes_of(request.user, slug).filter(session_id=session_id)), None)
    if minutes is None:
        return _not_begun(request, slug, session_id)
    writing = may_write_minutes(request.user, minutes)
    context = _page_context(request, minutes, editable=bool(writing)) | {"writing": writing}
    if writing:
        return render(request, "rakor/minutes/editor.html", context | _editor_context(request, minutes))
    context["kept"] = queries.drafts_of(minutes, request.user) if context["staff"] else []
    return render(request, "rakor/minutes/read.html", context)


def _not_begun(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    session = get_object_or_404(queries.sessions_of(request.user, slug), pk=session_id)
    if not sees_drafts(request.user):
        raise Http404
    meeting = session.meeting
    context = {"session": session, "meeting": meeting, "decision": may_start_minutes(request.user, meeting)}
    return render(request, "rakor/minutes/start.html", context)


def _page_context(request: HttpRequest, minutes: Minutes, *, editable: bool) -> dict[str, Any]:
    entries = entries_html(minutes, editable=editable)
    return {
        "minutes": queries.load_people(minutes),
        "session": minutes.session,
        "meeting": minutes.session.meeting,
        "day": queries.session_day(minutes.session),
        "staff": sees_drafts(request.user),
        "count": len(entries),
        "entries_html": mark_safe("".join(entries)),  # noqa: S308  rendered by our own template
        "moves": _moves(request.user, minutes),
        "releases": queries.releases_of(minutes) if minutes.was_final else [],
    }


def _moves(user: Any, minutes: Minutes) -> list[dict[str, Any]]:
    """The moves the table allows now, each with the rule's decision for this user; nothing for mere readers."""
    if not sees_drafts(user):
        return []
    moves = []
    for move in MINUTES.moves_from(minutes.status):
        url = reverse("minutes_move", args=[minutes.session.meeting.slug, minutes.session_id, move.key])
        decision = may_move_minutes(user, minutes, move.key)
        moves.append({
            "key": move.key, "label": _(move.label), "url": url, "decision": decision, "icon": MOVE_ICONS[move.key],
            "style": "primary" if move.key in ("submit", "finalise") else "secondary",
        })  # fmt: skip
    return moves


def _editor_context(request: HttpRequest, minutes: Minutes) -> dict[str, Any]:
    args = [minutes.session.meeting.slug, minutes.session_id]
    drafts = [
        {
            "key": draft.key, "base": draft.base_version, "seq": draft.seq, "words": words_as_json(draft),
            "at": int(draft.saved_at.timestamp() * 1000),
        }
        for draft in queries.drafts_of(minutes, request.user)
    ]  # fmt: skip
    setup = {
        "minutes": minutes.pk, "change": minutes.change, "limit": markup.MAX_LENGTH, "drafts": drafts,
        "urls": {
            "entries": reverse("entry_new", args=args), "draft": reverse("entry_draft", args=args),
            "pulse": reverse("minutes_pulse", args=args), "preview": reverse("minutes_preview", args=args),
        },
    }  # fmt: skip
    return {
        **editor_parts(),
        "datalists_html": datalists_html(minutes.session.meeting),
        "setup": setup,
    }


@page(who=minute_takers, writes=True)
def minutes_start(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Begin the minutes of a session and open the editor."""
    session = get_object_or_404(queries.sessions_of(request.user, slug), pk=session_id)
    if request.method == "POST":
        start_minutes(session, by=request.user)
    return redirect("minutes", slug, session_id)


@page(who=minute_takers, writes=True)
def minutes_head(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Times, chair, recorder and participants of the minutes."""
    minutes = minutes_or_404(request, slug, session_id)
    form = HeadForm(sent(request), minutes=minutes)
    if form.is_valid():
        try:
            save_head(minutes, form.head, head_version=form.cleaned_data["head_version"], by=request.user)
        except StaleVersion as error:
            form.add_error(None, str(error))
            see_version(form, error.current.head_version, field="head_version")
        else:
            messages.success(request, _("Data kepala notula tersimpan."))
            return redirect("minutes", slug, session_id)
    context = {
        "minutes": minutes, "session": minutes.session, "meeting": minutes.session.meeting, "form": form,
        "day": form.day, "writing": may_write_minutes(request.user, minutes),
    }  # fmt: skip
    return render(request, "rakor/minutes/head.html", context, status=form_status(request))


@page(who=province_staff, reads=True)
def minutes_history(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Who moved what when, and every entry with the number of its versions, deleted ones too."""
    minutes = minutes_or_404(request, slug, session_id)
    journal = history_of(minutes, limit=200)
    context = {
        "minutes": minutes, "session": minutes.session, "meeting": minutes.session.meeting, "journal": journal,
        "entries": queries.entries_with_versions(minutes), "releases": queries.releases_of(minutes),
        "writing": may_write_minutes(request.user, minutes),
    }  # fmt: skip
    return render(request, "rakor/minutes/history.html", context)


@page(who=minute_takers, writes=True)
def minutes_preview(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The typed text as it will look, sanitised; nothing is stored."""
    minutes_or_404(request, slug, session_id)
    text = request.POST.get("text", "")
    if len(text) > markup.MAX_LENGTH:
        raise Blocked(_("Teks terlalu panjang untuk pratinjau."))
    return HttpResponse(markup.to_html(text))


@page(who=minute_takers, reads=True)
def minutes_pulse(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """One cheap answer every few seconds: who is writing where, and which entries changed since the caller's number.

    Shape: JSON with change, status, people [{name, keys}]; after a change also entries [{id, html or null}] and order.
    """
    minutes = minutes_or_404(request, slug, session_id)
    since = whole_number(request.GET.get("since"))
    keys = [key for key in request.GET.get("keys", "").split(",") if key][:20]
    others = note_presence(minutes, request.user, request.GET.get("tab", "")[:36], keys)
    answer: dict[str, Any] = {"change": minutes.change, "status": minutes.status, "people": others}
    if since is not None and since < minutes.change:
        changed = queries.changed_entries(minutes, since)
        answer["entries"] = [
            {"id": entry.pk, "by": str(entry.changed_by or ""), "version": entry.version,
             "html": None if entry.deleted_at else entry_html(entry, editable=True)}
            for entry in changed
        ]  # fmt: skip
        answer["order"] = list(minutes.entries.kept().values_list("pk", flat=True))
    return JsonResponse(answer)
