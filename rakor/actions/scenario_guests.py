"""The synthetic edition's guests: committee, letters, answers, delegates and a first morning at the door (domain §8.2).

Everything goes through the verbs of the screens, by the people whose part it is and on the days of the scenario. What
people made of it stays: a second loading only adds what is missing.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from django.db import transaction
from django.utils import timezone

from rakor.actions.attendance import ensure_lists
from rakor.actions.attendance_scans import receive
from rakor.actions.ceremony_loading import create_people, office_of
from rakor.actions.committee import fill_from_positions, start_text
from rakor.actions.demo import demo_user, ensure_demo_allowed
from rakor.actions.invitations import accept, attach_assignment
from rakor.actions.letters import draft_letter, move_letter
from rakor.actions.recipients import add_recipients, invite_all
from rakor.actions.registrations import register
from rakor.actions.scenario import Team, teams
from rakor.facts.assignment import ReadyAssignment, read_assignment
from rakor.facts.attendance import Scan
from rakor.models import Invitation, Letter, Meeting, Registration
from rakor.queries.letters import usual_content
from rakor.queries.signers import on_behalf_for, usual_signer
from regencies.actions.registers import add_register
from regencies.models import Register

GUESTS_FILE = Path(__file__).resolve().parents[1] / "data" / "scenario" / "guests-atambua.yaml"
KEYS = uuid.UUID("5ab1e000-2404-4019-8f0c-53045300cafe")
"""Names the rows, so that loading again makes no doubles."""

COMMITTEE_DAYS, LETTER_DAYS, ANSWER_DAYS = 55, 42, 30
"""Days before the edition on which the decree, the letters and the answers come (domain §8.2)."""

GROUPS = Invitation.Group
REGISTER_VALUES = ("name", "pattern", "classification", "office_code")


def load_guests(meeting: Meeting, *, silent: Sequence[str] = ()) -> int:
    """Bring committee, invitations, answers and participants in; how many people are expected then.

    Regencies whose code stands in `silent` do not answer.
    Errors: Blocked in production: the demo's password is public.
    """
    ensure_demo_allowed()
    data = yaml.safe_load(GUESTS_FILE.read_text(encoding="utf-8"))
    create_people(data["people"])
    open_registers(data["registers"])
    appoint_committee(meeting)
    invite_everybody(meeting, data["agencies"])
    for team in teams():
        if team.regency.code not in silent:
            answer(meeting, team, data["delegates"])
    register_others(meeting, data["participants"])
    return meeting.registrations.active().count()


@transaction.atomic
def open_registers(rows: Sequence[Mapping[str, str]]) -> int:
    """Give the offices of these rows a register of their own, unless they keep one; how many got one.

    A letter of the Sekda is numbered where he signs it. What people changed or closed stays.
    """
    opened = 0
    for row in rows:
        office = office_of(row["office"])
        if not Register.objects.filter(agency=office).exists():
            values = {name: row[name] for name in REGISTER_VALUES}
            add_register(row["key"], values, by=demo_user("admin"), agency=office)
            opened += 1
    return opened


def appoint_committee(meeting: Meeting) -> Letter:
    """The committee as people hold office, and its decree with a number."""
    author = demo_user("panitia")
    if not meeting.committee.exists():
        fill_from_positions(meeting, by=author)
    return _taken_through(start_text(meeting, Letter.Kind.DECREE, by=author), _office_hours(meeting, COMMITTEE_DAYS))


def invite_everybody(meeting: Meeting, agencies: Sequence[Sequence[str]]) -> list[Letter]:
    """22 + 22 + 14 letters, sent."""
    author, at = demo_user("panitia"), _office_hours(meeting, LETTER_DAYS)
    for group in (GROUPS.HEAD_OF_OFFICE, GROUPS.HEAD_OF_REGION):
        invite_all(meeting, group, by=author)
    if not meeting.invitations.filter(group=GROUPS.OTHER).exists():
        rows = [{"group": GROUPS.OTHER, "addressee": name, "place": place, "quota": 2} for name, place in agencies]
        add_recipients(meeting, rows, by=author, client_key=_key(meeting, "agencies"))
    return [_taken_through(_invitation_letter(meeting, group, author, at), at) for group in GROUPS.values]


def _invitation_letter(meeting: Meeting, group: str, author: Any, at: dt.datetime) -> Letter:
    day = timezone.localdate(at)
    signer = usual_signer(group, day)
    answer_by = meeting.starts_on - dt.timedelta(days=14)
    content = usual_content(meeting, group).stored() | {"confirm_by": answer_by.isoformat()}
    values = {
        "group": group, "subject": f"Undangan {meeting.title}"[:250], "content": content, "signer": signer,
        "on_behalf": on_behalf_for(group, signer),
    }  # fmt: skip
    return draft_letter(meeting, Letter.Kind.INVITATION, values, by=author, client_key=_key(meeting, f"letter/{group}"))


def _taken_through(letter: Letter, at: dt.datetime) -> Letter:
    """The letter initialled, approved and sent, as far as that has not been done."""
    for source, move, who in (
        ("konsep", "initial", "kabid"), ("diparaf", "approve", "kadis-prov"), ("disetujui", "send", "panitia"),
    ):  # fmt: skip
        if letter.status == source:
            letter = move_letter(letter, move, by=demo_user(who), at=at)
    return letter


def answer(meeting: Meeting, team: Team, titles: Sequence[str]) -> None:
    """The regency's yes with two delegates and its surat tugas, unless it has answered."""
    row = meeting.invitations.active().get(group=GROUPS.HEAD_OF_OFFICE, regency=team.regency)
    if row.answer != Invitation.Answer.NONE:
        return
    row = accept(row, by=team.operator, base_version=row.version)
    code = team.regency.code
    for number, title in enumerate(titles, 1):
        values = {
            "name": f"Utusan {number} Contoh {team.regency.bare_name}", "title": title,
            "phone": f"0812 0000 {code.replace('.', '')}{number}",
        }  # fmt: skip
        key = _key(meeting, f"delegate/{code}/{number}")
        register(
            meeting, values, by=team.operator, source=Registration.Source.OFFICE, invitation=row, client_key=key
        )  # fmt: skip
    day = meeting.starts_on - dt.timedelta(days=ANSWER_DAYS)
    number = f"800.1.11.1/{code.replace('.', '')}/ST/{day.year}"
    attach_assignment(row, number, day, _assignment(team), by=team.operator, seen=row.assignment_mark)


