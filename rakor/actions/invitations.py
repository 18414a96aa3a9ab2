"""What an invited office does: open its letter, say whether it comes, hand in its surat tugas."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.journal.actions import record
from portal.journal.models import STATUS
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.notices import answered
from rakor.actions.registrations import hold, invitation_of, reason_of, withdraw_place
from rakor.facts.assignment import ReadyAssignment
from rakor.facts.people import one_line
from rakor.models import Invitation, LetterCopy

FOLDER = "surat-tugas"
ANSWER = Invitation.Answer


@transaction.atomic
def open_copies(invitation: Invitation, *, by: Any) -> int:
    """How many letters of this invitation were marked as read now; only the recipient's own opening counts."""
    if not rules.is_invited(by, invitation):
        return 0
    unread = LetterCopy.objects.standing().filter(invitation=invitation, sent_at__isnull=False, read_at__isnull=True)
    return unread.update(read_at=timezone.now(), read_by=by)


def accept(invitation: Invitation, *, by: Any, base_version: int) -> Invitation:
    """The invitation answered with "Hadir"; a second click finds it so.

    Errors: Denied; StaleVersion when somebody else answered otherwise in between.
    """
    return _answer(invitation, ANSWER.COMING, "", by=by, base_version=base_version)


def decline(invitation: Invitation, reason: str, *, by: Any, base_version: int) -> Invitation:
    """The invitation answered with "Tidak hadir": its delegates are cancelled with the same reason.

    Errors: Denied; Blocked without a reason; StaleVersion.
    """
    return _answer(invitation, ANSWER.DECLINED, reason_of(reason), by=by, base_version=base_version)


@transaction.atomic
def _answer(invitation: Invitation, answer: str, reason: str, *, by: Any, base_version: int) -> Invitation:
    hold(invitation.meeting)
    row = invitation_of(invitation)
    ensure(rules.may_answer(by, row))
    if (row.answer, row.answer_reason) == (answer, reason):
        return row
    _ensure_seen(row, base_version, {"answer": answer, "answer_reason": reason})
    with override(settings.LANGUAGE_CODE):  # the journal is Indonesian whoever answers
        told = [str(ANSWER(row.answer).label), str(ANSWER(answer).label)]
    row.answer, row.answer_reason, row.answered_at, row.answered_by = answer, reason, timezone.now(), by
    _store(row, "answer", "answer_reason", "answered_at", "answered_by")
    if answer == ANSWER.DECLINED:
        for place in row.delegates.active().select_related("participant"):
            withdraw_place(place, "cancel", reason, by=by)
    record(gettext_noop("Menjawab undangan"), row, by=by, note=reason, changes={STATUS: told})
    answered(row, by=by)
    return row


def _ensure_seen(row: Invitation, base_version: int, values: dict[str, Any]) -> None:
    if row.version != base_version:
        raise StaleVersion(_("Undangan ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)


def _store(row: Invitation, *names: str) -> None:
    """The next version of the held row."""
    row.version += 1
    row.save(update_fields=["version", *names])


def attach_assignment(
    invitation: Invitation, number: str, on: dt.date, file: ReadyAssignment, *, by: Any, seen: str
) -> Invitation:
    """The invitation with the surat tugas of its office: number, day and the checked file, in place of an earlier one.

    The earlier file is deleted once the new one is stored. The same file, number and day once more change nothing.
    Errors: Denied; Blocked while the office does not come, or without a number; StaleVersion when the surat tugas was
    handed in by somebody else since it was `seen` (`Invitation.assignment_mark`).
    """
    ensure(rules.may_answer(by, invitation))
    number = one_line(number)[:120]
    if not number:
        raise Blocked(_("Isi nomor surat tugas."))
    stored = ""
    try:
        with transaction.atomic():
            row = invitation_of(invitation)
            ensure(rules.may_answer(by, row))
            if row.answer != ANSWER.COMING:
                raise Blocked(_("Jawab undangan ini dengan “Hadir” lebih dahulu, lalu unggah surat tugas."))
            if (row.assignment_sha256, row.assignment_number, row.assignment_on) == (file.sha256, number, on):
                return row
            if row.assignment_mark != seen:
                raise StaleVersion(
                    _("Surat tugas kantor ini baru saja diunggah orang lain."), current=row,
                    yours={"assignment_number": number, "assignment_on": on},
                )  # fmt: skip
            former = row.assignment_file.name
            stored = default_storage.save(f"{FOLDER}/{row.pk}/{uuid4().hex}.{file.suffix}", ContentFile(file.data))
            row.assignment_number, row.assignment_on = number, on
            row.assignment_file, row.assignment_name, row.assignment_sha256 = stored, file.name, file.sha256
            _store(row, "assignment_number", "assignment_on", "assignment_file", "assignment_name", "assignment_sha256")
            record(gettext_noop("Mengunggah surat tugas"), row, by=by, note=f"{number}, sha256 {file.sha256}")
            if former:
                transaction.on_commit(lambda: default_storage.delete(former))
    except BaseException:  # whatever went wrong: a file that no row knows would lie there for ever
        if stored:
            default_storage.delete(stored)
        raise
    return row
