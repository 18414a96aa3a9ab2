"""Loading an edition from a checked file: all or nothing, and a second time without doubles."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, ensure
from rakor import rules
from rakor.actions.meetings import ensure_year_free, set_organisers
from rakor.actions.minutes import save_entry, start_minutes
from rakor.actions.sessions import SessionPlan, fill_session, planning, says
from rakor.models import Meeting, Session
from regencies.queries import home_province

_SPACE = uuid.UUID("5b0b7a3e-3c65-4f0e-9a52-8f6f1d1c2a10")


@dataclass
class EntryPlan:
    """The words of one minute entry, by field name."""

    words: dict[str, Any]


@dataclass
class LoadedSession:
    """A session of the file with its minutes."""

    plan: SessionPlan
    entries: list[EntryPlan]


@dataclass
class MeetingPlan:
    """What a file says of one edition."""

    slug: str
    previous: str
    values: dict[str, Any]
    organisers: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[LoadedSession] = field(default_factory=list)


@dataclass
class Loaded:
    """What loading did."""

    meeting: Meeting
    created: bool
    sessions: int
    removed: int
    entries: int


@transaction.atomic
def load_meeting(plan: MeetingPlan, *, by: Any) -> Loaded:
    """Store what the file says: the edition of that slug is created or brought to the file's state.

    A session is known again by its key (slug, title, number among equal titles); sessions the file no longer names
    go, unless they have minutes. Entries already there with the same words stay as they are.
    Errors: Denied; Blocked for an overlap, minutes in the way, or another edition about that year.
    """
    ensure(rules.planners(by))
    meeting, created = _meeting(plan)
    set_organisers(meeting, [{**row, "position": number} for number, row in enumerate(plan.organisers, 1)])
    keys, removed = _programme(meeting, plan, by=by)
    entries = _minutes(meeting, plan, keys, by=by)
    record(gettext_noop("Memuat edisi dari berkas"), meeting, by=by)
    return Loaded(meeting, created, len(plan.sessions), removed, entries)


def _meeting(plan: MeetingPlan) -> tuple[Meeting, bool]:
    known = Meeting.objects.select_for_update().filter(slug=plan.slug).first()
    meeting = known or Meeting(slug=plan.slug, province=home_province())
    for name, value in plan.values.items():
        setattr(meeting, name, value)
    meeting.planning_year = meeting.execution_year + 1
    meeting.previous = Meeting.objects.filter(slug=plan.previous).first() if plan.previous else None
    meeting.version = meeting.version + 1 if known else 1
    ensure_year_free(meeting)
    meeting.save()
    return meeting, known is None


def _programme(meeting: Meeting, plan: MeetingPlan, *, by: Any) -> tuple[list[Session], int]:
    """The stored sessions in the order of the file, and how many went."""
    stored = {session.client_key: session for session in meeting.sessions.all() if session.client_key}
    seen: dict[str, int] = {}
    sessions: list[Session] = []
    with planning(meeting, by=by) as touched:
        for loaded in plan.sessions:
            title = loaded.plan.title
            seen[title] = seen.get(title, 0) + 1
            key = uuid.uuid5(_SPACE, f"{plan.slug}\n{title}\n{seen[title]}")
            session = stored.pop(key, None) or Session(meeting=meeting, client_key=key, version=0)
            session.meeting = meeting
            if not session.pk or not says(session, loaded.plan):
                fill_session(session, loaded.plan)
                touched.add(session.pk)
            sessions.append(session)
        for old in stored.values():
            if hasattr(old, "minutes"):
                sentence = _("Sesi “%(title)s” sudah mempunyai notula, tetapi tidak ada lagi di berkas.")
                raise Blocked(sentence % {"title": old.title})
            old.delete()
    return sessions, len(stored)


def _minutes(meeting: Meeting, plan: MeetingPlan, sessions: list[Session], *, by: Any) -> int:
    """How many entries were added or changed."""
    changed = 0
    for loaded, session in zip(plan.sessions, sessions, strict=True):
        if not loaded.entries:
            continue
        minutes = start_minutes(session, by=by)
        for number, entry in enumerate(loaded.entries, 1):
            key = uuid.uuid5(_SPACE, f"{plan.slug}\n{session.client_key}\n{number}")
            known = minutes.entries.filter(client_key=key).first()
            if known and known.words | entry.words == known.words:
                continue
            version = known.version if known else 0
            save_entry(minutes, entry.words, by=by, key=key, entry_id=known.pk if known else None, base_version=version)
            changed += 1
    return changed
