"""Reading what desks ask of somebody now: of their leaders, and of the regency that is called or has to confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock
from portal.kernel.tasks import Task
from programs.queries.verdicts import undecided
from rakor.models import Desk, Session
from rakor.queries.desks import CALLED, CLOSED, RUNNING, WAITING
from regencies.rules import regency_ids

FRESH = dt.timedelta(days=7)
"""How long the berita acara of a closed desk is announced."""


def leading_tasks(user: Any) -> Iterable[Task]:
    """Verifiers and the division head: the desk they lead now, those that are called, and the board of today."""
    mine = Q(status=RUNNING, leader=user) | Q(status=CALLED)
    for desk in _desks().filter(mine, session__meeting__status="berlangsung")[:7]:
        if desk.status == CALLED:
            yield Task(_("Buka %(desk)s") % {"desk": desk}, _url(desk), _where(desk.session), "info", "play", 1)
            continue
        word = _("Tutup %(desk)s") if desk.confirmed else _("Lanjutkan %(desk)s")
        note = _("Kabupaten/kota sudah mengonfirmasi.") if desk.confirmed else _where(desk.session)
        yield Task(word % {"desk": desk}, _url(desk), note, "warning", "decision", 0)
    left = (
        Session.objects.filter(kind=Session.Kind.DESK, regency__isnull=False, meeting__status="berlangsung")
        .filter(Q(desk__isnull=True) | Q(desk__status=WAITING))
        .filter(starts_at__date__lte=timezone.localdate())
        .select_related("meeting", "regency", "room")
        .order_by("starts_at", "room__name")
    )
    following = left.first()
    if following:
        yield Task(
            _("Panggil desk berikutnya: %(regency)s") % {"regency": following.regency},
            reverse("desks", args=[following.meeting.slug]), _where(following), "info", "speech", 2,
        )  # fmt: skip


def own_desk_tasks(user: Any) -> Iterable[Task]:
    """Officers of a regency: their desk is called, under way, waits for their yes, or has its berita acara."""
    now = Q(session__meeting__status="berlangsung", status__in=[CALLED, RUNNING])
    lately = Q(status=CLOSED, closed_at__gte=timezone.now() - FRESH)
    for desk in _desks().filter(now | lately, session__regency__in=regency_ids(user)):
        if desk.status == CLOSED:
            told = _("Baca hasil desk dan unduh berita acaranya")
            yield Task(told, _url(desk), str(desk), "success", "pdf", 4)
        elif desk.status == CALLED:
            yield Task(_("Desk Anda dipanggil"), _url(desk), _where(desk.session), "warning", "speech", 0)
        elif desk.confirmed or undecided(desk.session.meeting.planning_year, desk.session.regency_id).exists():
            yield Task(_("Desk Anda sedang berlangsung"), _url(desk), _where(desk.session), "info", "decision", 1)
        else:
            note = _("Semua usulan sudah diputuskan; periksa lalu konfirmasi.")
            yield Task(_("Konfirmasi putusan desk"), _url(desk), note, "warning", "signature", 0)


def _desks() -> Any:
    return Desk.objects.select_related("session__meeting", "session__regency", "session__room").order_by(
        "session__starts_at", "pk"
    )


def _url(desk: Desk) -> str:
    return reverse("desk", args=[desk.session.meeting.slug, desk.session_id])


def _where(session: Session) -> str:
    """ "Meja 2, pukul 08.45"."""
    starts = _("pukul %(time)s") % {"time": clock(timezone.localtime(session.starts_at))}
    return f"{session.room}, {starts}" if session.room else starts
