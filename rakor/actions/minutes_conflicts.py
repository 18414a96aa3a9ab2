"""Settling a conflict, and going back to an old version: the text that gives way is always kept."""

from __future__ import annotations

from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked
from rakor.actions.minutes import keep_losing, locked, stale, store
from rakor.actions.minutes_drafts import close_draft
from rakor.models import EntryRevision, MinuteEntry, Minutes

Choice = Literal["mine", "stored", "merged"]


def settle_conflict(
    minutes: Minutes, entry_id: int, choice: Choice, words: dict[str, Any], *, base_version: int, by: Any,
    key: str = "", seq: int = 0,
) -> MinuteEntry:  # fmt: skip
    """The entry after the writer chose: "stored" leaves it, "mine" and "merged" store `words` as the next version.

    `base_version` is the version shown beside the writer's text. The losing text is marked as kept from a conflict.
    Errors: Denied; StaleVersion when somebody saved yet another version meanwhile: the new texts are shown again.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        entry = row.entries.select_related("changed_by").get(pk=entry_id)
        won = choice == "stored" or entry.version == base_version
        if choice == "stored":
            keep_losing(entry, words, base_version, by=by)
            record(gettext_noop("Menyelesaikan konflik: memakai teks tersimpan"), entry, by=by)
        elif won:
            entry.revisions.filter(version=base_version, kept_from_conflict=False).update(kept_from_conflict=True)
            store(row, entry, words, by=by)
            # The writer's own text won after all: it stands in the history as a version, not as a lost text.
            entry.revisions.filter(by=by, kept_from_conflict=True, **words).exclude(version=base_version).delete()
        else:
            keep_losing(entry, words, base_version, by=by)
        if won and seq:
            close_draft(row, key or str(entry_id), seq=seq, by=by)
    if not won:
        raise stale(entry, words)
    return entry


def restore_revision(minutes: Minutes, revision: EntryRevision, *, base_version: int, by: Any) -> MinuteEntry:
    """The entry with the text of an old revision as its newest version; a deleted entry comes back with it.

    Errors: Denied; Blocked when somebody changed the entry since `base_version`.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        entry = row.entries.select_related("changed_by").get(pk=revision.entry_id)
        if entry.version != base_version:
            raise Blocked(
                _("Butir ini baru saja diubah oleh %(who)s. Periksa riwayatnya sekali lagi sebelum memulihkan.")
                % {"who": entry.changed_by}
            )
        if entry.deleted_at or entry.words != revision.words:
            store(row, entry, revision.words, by=by, restored_from=revision.version)
    return entry
