"""The seats of the committee, and the committee's own texts: begun from what the portal knows, filled in anew by part.

Every verb holds the edition, as the moves of letters do: the decree is not initialled while its Lampiran changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.letter_copies import held_meeting
from rakor.actions.letters import draft_letter, save_letter
from rakor.models import CommitteeMember, Letter, Meeting
from rakor.queries import committee as queries
from rakor.queries.letter_text_papers import content_of, revocation_of, usual_text
from rakor.queries.signers import usual_signer

FIELDS = list(queries.FIELDS)
PERSONAL = ("employee_number",)


@transaction.atomic
def add_member(meeting: Meeting, values: dict[str, str], *, by: Any) -> CommitteeMember:
    """The new member behind the others of the seat; the one there is when the same form arrives twice.

    Shape: values by queries.committee.FIELDS.
    Errors: Denied; Blocked when somebody of that name holds the seat with another title.
    """
    row = _held(meeting, by)
    known = _same(row, values)
    if known is not None:
        if _values(known) == values:
            return known
        raise Blocked(_taken(known))
    member = CommitteeMember.objects.create(meeting=row, order=_last(row) + 1, **values)
    _put_in_order(row)
    record(gettext_noop("Menambah anggota panitia"), row, by=by, note=_named(member))
    return member


@transaction.atomic
def change_member(member: CommitteeMember, values: dict[str, str], *, base: dict[str, str], by: Any) -> CommitteeMember:
    """The member with other values; `base` is what the writer saw.

    Errors: Denied; StaleVersion when somebody changed or removed the row since; Blocked when the seat has that name.
    """
    meeting = _held(member.meeting, by)
    row = CommitteeMember.objects.filter(pk=member.pk).first()
    if row is None or _values(row) not in (base, values):
        raise StaleVersion(_("Anggota ini baru saja diubah orang lain."), current=row, yours=values)
    other = _same(meeting, values)
    if other is not None and other.pk != row.pk:
        raise Blocked(_taken(other))
    before = CommitteeMember.objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    if before.seat != row.seat:
        row.order = _last(meeting) + 1
    changes = changes_between(before, row, FIELDS, personal=PERSONAL)
    if changes:
        row.save()
        _put_in_order(meeting)
        record(gettext_noop("Mengubah anggota panitia"), meeting, by=by, note=_named(row), changes=changes)
    return row


@transaction.atomic
def move_member(member: CommitteeMember, *, up: bool, by: Any) -> None:
    """Change places with the neighbour of the same seat; nothing happens at the end of the seat.

    Errors: Denied.
    """
    meeting = _held(member.meeting, by)
    seat = list(queries.members_of(meeting).filter(seat=member.seat))
    place = next((place for place, row in enumerate(seat) if row.pk == member.pk), None)
    beside = None if place is None else place - 1 if up else place + 1
    if place is None or beside is None or not 0 <= beside < len(seat):
        return
    one, other = seat[place], seat[beside]
    one.order, other.order = other.order, one.order
    CommitteeMember.objects.bulk_update([one, other], ["order"])
    record(gettext_noop("Mengurutkan panitia"), meeting, by=by, note=_named(one))


@transaction.atomic
def remove_member(member: CommitteeMember, *, by: Any) -> None:
    """Take somebody off the committee; a second click finds nobody.

    Errors: Denied.
    """
    meeting = _held(member.meeting, by)
    row = CommitteeMember.objects.filter(pk=member.pk).first()
    if row is not None:
        record(gettext_noop("Mengeluarkan anggota panitia"), meeting, by=by, note=_named(row))
        row.delete()


@transaction.atomic
def fill_from_positions(meeting: Meeting, *, by: Any) -> int:
    """How many were added of those whom positions suggest; seats and names already there stay.

    Errors: Denied.
    """
    return _fill(meeting, queries.proposed_members, gettext_noop("Mengisi panitia dari jabatan"), by=by)


@transaction.atomic
def copy_from_previous(meeting: Meeting, *, by: Any) -> int:
    """How many were added of the committee of the edition before.

    Errors: Denied.
    """
    return _fill(meeting, queries.members_of_previous, gettext_noop("Menyalin panitia edisi sebelumnya"), by=by)


def _fill(meeting: Meeting, source: Callable[[Meeting], Iterable[dict[str, str]]], verb: str, *, by: Any) -> int:
    row = _held(meeting, by)
    known = {_key(_values(member)) for member in queries.members_of(row)}
    added = []
    for values in source(row):
        if _key(values) not in known:
            known.add(_key(values))
            added.append(CommitteeMember(meeting=row, order=_last(row) + len(added) + 1, **values))
    if added:
        CommitteeMember.objects.bulk_create(added)
        _put_in_order(row)
        record(verb, row, by=by, note="; ".join(_named(member) for member in added))
    return len(added)


def _held(meeting: Meeting, by: Any) -> Meeting:
    """The edition, locked, when its committee may be changed.

    Errors: Denied.
    """
    ensure(rules.letter_writers(by))
    row = held_meeting(meeting)
    ensure(rules.may_edit_committee(by, row, queries.decree_of(row)))
    return row


def _values(member: CommitteeMember) -> dict[str, str]:
    return {name: getattr(member, name) for name in FIELDS}


def _key(values: dict[str, str]) -> tuple[str, str]:
    return values["seat"], values["name"].casefold()


def _same(meeting: Meeting, values: dict[str, str]) -> CommitteeMember | None:
    """Who holds the seat under that name."""
    return next((row for row in queries.members_of(meeting) if _key(_values(row)) == _key(values)), None)


def _taken(member: CommitteeMember) -> str:
    return _("%(name)s sudah tercatat sebagai %(seat)s.") % {
        "name": member.name, "seat": member.get_seat_display(),
    }  # fmt: skip


def _named(member: CommitteeMember) -> str:
    with override("id"):
        return f"{member.get_seat_display()}: {member.name}"


def _last(meeting: Meeting) -> int:
    return queries.members_of(meeting).count()


def _put_in_order(meeting: Meeting) -> None:
    """Number the members by seat, within a seat as they stood."""
    rows = sorted(queries.members_of(meeting), key=lambda row: (queries.RANK[row.seat], row.order, row.pk))
    moved = [row for place, row in enumerate(rows, 1) if row.order != place]
    for place, row in enumerate(rows, 1):
        row.order = place
    CommitteeMember.objects.bulk_update(moved, ["order"])


@transaction.atomic
def start_text(meeting: Meeting, kind: str, *, by: Any) -> Letter:
    """The decree or report of the edition: the one there is, or a draft of what the portal knows.

    Errors: Denied.
    """
    ensure(rules.letter_writers(by))
    row = held_meeting(meeting)
    known = queries.decree_of(row) if kind == Letter.Kind.DECREE else queries.report_of(row)
    if known is not None:
        return known
    subject, content = usual_text(row, kind)
    signer = usual_signer("", timezone.localdate())
    return draft_letter(row, kind, {"subject": subject, "content": content.stored(), "signer": signer}, by=by)


@transaction.atomic
def replace_decree(decree: Letter, *, by: Any) -> Letter:
    """The draft of a decree that revokes this one, with its text and that sentence; a second click finds it.

    Errors: Denied; Blocked unless the decree was sent: before that it is returned or cancelled.
    """
    ensure(rules.letter_writers(by))
    row = held_meeting(decree.meeting)
    old = Letter.objects.select_related("meeting", "signer__agency").get(pk=decree.pk)
    if known := queries.successor_of(old):
        return known
    if old.kind != Letter.Kind.DECREE or old.status != "terkirim":
        raise Blocked(_("Hanya SK yang sudah terkirim diganti dengan SK baru."))
    content = content_of(old)
    *decisions, last = content.decisions or ("",)
    stored = content.stored() | {"decisions": [*decisions, revocation_of(old), *([last] if last else [])]}
    values = {"subject": old.subject, "content": stored, "signer": usual_signer("", timezone.localdate())}
    return draft_letter(row, old.kind, values, by=by, revokes=old)


@transaction.atomic
def refill_part(letter: Letter, part: str, *, base_version: int, by: Any) -> Letter:
    """The draft with one part as the portal would write it now.

    Errors: Denied; StaleVersion when somebody saved since `base_version`.
    """
    _subject, usual = usual_text(letter.meeting, letter.kind)
    stored = content_of(letter).stored() | {part: usual.stored()[part]}
    return save_letter(letter, {"content": stored}, by=by, base_version=base_version)
