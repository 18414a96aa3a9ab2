"""Many participants at once out of a list: all of it or nothing, and nobody twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from portal.journal.actions import record
from portal.kernel.errors import ensure
from rakor import rules
from rakor.actions.places import AlreadyRegistered, Roll, complete, institution_of
from rakor.actions.registrations import hold
from rakor.facts.participant_rows import ListedRow, RowError
from rakor.facts.people import LENGTHS, WrongValue, known_already, one_line, same_person, somebody_else, tidy
from rakor.models import Invitation, Meeting, Registration
from regencies.models import Regency

KINDS = Registration.Category
IMPORTED = Registration.Source.IMPORT

_Wanted = tuple[ListedRow, dict[str, Any], Invitation | None]
"""Somebody of the list, with his values and the invitation by which he comes."""


@dataclass
class Taken:
    """What became of a list: `made` places, rows `known` before, rows `doubled` in the file, and errors."""

    made: list[Registration] = field(default_factory=list)
    known: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[tuple[int, int, str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def import_participants(meeting: Meeting, rows: Sequence[ListedRow], *, by: Any) -> Taken:
    """What became of the rows; with one error nothing is stored.

    Whoever has a place (same name and institution) is left as he is, so that a list may come again.
    Errors: Denied.
    """
    ensure(rules.may_keep_guests(by, meeting))
    taken = Taken()
    with transaction.atomic():
        row = hold(meeting)
        reading = _Reading(row)
        wanted = [found for listed in rows if (found := _wanted(reading, listed, taken))]
        roll = Roll(row, [values for _listed, values, _invitation in wanted], by=by, source=IMPORTED)
        for place, (listed, _values, invitation) in enumerate(wanted):
            _take(roll, place, listed, invitation, taken)
        if taken.errors:
            taken.made = []
        elif taken.made:
            roll.store()
            record(gettext_noop("Mengimpor peserta"), row, by=by, note=_noted(taken))
    taken.errors.sort()
    return taken


def _noted(taken: Taken) -> str:
    return f"{len(taken.made)} baru, {len(taken.known)} sudah terdaftar, {len(taken.doubled)} ganda dalam berkas"


class _Reading:
    """What texts of a row mean in this edition."""

    def __init__(self, meeting: Meeting) -> None:
        self.kinds = {key: key for key in KINDS.values}
        for language in {settings.LANGUAGE_CODE, get_language() or settings.LANGUAGE_CODE}:
            with override(language):
                self.kinds |= {_folded(label): key for key, label in KINDS.choices}
        self.regencies = _by_name(Regency.objects.filter(province=meeting.province_id))
        invited = meeting.invitations.active().filter(group=Invitation.Group.HEAD_OF_OFFICE)
        self.invitations = {each.regency_id: each for each in invited.select_related("agency", "regency", "meeting")}
        self.seen: dict[tuple[str, str], tuple[int, str]] = {}
        self.numbers: dict[str, int] = {}


def _by_name(regencies: Iterable[Regency]) -> dict[str, Regency]:
    """Regencies under every name that means one of them; "Kupang" alone means two, so it means none."""
    names: dict[str, set[Regency]] = {}
    for each in regencies:
        kind = ("kab. ", "kab ", "kabupaten ") if each.kind == Regency.Kind.KABUPATEN else ("kota ",)
        bare = each.bare_name
        for name in (each.name, each.code, each.short, bare, *each.alias_list, *(head + bare for head in kind)):
            if name:
                names.setdefault(_folded(name), set()).add(each)
    return {name: next(iter(found)) for name, found in names.items() if len(found) == 1}


def _folded(text: Any) -> str:
    return " ".join(str(text).split()).casefold()


def _wanted(reading: _Reading, listed: ListedRow, taken: Taken) -> _Wanted | None:
    """The person of one row; None when something is wrong with it, or when he stands further up already."""
    before = len(taken.errors)
    values = _values(reading, listed, taken.errors)
    if len(taken.errors) > before:
        return None
    invitation = None
    if values["category"] == KINDS.DELEGATE and values["regency"]:
        invitation = reading.invitations.get(values["regency"].pk)
    if not values["institution"] and invitation is None:
        taken.errors.append(_error(listed, "institution", _("Instansi wajib diisi.")))
        return None
    if _stands_above(reading, listed, values, values["institution"] or institution_of(invitation), taken):
        return None
    try:
        return listed, complete(tidy(values), invitation, IMPORTED), invitation
    except WrongValue as error:
        taken.errors.append(_error(listed, error.name, str(error)))
        return None


def _stands_above(
    reading: _Reading, listed: ListedRow, values: Mapping[str, Any], institution: str, taken: Taken
) -> bool:
    """Whether an earlier row of the list has this person or his NIP, which is noted."""
    key = same_person(values["name"], institution)
    if key in reading.seen:
        first, number = reading.seen[key]
        if somebody_else(number, values["employee_number"]):
            taken.errors.append(_error(listed, "employee_number", known_already(values["name"], namesake=True)))
        else:
            taken.doubled.append((listed.number, first, values["name"]))
        return True
    reading.seen[key] = listed.number, values["employee_number"]
    number = "".join(values["employee_number"].split())
    if number and (first := reading.numbers.setdefault(number, listed.number)) != listed.number:
        sentence = _("NIP ini juga tertulis pada baris %(row)s, untuk orang lain.") % {"row": first}
        taken.errors.append(_error(listed, "employee_number", sentence))
        return True
    return False


def _take(roll: Roll, place: int, listed: ListedRow, invitation: Invitation | None, taken: Taken) -> None:
    """Give the person of one row his place, or note why not."""
    try:
        taken.made.append(roll.give(place, invitation))
    except AlreadyRegistered as known:
        if known.namesake:
            taken.errors.append(_error(listed, "employee_number", str(known)))
        else:
            taken.known.append((listed.number, one_line(listed.texts.get("name"))))
    except WrongValue as error:
        taken.errors.append(_error(listed, error.name, str(error)))


def _values(reading: _Reading, listed: ListedRow, errors: list[RowError]) -> dict[str, Any]:
    """What `register` takes; what cannot be read is noted with its column."""
    values: dict[str, Any] = {name: one_line(listed.texts.get(name)) for name in LENGTHS}
    values["employee_number"] = listed.texts.get("employee_number", "")
    if values["phone"].startswith("8") and values["phone"].isdigit():
        values["phone"] = f"0{values['phone']}"  # a number in Excel: the zero in front was lost
    if not values["name"]:
        errors.append(_error(listed, "name", _("Nama wajib diisi.")))
    regency = _chosen(listed, "regency", reading.regencies, errors, _("Kabupaten/kota “%(text)s” tidak dikenal."))
    category = _chosen(listed, "category", reading.kinds, errors,
                       _("Golongan “%(text)s” tidak ada dalam daftar pilihan."))  # fmt: skip
    values["regency"] = regency
    values["category"] = category or (KINDS.DELEGATE if regency else KINDS.OTHER)
    return values


def _chosen(listed: ListedRow, name: str, known: dict[str, Any], errors: list[RowError], sentence: str) -> Any:
    text = listed.texts.get(name, "")
    if not text:
        return None
    found = known.get(_folded(text))
    if found is None:
        errors.append(_error(listed, name, sentence % {"text": text[:60]}))
    return found


def _error(listed: ListedRow, name: str, sentence: str) -> RowError:
    return RowError(listed.number, listed.letters.get(name, ""), sentence)
