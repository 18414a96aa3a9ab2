"""Attendance lists: the half-days of an edition, and the table of one list with corrections by hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.parameters import query_with, search_text
from portal.web.submissions import form_status, see_version, sent
from rakor import guest_rules, rules
from rakor.actions.attendance import SCANNED, change_limit, close_list, correct, prepare_lists, reopen_list
from rakor.forms.attendance import CorrectionForm, LimitForm
from rakor.models import AttendanceList, Registration
from rakor.queries.attendance import is_open, label_of, late_limits
from rakor.queries.attendance_table import (
    AFTER,
    WAITING,
    Entry,
    chosen,
    days_of,
    entries_of,
    lists_are_missing,
    sorts,
    state_labels,
    tally,
)
from rakor.views.agenda import visible_meeting
from rakor.views.attendance_excel import edition_excel, list_excel
from rakor.views.guest_tabs import guest_tabs

PER_PAGE = 50


@page(who=rules.attendance_readers, reads=True)
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    """The half-days of an edition with their numbers, and where one goes from there."""
    meeting = visible_meeting(request, slug)
    if request.GET.get("format") == "xlsx":
        return edition_excel(meeting, personal=bool(rules.guest_keepers(request.user)))
    days = days_of(meeting)
    context = {
        "meeting": meeting,
        "tabs": guest_tabs(request.user, meeting, "attendance"),
        "days": days,
        "expected": days[0].halves[0].expected if days else 0,
        "missing": lists_are_missing(meeting, days),
        "may_keep": rules.may_keep_door(request.user, meeting),
        "keeps": bool(rules.door_keepers(request.user)),
        "may_guests": bool(rules.guest_keepers(request.user)),
        "arrive": request.build_absolute_uri(reverse("attendance_arrive")),
    }
    return render(request, "rakor/attendance/overview.html", context)


@page(who=rules.door_keepers, writes=True)
def attendance_prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the lists of all half-days."""
    meeting = visible_meeting(request, slug)
    if request.method == "POST":
        made = prepare_lists(meeting, by=request.user)
        text = ngettext("%(n)s daftar hadir siap.", "%(n)s daftar hadir siap.", len(made)) % {"n": len(made)}
        messages.success(request, text)
    return redirect("attendance", slug)


def list_at(request: HttpRequest, slug: str, pk: int) -> AttendanceList:
    """The list of that address with its edition; 404 for those who may not see it."""
    meeting = visible_meeting(request, slug)
    found = get_object_or_404(AttendanceList.objects.select_related("closed_by"), meeting=meeting, pk=pk)
    found.meeting = meeting
    return found