def _assignment(team: Team) -> ReadyAssignment:
    """An empty page in place of a scan; no two are the same file."""
    with pikepdf.new() as paper, io.BytesIO() as content:
        paper.add_blank_page()
        paper.docinfo["/Title"] = f"Surat tugas {team.regency.name}"
        paper.save(content)
        data = content.getvalue()
    return read_assignment(f"surat-tugas-{team.regency.short.lower()}.pdf", data, size=len(data))


def register_others(meeting: Meeting, rows: Sequence[Sequence[Any]]) -> None:
    """The participants that the committee registers itself."""
    author, place = demo_user("panitia"), 0
    for category, institution, title, count in rows:
        for _number in range(count):
            place += 1
            values = {
                "name": f"Peserta Contoh {place:02}", "institution": institution, "title": title, "category": category,
            }  # fmt: skip
            key = _key(meeting, f"participant/{place}")
            register(meeting, values, by=author, source=Registration.Source.COMMITTEE, client_key=key)


def open_door(meeting: Meeting, *, count: int) -> int:
    """Check the first `count` people in on the first list, half a minute apart; how many it says are here."""
    first = ensure_lists(meeting)[0]
    begin = dt.datetime.combine(first.on, dt.time(7, 30), timezone.get_default_timezone())
    people = meeting.registrations.active().order_by("pk")[:count]
    scans = [
        Scan(_key(meeting, f"scan/{person.token}"), begin + number * dt.timedelta(seconds=28), "qr", person=person.pk)
        for number, person in enumerate(people)
    ]
    receive(first, scans, device="Meja registrasi", by=demo_user("panitia"))
    return first.rows.filter(state__in=["hadir", "terlambat"]).count()


def _office_hours(meeting: Meeting, days: int) -> dt.datetime:
    """Ten o'clock on the working day that many days before the edition, or now for one that is nearer than that."""
    day = meeting.starts_on - dt.timedelta(days=days)
    day -= dt.timedelta(days=max(0, day.weekday() - 4))
    at = dt.datetime.combine(day, dt.time(10), timezone.get_default_timezone())
    return min(at, timezone.now())


def _key(meeting: Meeting, name: str) -> uuid.UUID:
    return uuid.uuid5(KEYS, f"{meeting.slug}/{name}")
