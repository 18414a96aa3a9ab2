"""Places of participants as values: what an invitation says of them, what is wrong, and many stored at once.

Whoever uses this holds the edition (`registrations.hold`) and has asked whether he may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import Step, make_moves, record_each
from rakor.facts.people import PERSONAL, WrongValue, known_already, somebody_else
from rakor.models import Invitation, Meeting, Participant, Registration
from rakor.workflow import REGISTRATION

OF_PARTICIPANT = ("name", "institution", "title", "regency")
OF_REGISTRATION = ("category", "user", *PERSONAL)

SOURCE, STATUS = Registration.Source, Registration.Status


class AlreadyRegistered(WrongValue):
    """Somebody of that name and institution is expected already: `registration`, with another NIP a `namesake`."""

    def __init__(self, registration: Registration, number: str = "") -> None:
        self.registration, self.namesake = registration, somebody_else(registration.employee_number, number)
        super().__init__("name", known_already(str(registration.participant), namesake=self.namesake))


def institution_of(invitation: Invitation) -> str:
    """The name that the delegates of this invitation bear as their institution."""
    if invitation.group == Invitation.Group.HEAD_OF_REGION and invitation.regency:
        return f"Pemerintah {invitation.regency.name}"
    return invitation.agency.name if invitation.agency else invitation.addressee


def category_of(invitation: Invitation | None) -> str:
    """The category of whoever comes for this invitation."""
    kinds = Registration.Category
    if invitation is None:
        return kinds.OTHER
    if invitation.regency_id:
        return kinds.DELEGATE
    level = invitation.agency.level if invitation.agency else ""
    return {"provinsi": kinds.PROVINCE, "pusat": kinds.MINISTRY}.get(level, kinds.PARTNER)


def complete(values: dict[str, Any], invitation: Invitation | None, source: str) -> dict[str, Any]:
    """The values with what the invitation says of them, all of them checked.

    Errors: Blocked.
    """
    if invitation is not None:
        own = source == SOURCE.OFFICE
        values["institution"] = institution_of(invitation) if own else values.get("institution") or institution_of(
            invitation
        )  # fmt: skip
        values["regency"] = invitation.regency if own else values.get("regency") or invitation.regency
        values["category"] = category_of(invitation) if own else values.get("category") or category_of(invitation)
    values["category"] = values.get("category") or Registration.Category.OTHER
    values["institution"] = values.get("institution", "")[:150]
    check(values)
    return values


def check(values: Mapping[str, Any]) -> None:
    """Return when category and e-mail, where given, can be stored.

    Errors: WrongValue.
    """
    if "category" in values and values["category"] not in Registration.Category.values:
        raise WrongValue("category", _("Golongan peserta ini tidak dikenal."))
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError as error:
            sentence = _("Alamat surel “%(email)s” tidak lengkap.") % {"email": values["email"][:60]}
            raise WrongValue("email", sentence) from error


def free_place(person: Participant | None, values: Mapping[str, Any]) -> Registration | None:
    """The place that this person had and may have again; None for somebody who never had one.

    Errors: AlreadyRegistered when he is expected.
    """
    place = getattr(person, "registration", None) if person else None
    if place is not None and place.status == STATUS.EXPECTED:
        raise AlreadyRegistered(place, values.get("employee_number", ""))
    return place


def filled(
    meeting: Meeting, person: Participant | None, values: Mapping[str, Any], *, by: Any, source: str,
    invitation: Invitation | None,
) -> Registration:  # fmt: skip
    """His place with these values, made or taken up again, as his person is; nothing of both is stored."""
    if person is None:
        person = Participant(meeting=meeting, name=values["name"], institution=values["institution"])
    person.title, person.regency = values.get("title") or person.title, values.get("regency") or person.regency
    place = getattr(person, "registration", None) or Registration(participant=person, meeting=meeting)
    for name in OF_REGISTRATION:
        setattr(place, name, values.get(name) or (None if name == "user" else ""))
    place.invitation, place.source, place.by, place.stands_in_for = invitation, source, by, None
    place.client_key = None
    return place


def number_taken() -> WrongValue:
    """What is said of a NIP that takes part under another name; it names nobody, he may be another office's."""
    return WrongValue(
        "employee_number", _("NIP ini sudah terdaftar pada rakor ini. Periksa angkanya, atau hubungi panitia.")
    )


