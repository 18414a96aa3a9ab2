"""The life of minutes: submitted, returned, made final with their paper in the same transaction, re-opened."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.documents.actions import order_document
from portal.documents.models import Document
from portal.journal.actions import make_move
from portal.kernel.errors import Blocked, ensure
from rakor.facts.minutes import KIND, collection_facts, notula_facts
from rakor.models import Meeting, Minutes, MinutesRelease
from rakor.queries.minutes import kept_entries, missing_sentence, positions_on, session_day
from rakor.queries.minutes_papers import final_parts, people_loaded
from rakor.rules import may_move_minutes, readers, sees_drafts
from rakor.workflow import MINUTES
from regencies.queries import lead_agency
from regencies.rules import province_staff


def move_minutes(minutes: Minutes, move: str, *, by: Any, note: str = "") -> Minutes:
    """The minutes after "submit", "return", "finalise" or "reopen".

    Finalising stores the release and orders its paper in the same transaction; re-opening needs a reason and begins the
    next version, the old paper stays.
    Errors: Denied by the rules; Blocked when something is missing or somebody else moved them meanwhile.
    """
    with transaction.atomic():
        row = people_loaded(Minutes.objects.select_for_update(of=("self",))).get(pk=minutes.pk)
        ensure(may_move_minutes(by, row, move))
        return _MOVES[move](row, by, note.strip())


def _submit(row: Minutes, by: Any, note: str) -> Minutes:
    if sentence := missing_sentence(row):
        raise Blocked(sentence)
    return make_move(MINUTES, "submit", row, by=by, note=note)


def _return(row: Minutes, by: Any, note: str) -> Minutes:
    return make_move(MINUTES, "return", row, by=by, note=note)


def _finalise(row: Minutes, by: Any, note: str) -> Minutes:
    if sentence := missing_sentence(row) or _signers_in_force(row):
        raise Blocked(sentence)
    make_move(
        MINUTES, "finalise", row, by=by, note=note, finalised_at=timezone.now(), chair=row.chair, recorder=row.recorder
    )
    facts = notula_facts(row, kept_entries(row), agency=lead_agency(), zone=timezone.get_default_timezone())
    document = order_document(KIND, facts, subject=row, by=by)
    MinutesRelease.objects.create(
        minutes=row, version=row.version, document=document, finalised_at=row.finalised_at, finalised_by=by
    )
    return row


def _signers_in_force(row: Minutes) -> str:
    """A sentence when chair or recorder did not hold their position on the day of the session, else ""."""
    ids = set(positions_on(session_day(row.session)).values_list("pk", flat=True))
    if {row.chair_id, row.recorder_id} <= ids:
        return ""
    return _("Pimpinan sidang atau pencatat tidak menjabat pada hari sidang. Minta notulis memperbaiki kepala notula.")


def _reopen(row: Minutes, by: Any, note: str) -> Minutes:
    make_move(MINUTES, "reopen", row, by=by, note=note, version=row.version + 1)
    row.releases.filter(reopened_at=None).update(reopened_at=timezone.now(), reason=note)
    return row


_MOVES = {"submit": _submit, "return": _return, "finalise": _finalise, "reopen": _reopen}


def print_draft(minutes: Minutes, *, by: Any) -> Document:
    """The paper of the minutes as they stand, marked KONSEP; for the provincial office only.

    Its subject is the session, not the minutes: a draft never counts as a newer version of a final notula.
    Errors: Denied; Blocked for final minutes, which have their own paper.
    """
    ensure(province_staff(by))
    row = people_loaded(Minutes.objects).get(pk=minutes.pk)
    if row.status == "final":
        raise Blocked(_("Notula ini sudah final; unduh PDF finalnya."))
    facts = notula_facts(row, kept_entries(row), agency=lead_agency(), zone=timezone.get_default_timezone())
    return order_document(KIND, facts, subject=row.session, by=by, title=f"Konsep {facts['title']}")


def print_collection(meeting: Meeting, *, by: Any) -> Document:
    """The paper of all final minutes of an edition.

    Errors: Denied; Blocked when there are none yet.
    """
    ensure(readers(by))
    parts = final_parts(meeting)
    if not parts or not (meeting.published or sees_drafts(by)):
        raise Blocked(_("Belum ada notula final pada rakor ini."))
    facts = collection_facts(meeting, parts, agency=lead_agency(), zone=timezone.get_default_timezone())
    return order_document(KIND, facts, subject=meeting, by=by)
