"""Verbs on minutes and their entries. Every verb locks the row of the minutes first: writers of one notula take turns,
and nobody writes into minutes that are being finalised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from rakor.actions.heads import take_head
from rakor.actions.minutes_drafts import close_draft
from rakor.models import EntryRevision, MinuteEntry, Minutes, Session
from rakor.queries.minutes import positions_on, session_day
from rakor.rules import may_start_minutes, may_write_minutes

HEAD = ["called_at", "opened_at", "closed_at", "attendance", "chair", "secretary", "recorder"]


def start_minutes(session: Session, *, by: Any) -> Minutes:
    """The session's minutes, begun when there were none; a double click begins one.

    Times come from the session; the recorder is whoever begins, if they held a position on that day.
    """
    ensure(may_start_minutes(by, session.meeting))
    with transaction.atomic():
        minutes, created = Minutes.objects.get_or_create(
            session=session,
            defaults={
                "called_at": session.starts_at,
                "opened_at": session.starts_at,
                "closed_at": session.ends_at,
                "recorder": positions_on(session_day(session)).filter(person=by).first(),
            },
        )
        if created:
            record(gettext_noop("Mulai menulis notula"), minutes, by=by)
    return minutes


def save_head(minutes: Minutes, head: dict[str, Any], *, head_version: int, by: Any) -> Minutes:
    """The minutes with new head data.

    Errors: Denied; StaleVersion when somebody saved the head since `head_version`.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        sentence = _("Data kepala notula ini baru saja diubah orang lain. Periksa isian yang tersimpan di bawah ini.")
        changes = take_head(row, head, names=HEAD, head_version=head_version, sentence=sentence)
        if changes:
            row.change += 1
            row.save(update_fields=[*head, "head_version", "change"])
            record(gettext_noop("Mengubah kepala notula"), row, by=by, changes=changes)
    return row


def save_entry(
    minutes: Minutes, words: dict[str, Any], *, by: Any, key: UUID | None = None, entry_id: int | None = None,
    base_version: int = 0, seq: int = 0,
) -> MinuteEntry:  # fmt: skip
    """The stored entry: new under the browser's `key`, or changed when `base_version` is still the stored one.

    The same text sent again (a lost answer) is stored once and returned.
    Errors: Denied; StaleVersion when somebody saved or deleted in between: nothing is overwritten, and the text that
    was sent is kept as a revision.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        entry = _find(row, key=key, entry_id=entry_id)
        if entry is None:
            entry, won = _add(row, words, key=key, by=by), True
        elif _already_stored(entry, words, base_version, by):
            won = True
        elif entry.deleted_at is None and entry.version == base_version:
            store(row, entry, words, by=by)
            won = True
        else:
            keep_losing(entry, words, base_version, by=by)
            won = False
        if won and seq:
            close_draft(row, str(entry_id or key), seq=seq, by=by)
    if not won:
        raise stale(entry, words)
    return entry


def delete_entry(minutes: Minutes, entry_id: int, *, base_version: int, by: Any) -> MinuteEntry:
    """The entry, no longer part of the minutes; `undelete_entry` brings it back.

    Errors: Denied; Blocked when somebody changed the entry since `base_version`.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        entry = row.entries.get(pk=entry_id)
        if entry.deleted_at:
            return entry
        if entry.version != base_version:
            raise Blocked(
                _("Butir ini baru saja diubah oleh %(who)s. Baca dahulu isinya yang baru, lalu hapus bila tetap perlu.")
                % {"who": entry.changed_by}
            )
        entry.deleted_at = timezone.now()
        _touch(row, entry, by=by)
        record(gettext_noop("Menghapus butir notula"), entry, by=by)
    return entry


def undelete_entry(minutes: Minutes, entry_id: int, *, by: Any) -> MinuteEntry:
    """The entry, back at its place."""
    with transaction.atomic():
        row = locked(minutes, by=by)
        entry = row.entries.get(pk=entry_id)
        if entry.deleted_at:
            entry.deleted_at = None
            _touch(row, entry, by=by)
            record(gettext_noop("Mengembalikan butir notula"), entry, by=by)
    return entry