class Roll:
    """Places given to the people of a list, one after the other as `register` would; `store` writes them all at once.

    It reads what the edition knows of them when it is made, and a handful of statements serve any number of people.
    """

    def __init__(self, meeting: Meeting, people: Sequence[Mapping[str, Any]], *, by: Any, source: str) -> None:
        self._meeting, self._by, self._source = meeting, by, source
        self._people = people
        self._keys, self._known = _known(meeting, people)
        numbers = {values["employee_number"] for values in people if values.get("employee_number")}
        held = Registration.objects.active().filter(meeting=meeting, employee_number__in=numbers)
        self._holders = dict(held.values_list("employee_number", "pk"))
        self._given: dict[tuple[str, str], Registration] = {}

    def give(self, number: int, invitation: Invitation | None) -> Registration:
        """The place of that person of the list; it is stored by `store`.

        Errors: AlreadyRegistered; WrongValue.
        """
        key, values = self._keys[number], self._people[number]
        nip = values.get("employee_number", "")
        if key in self._given:
            raise AlreadyRegistered(self._given[key], nip)
        person = self._known.get(key)
        former = free_place(person, values)
        if nip and self._holders.get(nip, former and former.pk) != (former and former.pk):
            raise number_taken()
        place = filled(self._meeting, person, values, by=self._by, source=self._source, invitation=invitation)
        if nip:
            self._holders[nip] = place.pk or 0
        self._given[key] = place
        return place

    def store(self) -> None:
        """Write all given places, their people and what the journal says of each."""
        places = self._given.values()
        people = [place.participant for place in places]
        Participant.objects.bulk_create([each for each in people if each.pk is None])
        Participant.objects.bulk_update([each for each in people if each.pk is not None], ["title", "regency"])
        fresh, back = [], []
        for place in places:
            (fresh if place.pk is None else back).append(place)
        Registration.objects.bulk_create(fresh)
        record_each(gettext_noop("Mendaftarkan peserta"), fresh, by=self._by, note=self._meeting.title)
        if back:
            self._take_back(back)

    def _take_back(self, places: Sequence[Registration]) -> None:
        """Those who were cancelled or replaced have their places again; who stood in for one has a place of his own."""
        Registration.objects.filter(stands_in_for__in=places).update(stands_in_for=None)
        for place in places:
            place.version += 1
        names = [*OF_REGISTRATION, "invitation", "source", "by", "stands_in_for", "client_key", "version"]
        Registration.objects.bulk_update(places, names)
        title = self._meeting.title
        make_moves(REGISTRATION, [Step(each, "readmit", title, {"status_reason": ""}) for each in places], by=self._by)


def _known(
    meeting: Meeting, people: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[str, str]], dict[tuple[str, str], Participant]]:
    """Under which name and institution each of them is known, and who is known so already, as PostgreSQL compares."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LOWER(given.name), LOWER(given.institution), known.id"
            " FROM UNNEST(%s::text[], %s::text[]) WITH ORDINALITY AS given(name, institution, place)"
            " LEFT JOIN rakor_participant AS known ON known.meeting_id = %s AND LOWER(known.name) = LOWER(given.name)"
            " AND LOWER(known.institution) = LOWER(given.institution) ORDER BY given.place",
            [[each["name"] for each in people], [each["institution"] for each in people], meeting.pk],
        )
        found = cursor.fetchall()
    rows = Participant.objects.select_related("registration__participant").in_bulk({pk for *_key, pk in found if pk})
    return [(name, office) for name, office, _pk in found], {
        (name, office): rows[pk] for name, office, pk in found if pk
    }
