"""The copies of a letter: each with its number and its paper; what is taken back leaves a gap in the register.

Locks are taken in one order: edition, letter, invitations, and the counter of the register last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked
from rakor.models import Invitation, Letter, LetterCopy, Meeting
from rakor.queries.letter_papers import order_copies
from rakor.queries.signers import signer_fault
from regencies.actions.registers import Bearer, take_numbers, void_number
from regencies.models import Position


def held_meeting(meeting: Meeting) -> Meeting:
    """The edition, held until the transaction ends: its recipients and letters stand still meanwhile."""
    return Meeting.objects.select_for_update(no_key=True).select_related(None).get(pk=meeting.pk)


def ensure_signer(letter: Letter, on: dt.date) -> None:
    """Return when the letter's signer may sign it on that day; the position is held, so that it does not end meanwhile.

    Errors: Blocked.
    """
    if letter.signer_id:
        Position.objects.select_for_update(no_key=True).filter(pk=letter.signer_id).first()
    if fault := signer_fault(letter.group, letter.signer_id, on):
        raise Blocked(fault)


def number_copies(
    letter: Letter, invitations: Iterable[Invitation | None], *, by: Any, on: dt.date
) -> list[LetterCopy]:
    """A copy for each recipient (None for a decree or report), numbered in this order and ordered as a paper.

    Errors: Blocked by the register.
    """
    copies = [
        LetterCopy(
            letter=letter, invitation=invitation, addressee=invitation.addressee if invitation else "",
            place=invitation.place if invitation else "",
        )
        for invitation in invitations
    ]  # fmt: skip
    LetterCopy.objects.bulk_create(copies)
    bearers = [Bearer(copy, _title(letter, copy), letter.classification) for copy in copies]
    for copy, number in zip(copies, take_numbers(letter.register, bearers, on=on, by=by), strict=True):
        copy.number = number
    LetterCopy.objects.bulk_update(copies, ["number"])
    order_copies(letter, copies, by=by)
    return copies


def _title(letter: Letter, copy: LetterCopy) -> str:
    """What the register says the number is for."""
    return f"{letter.subject} – {copy.addressee}" if copy.addressee else letter.subject


def void_copies(copies: Iterable[LetterCopy], reason: str, *, by: Any) -> None:
    """Take the copies back; their numbers stay in the register as gaps with the reason.

    Errors: Denied; Blocked without a reason.
    """
    reason = reason.strip()[:300]
    if not reason:
        raise Blocked(_("Alasan wajib diisi."))
    for copy in copies:
        if copy.number_id and copy.number.voided_at is None:
            void_number(copy.number, reason, by=by)
        copy.voided_at, copy.void_reason = timezone.now(), reason
        copy.save(update_fields=["voided_at", "void_reason"])
