"""The demo: accounts named by role, the editions of the shipped files, and one edition that is still being planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.kernel.errors import Blocked
from rakor.actions.meetings import copy_meeting, move_meeting
from rakor.actions.minutes import save_head
from rakor.actions.minutes_moves import move_minutes
from rakor.models import Meeting, Minutes
from rakor.queries.meetings import year_taken
from rakor.queries.minutes import session_day
from regencies.models import Agency, Position, Regency
from regencies.queries import head_on, lead_agency
from regencies.rules import Role

PASSWORD = "rakor-demo-2019"  # noqa: S105  local demo accounts only, printed at every start
SINCE = dt.date(2016, 1, 1)
PEOPLE = (
    ("admin", "Admin Demo", Role.ADMIN, "Pengelola Portal"),
    ("kadis-prov", "Kepala Dinas Demo", Role.KADIS_PROV, "Kepala Dinas"),
    ("kabid", "Kepala Bidang Demo", Role.KABID_PROV, "Kepala Bidang Perindustrian"),
    ("panitia", "Panitia Demo", Role.PANITIA, "Panitia Rakor"),
    ("notulis", "Notulis Demo", Role.NOTULIS, "Notulis"),
    ("verifikator", "Verifikator Demo", Role.VERIFIKATOR, "Verifikator"),
    ("pengamat", "Pengamat Demo", Role.PENGAMAT, "Pengamat"),
)


@dataclass(frozen=True)
class DemoAccount:
    """One person of the demo with the position it gets."""

    username: str
    full_name: str
    role: str
    title: str
    agency: Agency


def ensure_demo_allowed() -> None:
    """Return when this is no production portal: the demo's password is public.

    Errors: Blocked.
    """
    if settings.MODE == "production":
        raise Blocked(_("Data demo hanya untuk mode lokal dan uji: kata sandinya diketahui umum."))


def demo_accounts() -> list[DemoAccount]:
    """Everybody of the demo: seven roles, then operator and head of each regency."""
    ensure_demo_allowed()
    office = lead_agency()
    ministry = Agency.objects.filter(level=Agency.Level.MINISTRY).order_by("pk").first() or office
    found = [
        DemoAccount(username, name, role, title, ministry if role == Role.PENGAMAT else office)
        for username, name, role, title in PEOPLE
    ]
    for regency in Regency.objects.visible_to(None).order_by("code"):
        agency = regency.agencies.filter(is_lead=True).first()
        short = (regency.short or regency.code.replace(".", "")).lower()
        if agency:
            found += [
                DemoAccount(f"operator-{short}", f"Operator Demo {regency.bare_name}", Role.OPERATOR_KAB,
                            "Operator", agency),
                DemoAccount(f"kadis-{short}", f"Kepala Dinas Demo {regency.bare_name}", Role.KADIS_KAB,
                            "Kepala Dinas", agency),
            ]  # fmt: skip
    return found


@transaction.atomic
def create_demo_accounts(*, since: dt.date = SINCE) -> int:
    """Make the accounts that are missing, in office from that day on; how many. What people changed stays."""
    wanted = demo_accounts()
    known = set(User.objects.values_list("username", flat=True))
    missing = [account for account in wanted if account.username not in known]
    password = make_password(PASSWORD) if missing else ""  # hashed once: 51 times would take half a minute
    people = User.objects.bulk_create(
        User(username=account.username, full_name=account.full_name, password=password) for account in missing
    )
    Position.objects.bulk_create(
        Position(person=person, agency=account.agency, role=account.role, title=account.title, starts_on=since)
        for person, account in zip(people, missing, strict=True)
    )
    return len(missing)


def demo_user(username: str) -> User:
    """One of the demo's people."""
    return User.objects.get(username=username)


@transaction.atomic
def bring_forward(meeting: Meeting, *moves: str) -> None:
    """Make the moves of an edition in their order."""
    for move in moves:
        move_meeting(meeting, move, by=demo_user("panitia"))


@transaction.atomic
def finalise_minutes(minutes: Minutes) -> None:
    """Sign and finalise the minutes of a demo session through the ordinary verbs, by three different people."""
    notulis = demo_user("notulis")
    day = session_day(minutes.session)
    recorder = Position.objects.in_force(day).filter(person=notulis).first()
    save_head(
        minutes, _head(minutes, head_on(lead_agency(), day), recorder), head_version=minutes.head_version, by=notulis
    )
    minutes.refresh_from_db()
    move_minutes(minutes, "submit", by=notulis)
    move_minutes(minutes, "finalise", by=demo_user("kabid"))


def _head(minutes: Minutes, chair: Position | None, recorder: Position | None) -> dict[str, Any]:
    return {
        "attendance": "Dinas yang membidangi perindustrian kabupaten/kota se-NTT\nDisperindag Provinsi NTT",
        "chair": chair, "recorder": recorder,
    }  # fmt: skip


@transaction.atomic
def plan_next_edition(source: Meeting) -> Meeting | None:
    """An edition in preparation for the coming April after the pattern of `source`, unless there is one already.

    Its place is open: the demo does not say where a real rakor will be.
    """
    today = timezone.localdate()
    year = today.year if today < dt.date(today.year, 2, 1) else today.year + 1
    if Meeting.objects.filter(ends_on__gte=today).exists() or year_taken(year + 1):
        return None
    starts_on = next(day for day in _days(dt.date(year, 4, 19)) if day.weekday() == 1)
    return copy_meeting(
        source, starts_on=starts_on, ends_on=starts_on + (source.ends_on - source.starts_on),
        venue="Aula (akan ditetapkan)", town="Kupang", host_regency=Regency.objects.filter(code="53.71").first(),
        by=demo_user("panitia"),
    )  # fmt: skip


def _days(first: dt.date):
    for number in range(7):
        yield first + dt.timedelta(days=number)
