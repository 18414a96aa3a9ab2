"""Two people at the very same moment, with real transactions: nothing is overwritten, doubled or half done."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Denied, StaleVersion
from rakor.actions.minutes import delete_entry, move_entry, save_entry, start_minutes
from rakor.actions.minutes_drafts import save_draft
from rakor.actions.minutes_moves import move_minutes
from rakor.models import EntryDraft, Minutes, MinutesRelease
from regencies.models import Position
from tests.rakor.test_minutes import words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def minutes(published_meeting, cast) -> Minutes:
    return start_minutes(published_meeting.sessions.get(kind="pleno"), by=cast.notulis)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each work returned or raised; all start behind one barrier, each with its own connection."""
    barrier, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        barrier.wait()
        try:
            outcomes[number] = works[number]()
        except Exception as error:  # noqa: BLE001  the test looks at whatever happened
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_two_saves_of_one_version_give_one_winner_and_one_kept_text(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    for number in range(5):
        version = number + 1
        outcomes = at_once(
            lambda v=version: save_entry(
                minutes, words(f"notulis {v}"), by=cast.notulis, entry_id=entry.pk, base_version=v
            ),
            lambda v=version: save_entry(
                minutes, words(f"panitia {v}"), by=cast.panitia, entry_id=entry.pk, base_version=v
            ),
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MinuteEntry", "StaleVersion"]
    entry.refresh_from_db()
    assert entry.version == 6
    assert entry.revisions.filter(kept_from_conflict=True).count() == 5
    assert entry.revisions.count() == 11


def test_the_same_new_entry_sent_four_times_at_once_is_one_entry(minutes, cast):
    key = uuid.uuid4()
    outcomes = at_once(*[lambda: save_entry(minutes, words(), by=cast.notulis, key=key)] * 4)
    assert {outcome.pk for outcome in outcomes} == {minutes.entries.get().pk}


def test_many_new_entries_at_once_get_each_their_place(minutes, cast):
    at_once(*[
        lambda n=n: save_entry(minutes, words(str(n)), by=cast.notulis, key=uuid.uuid4()) for n in range(6)
    ])  # fmt: skip
    assert sorted(minutes.entries.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert sorted(minutes.entries.values_list("change", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_beginning_twice_at_once_begins_one(published_meeting, cast):
    session = published_meeting.sessions.get(kind="pembukaan")
    first, second = at_once(
        lambda: start_minutes(session, by=cast.notulis), lambda: start_minutes(session, by=cast.panitia)
    )
    assert first == second


def test_moving_and_deleting_at_once_leaves_a_whole_order(minutes, cast):
    ids = [save_entry(minutes, words(letter), by=cast.notulis).pk for letter in "abcd"]
    at_once(
        lambda: move_entry(minutes, ids[3], before=ids[0], by=cast.notulis),
        lambda: move_entry(minutes, ids[0], before=None, by=cast.panitia),
        lambda: delete_entry(minutes, ids[1], base_version=1, by=cast.panitia),
    )
    kept = list(minutes.entries.kept().values_list("pk", flat=True))
    assert set(kept) == {ids[0], ids[2], ids[3]}
    assert kept.index(ids[3]) < kept.index(ids[0])
    positions = minutes.entries.kept().values_list("position", flat=True)
    assert len(set(positions)) == 3


def test_late_drafts_at_once_leave_the_newest(minutes, cast):
    at_once(*[
        lambda n=n: save_draft(minutes, "k", words(f"huruf {n}"), base_version=0, seq=n, by=cast.notulis)
        for n in (3, 1, 5, 2, 4)
    ])  # fmt: skip
    assert EntryDraft.objects.get().text == "huruf 5"


def test_an_entry_saved_while_the_minutes_are_submitted_is_either_in_or_refused(minutes, cast):
    save_entry(minutes, words(), by=cast.notulis)
    Minutes.objects.filter(pk=minutes.pk).update(chair=Position.objects.get(person=cast.kadis_prov))
    saved, moved = at_once(
        lambda: save_entry(minutes, words("di saat terakhir"), by=cast.panitia, key=uuid.uuid4()),
        lambda: move_minutes(minutes, "submit", by=cast.notulis),
    )
    assert isinstance(moved, Minutes)
    assert minutes.entries.filter(text="di saat terakhir").exists() is not isinstance(saved, Denied)


def test_two_who_finalise_at_once_make_one_release(minutes, cast):
    save_entry(minutes, words(), by=cast.notulis)
    Minutes.objects.filter(pk=minutes.pk).update(chair=Position.objects.get(person=cast.kadis_prov))
    move_minutes(minutes, "submit", by=cast.notulis)
    outcomes = at_once(
        lambda: move_minutes(minutes, "finalise", by=cast.kabid),
        lambda: move_minutes(minutes, "finalise", by=cast.kadis_prov),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Blocked", "Minutes"]
    assert MinutesRelease.objects.count() == 1


def test_a_loser_reads_who_won(minutes, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    outcomes = at_once(
        lambda: save_entry(minutes, words("a"), by=cast.notulis, entry_id=entry.pk, base_version=1),
        lambda: save_entry(minutes, words("b"), by=cast.panitia, entry_id=entry.pk, base_version=1),
    )
    lost = next(outcome for outcome in outcomes if isinstance(outcome, StaleVersion))
    assert {str(lost.current.text), lost.yours["text"]} == {"a", "b"}
