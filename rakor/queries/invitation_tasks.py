"""Reading what invitations ask of people, for the top of the home page. One query per kind of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.dates import short_date
from portal.kernel.tasks import Task
from rakor.models import Invitation, Meeting
from rakor.queries.invitations import days_left, deadline_of, own_invitations
from regencies.rules import Role, roles

OPEN = ("persiapan", "terjadwal", "berlangsung")
AT_ONCE = 7
"""Days before its deadline from which an answer is urgent."""


def answering_tasks(user: Any) -> Iterable[Task]:
    """Invited offices and heads: an answer until it is given, then delegates and the surat tugas."""
    names_people = bool(roles(user) - {Role.PIMPINAN})
    for found in own_invitations(user).filter(meeting__status__in=OPEN)[:5]:
        if found.answer == Invitation.Answer.NONE:
            yield _to_answer(found)
        elif found.answer == Invitation.Answer.COMING and names_people:
            yield from _to_complete(found)


def _to_answer(found: Invitation) -> Task:
    deadline = deadline_of(found)
    left = days_left(deadline)
    note = _("Batas jawaban %(day)s.") % {"day": short_date(deadline)} if deadline else ""
    urgent = left is not None and left <= AT_ONCE
    return Task(
        _("Jawab undangan %(name)s") % {"name": found.meeting.short_name}, _url(found), note,
        "danger" if left is not None and left < 0 else "warning", "mail", 0 if urgent else 1,
    )  # fmt: skip


def _to_complete(found: Invitation) -> Iterable[Task]:
    if not found.named:
        note = _("Paling banyak %(n)s orang.") % {"n": found.quota}
        yield Task(
            _("Daftarkan utusan untuk %(name)s") % {"name": found.meeting.short_name}, f"{_url(found)}#utusan", note,
            "warning", "users", 2,
        )  # fmt: skip
    if not found.assignment_file and found.group != Invitation.Group.HEAD_OF_REGION:
        yield Task(
            _("Unggah surat tugas untuk %(name)s") % {"name": found.meeting.short_name},
            f"{_url(found)}#surat-tugas", _("Foto dari HP boleh."), "info", "upload", 3,
        )  # fmt: skip


def _url(found: Invitation) -> str:
    return reverse("invitation", args=[found.meeting.slug, found.pk])


def silence_tasks(user: Any) -> Iterable[Task]:
    """Panitia and kabid: how many invited offices are silent."""
    sent = Q(invitations__withdrawn_at__isnull=True, invitations__copies__sent_at__isnull=False,
             invitations__copies__voided_at__isnull=True)  # fmt: skip
    rows = Meeting.objects.filter(status__in=OPEN).annotate(
        silent=Count("invitations", filter=sent & Q(invitations__answer="belum"), distinct=True),
        first_sent=Min("invitations__copies__sent_at", filter=sent),
    )  # fmt: skip
    for meeting in rows.filter(silent__gt=0).order_by("starts_on")[:3]:
        title = ngettext("%(n)s undangan belum dijawab", "%(n)s undangan belum dijawab", meeting.silent)
        note = _("%(name)s, dikirim %(day)s") % {"name": meeting.short_name, "day": short_date(meeting.first_sent)}
        yield Task(title % {"n": meeting.silent}, reverse("invitations", args=[meeting.slug]), note, "info", "mail", 4)
