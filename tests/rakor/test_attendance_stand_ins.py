"""Somebody comes in a delegate's place and is noted so at the door: also when the device had no link."""

from __future__ import annotations

from typing import Any

import pytest

from rakor.models import Attendance, Registration
from tests.factories import at
from tests.factories_attendance import make_list, make_registration, scan_of
from tests.rakor.test_attendance_door import clock_at, outcomes, results

pytestmark = pytest.mark.django_db
NEW = {"name": "Yosef Bau", "institution": "Dinas Perindustrian Belu", "title": "Staf", "category": "utusan"}


@pytest.fixture
def morning(published_meeting: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    clock_at(monkeypatch, at(8, 30))
    return make_list(published_meeting)


def states() -> dict[str, str]:
    return dict(Registration.objects.values_list("participant__name", "status"))


def test_a_stand_in_takes_the_place(morning: Any, cast: Any, client_of: Any) -> None:
    old, client = make_registration(morning.meeting, name="Maria Bria"), client_of(cast.notulis)
    item = scan_of(new={**NEW, "stands_in_for": old.pk})
    [told] = results(client, morning, [item])
    assert (told["outcome"], told["remark"]) == ("dihitung", "Menggantikan Maria Bria.")
    made = Registration.objects.get(participant__name="Yosef Bau")
    assert (made.stands_in_for, made.source, made.by) == (old, "di_tempat", cast.notulis)
    assert states() == {"Maria Bria": "diganti", "Yosef Bau": "terdaftar"}
    assert Attendance.objects.get().registration == made
    [again] = results(client, morning, [item])  # the answer was lost, the device sends it again
    assert again["outcome"] == "dihitung" and Registration.objects.count() == 2
    [late] = results(client, morning, [scan_of(old)])
    assert late["outcome"] == "ditolak" and "digantikan oleh Yosef Bau" in late["sentence"]


def test_who_came_already_is_not_replaced(morning: Any, cast: Any, client_of: Any) -> None:
    """A device without a link did not know that she had come at another door: whoever stands there counts too."""
    old, client = make_registration(morning.meeting, name="Maria Bria"), client_of(cast.panitia)
    assert outcomes(client, morning, [scan_of(old)]) == ["dihitung"]
    [told] = results(client, morning, [scan_of(new={**NEW, "stands_in_for": old.pk})])
    assert told["outcome"] == "dihitung" and "tambahan" in told["remark"]
    assert states() == {"Maria Bria": "terdaftar", "Yosef Bau": "terdaftar"}


def test_two_doors_note_the_same_stand_in(morning: Any, cast: Any, client_of: Any) -> None:
    old, client = make_registration(morning.meeting, name="Maria Bria"), client_of(cast.panitia)
    new = {**NEW, "stands_in_for": old.pk}
    assert outcomes(client, morning, [scan_of(new=new)]) == ["dihitung"]
    assert outcomes(client, morning, [scan_of(new=new)]) == ["ganda"]
    assert states() == {"Maria Bria": "diganti", "Yosef Bau": "terdaftar"}


@pytest.mark.parametrize("odd", [0, -1, True, "7", 10**30, 987_654, None, [1], {}])
def test_odd_places_make_a_guest_like_any_other(morning: Any, cast: Any, client_of: Any, odd: Any) -> None:
    assert outcomes(client_of(cast.panitia), morning, [scan_of(new={**NEW, "stands_in_for": odd})]) == ["dihitung"]
    assert states() == {"Yosef Bau": "terdaftar"}


def test_a_place_of_another_edition_is_left_alone(morning: Any, cast: Any, client_of: Any, draft_meeting: Any) -> None:
    strange = make_registration(draft_meeting, name="Orang Lain")
    client = client_of(cast.panitia)
    assert outcomes(client, morning, [scan_of(new={**NEW, "stands_in_for": strange.pk})]) == ["dihitung"]
    assert states() == {"Orang Lain": "terdaftar", "Yosef Bau": "terdaftar"}
