"""Reading what the agreement asks of people, for the top of the home page. One query per kind of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import short_date
from portal.kernel.tasks import Task
from programs.models import Proposal
from programs.rules import DECIDED
from rakor import rules
from rakor.models import Agreement, Meeting
from rakor.queries.agreements import awaited_desks

FRESH = dt.timedelta(days=30)


def plenary_tasks(user: Any) -> Iterable[Task]:
    """Panitia, kabid and kadis: all desks are closed, so the plenary can agree; agreed, so the scan is missing."""
    for meeting in _unsigned():
        agreement = getattr(meeting, "agreement", None)
        url = reverse("agreement", args=[meeting.slug])
        if agreement and agreement.status == "disepakati":
            yield Task(
                _("Unggah pindaian berita acara %(name)s") % {"name": meeting.short_name},
                reverse("agreement_scan", args=[meeting.slug]),
                _("Sesudah ditandatangani, kesepakatan terkunci."), "warning", "upload", 2,
            )  # fmt: skip
        elif meeting.decided and not meeting.waiting:
            note = _("Semua desk sudah ditutup.")
            if agreement is None:
                title = _("Mulai rekap kesepakatan %(name)s")
            elif rules.may_move_agreement(user, agreement, "agree"):
                title = _("Sahkan kesepakatan %(name)s dalam pleno")
            else:
                title = _("Siapkan pleno kesepakatan %(name)s")
            yield Task(title % {"name": meeting.short_name}, url, note, "warning", "decision", 1)


def _unsigned() -> QuerySet[Meeting]:
    """Running or finished editions without a signed agreement: `decided` anything, and a desk still `waiting`."""
    proposals = Proposal.objects.kept().filter(year=OuterRef("planning_year"), regency__province=OuterRef("province"))
    return (
        Meeting.objects.filter(status__in=["berlangsung", "selesai"])
        .exclude(agreement__status="ditandatangani")
        .select_related("agreement")
        .annotate(
            decided=Exists(proposals.filter(status__in=DECIDED)),
            waiting=Exists(awaited_desks().filter(meeting=OuterRef("pk"))),
        )
        .order_by("-starts_on")[:3]
    )


def copy_tasks(user: Any) -> Iterable[Task]:
    """Regencies and observers: what the plenary agreed lately."""
    found = Agreement.objects.visible_to(user).filter(agreed_at__gte=timezone.now() - FRESH)
    for agreement in found.select_related("meeting").order_by("-agreed_at")[:2]:
        day = short_date(timezone.localtime(agreement.agreed_at))
        yield Task(
            _("Baca kesepakatan %(name)s") % {"name": agreement.meeting.short_name},
            reverse("agreement", args=[agreement.meeting.slug]), _("Disepakati %(day)s") % {"day": day},
            "success", "check-circle", 4,
        )  # fmt: skip
