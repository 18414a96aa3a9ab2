"""Who takes part: register, change, replace, cancel. All hold the edition, so that nobody is registered twice.

Whatever forbids an act is found before anything is written: a caller may go on in the same transaction after a
`Blocked`, without a savepoint (the door sends hundreds at once).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import joined, make_move, record
from portal.kernel.decision import Decision
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.places import (
    OF_PARTICIPANT,
    OF_REGISTRATION,
    AlreadyRegistered,
    check,
    complete,
    filled,
    free_place,
    number_taken,
)
from rakor.facts.people import PERSONAL, WrongValue, one_line, tidy
from rakor.models import Invitation, Meeting, Participant, Registration
from rakor.workflow import REGISTRATION

SET_BY_OFFICE = ("institution", "regency", "category")
"""What the invitation says of a delegate, not the office that registers him."""

SOURCE, STATUS = Registration.Source, Registration.Status


def register(
    meeting: Meeting, values: Mapping[str, Any], *, by: Any, source: str, invitation: Invitation | None = None,
    client_key: uuid.UUID | None = None,
) -> Registration:  # fmt: skip
    """The new place; the one made before when the same form (`client_key`) comes again.

    Somebody who was cancelled or replaced gets the place back, with the same card. What an office registers itself
    ("kantor") bears the office's name and counts against its quota; the committee's additions do not.
    Shape: values as OF_PARTICIPANT and OF_REGISTRATION; only "name" is needed.
    Errors: Denied; Blocked (AlreadyRegistered) with a sentence.
    """
    with joined():
        row = hold(meeting)
        asked = invitation_of(invitation)
        ensure(_may_register(by, row, source, asked))
        if known := _sent_before(row, client_key):
            return known
        values = complete(tidy(values), asked, source)
        if source == SOURCE.OFFICE:
            ensure_accepted(asked)
            ensure_room(asked)
        return _place(row, values, by=by, source=source, invitation=asked, client_key=client_key)


def _may_register(by: Any, meeting: Meeting, source: str, invitation: Invitation | None) -> Decision:
    """Who may add somebody this way."""
    if source == SOURCE.OFFICE:
        if invitation is None or invitation.meeting_id != meeting.pk:
            raise TypeError("an office registers the delegates of its invitation")
        return rules.may_answer(by, invitation)
    if source == SOURCE.DOOR:
        return rules.may_keep_door(by, meeting)
    return rules.may_keep_guests(by, meeting)


def hold(meeting: Meeting) -> Meeting:
    """The row of the edition, held until the transaction ends: registrations wait for each other, readers do not."""
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


def _sent_before(meeting: Meeting, client_key: uuid.UUID | None) -> Registration | None:
    """The place that the same form made before.

    Errors: Blocked when the form made one in another edition.
    """
    known = Registration.objects.filter(client_key=client_key).first() if client_key else None
    if known is not None and known.meeting_id != meeting.pk:
        raise Blocked(_("Formulir ini sudah dipakai pada rakor lain. Buka kembali formulirnya, lalu kirim lagi."))
    return known


def invitation_of(invitation: Invitation | None) -> Invitation | None:
    """The invitation as it is stored now, with what rules and names ask of it."""
    if invitation is None:
        return None
    return (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting", "agency", "regency")
        .get(pk=invitation.pk)
    )


def ensure_accepted(invitation: Invitation) -> None:
    """Return when the office has said that it comes.

    Errors: Blocked.
    """
    if invitation.answer != Invitation.Answer.COMING:
        raise Blocked(_("Jawab undangan ini dengan “Hadir” lebih dahulu, lalu daftarkan utusan."))


def ensure_room(invitation: Invitation) -> None:
    """Return when the invitation has a place left.

    Errors: Blocked.
    """
    taken = invitation.delegates.active().count()
    if taken >= invitation.quota:
        raise Blocked(
            _("Jatah utusan %(addressee)s adalah %(quota)s orang dan sudah penuh. Ganti atau batalkan salah satu "
              "utusan, atau hubungi panitia.")
            % {"addressee": invitation.addressee, "quota": invitation.quota}
        )  # fmt: skip


def _place(
    meeting: Meeting, values: dict[str, Any], *, by: Any, source: str, invitation: Invitation | None,
    client_key: uuid.UUID | None, stands_in_for: Registration | None = None,
) -> Registration:  # fmt: skip
    """The stored place of that person, who is made known to the edition or found again.

    Errors: Blocked.
    """
    person = _named(meeting, values["name"], values["institution"])
    former = free_place(person, values)
    _ensure_single(meeting, values, but=former)
    place = filled(meeting, person, values, by=by, source=source, invitation=invitation)
    place.stands_in_for, place.client_key = stands_in_for, client_key
    place.participant.save()
    if former is None:
        place.save()
        record(gettext_noop("Mendaftarkan peserta"), place, by=by, note=meeting.title)
        return place
    Registration.objects.filter(stands_in_for=place).update(stands_in_for=None)  # it has a place of its own again
    place.version += 1
    place.save()  # before the move: his former NIP may be somebody else's by now
    make_move(REGISTRATION, "readmit", place, by=by, note=meeting.title, status_reason="")
    return place


def _named(meeting: Meeting, name: str, institution: str) -> Participant | None:
    """Who is known to the edition by that name and institution."""
    return (
        Participant.objects.filter(meeting=meeting, name__iexact=name, institution__iexact=institution)
        .select_related("registration__participant")
        .first()
    )


def _ensure_single(meeting: Meeting, values: Mapping[str, Any], *, but: Registration | None) -> None:
    """Return when neither the NIP nor the account takes part already under another name.

    Errors: Blocked.
    """
    others = Registration.objects.active().filter(meeting=meeting).exclude(pk=but.pk if but else None)
    number, user = values.get("employee_number"), values.get("user")
    if number and others.filter(employee_number=number).exists():
        raise number_taken()
    if user is not None and others.filter(user=user).exists():
        raise WrongValue("user", _("Akun ini sudah terdaftar sebagai peserta rakor ini."))


def change_registration(
    registration: Registration, values: Mapping[str, Any], *, by: Any, base_version: int
) -> Registration:
    """The place with these values; keys that are missing stay as they are.

    Errors: Denied; StaleVersion; Blocked.
    """
    with joined():
        meeting = hold(registration.meeting)
        row = held_place(registration)
        ensure(rules.may_change_registration(by, row))
        ensure_expected(row)
        if row.version != base_version:
            raise StaleVersion(_("Data peserta ini sudah diubah orang lain sejak Anda membukanya."), current=row,
                               yours=values)  # fmt: skip
        values = tidy(values)
        if _is_office(by, row):
            values = {name: value for name, value in values.items() if name not in SET_BY_OFFICE}
        check(values)
        _ensure_single(meeting, values, but=row)
        person = row.participant
        _ensure_name_free(row, values, by)
        before = {name: getattr(person, name) for name in OF_PARTICIPANT}
        before |= {name: getattr(row, name) for name in OF_REGISTRATION}
        for name in OF_PARTICIPANT:
            setattr(person, name, values.get(name, getattr(person, name)))
        for name in OF_REGISTRATION:
            setattr(row, name, values.get(name, getattr(row, name)))
        if changes := _changes(before, row):
            person.save(update_fields=[*OF_PARTICIPANT])
            row.version += 1
            row.save(update_fields=["version", *OF_REGISTRATION])
            record(gettext_noop("Mengubah data peserta"), row, by=by, changes=changes)
    return row


def held_place(registration: Registration) -> Registration:
    """The row of a place, held until the transaction ends, with what rules and names ask of it."""
    return (
        Registration.objects.select_for_update(of=("self",))
        .select_related("participant__regency", "meeting", "invitation__meeting", "invitation__agency",
                        "invitation__regency", "user")
        .get(pk=registration.pk)
    )  # fmt: skip


def _is_office(by: Any, registration: Registration) -> bool:
    """Whether somebody acts for the invited office, not for the committee."""
    return registration.invitation_id is not None and not rules.guest_keepers(by)


def ensure_expected(registration: Registration) -> None:
    """Return when the place is neither cancelled nor replaced.

    Errors: Blocked.
    """
    if registration.status != STATUS.EXPECTED:
        raise Blocked(
            _("%(name)s berstatus “%(status)s”. Daftarkan kembali bila tetap datang.")
            % {"name": registration.participant.name, "status": registration.get_status_display().lower()}
        )


def _ensure_name_free(registration: Registration, values: Mapping[str, Any], by: Any) -> None:
    """Return when the person may be called so.

    Errors: Blocked when somebody else has the name, or an office would rename somebody of the programme.
    """
    person = registration.participant
    name, institution = values.get("name", person.name), values.get("institution", person.institution)
    if (name, institution) == (person.name, person.institution):
        return
    other = _named(registration.meeting, name, institution)
    if other is not None and other.pk != person.pk:
        raise WrongValue("name", _("Nama dan instansi itu sudah tercatat sebagai orang lain pada rakor ini."))
    if not rules.guest_keepers(by) and person.parts.exists():
        raise WrongValue("name", _("Nama ini tercantum dalam susunan acara. Minta panitia membetulkannya."))


def _changes(before: Mapping[str, Any], registration: Registration) -> dict[str, list]:
    """What the journal says of a change: of personal data only that it was changed."""
    changes: dict[str, list] = {}
    for name, old in before.items():
        owner = registration.participant if name in OF_PARTICIPANT else registration
        new, label = getattr(owner, name), str(owner._meta.get_field(name).verbose_name)
        if old != new:
            changes[label] = ["…", "…"] if name in PERSONAL else [str(old or ""), str(new or "")]
    return changes


def replace_registration(
    registration: Registration, values: Mapping[str, Any], reason: str, *, by: Any,
    client_key: uuid.UUID | None = None, source: str = "",
) -> Registration:  # fmt: skip
    """The place of whoever comes instead; the old one stays as "diganti" with the reason.

    Errors: Denied; Blocked.
    """
    with joined():
        meeting = hold(registration.meeting)
        if known := _sent_before(meeting, client_key):
            return known
        old = held_place(registration)
        at_door = source == SOURCE.DOOR
        ensure(rules.may_keep_door(by, meeting) if at_door else rules.may_change_registration(by, old))
        ensure_expected(old)
        values = {"category": old.category, "institution": old.participant.institution,
                  "regency": old.participant.regency, **tidy(values)}  # fmt: skip
        source = source or (SOURCE.OFFICE if _is_office(by, old) else SOURCE.COMMITTEE)
        values = complete(values, old.invitation, source)
        _ensure_other(old, values)
        told = reason_of(reason)
        withdraw_place(old, "replace", told, by=by)
        return _place(
            meeting, values, by=by, source=source, invitation=old.invitation, client_key=client_key, stands_in_for=old
        )


def _ensure_other(old: Registration, values: Mapping[str, Any]) -> None:
    """Return when somebody else comes, who has no place yet: before anything is written.

    Errors: Blocked.
    """
    person = _named(old.meeting, values["name"], values["institution"])
    if person is None:
        _ensure_single(old.meeting, values, but=old)
        return
    if person.pk == old.participant_id:
        raise WrongValue("name", _("Pengganti haruslah orang lain. Untuk membetulkan nama, pakai “Ubah”."))
    place = getattr(person, "registration", None)
    if place is not None and place.status == STATUS.EXPECTED:
        raise AlreadyRegistered(place, values.get("employee_number", ""))
    _ensure_single(old.meeting, values, but=old)


def cancel_registration(registration: Registration, reason: str, *, by: Any) -> Registration:
    """The cancelled place; a second click finds it cancelled.

    Errors: Denied; Blocked without a reason.
    """
    with joined():
        hold(registration.meeting)
        row = held_place(registration)
        ensure(rules.may_change_registration(by, row))
        if row.status == STATUS.CANCELLED:
            return row
        ensure_expected(row)
        return withdraw_place(row, "cancel", reason_of(reason), by=by)


def withdraw_place(row: Registration, move: str, reason: str, *, by: Any) -> Registration:
    """The held place, cancelled or replaced with the reason (for verbs that asked already whether they may)."""
    make_move(REGISTRATION, move, row, by=by, note=reason, status_reason=reason)
    row.version += 1
    row.save(update_fields=["version"])
    return row


def reason_of(text: str) -> str:
    """The reason on one line.

    Errors: Blocked when none is given.
    """
    found = one_line(text)[:300]
    if not found:
        raise Blocked(_("Alasan wajib diisi."))
    return found
