"""Verbs on editions. Each is one transaction and one journal entry."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import changes_between, make_move, record
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import edition_rules, rules
from rakor.actions.attendance import ensure_lists
from rakor.actions.sessions import release_session
from rakor.models import LetterCopy, Meeting, Organiser, Room, Session, SessionPerson
from rakor.queries.days import date_warnings
from rakor.queries.meetings import year_taken
from rakor.workflow import MEETING
from regencies.queries import home_province

FIELDS = [
    "title", "execution_year", "starts_on", "ends_on", "venue", "town", "host_regency", "aims", "funding_document",
    "funding_sub_activity", "invitation_number", "agenda_dated_on",
]  # fmt: skip


def free_slug(town: str, year: int) -> str:
    """An address for the edition of that town and year that is not taken: "atambua-2019", "atambua-2019-2"."""
    base = f"{slugify(town)[:40] or 'rakor'}-{year}"
    taken = set(Meeting.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    # "baru" and "periksa-tanggal" are pages; a base with a year never equals them.
    return next(slug for slug in _numbered(base) if slug not in taken)


def _numbered(base: str):
    yield base
    for number in range(2, 1000):
        yield f"{base}-{number}"


@transaction.atomic
def create_meeting(
    values: dict[str, Any], organisers: list[dict[str, Any]], *, by: Any, client_key: uuid.UUID | None = None,
    previous: Meeting | None = None,
) -> Meeting:  # fmt: skip
    """The new edition; the one made before when the same form (`client_key`) arrives again.

    Errors: Denied for all but makers of editions; Blocked while another edition plans that year.
    """
    ensure(edition_rules.edition_makers(by))
    if client_key and (known := Meeting.objects.filter(client_key=client_key).first()):
        return known
    meeting = Meeting(
        **values, planning_year=values["execution_year"] + 1, province=home_province(), previous=previous,
        slug=free_slug(values["town"], values["execution_year"]), client_key=client_key,
    )  # fmt: skip
    try:
        ensure_year_free(meeting)
        with transaction.atomic():
            meeting.save()
    except (Blocked, IntegrityError):
        # Two requests at once: the same form, another edition of that year, or the same town and year.
        known = Meeting.objects.filter(client_key=client_key).first() if client_key else None
        if known:
            return known
        ensure_year_free(meeting)
        meeting.slug = free_slug(values["town"], values["execution_year"])
        if previous and Meeting.objects.filter(previous=previous).exists():
            meeting.previous = None
        meeting.save()
    set_organisers(meeting, organisers)
    record(gettext_noop("Membuat edisi"), meeting, by=by, note=_days_note(meeting))
    return meeting


def ensure_year_free(meeting: Meeting) -> None:
    """Return when no other edition plans the year of this one.

    Errors: Blocked otherwise.
    """
    if meeting.status != "dibatalkan" and (sentence := year_taken(meeting.planning_year, but=meeting)):
        raise Blocked(sentence)


def set_organisers(meeting: Meeting, rows: list[dict[str, Any]]) -> None:
    """Store the organisers in place of those there were: role, agency and position each."""
    meeting.organisers.all().delete()
    Organiser.objects.bulk_create([Organiser(meeting=meeting, **row) for row in rows])


def _days_note(meeting: Meeting) -> str:
    """What the planner confirmed about the days, for the journal and in its language."""
    with override(settings.LANGUAGE_CODE):
        found = date_warnings(meeting.starts_on, meeting.ends_on)
    return f"Tanggal dipastikan: {' '.join(found)}" if found else ""


@transaction.atomic
def change_meeting(
    meeting: Meeting, values: dict[str, Any], organisers: list[dict[str, Any]], *, version: int, by: Any,
    shift_programme: bool = False,
) -> Meeting:  # fmt: skip
    """The edition with the new values; its programme moved along with the first day if wished.

    Errors: Denied; StaleVersion when somebody saved after `version` was read; Blocked when sessions would lie
    outside the new days, or another edition plans the new year.
    """
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    ensure(edition_rules.may_edit_edition(by, row))
    if row.version != version:
        raise StaleVersion(_("Edisi ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = Meeting.objects.get(pk=row.pk)
    shift = values["starts_on"] - row.starts_on
    for name, value in values.items():
        setattr(row, name, value)
    row.planning_year = row.execution_year + 1
    row.version += 1
    ensure_year_free(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody else took the year at this moment
        ensure_year_free(row)
        raise
    set_organisers(row, organisers)
    if shift_programme and shift:
        shift_sessions(row, shift)
    _ensure_sessions_inside(row)
    dated = (before.starts_on, before.ends_on) != (row.starts_on, row.ends_on)
    if dated and row.published:
        ensure_lists(row)
    changes = changes_between(before, row, FIELDS)
    record(gettext_noop("Mengubah edisi"), row, by=by, changes=changes, note=_days_note(row) if dated else "")
    return row


def shift_sessions(meeting: Meeting, by_days: dt.timedelta) -> None:
    """Move the whole programme by whole days (the caller holds the edition's lock)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS session_room_free, session_person_free DEFERRED")
        Session.objects.filter(meeting=meeting).update(
            starts_at=F("starts_at") + by_days, ends_at=F("ends_at") + by_days, version=F("version") + 1
        )
        cursor.execute("SET CONSTRAINTS session_room_free, session_person_free IMMEDIATE")


def _ensure_sessions_inside(meeting: Meeting) -> None:
    outside = [
        session for session in meeting.sessions.all()
        if not meeting.starts_on <= timezone.localtime(session.starts_at).date() <= meeting.ends_on
    ]  # fmt: skip
    if outside:
        first = outside[0]
        raise Blocked(
            _("%(count)s sesi berada di luar tanggal baru, misalnya “%(title)s” pada %(day)s. "
              "Geser susunan acara atau pindahkan sesi itu lebih dahulu.")
            % {
                "count": len(outside), "title": first.title,
                "day": long_date(timezone.localtime(first.starts_at).date()),
            }
        )  # fmt: skip


@transaction.atomic
def copy_meeting(
    source: Meeting, *, starts_on: dt.date, ends_on: dt.date, venue: str, town: str, host_regency: Any, by: Any,
    client_key: uuid.UUID | None = None,
) -> Meeting:  # fmt: skip
    """A new edition in preparation after the pattern of `source`: years raised, programme on the new days.

    Copied: title, aims, sub-activity code, organisers (the host by the new regency), rooms and sessions with their
    durations. Not copied: people, numbers of letters and budgets, minutes. Sessions of days that the new edition
    does not have are left out.
    Errors: Denied; Blocked while another edition plans that year.
    """
    ensure(edition_rules.edition_makers(by))
    if client_key and (known := Meeting.objects.filter(client_key=client_key).first()):
        return known
    year = starts_on.year
    raised = {source.execution_year: year, source.planning_year: year + 1}
    values = {
        "title": raise_years(source.title, raised), "execution_year": year, "starts_on": starts_on,
        "ends_on": ends_on, "venue": venue, "town": town, "host_regency": host_regency,
        "aims": raise_years(source.aims, raised), "funding_sub_activity": source.funding_sub_activity,
    }  # fmt: skip
    follower = Meeting.objects.filter(previous=source).exists()
    meeting = create_meeting(
        values,
        _organisers_for(source, host_regency),
        by=by,
        client_key=client_key,
        previous=None if follower else source,
    )
    if not meeting.sessions.exists():
        _copy_programme(source, meeting, raised)
    return meeting


def raise_years(text: str, raised: dict[int, int]) -> str:
    """The text with the years of execution and planning replaced; other years (a cohort, a law) stay."""
    return re.sub(r"\b20\d\d\b", lambda match: str(raised.get(int(match.group()), match.group())), text)


def _organisers_for(source: Meeting, host_regency: Any) -> list[dict[str, Any]]:
    """The organisers of `source`, with the office of the new host in place of the old one's."""
    rows: list[dict[str, Any]] = []
    for organiser in source.organisers.select_related("agency"):
        agency = organiser.agency
        if organiser.role == Organiser.Role.HOST and agency.regency_id:
            agency = host_regency.agencies.filter(is_lead=True).first() if host_regency else None
        if agency and all(row["agency"] != agency for row in rows):
            rows.append({"role": organiser.role, "agency": agency, "position": len(rows) + 1})
    return rows


def _copy_programme(source: Meeting, target: Meeting, raised: dict[int, int]) -> None:
    old_rooms = list(source.rooms.order_by("pk"))
    new_rooms = Room.objects.bulk_create(Room(meeting=target, name=room.name) for room in old_rooms)
    rooms = {old.pk: new for old, new in zip(old_rooms, new_rooms, strict=True)}
    shift = target.starts_on - source.starts_on
    Session.objects.bulk_create(
        Session(
            meeting=target, kind=old.kind, title=raise_years(old.title, raised), starts_at=old.starts_at + shift,
            ends_at=old.ends_at + shift, room=rooms.get(old.room_id), regency_id=old.regency_id,
            details=raise_years(old.details, raised), note=raise_years(old.note, raised),
        )
        for old in source.sessions.order_by("pk")
        if timezone.localtime(old.starts_at + shift).date() <= target.ends_on
    )  # fmt: skip


@transaction.atomic
def move_meeting(meeting: Meeting, move: str, *, by: Any, note: str = "") -> Meeting:
    """The edition after the move; regencies see it from the first time it leaves preparation.

    Errors: Denied; Blocked when the table, the missing reason or an empty programme forbid it.
    """
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update())
    ensure(rules.may_move_meeting(by, meeting, move))
    evidence: dict[str, Any] = {}
    if move == "cancel":
        evidence["cancelled_reason"] = note.strip()
    elif move == "schedule":
        ensure_programme(meeting)
        evidence["published"] = True
        ensure_lists(meeting)
    return make_move(MEETING, move, meeting, by=by, note=note, **evidence)


