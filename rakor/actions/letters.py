"""A letter from draft to sent: two people besides its writer say yes, then every recipient's copy takes its number."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override

from portal.documents.workflow import FAILED
from portal.journal.actions import changes_between, make_move, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor import rules
from rakor.actions.letter_copies import ensure_signer, held_meeting, number_copies, void_copies
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, Letter, LetterCopy, Meeting
from rakor.queries import letters as queries
from rakor.queries.letter_text_papers import PART_LABELS
from rakor.queries.signers import USUAL_REGISTER, on_behalf_for, register_fault, register_of, signer_fault
from rakor.workflow import LETTER
from regencies.queries import register_for, registers

FIELDS = ["subject", "urgency", "signer", "on_behalf", "register", "classification"]
REGISTERS = {Letter.Kind.DECREE: "sk"}
"""Kinds that are numbered in another register than "surat-keluar"."""

LONGEST_SHOWN = 400


@transaction.atomic
def draft_letter(
    meeting: Meeting, kind: str, values: dict[str, Any], *, by: Any, client_key: uuid.UUID | None = None,
    revokes: Letter | None = None,
) -> Letter:  # fmt: skip
    """The new letter; the one made before when the same form (`client_key`) arrives again.

    Shape: values by "group", "subject", "urgency", "content", "signer", "register", "classification".
    Errors: Denied; Blocked for a signer who may not, or when the edition has such a text already.
    """
    ensure(rules.letter_writers(by))
    row = held_meeting(meeting)
    if client_key and (known := Letter.objects.filter(client_key=client_key).first()):
        return known
    ensure(rules.may_invite(by, row) if kind == Letter.Kind.INVITATION else rules.letter_writers(by))
    letter = Letter(meeting=row, kind=kind, author=by, client_key=client_key, revokes=revokes)
    letter.group = values.get("group", "")
    if (kind == Letter.Kind.INVITATION) != (letter.group in Invitation.Group.values):
        raise Blocked(_("Pilih kepada siapa surat undangan ini."))
    letter.register = register_for(REGISTERS.get(kind, USUAL_REGISTER))
    if kind == Letter.Kind.INVITATION:
        letter.register = register_of(values.get("signer")) or letter.register
    _fill(letter, values)
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError as error:
        raise Blocked(_("Rakor ini sudah mempunyai naskah jenis itu.")) from error
    record(gettext_noop("Menyusun surat"), letter, by=by)
    return letter


@transaction.atomic
def save_letter(letter: Letter, values: dict[str, Any], *, by: Any, base_version: int) -> Letter:
    """The draft with other values; whoever changes the text becomes no author: that stays who began it.

    Errors: Denied; StaleVersion when somebody saved since `base_version`; Blocked for a signer who may not.
    """
    row = Letter.objects.select_for_update(of=("self",)).select_related("meeting", "signer__agency").get(pk=letter.pk)
    ensure(rules.may_write_letter(by, row))
    if row.version != base_version:
        raise StaleVersion(_("Surat ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = Letter.objects.select_related("signer__person", "register").get(pk=row.pk)
    _fill(row, {name: value for name, value in values.items() if name != "group"})
    changes = changes_between(before, row, FIELDS) | _content_changes(before, row)
    if changes:
        row.version += 1
        row.save()
        record(gettext_noop("Mengubah surat"), row, by=by, changes=changes)
    return row


def _fill(letter: Letter, values: dict[str, Any]) -> None:
    """Give the letter these values; for whom it is signed follows from the signer, whatever was sent.

    Errors: Blocked.
    """
    for name in ("subject", "urgency", "content", "signer", "register", "classification"):
        if name in values:
            setattr(letter, name, values[name])
    letter.subject = " ".join(letter.subject.split())
    if not letter.subject:
        raise Blocked(_("Hal surat wajib diisi."))
    if letter.kind == Letter.Kind.INVITATION:
        letter.content = InvitationContent.of(letter.content).stored()
    if letter.signer_id and (fault := signer_fault(letter.group, letter.signer_id, timezone.localdate())):
        raise Blocked(fault)
    letter.on_behalf = on_behalf_for(letter.group, letter.signer)
    if letter.register_id and not registers().filter(pk=letter.register_id, active=True).exists():
        raise Blocked(_("Pilih register nomor yang masih dipakai."))
    if letter.kind == Letter.Kind.INVITATION and (fault := register_fault(letter.signer, letter.register)):
        raise Blocked(fault)


def _content_changes(before: Letter, after: Letter) -> dict[str, list]:
    """What differs in the text, under the labels of its parts."""
    old, new = before.content, after.content
    labels = queries.CONTENT_LABELS if after.kind == Letter.Kind.INVITATION else PART_LABELS
    with override(settings.LANGUAGE_CODE):
        return {
            str(labels.get(name, name)): [_shown(old.get(name)), _shown(new.get(name))]
            for name in {**old, **new}
            if old.get(name) != new.get(name)
        }


def _shown(value: Any) -> str | None:
    if value in (None, "", []):
        return None
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


@transaction.atomic
def move_letter(
    letter: Letter, move: str, *, by: Any, note: str = "", base_version: int | None = None,
    at: dt.datetime | None = None,
) -> Letter:  # fmt: skip
    """The letter after the move. `base_version` is the text that was read: another one is not initialled or approved.

    `at` is the moment of a move that is entered afterwards (no screen offers that); now when it is None.
    Errors: Denied; StaleVersion; Blocked naming what is missing, or by the table.
    """
    meeting = held_meeting(letter.meeting)
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("signer__person", "signer__agency", "register")
        .get(pk=letter.pk)
    )
    row.meeting = meeting
    ensure(queries.may_move(by, row, move))
    _in_source(row, move)
    if base_version is not None and base_version != row.version:
        raise StaleVersion(
            _("Surat ini diubah orang lain sejak Anda membacanya. Baca sekali lagi."), current=row, yours={}
        )
    at = at or timezone.now()
    if move in ("initial", "approve"):
        ensure_signer(row, timezone.localdate(at))
        if missing := queries.missing_parts(row):
            raise Blocked(" ".join(missing))
    return MOVES[move](row, by=by, note=note, at=at)


def _in_source(row: Letter, move: str) -> None:
    """Return when the table allows the move now.

    Errors: Blocked.
    """
    known = LETTER.move(move)
    if row.status not in known.source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: surat ini sudah berstatus “%(status)s”.")
            % {"move": _(known.label), "status": _(row.state.label)}
        )


def _initial(row: Letter, *, by: Any, note: str, at: dt.datetime) -> Letter:
    return make_move(LETTER, "initial", row, by=by, note=note, initialled_at=at, initialled_by=by)


def _return(row: Letter, *, by: Any, note: str, at: dt.datetime) -> Letter:
    return make_move(LETTER, "return", row, by=by, note=note, initialled_at=None, initialled_by=None)


def _approve(row: Letter, *, by: Any, note: str, at: dt.datetime) -> Letter:
    """Approved and dated that day, with a copy, a number and a paper for everybody on the list."""
    day = timezone.localdate(at)
    make_move(
        LETTER, "approve", row, by=by, note=note, approved_at=at, approved_by=by, dated_on=day,
        register=row.register,
    )  # fmt: skip
    number_copies(row, queries.recipients_of(row), by=by, on=day)
    return row


def _send(row: Letter, *, by: Any, note: str, at: dt.datetime) -> Letter:
    """Sent to everybody whose copy stands, and to nobody while a paper failed."""
    failed = row.copies.standing().filter(document__status=FAILED).count()
    if failed:
        raise Blocked(
            ngettext("%(n)s surat gagal dicetak. Ulangi pencetakannya dahulu.",
                     "%(n)s surat gagal dicetak. Ulangi pencetakannya dahulu.", failed) % {"n": failed}
        )  # fmt: skip
    make_move(LETTER, "send", row, by=by, note=note, sent_at=at)
    _deliver(row, list(row.copies.standing().filter(sent_at__isnull=True)), at=at, by=by)
    return row


def _cancel(row: Letter, *, by: Any, note: str, at: dt.datetime) -> Letter:
    make_move(LETTER, "cancel", row, by=by, note=note, cancelled_reason=note.strip())
    void_copies(row.copies.standing().select_related("number"), note, by=by)
    return row


MOVES = {"initial": _initial, "return": _return, "approve": _approve, "send": _send, "cancel": _cancel}


def _deliver(letter: Letter, copies: list[LetterCopy], *, at: Any, by: Any) -> None:
    """Let the recipients read their copies, and tell them."""
    from rakor.actions.notices import letter_sent

    LetterCopy.objects.filter(pk__in=[copy.pk for copy in copies]).update(sent_at=at)
    for copy in copies:
        copy.sent_at = at
    if told := [copy for copy in copies if copy.invitation_id]:
        letter_sent(told, by=by)


@transaction.atomic
def number_late_copies(letter: Letter, *, by: Any) -> int:
    """How many late recipients got their copy, dated today; it is sent at once if the others were.

    Errors: Denied; Blocked when the signer is no longer in office; a second click finds nobody left.
    """
    meeting = held_meeting(letter.meeting)
    row = Letter.objects.select_for_update(of=("self",)).select_related("register").get(pk=letter.pk)
    row.meeting = meeting
    ensure(queries.may_number_late(by, row))
    late = list(queries.late_recipients(row))
    if not late:
        return 0
    today = timezone.localdate()
    ensure_signer(row, today)
    copies = number_copies(row, late, by=by, on=today)
    record(gettext_noop("Memberi nomor kepada penerima susulan"), row, by=by, note=str(len(copies)))
    if row.status == "terkirim":
        _deliver(row, copies, at=timezone.now(), by=by)
    return len(copies)