@page(who=rules.attendance_readers, reads=True)
def attendance_list(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everybody of one half-day with the state, searched, filtered and sorted."""
    row = list_at(request, slug, pk)
    entries = entries_of(row)
    wanted = {name: search_text(request, name) for name in ("q", "state", "category", "sort")}
    rows = chosen(entries, **wanted)
    if request.GET.get("format") == "xlsx":
        return list_excel(row, rows, personal=bool(rules.guest_keepers(request.user)))
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    usual = late_limits(row.meeting).get((row.on, row.half))
    context = {
        "meeting": row.meeting, "list": row, "label": label_of(row), "is_open": is_open(row), "page": found,
        "tally": tally(entries), "q": wanted["q"], "sort": wanted["sort"] or "name", "sorts": sorts(),
        "filters": _filters(wanted), "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s orang", "%(n)s orang", len(rows)) % {"n": len(rows)},
        "may_correct": rules.may_correct_attendance(request.user, row.meeting),
        "may_keep": rules.may_keep_door(request.user, row.meeting),
        "may_guests": bool(rules.guest_keepers(request.user)),
        "may_print": guest_rules.may_print_guests(request.user, row.meeting),
        "keeps": bool(rules.door_keepers(request.user)),
        "usual": clock(timezone.localtime(usual)) if usual and usual != row.late_after and not row.closed_at else "",
        "screen": _screen_address(row),
        "kept": sum(1 for entry in entries if entry.kept) if row.closed_at else 0,
        "history": history_of(row, limit=10), "back": query_with(request), "narrowed": any(wanted.values()),
    }  # fmt: skip
    return render(request, "rakor/attendance/list.html", context)


def _screen_address(row: AttendanceList) -> str:
    """Where the hall's screen opens without a login; "" while there is no such address."""
    if not row.screen_key or row.screen_until < timezone.now():
        return ""
    return f"{settings.PUBLIC_URL}{reverse('hall_screen', args=[row.screen_key])}"


def _filters(wanted: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": "state", "label": _("Kehadiran"), "value": wanted["state"], "choices": list(state_labels().items())},
        {"name": "category", "label": _("Golongan"), "value": wanted["category"],
         "choices": Registration.Category.choices},
    ]  # fmt: skip


@page(who=rules.guest_keepers, writes=True)
def attendance_correct(request: HttpRequest, slug: str, pk: int, registration_id: int) -> HttpResponse:
    """Write by hand what is true of somebody; after somebody else's change both are shown."""
    row = list_at(request, slug, pk)
    ensure(rules.may_correct_attendance(request.user, row.meeting))
    place = get_object_or_404(
        Registration.objects.select_related("participant"), meeting=row.meeting, pk=registration_id
    )
    found = entries_of(row, pk=place.pk)
    entry = found[0] if found else Entry(place, WAITING)
    form = CorrectionForm(
        sent(request), initial=_initial(entry), attendance_list=row, corrected=bool(entry.corrected_by)
    )  # fmt: skip
    theirs, status, stale = [], form_status(request), False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = correct(
                row, place, data["state"], came_at=form.came_at, note=data["note"], base_version=data["version"],
                by=request.user,
            )  # fmt: skip
        except StaleVersion as error:
            status, stale = 409, True
            theirs = _theirs(entry, data)
            see_version(form, error.current.version)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            word = made.get_state_display() if data["state"] != SCANNED else _("Koreksi dihapus")
            messages.success(request, _("%(name)s: %(state)s.") % {"name": entry.name, "state": word})
            return redirect(f"{reverse('attendance_list', args=[slug, pk])}?{_back(request)}#p{place.pk}")
    context = {
        "meeting": row.meeting, "list": row, "label": label_of(row), "entry": entry, "form": form, "theirs": theirs,
        "stale": stale, "scans": row.check_ins.filter(registration=place).select_related("by").order_by("came_at"),
        "back": _back(request),
    }  # fmt: skip
    return render(request, "rakor/attendance/correct.html", context, status=status)


def _initial(entry: Entry) -> dict[str, Any]:
    came_at = entry.row.came_at if entry.row else None
    same_day = came_at and timezone.localdate(came_at) == entry.row.attendance_list.on
    return {
        "state": entry.row.state if entry.row and entry.state not in (WAITING, AFTER) else "hadir",
        "time": timezone.localtime(came_at).time().replace(second=0, microsecond=0) if same_day else None,
        "note": entry.note,
        "version": entry.version,
    }


def _theirs(entry: Entry, typed: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of what differs."""
    labels = state_labels()
    pairs = [
        (_("Kehadiran"), entry.label, labels.get(typed["state"], _("Menurut pemindaian"))),
        (_("Jam datang"), entry.came or "–", f"{typed['time']:%H.%M}" if typed["time"] else "–"),
        (_("Keterangan"), entry.note or "–", typed["note"] or "–"),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _back(request: HttpRequest) -> str:
    """The search, filters and page of the table one came from."""
    keep = request.GET.copy()
    for name in list(keep):
        if name not in ("q", "state", "category", "sort", "page"):
            del keep[name]
    return keep.urlencode()


@page(who=rules.guest_keepers, writes=True)
def attendance_close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close the list."""
    row = list_at(request, slug, pk)
    if request.method == "POST":
        close_list(row, by=request.user)
        messages.success(request, _("Daftar hadir ditutup. Yang tidak tercatat dinyatakan tidak hadir."))
    return redirect("attendance_list", slug, pk)


@page(who=rules.guest_keepers, writes=True)
def attendance_reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Open the list again."""
    row = list_at(request, slug, pk)
    if request.method == "POST":
        _row, came = reopen_list(row, by=request.user)
        text = _("Daftar hadir dibuka kembali.")
        if came:
            n = ngettext(
                "%(n)s orang yang dipindai sesudah penutupan sekarang tercatat hadir.",
                "%(n)s orang yang dipindai sesudah penutupan sekarang tercatat hadir.",
                came,
            ) % {"n": came}
            text = f"{text} {n}"
        messages.success(request, text)
    return redirect("attendance_list", slug, pk)


@page(who=rules.guest_keepers, writes=True)
def attendance_limit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """From when on people are late."""
    row = list_at(request, slug, pk)
    ensure(rules.may_correct_attendance(request.user, row.meeting))
    usual = _local_time(late_limits(row.meeting).get((row.on, row.half)))
    form = LimitForm(sent(request), initial={"late_after": _local_time(row.late_after)})
    if request.method == "POST" and form.is_valid():
        change_limit(row, form.moment(row.on), by=request.user)
        messages.success(request, _("Batas terlambat tersimpan."))
        return redirect("attendance_list", slug, pk)
    context = {
        "meeting": row.meeting, "list": row, "label": label_of(row), "form": form,
        "usual": clock(usual) if usual else "",
    }  # fmt: skip
    return render(request, "rakor/attendance/limit.html", context, status=form_status(request))


def _local_time(moment: Any) -> Any:
    return timezone.localtime(moment).time() if moment else None
