"""Reading minutes: the list of an edition, one notula with its entries, what may complete what is typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rakor.models import (
    EntryDraft,
    Meeting,
    MinuteEntry,
    Minutes,
    MinutesRelease,
    Participant,
    Session,
    SessionPerson,
)  # fmt: skip
from rakor.queries.programme import WITHOUT_MINUTES
from rakor.rules import sees_drafts
from regencies.models import Agency, Position
from regencies.rules import Role

PEOPLE = ("chair", "secretary", "recorder")
UNREAD = ("aims", "source", "funding_document", "funding_sub_activity", "cancelled_reason")
"""Texts of an edition that no page of minutes shows."""


def positions_on(day: dt.date) -> QuerySet[Position]:
    """The positions in force on that day that may chair, assist or record; the province's first."""
    return (
        Position.objects.in_force(day)
        .exclude(role__in=[Role.ADMIN, Role.PENGAMAT])
        .select_related("person", "agency")
        .order_by("-agency__level", "agency__name", "person__full_name", "id")
    )


def session_day(session: Session) -> dt.date:
    """The day of the session in the province's time."""
    return timezone.localtime(session.starts_at).date()


def sessions_of(user: Any, slug: str) -> QuerySet[Session]:
    """The sessions of an edition that this user may see, with the edition and the room."""
    meetings = Meeting.objects.visible_to(user).filter(slug=slug)
    return Session.objects.filter(meeting__in=meetings).select_related("meeting", "room")


def minutes_of(user: Any, slug: str) -> QuerySet[Minutes]:
    """The minutes of an edition that this user may see, with session, room and edition."""
    return (
        Minutes.objects.visible_to(user)
        .filter(session__meeting__slug=slug)
        .select_related("session__meeting", "session__room")
        .defer(*(f"session__meeting__{name}" for name in UNREAD))
        .order_by()
    )


def load_people(minutes: Minutes) -> Minutes:
    """The minutes with chair, secretary and recorder: one small statement where joins would make a slow large one."""
    held = Position.objects.filter(pk__in={getattr(minutes, f"{name}_id") for name in PEOPLE} - {None})
    known = held.order_by().select_related("person", "agency").in_bulk()
    for name in PEOPLE:
        setattr(minutes, name, known.get(getattr(minutes, f"{name}_id")))
    return minutes


def listed_sessions(user: Any, meeting: Meeting) -> list[Session]:
    """The sessions of the list: all that can have minutes for the province, those that were final once for others.

    Shape: each session has `notula` (its minutes or None, with `entry_count`), `release` (the newest final version or
    None) and `takers` (names of minute takers).
    """
    notulas = Minutes.objects.visible_to(user).select_related("recorder__person")
    notulas = notulas.annotate(entry_count=Count("entries", filter=Q(entries__deleted_at=None)))
    takers = SessionPerson.objects.filter(part=SessionPerson.Part.MINUTE_TAKER).select_related("participant")
    sessions = (
        meeting.sessions.exclude(kind__in=WITHOUT_MINUTES)
        .select_related("room")
        .prefetch_related(Prefetch("people", queryset=takers, to_attr="taking"))
    )
    by_session = {notula.session_id: notula for notula in notulas.filter(session__meeting=meeting)}
    released = MinutesRelease.objects.visible_to(user).filter(minutes__session__meeting=meeting).order_by("version")
    released = released.select_related("minutes", "document").defer("document__facts")
    newest = {release.minutes.session_id: release for release in released}
    found = []
    for session in sessions:
        session.notula = by_session.get(session.pk)
        session.release = newest.get(session.pk)
        session.takers = _takers(session)
        if session.notula or session.release or sees_drafts(user):
            found.append(session)
    return found


def _takers(session: Session) -> str:
    """Who writes: the recorder of the head, else who the programme names."""
    if session.notula and session.notula.recorder:
        return str(session.notula.recorder.person)
    return ", ".join(person.participant.name for person in session.taking)