def move_entry(minutes: Minutes, entry_id: int, *, before: int | None, by: Any) -> list[int]:
    """The ids of the kept entries in their new order: the entry stands before the one named, or last.

    Relative, so that two people who move different entries at once both get what they meant.
    """
    with transaction.atomic():
        row = locked(minutes, by=by)
        entries = list(row.entries.kept())
        moved = next((entry for entry in entries if entry.pk == entry_id), None)
        if moved is None:
            raise Blocked(_("Butir ini sudah dihapus, sehingga tidak dapat dipindahkan."))
        entries.remove(moved)
        place = next((n for n, entry in enumerate(entries) if entry.pk == before), len(entries))
        entries.insert(place, moved)
        changed = []
        for number, entry in enumerate(entries, start=1):
            if entry.position != number:
                entry.position = number
                changed.append(entry)
        if changed:
            MinuteEntry.objects.bulk_update(changed, ["position"])
            row.change += 1
            row.save(update_fields=["change"])
            record(gettext_noop("Memindahkan butir notula"), moved, by=by)
    return [entry.pk for entry in entries]


# -- parts shared with the settling of conflicts --------------------------------------------------------------------


def locked(minutes: Minutes, *, by: Any) -> Minutes:
    """The row locked for this transaction, after the rules were asked about its status as it is now.

    Errors: Denied.
    """
    row = Minutes.objects.select_for_update(of=("self",)).select_related("session__meeting").get(pk=minutes.pk)
    ensure(may_write_minutes(by, row))
    return row


def store(
    row: Minutes, entry: MinuteEntry, words: dict[str, Any], *, by: Any, restored_from: int | None = None
) -> None:
    """Write the words as the entry's next version, with its revision and journal entry."""
    entry.version += 1
    entry.deleted_at = None
    for name, value in words.items():
        setattr(entry, name, value)
    _touch(row, entry, by=by)
    EntryRevision.objects.create(entry=entry, version=entry.version, by=by, restored_from=restored_from, **words)
    record(gettext_noop("Mengubah butir notula"), entry, by=by)


def keep_losing(entry: MinuteEntry, words: dict[str, Any], base_version: int, *, by: Any) -> None:
    """Keep a text that was not stored because of a conflict; the same text is kept once."""
    EntryRevision.objects.get_or_create(
        entry=entry, by=by, kept_from_conflict=True, **words, defaults={"version": base_version}
    )


def stale(entry: MinuteEntry, words: dict[str, Any]) -> StaleVersion:
    """The error that carries both texts."""
    sentence = (
        _("Butir ini dihapus oleh %(who)s sewaktu Anda menyuntingnya. Teks Anda tidak hilang.")
        if entry.deleted_at
        else _("Butir ini disimpan oleh %(who)s sewaktu Anda menyuntingnya. Tidak ada yang ditimpa.")
    )
    return StaleVersion(sentence % {"who": entry.changed_by or _("pengguna lain")}, current=entry, yours=words)


def _find(row: Minutes, *, key: UUID | None, entry_id: int | None) -> MinuteEntry | None:
    entries = row.entries.select_related("changed_by")
    if entry_id is not None:
        return entries.get(pk=entry_id)
    return entries.filter(client_key=key).first() if key else None


def _already_stored(entry: MinuteEntry, words: dict[str, Any], base_version: int, by: Any) -> bool:
    """Whether exactly these words came before: as they stand now, or as a version of this person since then."""
    if entry.deleted_at is None and entry.words == words:
        return True
    accepted = entry.revisions.filter(by=by, version__gt=base_version, kept_from_conflict=False, restored_from=None)
    return accepted.filter(**words).exists()


def _add(row: Minutes, words: dict[str, Any], *, key: UUID | None, by: Any) -> MinuteEntry:
    last = row.entries.aggregate(last=Max("position"))["last"] or 0
    row.change += 1
    row.save(update_fields=["change"])
    entry = MinuteEntry.objects.create(
        minutes=row, position=last + 1, client_key=key, changed_by=by, change=row.change, **words
    )
    EntryRevision.objects.create(entry=entry, version=entry.version, by=by, **words)
    record(gettext_noop("Menambah butir notula"), entry, by=by)
    return entry


def _touch(row: Minutes, entry: MinuteEntry, *, by: Any) -> None:
    """Save the entry under the next change number, so that everybody's page hears of it."""
    row.change += 1
    row.save(update_fields=["change"])
    entry.change = row.change
    entry.changed_by = by
    entry.save()