def ensure_programme(meeting: Meeting) -> None:
    """Return when the edition has a programme to publish.

    Errors: Blocked otherwise.
    """
    if not meeting.sessions.exists():
        raise Blocked(_("Susunan acara masih kosong. Tambahkan sesi sebelum menetapkan jadwal."))


@transaction.atomic
def delete_meeting(meeting: Meeting, *, by: Any) -> None:
    """Remove an edition that nobody outside has seen: in preparation, never published, without minutes or letters.

    Errors: Denied; Blocked, also when papers to be signed, photos or a begun desk hang on a session.
    """
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    ensure(rules.may_delete_meeting(by, row))
    if Session.objects.filter(meeting=row, minutes__isnull=False).exists():
        raise Blocked(_("Edisi ini sudah mempunyai notula, jadi tidak dapat dihapus. Batalkan saja dengan alasan."))
    if LetterCopy.objects.filter(letter__meeting=row).exists() or row.registrations.exists():
        raise Blocked(
            _("Edisi ini sudah mempunyai surat bernomor atau peserta terdaftar, jadi tidak dapat dihapus. "
              "Batalkan saja dengan alasan.")
        )  # fmt: skip
    record(gettext_noop("Menghapus edisi"), row, by=by)
    for session in row.sessions.all():
        release_session(session)
    SessionPerson.objects.filter(session__meeting=row).delete()
    row.sessions.all().delete()
    row.rooms.all().delete()
    row.invitations.update(replaces=None)
    row.delete()