def kept_entries(minutes: Minutes) -> list[MinuteEntry]:
    """The entries in their order."""
    return list(minutes.entries.kept())


def shown_rows(minutes: Minutes) -> list[tuple[Any, ...]]:
    """The kept entries as bare rows: a page of 300 has no use for 300 objects.

    Shape: (id, version, client key, *words as in TEXT_FIELDS, changed at, full name, user name).
    """
    return list(
        minutes.entries.kept().values_list(
            "pk", "version", "client_key", *MinuteEntry.TEXT_FIELDS, "changed_at", "changed_by__full_name",
            "changed_by__username",
        )
    )  # fmt: skip


def changed_entries(minutes: Minutes, since: int) -> list[MinuteEntry]:
    """The entries changed, or deleted, after that change number."""
    return list(minutes.entries.filter(change__gt=since).select_related("changed_by"))


def drafts_of(minutes: Minutes, user: Any) -> list[EntryDraft]:
    """What this user typed and has not saved, the newest first."""
    return list(minutes.drafts.open().filter(author=user).order_by("-saved_at"))


def unsaved_drafts(minutes: Minutes) -> list[EntryDraft]:
    """What anybody typed and has not saved; shown before the minutes are submitted."""
    drafts = minutes.drafts.open().select_related("author").order_by("author__full_name", "saved_at")
    return [draft for draft in drafts if draft.text.strip() or draft.response.strip()]


@dataclass
class Completion:
    """What the text fields offer: names with the institution they were seen with, institutions, offices."""

    names: dict[str, str] = field(default_factory=dict)
    institutions: list[str] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)


def completion(meeting: Meeting) -> Completion:
    """Names and institutions of the edition's participants and of all that was typed so far; three statements."""
    pairs = list(Participant.objects.filter(meeting=meeting).values_list("name", "institution"))
    typed = MinuteEntry.objects.kept().filter(minutes__session__meeting=meeting).order_by()
    pairs += typed.values_list("speaker", "institution").distinct()
    names: dict[str, str] = {}
    for name, institution in pairs:
        if name and not names.get(name):
            names[name] = institution
    offices = Agency.objects.order_by("level", "name").values_list("name", flat=True)
    institutions = {institution for _name, institution in pairs if institution}
    return Completion(dict(sorted(names.items())), sorted(institutions), list(offices))


def missing_parts(minutes: Minutes) -> list[str]:
    """What has to be added before the minutes may be submitted, as phrases; empty when nothing is missing."""
    entries = list(minutes.entries.kept())
    missing = []
    if not entries:
        missing.append(_("sekurang-kurangnya satu butir"))
    if minutes.chair_id is None:
        missing.append(_("pimpinan sidang"))
    if minutes.recorder_id is None:
        missing.append(_("pencatat"))
    for number, entry in enumerate(entries, start=1):
        if entry.kind != MinuteEntry.Kind.FOLLOW_UP:
            continue
        if not entry.responsible:
            missing.append(_("penanggung jawab pada butir %(number)d") % {"number": number})
        if entry.due_on is None:
            missing.append(_("batas waktu pada butir %(number)d") % {"number": number})
    return missing


def missing_sentence(minutes: Minutes) -> str:
    """The missing parts as one sentence, "" when nothing is missing."""
    missing = missing_parts(minutes)
    return _("Notula belum lengkap. Lengkapi: %(parts)s.") % {"parts": "; ".join(missing)} if missing else ""


def entries_with_versions(minutes: Minutes) -> list[MinuteEntry]:
    """All entries, deleted ones too, each with `version_count` and `conflict_count`."""
    lost = Count("revisions", filter=Q(revisions__kept_from_conflict=True))
    entries = minutes.entries.select_related("changed_by").annotate(conflict_count=lost)
    return list(entries.annotate(version_count=Count("revisions")).order_by("position", "id"))


def releases_of(minutes: Minutes) -> list[MinutesRelease]:
    """The versions that were made final, the newest first, each with its paper."""
    return list(minutes.releases.select_related("document").defer("document__facts"))
