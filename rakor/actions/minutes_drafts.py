"""What is being typed, kept on the server: a second copy beside the one on the writer's device."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.kernel.errors import ensure
from rakor.models import EntryDraft, MinuteEntry, Minutes
from rakor.rules import minute_takers

EMPTY: dict[str, Any] = {
    name: None if name == "due_on" else MinuteEntry.Kind.DISCUSSION if name == "kind" else ""
    for name in MinuteEntry.TEXT_FIELDS
}


def save_draft(
    minutes: Minutes, key: str, words: dict[str, Any], *, base_version: int, seq: int, by: Any
) -> EntryDraft:
    """The stored draft: this text, or a newer one when this request was overtaken by a later `seq`.

    Also while the minutes are being checked or final: what somebody typed is kept until they decide.
    Errors: Denied.
    """
    ensure(minute_takers(by))
    mine = EntryDraft.objects.filter(minutes=minutes, author=by, key=key)
    with transaction.atomic():
        EntryDraft.objects.bulk_create(
            [EntryDraft(minutes=minutes, author=by, key=key, is_open=False)], ignore_conflicts=True
        )
        mine.filter(seq__lt=seq).update(
            **words, base_version=base_version, seq=seq, is_open=True, saved_at=timezone.now()
        )
    return mine.get()


def close_draft(minutes: Minutes, key: str, *, seq: int, by: Any) -> None:
    """End one's own draft because it was saved or thrown away; what was typed after `seq` is left alone.

    The emptied row stays, so that a request with an older `seq` that is still under way does not bring the text back.
    """
    ensure(minute_takers(by))
    with transaction.atomic():
        EntryDraft.objects.bulk_create(
            [EntryDraft(minutes=minutes, author=by, key=key, is_open=False)], ignore_conflicts=True
        )
        EntryDraft.objects.filter(minutes=minutes, author=by, key=key, seq__lte=seq).update(
            **EMPTY, is_open=False, seq=seq, saved_at=timezone.now()
        )
