"""Reading what a user has to do now, for the top of the home page. One function per kind of work, asked by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.kernel.dates import clock, date_range, long_date, short_date
from portal.kernel.tasks import Task
from programs.queries import contract_tasks as contracts
from programs.queries import reports_tasks as worker_reports
from programs.queries import tasks as proposals
from programs.queries.contracts_signers import SIGNING_ROLES
from rakor.models import Meeting, Minutes, Session, SessionPerson
from rakor.queries.agreement_tasks import copy_tasks, plenary_tasks
from rakor.queries.attendance_tasks import closing_tasks, door_tasks
from rakor.queries.ceremonies_tasks import ceremony_tasks
from rakor.queries.days import date_warnings
from rakor.queries.desk_tasks import leading_tasks, own_desk_tasks
from rakor.queries.invitation_tasks import answering_tasks, silence_tasks
from rakor.queries.letter_tasks import letter_tasks
from rakor.queries.notice_tasks import outbox_tasks
from rakor.queries.programme import WITHOUT_MINUTES
from regencies.models import Position
from regencies.rules import REGIONAL, Role, regency_ids, roles

RECENT = dt.timedelta(days=30)


def tasks_for(user: Any) -> list[Task]:
    """What this user has to do, the most urgent first; nothing twice for somebody with several roles."""
    held = roles(user)
    if not held:
        return [_without_position()]
    found: dict[str, Task] = {}
    for wanted, provider in PROVIDERS:
        if held & wanted:
            found.update((f"{task.url} {task.title}", task) for task in provider(user))
    return sorted(found.values(), key=lambda task: task.urgency)


def _without_position() -> Task:
    return Task(
        _("Minta jabatan kepada admin portal"), reverse("home"),
        _("Akun Anda belum mempunyai jabatan yang berlaku, jadi belum ada yang dapat ditampilkan."),
        "warning", "user",
    )  # fmt: skip


def _active() -> Iterable[Meeting]:
    """Editions in preparation, scheduled or running, with what their programme lacks."""
    lacking = ~Q(sessions__kind__in=WITHOUT_MINUTES) & Q(sessions__isnull=False)
    taker = SessionPerson.objects.filter(session=OuterRef("sessions"), part=SessionPerson.Part.MINUTE_TAKER)
    return (
        Meeting.objects.filter(status__in=["persiapan", "terjadwal", "berlangsung"])
        .annotate(
            session_total=Count("sessions"),
            roomless=Count("sessions", filter=Q(sessions__room__isnull=True)),
            takerless=Count("sessions", filter=lacking & ~Exists(taker)),
        )
        .order_by("starts_on")
    )


def planning_tasks(user: Any) -> Iterable[Task]:
    """Panitia and kabid: empty or incomplete programmes, drafts to publish, days to check, days that have come."""
    today = timezone.localdate()
    for meeting in _active():
        agenda = f"{reverse('agenda', args=[meeting.slug])}?rencana=1"
        name = _("Rakor %(town)s %(year)s") % {"town": meeting.town, "year": meeting.execution_year}
        yield from _programme_tasks(meeting, agenda, name)
        if meeting.status == "persiapan":
            yield from _preparation_tasks(meeting, name)
        elif meeting.status == "terjadwal" and meeting.starts_on <= today:
            yield Task(_("Buka %(name)s") % {"name": name}, meeting.get_absolute_url(),
                       _("Hari pertamanya sudah tiba."), "warning", "play", 1)  # fmt: skip
        elif meeting.status == "berlangsung" and meeting.ends_on < today:
            last = _("Hari terakhirnya %(day)s.") % {"day": short_date(meeting.ends_on)}
            yield Task(_("Tutup %(name)s") % {"name": name}, meeting.get_absolute_url(), last, "info", "stop", 6)


def _programme_tasks(meeting: Meeting, agenda: str, name: str) -> Iterable[Task]:
    if not meeting.session_total:
        yield Task(
            _("Susun acara %(name)s") % {"name": name}, agenda, _("Belum ada satu sesi pun."), "warning", "agenda", 2
        )
        return
    if meeting.roomless:
        title = ngettext("%(n)s sesi belum mempunyai ruang", "%(n)s sesi belum mempunyai ruang", meeting.roomless)
        yield Task(title % {"n": meeting.roomless}, agenda, name, "warning", "pin", 3)
    if meeting.takerless:
        title = ngettext("%(n)s sesi belum mempunyai notulis", "%(n)s sesi belum mempunyai notulis", meeting.takerless)
        yield Task(title % {"n": meeting.takerless}, agenda, name, "info", "minutes", 4)


def _preparation_tasks(meeting: Meeting, name: str) -> Iterable[Task]:
    found = date_warnings(meeting.starts_on, meeting.ends_on)
    if found:
        yield Task(_("Periksa tanggal %(name)s") % {"name": name}, meeting.get_absolute_url(), " ".join(found),
                   "warning", "calendar", 3)  # fmt: skip
    if meeting.session_total:
        yield Task(
            _("Tetapkan jadwal %(name)s") % {"name": name}, meeting.get_absolute_url(),
            _("Selama masih persiapan, kabupaten/kota belum dapat melihatnya."), "info", "calendar", 5,
        )  # fmt: skip


def writing_tasks(user: Any) -> Iterable[Task]:
    """Notulis: minutes returned or begun, and sessions of today that have none yet."""
    drafts = Minutes.objects.filter(status="konsep", session__meeting__status="berlangsung").select_related(
        "session__meeting"
    )
    for minutes in drafts.order_by("session__starts_at")[:5]:
        yield Task(
            _("Lanjutkan notula “%(session)s”") % {"session": minutes.session.title}, _minutes_url(minutes.session),
            short_date(timezone.localtime(minutes.session.starts_at)), "info", "minutes", 3,
        )  # fmt: skip
    now = timezone.now()
    today = (
        Session.objects.filter(
            meeting__status="berlangsung", minutes__isnull=True, starts_at__date=timezone.localdate()
        )
        .exclude(kind__in=WITHOUT_MINUTES)
        .select_related("meeting")
    )
    for session in today.order_by("starts_at")[:8]:
        running = session.starts_at <= now < session.ends_at
        yield Task(
            _("Tulis notula “%(session)s”") % {"session": session.title}, _minutes_url(session),
            _("Sedang berlangsung") if running else _("Hari ini"), "warning" if running else "info", "minutes",
            1 if running else 2,
        )  # fmt: skip
    without = Meeting.objects.filter(status="berlangsung").annotate(
        open_sessions=Count(
            "sessions", filter=Q(sessions__minutes__isnull=True) & ~Q(sessions__kind__in=WITHOUT_MINUTES)
        )
    )  # fmt: skip
    for meeting in without:
        if meeting.open_sessions:
            title = ngettext("%(n)s sesi belum dinotulakan", "%(n)s sesi belum dinotulakan", meeting.open_sessions)
            yield Task(
                title % {"n": meeting.open_sessions}, _minutes_list_url(meeting), meeting.town, "info", "minutes", 6
            )


def _minutes_url(session: Session) -> str:
    return reverse("minutes", args=[session.meeting.slug, session.pk])


def _minutes_list_url(meeting: Meeting) -> str:
    return reverse("minutes_list", args=[meeting.slug])


def checking_tasks(user: Any) -> Iterable[Task]:
    """Kabid and kadis provinsi: minutes that wait to be checked and made final."""
    waiting = (
        Minutes.objects.filter(status="diperiksa").select_related("session__meeting").order_by("session__starts_at")
    )
    for minutes in waiting[:8]:
        yield Task(
            _("Periksa notula “%(session)s”") % {"session": minutes.session.title}, _minutes_url(minutes.session),
            minutes.session.meeting.town, "warning", "check-circle", 1,
        )  # fmt: skip


def regional_tasks(user: Any) -> Iterable[Task]:
    """Officers of regencies: the coming or running rakor with their own desk, and minutes that became final."""
    today = timezone.localdate()
    visible = Meeting.objects.visible_to(user)
    desks = list(
        Session.objects.filter(meeting__in=visible, regency__in=regency_ids(user), kind=Session.Kind.DESK)
        .filter(meeting__status__in=["terjadwal", "berlangsung"])
        .select_related("room")
        .order_by("starts_at")
    )
    for meeting in visible.filter(status__in=["terjadwal", "berlangsung"]).order_by("starts_on")[:3]:
        days = date_range(meeting.starts_on, meeting.ends_on)
        where = _("%(days)s di %(place)s") % {"days": days, "place": meeting.place}
        where = " · ".join([where, *(_desk_line(desk) for desk in desks if desk.meeting_id == meeting.pk)])
        running = meeting.status == "berlangsung"
        title = _("Ikuti %(meeting)s") if running else _("Siapkan diri untuk %(meeting)s")
        yield Task(title % {"meeting": meeting.title}, reverse("agenda", args=[meeting.slug]), where, "info", "agenda",
                   2 if meeting.starts_on >= today else 4)  # fmt: skip
    fresh = Minutes.objects.visible_to(user).filter(finalised_at__gte=timezone.now() - RECENT, status="final")
    for minutes in fresh.select_related("session__meeting").order_by("-finalised_at")[:5]:
        yield Task(
            _("Baca notula final “%(session)s”") % {"session": minutes.session.title}, _minutes_url(minutes.session),
            _("Ditetapkan %(day)s") % {"day": short_date(timezone.localtime(minutes.finalised_at))},
            "success", "book", 5,
        )  # fmt: skip


def _desk_line(desk: Session) -> str:
    """When and where the regency's own desk is."""
    starts = timezone.localtime(desk.starts_at)
    place = f", {desk.room.name}" if desk.room else ""
    return _("Desk Anda: %(day)s pukul %(time)s%(place)s") % {
        "day": long_date(starts.date()), "time": clock(starts), "place": place,
    }  # fmt: skip


