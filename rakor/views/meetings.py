"""Pages of editions: list, one edition, its forms and its moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.forms import ReasonForm
from portal.web.parameters import query_with, search_text
from portal.web.submissions import differences, form_status, see_version, sent
from rakor import edition_rules, rules
from rakor.actions.meetings import change_meeting, copy_meeting, create_meeting, delete_meeting, move_meeting
from rakor.forms.meetings import CopyForm, MeetingForm, OrganiserFormSet, organisers_initial
from rakor.models import Agreement, Meeting
from rakor.queries import meetings as queries
from rakor.queries.days import date_warnings
from rakor.queries.invitations import own_invitations
from rakor.queries.moves import offered_moves, status_steps
from rakor.queries.programme import programme_of
from rakor.workflow import MEETING


@page(who=rules.readers, reads=True)
def meeting_list(request: HttpRequest) -> HttpResponse:
    """All editions this user may see, with search, filters, order, paging and Excel."""
    wanted = {name: search_text(request, name) for name in ("q", "status", "year", "sort")}
    rows = queries.listed_meetings(request.user, **wanted, host=search_text(request, "tuan_rumah"))
    if request.GET.get("format") == "xlsx":
        return _list_excel(rows)
    found = Paginator(rows, queries.PER_PAGE).get_page(request.GET.get("page"))
    total = found.paginator.count
    context = {
        "page": found,
        "q": wanted["q"],
        "sort": wanted["sort"] or "-starts_on",
        "sorts": queries.sort_choices(),
        "filters": [
            {"name": "status", "label": _("Status"), "value": wanted["status"],
             "choices": [(status.key, _(status.label)) for status in MEETING.statuses]},
            {"name": "year", "label": _("Tahun"), "value": wanted["year"],
             "choices": [(year, year) for year in queries.years_with_meetings(request.user)]},
        ],
        "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s edisi", "%(n)s edisi", total) % {"n": total},
        "may_create": edition_rules.edition_makers(request.user),
        "latest": queries.latest_meeting(request.user) if edition_rules.edition_makers(request.user) else None,
    }  # fmt: skip
    return render(request, "rakor/meetings/list.html", context)


def _list_excel(rows: Any) -> HttpResponse:
    header = [
        _("Judul"), _("Tahun pelaksanaan"), _("Tahun perencanaan"), _("Mulai"), _("Sampai"), _("Tempat"), _("Kota"),
        _("Tuan rumah"), _("Status"), _("Jumlah sesi"),
    ]  # fmt: skip
    return excel_response(
        "rakor", _("Rakor"), header,
        (
            [row.title, row.execution_year, row.planning_year, row.starts_on, row.ends_on, row.venue, row.town,
             row.host_regency.name if row.host_regency else "", _(row.state.label), row.session_count]
            for row in rows
        ),
    )  # fmt: skip


@page(who=rules.readers, reads=True)
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One edition: what, when, where, by whom, its programme in short, its moves."""
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("host_regency", "previous", "next", "province"),
        slug=slug,
    )
    programme = programme_of(meeting)
    provincial = rules.sees_drafts(request.user)
    context = {
        "meeting": meeting,
        "organisers": meeting.organisers.select_related("agency"),
        "days": programme.days(),
        "session_count": len(programme.items),
        "warnings": date_warnings(meeting.starts_on, meeting.ends_on) if provincial else [],
        "may_plan": rules.may_plan(request.user, meeting),
        "may_edit": edition_rules.may_edit_edition(request.user, meeting),
        "may_copy": edition_rules.edition_makers(request.user),
        "may_delete": rules.may_delete_meeting(request.user, meeting),
        "moves": offered_moves(request.user, meeting) if provincial else [],
        "steps": status_steps(meeting),
        "previous": _seen(request, meeting.previous),
        "previous_agreed": _agreed_list(request, meeting.previous),
        "next": _seen(request, getattr(meeting, "next", None)),
        "share_text": _share_text(request, meeting),
        "tabs": _tabs(request, meeting),
        "history": history_of(meeting, limit=15) if provincial else [],
    }
    return render(request, "rakor/meetings/detail.html", context)


def _tabs(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]]:
    """The parts of an edition; the agreement for others than the provincial office once the plenary took it."""
    parts = [
        ("meeting", _("Ringkasan")), ("agenda", _("Agenda")), ("minutes_list", _("Notula")), ("desks", _("Desk")),
    ]  # fmt: skip
    staff = rules.sees_drafts(request.user)
    if staff:
        parts.append(("letters", _("Surat")))
    if staff or own_invitations(request.user, meeting.slug).exists():
        parts.append(("invitations", _("Undangan")))
    if staff:
        parts.append(("registrations", _("Peserta")))
    if staff or Agreement.objects.visible_to(request.user).filter(meeting=meeting).exists():
        parts.append(("agreement", _("Kesepakatan")))
    if rules.attendance_readers(request.user):
        parts.append(("attendance", _("Daftar hadir")))
    return [
        {"url": reverse(name, args=[meeting.slug]), "label": label, "active": name == "meeting", "count": None}
        for name, label in parts
    ]


def _share_text(request: HttpRequest, meeting: Meeting) -> str:
    """A few lines for WhatsApp."""
    address = request.build_absolute_uri(reverse("agenda", args=[meeting.slug]))
    return f"*{meeting.title}*\n{meeting.dates}\n{meeting.place}\n{address}"


def _seen(request: HttpRequest, meeting: Meeting | None) -> Meeting | None:
    """The neighbouring edition if this user may see it."""
    if meeting and (meeting.published or rules.sees_drafts(request.user)):
        return meeting
    return None


