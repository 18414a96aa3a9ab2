"""Letters under several hands at once: real threads, each with its connection."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Blocked, StaleVersion
from rakor.actions import letters as actions
from rakor.actions import recipients
from rakor.models import Invitation, Letter, LetterCopy
from regencies.models import LetterNumber, RegisterYear
from tests import factories
from tests.cast import Cast, build_cast
from tests.factories_letter_moves import moved_letter
from tests.factories_letters import make_invitation

MANY = 8


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast in a database that other connections see."""
    factories.ensure_initial_data()
    return build_cast()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job returned or raised; all begin at the same moment."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(30)
            results[place] = job()
        except Exception as error:  # noqa: BLE001  what a thread raises is looked at by the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def sequences() -> list[int]:
    return sorted(LetterNumber.objects.values_list("sequence", flat=True))


def test_eight_letters_approved_at_once_leave_no_gap_and_take_no_number_twice(people: Cast) -> None:
    meetings = [factories.make_meeting(slug=f"edisi-{n}", status="terjadwal") for n in range(4)]
    rows = [
        moved_letter(people, "diparaf", meeting=meeting, group=group)
        for meeting in meetings for group in ("kadis_kab", "kepala_daerah")
    ]  # fmt: skip
    results = together(*(lambda row=row: actions.move_letter(row, "approve", by=people.kadis_prov) for row in rows))
    assert [type(result) for result in results] == [Letter] * MANY
    assert sequences() == list(range(1, 2 * MANY + 1)), "no gap, no double"
    assert RegisterYear.objects.get(register__key="surat-keluar").last == 2 * MANY
    copies = LetterCopy.objects.select_related("number")
    assert len({copy.number.text for copy in copies}) == 2 * MANY
    assert {copy.document_id for copy in copies}.isdisjoint({None})
    for row in rows:
        own = [copy.number.sequence for copy in copies if copy.letter_id == row.pk]
        assert own == sorted(own)


def test_one_letter_approved_by_eight_clicks_is_numbered_once(people: Cast) -> None:
    row = moved_letter(people, "diparaf")
    results = together(*[lambda: actions.move_letter(row, "approve", by=people.kadis_prov)] * MANY)
    assert [type(result) for result in results].count(Blocked) == MANY - 1, results
    assert sequences() == [1, 2]
    assert row.copies.count() == 2


def test_an_approval_that_fails_leaves_no_gap(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meetings = [factories.make_meeting(slug=f"edisi-{n}", status="terjadwal") for n in range(6)]
    rows = [moved_letter(people, "diparaf", meeting=meeting) for meeting in meetings]
    from rakor.actions import letter_copies

    real, odd = letter_copies.order_copies, {row.pk for row in rows[::2]}

    def every_second(letter: Letter, copies: Any, *, by: Any) -> Any:
        if letter.pk in odd:
            raise Blocked("Kertas habis.")
        return real(letter, copies, by=by)

    monkeypatch.setattr(letter_copies, "order_copies", every_second)
    results = together(*(lambda row=row: actions.move_letter(row, "approve", by=people.kadis_prov) for row in rows))
    assert sum(isinstance(result, Blocked) for result in results) == 3
    assert sequences() == list(range(1, 7))
    assert Letter.objects.filter(status="disetujui").count() == 3


def test_a_form_sent_eight_times_at_once_is_one_recipient(people: Cast) -> None:
    meeting, key = factories.make_meeting(), uuid.uuid4()
    values = {"group": "instansi", "addressee": "Kepala BPOM", "place": "Kupang", "quota": 1}
    results = together(*[lambda: recipients.add_recipient(meeting, values, by=people.panitia, client_key=key)] * MANY)
    assert len({result.pk for result in results}) == 1
    assert Invitation.objects.count() == 1


def test_all_regencies_added_by_eight_clicks_come_once(people: Cast) -> None:
    meeting = factories.make_meeting()
    results = together(*[lambda: recipients.invite_all(meeting, "kadis_kab", by=people.panitia)] * MANY)
    assert sorted(results) == [0] * (MANY - 1) + [22]
    assert Invitation.objects.count() == 22


def test_two_replacements_at_once_are_one(people: Cast) -> None:
    row = moved_letter(people, "terkirim")
    old = row.meeting.invitations.first()
    values = {"addressee": "Kepala Dinas Koperasi", "place": "Atambua", "quota": 2}
    results = together(*[lambda: recipients.replace_recipient(old, values, "Salah kantor", by=people.panitia)] * MANY)
    assert len({result.pk for result in results}) == 1, results
    assert sequences() == [1, 2, 3]


def test_a_recipient_added_during_the_approval_is_on_it_or_late(people: Cast) -> None:
    """Whoever comes first: nobody on the list is without a copy unless he is told as late."""
    row = moved_letter(people, "diparaf")
    values = {"group": "kadis_kab", "addressee": "Kepala Dinas Kupang", "regency": factories.regency("53.01"),
              "quota": 2}  # fmt: skip
    results = together(
        lambda: actions.move_letter(row, "approve", by=people.kadis_prov),
        lambda: recipients.add_recipient(row.meeting, values, by=people.panitia),
    )
    assert isinstance(results[0], Letter)
    if isinstance(results[1], Blocked):
        assert row.copies.count() == 2
    else:
        from rakor.queries.letters import late_recipients

        assert list(late_recipients(row)) == [results[1]]


def test_two_editors_of_a_letter_do_not_overwrite_each_other(people: Cast) -> None:
    row = moved_letter(people)
    results = together(
        lambda: actions.save_letter(row, {"subject": "Hal A"}, by=people.panitia, base_version=1),
        lambda: actions.save_letter(row, {"subject": "Hal B"}, by=people.kabid, base_version=1),
    )
    assert {type(result) for result in results} == {Letter, StaleVersion}
    saved = next(result for result in results if isinstance(result, Letter))
    assert Letter.objects.get(pk=row.pk).subject == saved.subject


def test_two_editors_of_a_recipient_do_not_overwrite_each_other(people: Cast) -> None:
    row = make_invitation(factories.make_meeting())
    results = together(
        lambda: recipients.change_recipient(row, {"quota": 3}, by=people.panitia, base_version=1),
        lambda: recipients.change_recipient(row, {"quota": 4}, by=people.kabid, base_version=1),
    )
    assert {type(result) for result in results} == {Invitation, StaleVersion}
