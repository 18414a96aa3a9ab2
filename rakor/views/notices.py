"""Reminders of an edition: who has not answered, what is planned, what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import differences, form_status, see_version, sent
from rakor import rules
from rakor.actions import reminders as verbs
from rakor.facts.notices import reminder_text
from rakor.forms.notices import ReminderForm
from rakor.models import Meeting, Reminder
from rakor.queries.notices import REMINDER_ORDERS, deadline_of, reminders_of, silent, told
from rakor.views.agenda import visible_meeting
from rakor.views.guest_tabs import guest_tabs

PER_PAGE = 25
DAYS_BEFORE = (7, 3, 1)
"""So many days before the deadline a reminder is suggested."""


@page(who=rules.guest_keepers, writes=True)
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """The silent, the planned reminders, and the form of a new one; POST plans it, or sends it at once."""
    meeting = visible_meeting(request, slug)
    if request.GET.get("format") == "xlsx":
        return _excel(meeting, reminders_of(meeting, **_wanted(request)))
    at_once = "sekarang" in request.POST
    deadline = deadline_of(meeting)
    first = {"on": _suggested(meeting, deadline), "text": reminder_text(meeting, deadline)}
    form = ReminderForm(sent(request), meeting=meeting, at_once=at_once, initial=first)
    if form.is_valid():
        try:
            messages.success(request, _done(request, meeting, form, at_once=at_once))
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            return redirect("reminders", slug)
    return render(
        request, "rakor/notices/reminders.html", _context(request, meeting, form, deadline),
        status=form_status(request),
    )  # fmt: skip


def _done(request: HttpRequest, meeting: Meeting, form: ReminderForm, *, at_once: bool) -> str:
    """Do what was asked and say so.

    Errors: Denied, Blocked.
    """
    if at_once:
        reached = verbs.remind_now(meeting, form.cleaned_data["text"], by=request.user)
        sentence = ngettext("%(n)s penerima diingatkan.", "%(n)s penerima diingatkan.", reached)
        return sentence % {"n": reached}
    verbs.plan_reminder(meeting, form.cleaned_data["on"], form.cleaned_data["text"], by=request.user)
    return _("Pengingat dijadwalkan.")


def _suggested(meeting: Meeting, deadline: dt.date | None) -> dt.date:
    """The next usual day before the deadline that is free, else tomorrow, never after the first day."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    taken = set(meeting.reminders.values_list("on", flat=True))
    days = [deadline - dt.timedelta(days=days) for days in DAYS_BEFORE] if deadline else []
    free = (day for day in [*days, tomorrow] if day >= tomorrow and day not in taken)
    return min(next(free, tomorrow), meeting.starts_on)


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {
        "text": search_text(request), "state": search_text(request, "keadaan"), "order": search_text(request, "sort"),
    }  # fmt: skip


def _context(request: HttpRequest, meeting: Meeting, form: ReminderForm, deadline: dt.date | None) -> dict[str, Any]:
    waiting = list(silent(meeting).order_by("group", "order", "pk"))
    wanted = _wanted(request)
    shown = Paginator(reminders_of(meeting, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    total = shown.paginator.count
    return {
        "meeting": meeting, "form": form, "deadline": deadline, "page": shown, "reminders": shown.object_list,
        "silent": waiting, "told": told(meeting).count(),
        "may_remind": rules.may_remind(request.user, meeting), "tabs": guest_tabs(request.user, meeting, "reminders"),
        "q": wanted["text"], "narrowed": bool(wanted["text"] or wanted["state"]),
        "filters": [
            {"name": "keadaan", "label": _("Keadaan"), "value": wanted["state"],
             "choices": [("dijadwalkan", _("Dijadwalkan")), ("terkirim", _("Terkirim"))]},
        ],
        "sorts": [("", _("Terjadwal")), ("lama", _("Tanggal terlama")), ("baru", _("Tanggal terbaru"))],
        "sort": wanted["order"] if wanted["order"] in REMINDER_ORDERS else "",
        "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s pengingat", "%(n)s pengingat", total) % {"n": total},
    }  # fmt: skip


def _excel(meeting: Meeting, found: Iterable[Reminder]) -> HttpResponse:
    header = [_("Tanggal"), _("Isi pengingat"), _("Oleh"), _("Keadaan"), _("Dikirim"), _("Penerima")]
    rows = [
        [
            row.on, row.text, row.by.display_name, _("Terkirim") if row.done_at else _("Dijadwalkan"),
            timezone.localtime(row.done_at).replace(tzinfo=None, microsecond=0) if row.done_at else "", row.recipients,
        ]
        for row in found
    ]  # fmt: skip
    return excel_response(f"pengingat-{meeting.slug}", _("Pengingat"), header, rows)


@page(who=rules.guest_keepers, writes=True)
def reminder(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The form of a planned reminder; one that was sent is read in the list."""
    meeting = visible_meeting(request, slug)
    row = get_object_or_404(Reminder, meeting=meeting, pk=pk)
    ensure(rules.may_remind(request.user, meeting))
    if row.done_at:
        messages.warning(request, _("Pengingat itu sudah dikirim."))
        return redirect("reminders", slug)
    first = {"on": row.on, "text": row.text, "version": row.version}
    form = ReminderForm(sent(request), meeting=meeting, initial=first)
    status, theirs = form_status(request), []
    if form.is_valid():
        try:
            verbs.change_reminder(
                row, form.cleaned_data["on"], form.cleaned_data["text"], by=request.user,
                base_version=form.cleaned_data["version"],
            )  # fmt: skip
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, stale.yours)
            see_version(form, stale.current.version)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Pengingat diubah."))
            return redirect("reminders", slug)
    context = {
        "meeting": meeting, "reminder": row, "form": form, "stale": status == 409, "theirs": theirs,
        "fresh_url": request.path, "tabs": guest_tabs(request.user, meeting, "reminders"),
    }  # fmt: skip
    return render(request, "rakor/notices/reminder.html", context, status=status)


@page(who=rules.guest_keepers, writes=True)
def reminder_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a planned reminder as it was seen."""
    meeting = visible_meeting(request, slug)
    row = get_object_or_404(Reminder, meeting=meeting, pk=pk)
    if request.method == "POST":
        seen = whole_number(request.POST.get("version"), largest=2**31 - 1)
        verbs.cancel_reminder(row, by=request.user, base_version=seen or 0)
        messages.success(request, _("Pengingat dibatalkan."))
    return redirect("reminders", slug)
