"""Many guesses at the same moment do not slip through: tries are counted before the secret is looked at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.accounts import throttling
from portal.accounts.models import Throttle


def guess(number: int) -> bool:
    """Whether one guess got as far as the password."""
    try:
        throttling.try_login("panitia", "10.0.0.1")
    except throttling.TooSoon:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_three() -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(guess, range(20)))
    assert sum(passed) == 3
    assert sorted(Throttle.objects.values_list("failures", flat=True)) == [3, 3, 3]


@pytest.mark.django_db
def test_guessing_from_many_addresses_is_slowed_too(time_machine) -> None:
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    for number in range(50):
        throttling.try_login("panitia", f"10.0.0.{number}")
    with pytest.raises(throttling.TooSoon, match="1 menit"):
        throttling.try_login("panitia", "10.0.1.1")
    throttling.try_login("notulis", "10.0.1.1")


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", ["PANITIA", " Panitia ", "pan\u0131tia", "\uff50anitia"])
def test_all_spellings_of_a_name_share_their_tries(time_machine, spelling) -> None:
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    for login in ("panitia", spelling, spelling):
        throttling.try_login(login, "10.0.0.1")
    for login in ("panitia", spelling):
        with pytest.raises(throttling.TooSoon):
            throttling.try_login(login, "10.0.0.1")


def test_the_wait_of_one_name_tells_nothing_about_another(cast, time_machine) -> None:
    """Else three wrong passwords for a user name would answer which e-mail address belongs to it."""
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    for _ in range(3):
        throttling.try_login(cast.panitia.username, "10.0.0.1")
    for login in (cast.panitia.email, "tidakada@contoh.test"):
        throttling.try_login(login, "10.0.0.1")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 detik"), (59, "59 detik"), (60, "1 menit"), (295, "4 menit 55 detik")]
)
def test_spoken(seconds: int, words: str) -> None:
    assert throttling.spoken(seconds) == words
