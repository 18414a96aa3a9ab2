"""Reminders of an edition: who has not answered, what is planned, what was sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.submissions import form_status, sent
from rakor import rules
from rakor.actions import reminders as verbs
from rakor.facts.notices import reminder_text
from rakor.forms.notices import ReminderForm
from rakor.models import Meeting, Reminder
from rakor.queries.notices import deadline_of, reminders_of, silent, told
from rakor.views.agenda import visible_meeting
from rakor.views.guest_tabs import guest_tabs

PER_PAGE = 25
DAYS_BEFORE = (7, 3, 1)
"""So many days before the deadline a reminder is suggested."""


@page(who=rules.guest_keepers, writes=True)
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """The silent, the planned reminders, and the form of a new one; POST plans it, or sends it at once."""
    meeting = visible_meeting(request, slug)
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


def _context(request: HttpRequest, meeting: Meeting, form: ReminderForm, deadline: dt.date | None) -> dict[str, Any]:
    waiting = list(silent(meeting).order_by("group", "order", "pk"))
    shown = Paginator(reminders_of(meeting), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "meeting": meeting, "form": form, "deadline": deadline, "page": shown, "reminders": shown.object_list,
        "silent": waiting, "told": told(meeting).count(),
        "may_remind": rules.may_remind(request.user, meeting), "tabs": guest_tabs(request.user, meeting, "reminders"),
    }  # fmt: skip


@page(who=rules.guest_keepers, writes=True)
def reminder_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a planned reminder."""
    meeting = visible_meeting(request, slug)
    reminder = get_object_or_404(Reminder, meeting=meeting, pk=pk)
    if request.method == "POST":
        verbs.cancel_reminder(reminder, by=request.user)
        messages.success(request, _("Pengingat dibatalkan."))
    return redirect("reminders", slug)
