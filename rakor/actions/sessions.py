"""Verbs on the programme. Each locks the edition, is one transaction, and leaves a change that can be taken back."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.ceremonies import release_ceremony
from rakor.actions.ceremonies_photos import ensure_photoless
from rakor.models import Desk, Meeting, Participant, ProgrammeChange, Room, Session, SessionPerson
from rakor.queries.clashes import Slot, first_clash, slots_in


@dataclass
class PersonPlan:
    """Somebody's part, by name."""

    part: str
    name: str
    institution: str = ""
    title: str = ""


@dataclass
class SessionPlan:
    """What a session shall be. `room` is a name; rooms and people that are new to the edition are added to it."""

    kind: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str = ""
    regency: Any = None
    details: str = ""
    note: str = ""
    source: str = ""
    people: list[PersonPlan] = field(default_factory=list)


@contextmanager
def planning(meeting: Meeting, *, by: Any):
    """A transaction that holds the edition: planners wait for each other, readers do not. Yields a set for the pks
    of the sessions it changes.

    Overlaps are judged by the database at its end, all at once, and told as a sentence. What a final notula says of its
    session stays true: the paper is signed.
    Errors: Denied; Blocked naming room or person, the other session and its time, or the session that is signed.
    """
    touched: set[int] = set()
    intended: dict[int, Slot] = {}
    try:
        with transaction.atomic():
            row = Meeting.objects.select_for_update().get(pk=meeting.pk)
            ensure(rules.may_plan(by, row))
            signed = _signed(meeting)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS session_room_free, session_person_free DEFERRED")
            yield touched
            _keep_signed(signed, _signed(meeting))
            intended = slots_in(meeting, touched)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS session_room_free, session_person_free IMMEDIATE")
    except IntegrityError as error:
        raise Blocked(_clash_sentence(meeting, intended, error)) from error


def _signed(meeting: Meeting) -> dict[int, tuple]:
    """What final minutes say of their sessions, by session."""
    final = meeting.sessions.filter(minutes__status="final")
    return {row[0]: row[1:] for row in final.values_list("pk", "title", "starts_at", "ends_at", "room_id", "details")}


def _keep_signed(before: dict[int, tuple], after: dict[int, tuple]) -> None:
    for pk, (title, *rest) in before.items():
        if after.get(pk) != (title, *rest):
            raise Blocked(
                _("Notula sesi “%(title)s” sudah final. Buka kembali notulanya bila acaranya harus diubah.")
                % {"title": title}
            )


