"""Registrations and answers under several hands at once: real threads, each with its connection."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from portal.kernel.errors import Blocked, StaleVersion
from rakor.actions.invitations import accept, decline
from rakor.actions.participants_import import import_participants
from rakor.actions.registrations import AlreadyRegistered, register, replace_registration
from rakor.facts.participant_rows import ListedRow
from rakor.models import Invitation, Registration
from tests import factories
from tests.cast import Cast, build_cast
from tests.factories_guests import accept as say_yes
from tests.factories_guests import delegate, guest, make_invitation


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast in a database that other connections see."""
    factories.ensure_initial_data()
    return build_cast()


@pytest.fixture
def invited(people: Cast) -> Any:
    """Belu's invitation, answered with yes, for two delegates."""
    meeting = factories.make_meeting(status="terjadwal")
    return say_yes(make_invitation(meeting, by=people.panitia), by=people.operator_belu)


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


def test_six_names_at_once_for_two_places(invited: Any, people: Cast) -> None:
    told = together(*(lambda n=n: delegate(invited, f"Orang {n}", by=people.operator_belu) for n in range(6)))
    assert sum(isinstance(each, Registration) for each in told) == 2
    assert sum(type(each) is Blocked for each in told) == 4
    assert invited.delegates.active().count() == 2


def test_one_form_clicked_six_times_at_once_is_one_place(invited: Any, people: Cast) -> None:
    key, meeting = uuid.uuid4(), invited.meeting
    values = {"name": "Sekali Saja", "institution": "BRI"}
    told = together(
        *(lambda: register(meeting, values, by=people.panitia, source="panitia", client_key=key) for _each in range(6))
    )
    assert {each.pk for each in told} == {Registration.objects.get().pk}


def test_the_same_person_written_down_by_six_is_one(invited: Any, people: Cast) -> None:
    told = together(*(lambda: guest(invited.meeting, "Orang Sama", by=people.panitia) for _each in range(6)))
    assert sum(isinstance(each, AlreadyRegistered) for each in told) == 5
    assert Registration.objects.count() == 1


def test_two_replace_the_same_delegate(invited: Any, people: Cast) -> None:
    place = delegate(invited, by=people.operator_belu)
    told = together(
        lambda: replace_registration(place, {"name": "Pengganti Satu"}, "Sakit", by=people.operator_belu),
        lambda: replace_registration(place, {"name": "Pengganti Dua"}, "Sakit", by=people.kadis_belu),
    )
    assert sum(isinstance(each, Blocked) for each in told) == 1
    assert invited.delegates.active().count() == 1


def test_a_yes_and_a_no_at_once_end_in_one_answer(people: Cast) -> None:
    silent = make_invitation(factories.make_meeting(status="terjadwal"), by=people.panitia)
    told = together(
        lambda: accept(silent, by=people.kadis_belu, base_version=1),
        lambda: decline(silent, "Sakit", by=people.operator_belu, base_version=1),
    )
    assert sum(isinstance(each, StaleVersion) for each in told) == 1
    answered = next(each for each in told if isinstance(each, Invitation))
    assert Invitation.objects.get().answer == answered.answer


def test_a_decline_beside_a_new_delegate_leaves_nobody_expected(invited: Any, people: Cast) -> None:
    told = together(
        lambda: decline(invited, "Kapal batal", by=people.kadis_belu, base_version=invited.version),
        lambda: delegate(invited, by=people.operator_belu),
    )
    assert isinstance(told[0], Invitation)
    assert not invited.delegates.active().exists()


def test_a_list_imported_twice_at_once_makes_everybody_once(invited: Any, people: Cast) -> None:
    rows = [ListedRow(n, {"name": f"Peserta {n}", "institution": "BRI"}) for n in range(20)]
    told = together(*(lambda: import_participants(invited.meeting, rows, by=people.panitia) for _each in "ab"))
    assert sorted(len(each.made) for each in told) == [0, 20]
    assert Registration.objects.count() == 20
