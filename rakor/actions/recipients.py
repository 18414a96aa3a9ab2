"""Verbs on the list of the invited: add all regencies or one office, change, withdraw, replace by another recipient."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.letter_copies import ensure_signer, held_meeting, number_copies, void_copies
from rakor.facts.addressees import head_of_office, head_of_region, names_head_of_region
from rakor.models import Invitation, LetterCopy, Meeting, Registration
from regencies.models import Agency, Regency

FIELDS = ["addressee", "place", "agency", "email", "phone", "quota"]
PERSONAL = ("email", "phone")
PRINTED = ("addressee", "place", "agency")
LARGEST_QUOTA = 200
GROUPS = Invitation.Group
WITHDRAWN = gettext_noop("Membatalkan undangan")


@transaction.atomic
def invite_all(meeting: Meeting, group: str, *, by: Any) -> int:
    """How many regencies were added: the head of each one's office, or of the regency itself; a second click adds none.

    Errors: Denied; Blocked for other groups, or while a letter to that group is initialled.
    """
    row = held_meeting(meeting)
    ensure(rules.may_invite(by, row))
    if group not in (GROUPS.HEAD_OF_OFFICE, GROUPS.HEAD_OF_REGION):
        raise Blocked(_("Hanya kepala dinas dan kepala daerah yang ditambahkan sekaligus."))
    _ensure_open(row, group)
    invited = set(row.invitations.active().filter(group=group).values_list("regency", flat=True))
    offices = {office.regency_id: office for office in Agency.objects.filter(is_lead=True, regency__isnull=False)}
    wanted = Regency.objects.filter(province=row.province_id).order_by("code")
    last = _last_order(row, group)
    rows = [
        Invitation(meeting=row, group=group, regency=regency, order=last + place,
                   **_usual(group, regency, offices.get(regency.pk)))
        for place, regency in enumerate(wanted, 1) if regency.pk not in invited
    ]  # fmt: skip
    if rows:
        Invitation.objects.bulk_create(rows)
        label = str(GROUPS(group).label)
        record(gettext_noop("Menambah semua penerima undangan"), row, by=by, note=f"{label}: {len(rows)}")
    return len(rows)


def _usual(group: str, regency: Regency, office: Agency | None) -> dict[str, Any]:
    """How the recipient in that regency is addressed."""
    place = regency.capital or "Tempat"
    if group == GROUPS.HEAD_OF_REGION:
        return {"addressee": head_of_region(regency.kind, regency.bare_name), "place": place, "quota": 1}
    name = office.name if office else f"Dinas yang membidangi Perindustrian {regency.name}"
    return {"addressee": head_of_office(name)[:200], "place": place, "agency": office, "quota": 2}


@transaction.atomic
def add_recipient(
    meeting: Meeting, values: dict[str, Any], *, by: Any, client_key: uuid.UUID | None = None
) -> Invitation:
    """A new recipient; the one made before when the same form (`client_key`) arrives again.

    Shape: values by FIELDS, with "group" and, for groups of regencies, "regency".
    Errors: Denied; Blocked for a head of region in another group, and for somebody who is on the list already.
    """
    row = held_meeting(meeting)
    ensure(rules.may_invite(by, row))
    if client_key and (known := Invitation.objects.filter(client_key=client_key).first()):
        return known
    added = _added(row, values, client_key=client_key)
    record(gettext_noop("Menambah penerima undangan"), added, by=by)
    return added


@transaction.atomic
def add_recipients(
    meeting: Meeting, rows: Sequence[dict[str, Any]], *, by: Any, client_key: uuid.UUID | None = None
) -> int:
    """How many recipients were added from a pasted or uploaded list: all of them or none; sent twice, they come once.

    Errors: as add_recipient, naming the row.
    """
    held = held_meeting(meeting)
    ensure(rules.may_invite(by, held))
    if client_key and Invitation.objects.filter(client_key=client_key).exists():
        return 0
    for number, values in enumerate(rows, 1):
        try:
            _added(held, values, client_key=client_key if number == 1 else None)
        except Blocked as error:
            raise Blocked(_("Baris %(n)s: %(why)s") % {"n": number, "why": error}) from error
    record(gettext_noop("Menambah penerima dari daftar"), held, by=by, note=str(len(rows)))
    return len(rows)


def _added(meeting: Meeting, values: dict[str, Any], *, client_key: uuid.UUID | None) -> Invitation:
    """The stored recipient at the end of its group.

    Errors: Blocked.
    """
    group = values["group"]
    _ensure_open(meeting, group)
    added = Invitation(meeting=meeting, group=group, client_key=client_key, order=_last_order(meeting, group) + 1)
    added.regency = values.get("regency") if group != GROUPS.OTHER else None
    _fill(added, values)
    if group != GROUPS.OTHER and added.regency is None:
        raise Blocked(_("Pilih kabupaten/kotanya."))
    _ensure_new(added)
    added.save(force_insert=True)
    return added


@transaction.atomic
def change_recipient(invitation: Invitation, values: dict[str, Any], *, by: Any, base_version: int) -> Invitation:
    """The recipient with other values. What stands on a numbered letter does not change: replace the recipient then.

    Errors: Denied; StaleVersion; Blocked when it was withdrawn, printed, or has more delegates than the new quota.
    """
    meeting = held_meeting(invitation.meeting)
    row = _held(invitation)
    ensure(rules.may_invite(by, meeting))
    if row.version != base_version:
        raise StaleVersion(_("Penerima ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    _ensure_active(row)
    before = Invitation.objects.select_related("agency").get(pk=row.pk)
    _fill(row, values)
    changes = changes_between(before, row, FIELDS, personal=PERSONAL)
    if not changes:
        return row
    if any(getattr(before, name) != getattr(row, name) for name in PRINTED):
        if row.copies.standing().filter(number__isnull=False).exists():
            raise Blocked(_("Nama dan alamat ini sudah tercetak pada surat bernomor. Pakai “Ganti penerima”."))
        _ensure_open(meeting, row.group)
        _ensure_new(row)
    named = Registration.objects.active().filter(invitation=row).count()
    if row.quota < named:
        raise Blocked(
            ngettext(
                "Sudah ada %(n)s utusan yang terdaftar; jumlah utusan tidak dapat lebih kecil.",
                "Sudah ada %(n)s utusan yang terdaftar; jumlah utusan tidak dapat lebih kecil.", named,
            ) % {"n": named}
        )  # fmt: skip
    row.version += 1
    row.save()
    record(gettext_noop("Mengubah penerima undangan"), row, by=by, changes=changes)
    return row


@transaction.atomic
def withdraw_recipient(invitation: Invitation, reason: str, *, by: Any) -> Invitation:
    """The invitation taken back: its letters are void, its delegates cancelled; the office is told if it had been sent.

    Errors: Denied; Blocked without a reason, when it was withdrawn already, or while its letter is initialled.
    """
    meeting = held_meeting(invitation.meeting)
    row = _held(invitation)
    ensure(rules.may_invite(by, meeting))
    _ensure_active(row)
    _ensure_open(meeting, row.group)
    sent = _withdrawn(row, reason, by=by)
    if any(copy.sent_at for copy in sent):
        from rakor.actions.notices import invitation_withdrawn

        invitation_withdrawn(row, by=by)
    return row


@transaction.atomic
def replace_recipient(invitation: Invitation, values: dict[str, Any], reason: str, *, by: Any) -> Invitation:
    """The recipient in the place of `invitation`; a second click finds the one that replaced it.

    Where the old one had a numbered letter it is void, its number a gap; the new one gets a copy with a number and the
    date of today, and has it at once where the letter was sent.
    Shape: values by FIELDS.
    Errors: Denied; Blocked without a reason, when it was withdrawn, or when the signer is no longer in office.
    """
    meeting = held_meeting(invitation.meeting)
    row = _held(invitation)
    ensure(rules.may_invite(by, meeting))
    if known := Invitation.objects.filter(replaces=row).first():
        return known
    _ensure_active(row)
    _ensure_open(meeting, row.group)
    old = _withdrawn(row, reason, by=by)
    new = Invitation(meeting=meeting, group=row.group, regency=row.regency, order=row.order, replaces=row)
    _fill(new, values)
    _ensure_new(new)
    new.save(force_insert=True)
    record(gettext_noop("Mengganti penerima undangan"), new, by=by, note=reason.strip(),
           changes={gettext_noop("yang terhormat"): [row.addressee, new.addressee]})  # fmt: skip
    _write_anew(old, new, by=by)
    if any(copy.sent_at for copy in old):
        from rakor.actions.notices import invitation_withdrawn

        invitation_withdrawn(row, by=by)
    return new


def _write_anew(old: Sequence[LetterCopy], new: Invitation, *, by: Any) -> None:
    """Give the new recipient the letters that the old one had."""
    today, sent = timezone.localdate(), []
    for letter, was_sent in {copy.letter: bool(copy.sent_at) for copy in old if copy.number_id}.items():
        ensure_signer(letter, today)
        copies = number_copies(letter, [new], by=by, on=today)
        if was_sent:
            sent += copies
    if sent:
        from rakor.actions.notices import letter_sent

        now = timezone.now()
        for copy in sent:
            copy.sent_at = now
            copy.save(update_fields=["sent_at"])
        letter_sent(sent, by=by)


def _withdrawn(row: Invitation, reason: str, *, by: Any) -> list[LetterCopy]:
    """The copies that stood until now, after the invitation, its delegates and its copies were taken back.

    Errors: Blocked without a reason.
    """
    from rakor.actions.registrations import cancel_registration

    reason = reason.strip()[:300]
    if not reason:
        raise Blocked(_("Alasan wajib diisi."))
    for registration in Registration.objects.active().filter(invitation=row):
        cancel_registration(registration, reason, by=by)
    copies = list(row.copies.standing().select_related("number", "letter__signer", "letter__register"))
    void_copies(copies, reason, by=by)
    row.withdrawn_at, row.withdrawn_reason = timezone.now(), reason
    row.version += 1
    row.save(update_fields=["withdrawn_at", "withdrawn_reason", "version"])
    record(WITHDRAWN, row, by=by, note=reason)
    return copies


def _held(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("regency", "meeting").get(pk=invitation.pk)


def _fill(row: Invitation, values: dict[str, Any]) -> None:
    """Give the recipient these values.

    Errors: Blocked for an empty name, and for a head of region in a group whose letters another office signs.
    """
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(row, name, " ".join(value.split()) if isinstance(value, str) else value)
    row.place = row.place or "Tempat"
    if not row.addressee:
        raise Blocked(_("Tulis kepada siapa undangannya."))
    if not 0 <= row.quota <= LARGEST_QUOTA:
        raise Blocked(_("Jumlah utusan antara 0 dan %(most)s.") % {"most": LARGEST_QUOTA})
    if row.group != GROUPS.HEAD_OF_REGION and names_head_of_region(row.addressee):
        raise Blocked(
            _("Undangan kepada kepala daerah masuk golongan “%(group)s”, agar ditandatangani Gubernur atau Sekda.")
            % {"group": GROUPS.HEAD_OF_REGION.label}
        )


def _ensure_active(row: Invitation) -> None:
    if row.withdrawn_at is not None:
        raise Blocked(_("Undangan ini sudah dibatalkan."))


def _ensure_open(meeting: Meeting, group: str) -> None:
    """Return when no letter to the group waits for approval: what was initialled is what is approved.

    Errors: Blocked.
    """
    if meeting.letters.filter(group=group, status="diparaf").exists():
        raise Blocked(
            _("Surat kepada golongan ini sudah diparaf. Minta dikembalikan ke konsep sebelum daftar penerima diubah.")
        )


def _ensure_new(row: Invitation) -> None:
    """Return when nobody on the list is the same recipient.

    Errors: Blocked.
    """
    others = Invitation.objects.active().filter(meeting=row.meeting_id, group=row.group).exclude(pk=row.pk)
    if row.group != GROUPS.OTHER:
        if others.filter(regency=row.regency_id).exists():
            raise Blocked(_("Kabupaten/kota ini sudah ada dalam daftar undangan."))
    elif others.filter(addressee__iexact=row.addressee, place__iexact=row.place).exists():
        raise Blocked(_("“%(name)s” sudah ada dalam daftar undangan.") % {"name": row.addressee})


def _last_order(meeting: Meeting, group: str) -> int:
    return Invitation.objects.filter(meeting=meeting, group=group).aggregate(last=Max("order"))["last"] or 0