def admin_tasks(user: Any) -> Iterable[Task]:
    """Admin: people who can log in but hold no position, so that they see nothing."""
    lost = (
        User.objects.filter(is_active=True)
        .exclude(Exists(Position.objects.in_force().filter(person=OuterRef("pk"))))
        .count()
    )
    if lost:
        title = ngettext("%(n)s akun tanpa jabatan", "%(n)s akun tanpa jabatan", lost) % {"n": lost}
        yield Task(title, reverse("people"), _("Beri jabatan atau nonaktifkan akunnya."), "warning", "users", 3)


PROVIDERS: tuple[tuple[frozenset[str], Callable[[Any], Iterable[Task]]], ...] = (
    (frozenset({Role.PANITIA, Role.KABID_PROV}), planning_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV}), outbox_tasks),
    (frozenset({Role.PANITIA, Role.NOTULIS, Role.KABID_PROV}), door_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV}), closing_tasks),
    (frozenset({Role.NOTULIS}), writing_tasks),
    (frozenset({Role.KABID_PROV, Role.KADIS_PROV}), checking_tasks),
    (frozenset({*REGIONAL, Role.PENGAMAT}), regional_tasks),
    (frozenset({Role.ADMIN}), admin_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV}), plenary_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV}), letter_tasks),
    (frozenset({*REGIONAL, Role.PENGAMAT}), copy_tasks),
    (frozenset({Role.OPERATOR_KAB, Role.KADIS_KAB, Role.PIMPINAN, Role.PENGAMAT}), answering_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV}), silence_tasks),
    (frozenset({Role.OPERATOR_KAB}), proposals.drafting_tasks),
    (frozenset({Role.OPERATOR_KAB}), proposals.reporting_tasks),
    (frozenset({Role.KADIS_KAB}), proposals.approving_tasks),
    (frozenset({Role.VERIFIKATOR}), proposals.verifying_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV}), proposals.round_tasks),
    (frozenset({Role.VERIFIKATOR, Role.KABID_PROV}), leading_tasks),
    (frozenset(REGIONAL), own_desk_tasks),
    (frozenset({Role.KABID_PROV}), contracts.checking_tasks),
    (frozenset({Role.KADIS_PROV}), contracts.approving_tasks),
    (frozenset(SIGNING_ROLES) | {Role.TPL}, contracts.signing_tasks),
    (frozenset(SIGNING_ROLES) | {Role.TPL}, ceremony_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV}), contracts.recording_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV}), contracts.ending_tasks),
    (frozenset({Role.KADIS_KAB, Role.KABID_KAB}), contracts.regional_ending_tasks),
    (frozenset({Role.TPL}), contracts.worker_ending_tasks),
    (frozenset({Role.TPL}), worker_reports.writing_tasks),
    (frozenset({Role.KABID_KAB}), worker_reports.approving_tasks),
    (frozenset({Role.PANITIA, Role.KABID_PROV, Role.KADIS_PROV}), worker_reports.payment_tasks),
)
"""Which roles are asked for which work."""