def _clash_sentence(meeting: Meeting, intended: dict[int, Slot], error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if name not in ("session_room_free", "session_person_free"):
        raise error
    return first_clash(meeting, intended, kind="room" if name == "session_room_free" else "person")


def snapshot(session: Session) -> dict[str, Any]:
    """The session as JSON can keep it, with its people."""
    return {
        "kind": session.kind, "title": session.title, "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(), "room": session.room_id, "regency": session.regency_id,
        "details": session.details, "note": session.note, "source": session.source, "version": session.version,
        "people": [[row.part, row.participant_id, row.position] for row in session.people.all()],
    }  # fmt: skip


def _remember(session: Session, verb: str, before: dict, after: dict, *, by: Any, note: str = "") -> ProgrammeChange:
    record(verb, session, by=by, note=note)
    what = f"{verb} “{session.title}” {note}".strip()[:300]
    return ProgrammeChange.objects.create(meeting=session.meeting, what=what, before=before, after=after, by=by)


def _room(meeting: Meeting, name: str) -> Room | None:
    if not name:
        return None
    return meeting.rooms.filter(name__iexact=name).first() or Room.objects.create(meeting=meeting, name=name)


def participant(meeting: Meeting, plan: PersonPlan) -> Participant:
    """The person of that name, added to the edition when new; without an institution the only namesake is meant."""
    known = meeting.participants.filter(name__iexact=plan.name)
    if plan.institution:
        known = known.filter(institution__iexact=plan.institution)
    found = list(known[:2])
    if len(found) == 1:
        return found[0]
    exact = meeting.participants.filter(name__iexact=plan.name, institution__iexact=plan.institution).first()
    return exact or Participant.objects.create(
        meeting=meeting, name=plan.name, institution=plan.institution, title=plan.title
    )


def set_people(session: Session, rows: list[tuple[str, int, int]]) -> None:
    """Store the parts; whoever owns a speech, or plays a second part here, does not occupy time by that."""
    session.people.all().delete()
    busy: set[int] = set()
    people = []
    for part, participant_id, position in rows:
        occupies = part != SessionPerson.Part.OWNER and participant_id not in busy
        if occupies:
            busy.add(participant_id)
        people.append(
            SessionPerson(
                session=session, participant_id=participant_id, part=part, position=position, occupies=occupies,
                starts_at=session.starts_at, ends_at=session.ends_at,
            )
        )  # fmt: skip
    SessionPerson.objects.bulk_create(people)


def _people_rows(meeting: Meeting, plans: list[PersonPlan]) -> list[tuple[str, int, int]]:
    rows: list[tuple[str, int, int]] = []
    for number, plan in enumerate(plans, 1):
        key = (plan.part, participant(meeting, plan).pk)
        if all(key != (part, pk) for part, pk, _position in rows):
            rows.append((*key, number))
    return rows


def fill_session(session: Session, plan: SessionPlan) -> None:
    """Store the plan in the session as its next version, with its people (within `planning`)."""
    for name in ("kind", "title", "starts_at", "ends_at", "regency", "details", "note", "source"):
        setattr(session, name, getattr(plan, name))
    session.room = _room(session.meeting, plan.room)
    session.version += 1
    session.save()
    set_people(session, _people_rows(session.meeting, plan.people))


def says(session: Session, plan: SessionPlan) -> bool:
    """Whether the stored session is what the plan says already."""
    same = all(
        getattr(session, name) == getattr(plan, name)
        for name in ("kind", "title", "starts_at", "ends_at", "regency", "details", "note", "source")
    )
    if not same or (session.room.name if session.room else "").lower() != plan.room.lower():
        return False
    people = [(row.part, row.participant.name.lower()) for row in session.people.select_related("participant")]
    return sorted(people) == sorted((person.part, person.name.lower()) for person in plan.people)


def plan_session(
    meeting: Meeting, plan: SessionPlan, *, by: Any, client_key: uuid.UUID | None = None
) -> tuple[Session, ProgrammeChange | None]:
    """The new session and the change that can be taken back; the one made before when the same form comes again.

    Errors: Denied; Blocked for an overlap.
    """
    with planning(meeting, by=by) as touched:
        if client_key and (known := meeting.sessions.filter(client_key=client_key).first()):
            return known, None
        session = Session(meeting=meeting, client_key=client_key, version=0)
        fill_session(session, plan)
        touched.add(session.pk)
        key = str(session.pk)
        change = _remember(session, gettext_noop("Menambah sesi"), {key: None}, {key: snapshot(session)}, by=by)
    return session, change


def change_session(session: Session, plan: SessionPlan, *, version: int, by: Any) -> ProgrammeChange:
    """Store the new plan of a session; the change that can be taken back.

    Errors: Denied; StaleVersion when somebody saved after `version` was read; Blocked for an overlap.
    """
    meeting = session.meeting
    with planning(meeting, by=by) as touched:
        row = meeting.sessions.select_for_update().get(pk=session.pk)
        if row.version != version:
            raise StaleVersion(_("Sesi ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=plan)
        before = snapshot(row)
        if (row.kind, row.regency_id) != (plan.kind, plan.regency.pk if plan.regency else None):
            release_desk(row)
        if row.kind != plan.kind:
            release_ceremony(row)
        fill_session(row, plan)
        touched.add(row.pk)
        return _remember(row, gettext_noop("Mengubah sesi"), {str(row.pk): before}, {str(row.pk): snapshot(row)}, by=by)


def release_desk(session: Session) -> None:
    """Forget the desk of a session that leaves the programme or becomes another's, while nobody was called to it.

    Errors: Blocked when the desk is under way or closed.
    """
    desk = Desk.objects.filter(session=session).first()
    if desk is None:
        return
    if desk.status != "menunggu":
        raise Blocked(
            _("%(desk)s berstatus “%(status)s”, jadi sesinya tidak dapat dihapus atau dialihkan.")
            % {"desk": desk, "status": _(desk.state.label)}
        )
    desk.delete()


def release_session(session: Session) -> None:
    """Forget what hangs on a session that leaves the programme.

    Errors: Blocked when its desk, its ceremony or its photos have to stay.
    """
    release_desk(session)
    release_ceremony(session)
    ensure_photoless(session)


def delete_session(session: Session, *, by: Any) -> ProgrammeChange:
    """Take a session out of the programme; the change that brings it back.

    Errors: Denied; Blocked when it has minutes, photos, or papers to be signed.
    """
    meeting = session.meeting
    with planning(meeting, by=by):
        row = meeting.sessions.select_for_update().get(pk=session.pk)
        if hasattr(row, "minutes"):
            raise Blocked(
                _("Sesi “%(title)s” sudah mempunyai notula, jadi tidak dapat dihapus.") % {"title": row.title}
            )
        release_session(row)
        key = str(row.pk)
        change = _remember(row, gettext_noop("Menghapus sesi"), {key: snapshot(row)}, {key: None}, by=by)
        row.delete()
    return change


def move_session(session: Session, *, by: Any, step: int = 0, to: int | None = None) -> ProgrammeChange | None:
    """Give a session another place among those of its room on its day; None when it is there already.

    `step` moves it by so many places (-1: earlier), `to` to a place counted from 0. Durations go with the sessions,
    the pauses stay where they are: the stretch between the old and the new place begins and ends as before.
    Errors: Denied; Blocked when a person would be in two places.
    """
    meeting = session.meeting
    with planning(meeting, by=by) as touched:
        row = meeting.sessions.select_for_update().get(pk=session.pk)
        track = _track(row)
        here = next(place for place, other in enumerate(track) if other.pk == row.pk)
        there = min(max(here + step if to is None else to, 0), len(track) - 1)
        if there == here:
            return None
        first, last = min(here, there), max(here, there)
        stretch = track[first : last + 1]
        before = {str(each.pk): snapshot(each) for each in stretch}
        for each, (starts_at, ends_at) in _rearranged(stretch, here - first, there - first):
            each.starts_at, each.ends_at = starts_at, ends_at
            each.version += 1
            each.save(update_fields=["starts_at", "ends_at", "version"])
            touched.add(each.pk)
        after = {str(each.pk): snapshot(each) for each in stretch}
        moved = next(each for each in stretch if each.pk == row.pk)
        note = f"ke pukul {clock(timezone.localtime(moved.starts_at))}"  # of the journal, which is Indonesian
        return _remember(row, gettext_noop("Memindahkan sesi"), before, after, by=by, note=note)


def _track(session: Session) -> list[Session]:
    """The sessions of the same room on the same local day, in order."""
    day = timezone.localtime(session.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)
    return list(
        Session.objects.filter(
            meeting_id=session.meeting_id, room_id=session.room_id, starts_at__gte=day,
            starts_at__lt=day + dt.timedelta(days=1),
        ).order_by("starts_at", "pk").prefetch_related("people")
    )  # fmt: skip


def _rearranged(stretch: list[Session], here: int, there: int):
    """Each session of the stretch with its new times."""
    pauses = [after.starts_at - before.ends_at for before, after in itertools.pairwise(stretch)]
    order = list(stretch)
    order.insert(there, order.pop(here))
    moment = stretch[0].starts_at
    times = []
    for place, each in enumerate(order):
        ends_at = moment + (each.ends_at - each.starts_at)
        times.append((each, (moment, ends_at)))
        moment = ends_at + pauses[place] if place < len(pauses) else ends_at
    return times


def undo_change(change: ProgrammeChange, *, by: Any) -> ProgrammeChange:
    """Bring the sessions of a change back to what they were before it.

    Errors: Denied; Blocked when one of them was changed again since, when it was taken back already, or an overlap.
    """
    meeting = change.meeting
    with planning(meeting, by=by) as touched:
        row = ProgrammeChange.objects.select_for_update().get(pk=change.pk)
        if row.undone_at:
            raise Blocked(_("Perubahan ini sudah diurungkan."))
        current = {str(each.pk): each for each in meeting.sessions.filter(pk__in=[int(pk) for pk in row.after])}
        for pk, after in row.after.items():
            if (current[pk].version if pk in current else None) != (after["version"] if after else None):
                raise Blocked(_("Sesi itu sudah diubah lagi sesudahnya, jadi tidak dapat diurungkan."))
        for pk, before in row.before.items():
            _restore(meeting, int(pk), before, current.get(pk), touched)
        row.undone_at = timezone.now()
        row.save(update_fields=["undone_at"])
        record(gettext_noop("Mengurungkan perubahan acara"), meeting, by=by, note=row.what)
    return row


def _restore(meeting: Meeting, pk: int, before: dict | None, session: Session | None, touched: set[int]) -> None:
    """One session as it was; a version above every earlier one, so that old forms and calendars notice."""
    if before is None:
        if session:
            if hasattr(session, "minutes"):
                raise Blocked(_("Sesi itu sudah mempunyai notula, jadi tidak dapat diurungkan."))
            release_session(session)
            session.delete()
        return
    new = session is None
    if session and (session.kind, session.regency_id) != (before["kind"], before["regency"]):
        release_desk(session)
    if session and session.kind != before["kind"]:
        release_ceremony(session)
    session = session or Session(pk=pk, meeting=meeting)
    for name in ("kind", "title", "details", "note", "source"):
        setattr(session, name, before[name])
    session.starts_at = dt.datetime.fromisoformat(before["starts_at"])
    session.ends_at = dt.datetime.fromisoformat(before["ends_at"])
    session.room_id, session.regency_id = before["room"], before["regency"]
    session.version = max(before["version"], 0 if new else session.version) + 1
    session.save(force_insert=new)
    touched.add(session.pk)
    set_people(session, [(part, person, position) for part, person, position in before["people"]])
