"""One's own sessions, and what the calendar throws away."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from portal.accounts.clock import sweep_accounts
from portal.accounts.devices import device_name
from portal.accounts.models import ParkedForm, PasswordLink, Throttle
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


def log_in(client, agent, address="127.0.0.1", login="panitia"):
    return client.post("/masuk/", {"login": login, "password": PASSWORD}, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def test_shows_own_sessions_and_ends_all_others(cast, client_of):
    here, there, foreign = client_of(), client_of(), client_of()
    log_in(here, DESK)
    log_in(there, PHONE, "10.9.8.7")
    log_in(foreign, DESK, "10.7.7.7", login="notulis")
    page = here.get("/akun/sesi/").content.decode()
    assert "Firefox – Windows" in page and "Chrome – Android" in page and "10.9.8.7" in page
    assert "10.7.7.7" not in page and "Sesi ini" in page
    assert here.post("/akun/sesi/").status_code == 302
    assert there.get("/akun/").status_code == 302
    assert here.get("/akun/").status_code == 200
    assert foreign.get("/akun/").status_code == 200
    assert UserSession.objects.filter(user=cast.panitia).count() == 1


def test_reading_the_list_writes_nothing_and_hides_dead_sessions(cast, client_of):
    here, there = client_of(), client_of()
    log_in(here, DESK)
    log_in(there, PHONE)
    Session.objects.filter(pk=there.session.session_key).delete()
    assert "Chrome – Android" not in here.get("/akun/sesi/").content.decode()
    assert UserSession.objects.count() == 2


def test_last_seen_follows_the_activity(cast, client, time_machine):
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    log_in(client, DESK)
    time_machine.shift(600)
    client.get("/akun/")
    assert "pukul 12.10 WITA" in client.get("/akun/sesi/").content.decode()


def test_logging_in_again_after_idling_keeps_one_row(cast, client, time_machine):
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    log_in(client, DESK)
    time_machine.shift(3600)
    log_in(client, DESK)
    assert UserSession.objects.count() == 1
    assert client.get("/akun/sesi/").content.decode().count("Firefox – Windows") == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome – Android"),
        (DESK, "Firefox – Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Mobile/15E148 Safari/604.1", "Safari – iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge – Windows"),
        ("curl/8.0", ""),
    ],
)  # fmt: skip
def test_device_names(agent, name):
    assert device_name(agent) == name


def test_the_sweep_throws_away_what_has_expired(cast, client, time_machine):
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    log_in(client, DESK)
    client.post("/masuk/", {"login": "x", "password": "y"})
    ParkedForm.objects.create(user=cast.panitia, path="/")
    PasswordLink.objects.issue(cast.panitia, by=cast.admin)
    sweep_accounts()
    assert ParkedForm.objects.exists() and PasswordLink.objects.exists() and Session.objects.exists()
    time_machine.shift(15 * 24 * 3600)
    sweep_accounts()
    for model in (ParkedForm, PasswordLink, Throttle, Session, UserSession):
        assert not model.objects.exists(), model