def _agreed_list(request: HttpRequest, meeting: Meeting | None) -> str:
    """The address of what the plenary of that edition agreed on, for who may read it; "" while there is none."""
    if meeting is None:
        return ""
    taken = Agreement.objects.visible_to(request.user).filter(meeting=meeting).exclude(status="rekap").exists()
    return reverse("agreement", args=[meeting.slug]) if taken else ""


@page(who=edition_rules.edition_makers, writes=True)
def meeting_new(request: HttpRequest) -> HttpResponse:
    """The form of a new edition; the same form sent twice makes one."""
    today = timezone.localdate()
    form = MeetingForm(sent(request), initial={"execution_year": today.year})
    organisers = OrganiserFormSet(sent(request), prefix="organisers")
    if request.method == "POST" and form.is_valid() and organisers.is_valid():
        meeting = create_meeting(
            form.values(), organisers.rows(), by=request.user, client_key=form.cleaned_data["client_key"],
            previous=queries.edition_before(form.cleaned_data["starts_on"]),
        )  # fmt: skip
        if rules.may_plan(request.user, meeting):
            messages.success(request, _("Edisi tersimpan. Sekarang susun acaranya."))
            return redirect("agenda", meeting.slug)
        messages.success(request, _("Edisi tersimpan. Susunan acaranya dibuat oleh panitia."))
        return redirect(meeting)
    context = {
        "form": form, "organisers": organisers, "warnings": form.day_warnings, "theirs": [],
        "latest": queries.latest_meeting(request.user),
    }  # fmt: skip
    return render(request, "rakor/meetings/new.html", context, status=form_status(request))


@page(who=edition_rules.edition_makers, writes=True)
def meeting_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an edition; after somebody else's save both versions are shown and nothing typed is lost."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    ensure(edition_rules.may_edit_edition(request.user, meeting))
    title = meeting.title
    form = MeetingForm(sent(request), instance=meeting)
    organisers = OrganiserFormSet(sent(request), initial=organisers_initial(meeting), prefix="organisers")
    theirs, status, blocked = [], form_status(request), ""
    if request.method == "POST" and form.is_valid() and organisers.is_valid():
        values = form.values()
        try:
            change_meeting(
                meeting, values, organisers.rows(), version=form.cleaned_data["version"] or 0, by=request.user,
                shift_programme=form.cleaned_data["shift_programme"],
            )  # fmt: skip
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, values)
            see_version(form, stale.current.version)
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("meeting", slug)
    context = {
        "slug": slug, "title": title, "form": form, "organisers": organisers, "warnings": form.day_warnings,
        "theirs": theirs, "stale": status == 409 and not blocked, "blocked": blocked,
    }  # fmt: skip
    return render(request, "rakor/meetings/edit.html", context, status=status)


@page(who=edition_rules.edition_makers, writes=True)
def meeting_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """A new edition after the pattern of this one."""
    source = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    form = CopyForm(sent(request), initial=_next_dates(source))
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on", "venue", "town", "host_regency")}
        meeting = copy_meeting(source, **data, client_key=form.cleaned_data["client_key"], by=request.user)
        messages.success(request, _("Edisi baru disalin. Periksa judul, penyelenggara, dan susunan acaranya."))
        return redirect("meeting", meeting.slug)
    context = {"source": source, "form": form, "warnings": form.day_warnings}
    return render(request, "rakor/meetings/copy.html", context, status=form_status(request))


def _next_dates(source: Meeting) -> dict[str, Any]:
    """The same weekdays at the same time of year, in the next year that is still ahead."""
    starts_on = source.starts_on
    while starts_on <= timezone.localdate():
        starts_on += dt.timedelta(weeks=52)
    return {"starts_on": starts_on, "ends_on": starts_on + (source.ends_on - source.starts_on)}


@page(who=edition_rules.edition_makers, reads=True)
def meeting_days(request: HttpRequest) -> HttpResponse:
    """The warnings on the dates just typed, as a fragment."""
    try:
        first, last = (dt.date.fromisoformat(request.GET.get(name, "")) for name in ("starts_on", "ends_on"))
    except ValueError:
        return render(request, "rakor/meetings/_day_warnings.html", {"warnings": []})
    return render(
        request, "rakor/meetings/_day_warnings.html", {"warnings": date_warnings(first, last) if first <= last else []}
    )


@page(who=rules.leaders, writes=True)
def meeting_move(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    """Ask for the reason where one is needed, then make the move."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    known = next((each for each in MEETING.moves if each.key == move), None)
    if known is None:
        return redirect(meeting)
    ensure(rules.may_move_meeting(request.user, meeting, move))
    form = ReasonForm(sent(request), required=known.note_required)
    if request.method == "POST" and form.is_valid():
        move_meeting(meeting, move, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("Status rakor sekarang: %(status)s.") % {"status": _(meeting.state.label)})
        return redirect(meeting)
    context = {
        "meeting": meeting, "label": _(known.label), "question": _(known.confirm) if known.confirm else "",
        "form": form, "url": reverse("meeting_move", args=[slug, move]), "danger": move == "cancel",
    }  # fmt: skip
    return render(request, "rakor/meetings/move.html", context, status=form_status(request))


@page(who=rules.planners, writes=True)
def meeting_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then remove an edition that nobody outside has seen."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    ensure(rules.may_delete_meeting(request.user, meeting))
    if request.method == "POST":
        delete_meeting(meeting, by=request.user)
        messages.success(request, _("Edisi “%(title)s” dihapus.") % {"title": meeting.title})
        return redirect("meetings")
    return render(request, "rakor/meetings/delete.html", {"meeting": meeting})
