"""Idle sessions: asked to log in again, and back on the very page with the very form."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session

from portal.accounts.models import ParkedForm
from tests import factories
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

NOON = "2026-04-24T04:00:00Z"


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def idle(cast, client, clock):
    """The panitia, logged in through the page and then away for 31 minutes."""
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    clock.shift(31 * 60)
    return client


def again(client, login="panitia", **data):
    return client.post("/masuk/", {"login": login, "password": PASSWORD, **data})


def park(client):
    response = client.post("/akun/", {"full_name": "Nama <b>baru</b>", "phone": "0812", "password": "rahasia"})
    assert response.status_code == 302 and response.url.startswith("/masuk/?next=/akun/isian-tertunda/")
    return response.url.partition("next=")[2]


def test_a_page_leads_to_the_login_and_back(idle):
    assert idle.get("/akun/sesi/?x=1").url == "/masuk/?next=/akun/sesi/%3Fx%3D1"
    assert again(idle, next="/akun/sesi/?x=1").url == "/akun/sesi/?x=1"
    assert idle.get("/akun/sesi/").status_code == 200


def test_scripts_get_401_and_may_ask_to_log_in(idle):
    for headers in ({"HTTP_HX_REQUEST": "true"}, {"HTTP_X_REQUESTED_WITH": "fetch"}, {"HTTP_X_REQUESTED_WITH": "poll"}):
        for answer in (idle.get("/akun/", **headers), idle.post("/akun/", {"full_name": "X"}, **headers)):
            assert answer.status_code == 401 and answer["X-Login-Required"] == "1"
    assert not ParkedForm.objects.exists()


def test_pages_open_to_everybody_stay_open(idle):
    assert idle.get("/sehat/").status_code == 200
    assert idle.get("/masuk/").status_code == 200


def test_activity_prolongs_but_polling_does_not(cast, client, clock):
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    clock.shift(20 * 60)
    assert client.get("/akun/").status_code == 200
    clock.shift(20 * 60)
    assert client.get("/akun/", HTTP_X_REQUESTED_WITH="poll").status_code == 200
    clock.shift(11 * 60)
    assert client.get("/akun/").status_code == 302


def test_a_sign_of_life_prolongs(cast, client, clock):
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    clock.shift(29 * 60)
    assert client.post("/sesi/perpanjang/", HTTP_X_REQUESTED_WITH="fetch").status_code == 204
    clock.shift(29 * 60)
    assert client.get("/akun/").status_code == 200


def test_activity_is_written_at_most_once_a_minute(cast, client_of, clock, django_assert_max_num_queries):
    client = client_of(cast.panitia)
    client.get("/akun/verifikasi-dua-langkah/")

    def data():
        return Session.objects.get(pk=client.session.session_key).session_data

    before = data()
    clock.shift(59)
    client.get("/akun/verifikasi-dua-langkah/")
    assert data() == before
    clock.shift(2)
    client.get("/akun/verifikasi-dua-langkah/")
    assert data() != before


def test_a_late_form_waits_for_its_owner(idle, cast):
    waiting = park(idle)
    assert idle.get(waiting).status_code == 302  # nothing is shown before the login
    assert again(idle, next=waiting).url == waiting
    page = idle.get(waiting).content.decode()
    assert "Isian Anda belum terkirim" in page and "Nama &lt;b&gt;baru&lt;/b&gt;" in page and "Kirim sekarang" in page
    assert "<dt>Nama lengkap</dt>" in page and "<dt>Nomor HP/WhatsApp</dt>" in page
    assert 'action="/akun/"' in page and "rahasia" not in page
    stored = ParkedForm.objects.get()
    assert stored.data == [["full_name", "Nama <b>baru</b>"], ["phone", "0812"]]
    sent = idle.post("/akun/", {**dict(stored.data), "email": "panitia@contoh.test", "_isian_tertunda": str(stored.pk)})
    assert sent.status_code == 302
    cast.panitia.refresh_from_db()
    assert cast.panitia.full_name == "Nama <b>baru</b>"
    assert not ParkedForm.objects.exists()


def test_without_asking_for_a_page_the_login_leads_to_the_form(idle):
    waiting = park(idle)
    assert again(idle).url == waiting


def test_another_user_sees_nothing_of_it(idle, cast, client_of):
    waiting = park(idle)
    assert again(idle, login="notulis", next=waiting).url == waiting
    assert idle.get(waiting).status_code == 404
    assert idle.post(waiting).status_code == 404
    assert client_of(cast.admin).get(waiting).status_code == 404
    idle.post("/akun/", {"full_name": "Notulis", "_isian_tertunda": str(ParkedForm.objects.get().pk)})
    assert ParkedForm.objects.get().user == cast.panitia
    assert "Nama" not in idle.get("/akun/").content.decode().partition("Ada isian")[2][:200]


def test_it_can_be_thrown_away_and_expires_after_a_day(idle, clock):
    waiting = park(idle)
    again(idle)
    clock.shift(20 * 60)
    assert idle.get(waiting).status_code == 200
    assert idle.post(waiting).status_code == 302
    assert not ParkedForm.objects.exists()
    clock.shift(31 * 60)
    waiting = park(idle)
    clock.shift(24 * 3600 + 1)
    again(idle)
    assert idle.get(waiting).status_code == 404


def test_the_same_form_twice_is_kept_once(idle):
    assert park(idle) == park(idle)
    assert ParkedForm.objects.count() == 1


def test_a_huge_form_is_not_kept(idle):
    response = idle.post("/akun/", {"full_name": "x" * 1_100_000})
    assert response.url == "/masuk/?next=/akun/"
    assert not ParkedForm.objects.exists()


def test_forms_with_codes_and_passwords_are_not_kept(idle):
    idle.post("/sandi/ubah/", {"oldpassword": "a", "password1": "b"})
    idle.post("/akun/verifikasi-dua-langkah/aktifkan/", {"code": "123456"})
    assert not ParkedForm.objects.exists()


def test_a_stranger_s_form_is_not_kept(cast, client):
    assert client.post("/akun/", {"full_name": "X"}).status_code == 302
    assert not ParkedForm.objects.exists()


def test_a_forged_late_form_is_not_kept(cast, client_of, clock):
    client = client_of(cast.panitia, enforce_csrf_checks=True)
    clock.shift(31 * 60)
    assert client.post("/akun/", {"full_name": "X"}).status_code == 403
    assert not ParkedForm.objects.exists()


def test_deactivated_in_the_middle_of_a_session(cast, client_of):
    client = client_of(cast.panitia)
    assert client.get("/akun/").status_code == 200
    cast.panitia.is_active = False
    cast.panitia.save()
    assert client.get("/akun/").status_code == 302
    assert client.get("/akun/", HTTP_HX_REQUEST="true").status_code == 401


def test_out_when_the_last_position_ends(cast, client_of, clock):
    position = cast.panitia.positions.get()
    client = client_of(cast.panitia)
    assert client.get("/akun/").status_code == 200
    position.ends_on = "2026-04-24"
    position.save()
    assert client.get("/akun/").status_code == 200  # the last day counts
    clock.shift(12 * 3600)
    client.force_login(cast.panitia.__class__.objects.get(pk=cast.panitia.pk))
    assert client.get("/akun/").status_code == 200  # without position: only what is one's own


def test_out_at_once_when_the_position_ends_mid_session(cast, client_of, clock):
    client = client_of(cast.panitia)
    assert client.get("/akun/").status_code == 200
    cast.panitia.positions.update(ends_on="2026-04-23")
    assert client.get("/akun/").url == "/masuk/?next=/akun/"
    assert "_auth_user_id" not in client.session
    assert "Jabatan Anda sudah berakhir" in client.get("/masuk/").content.decode()


def test_hats_follow_the_calendar(cast, client_of, clock):
    person = factories.make_user("pelaksana")
    factories.make_position(
        person, "notulis", factories.lead_agency(), starts_on="2026-04-25", ends_on="2026-04-26", standing="plh"
    )
    model = type(person)
    roles = lambda: {hat.role for hat in model.objects.get(pk=person.pk).hats}  # noqa: E731  read anew each time
    assert roles() == set()
    clock.shift(12 * 3600 - 1)  # 23.59.59 WITA
    assert roles() == set()
    clock.shift(1)
    assert roles() == {"notulis"}
    clock.shift(48 * 3600 - 1)
    assert roles() == {"notulis"}
    clock.shift(1)
    assert roles() == set()


def test_the_login_page_knows_who_was_here(idle):
    assert 'value="panitia"' in idle.get("/masuk/?dialog=1").content.decode()


def test_somebody_else_logs_in_over_an_idle_session(idle, cast, clock):
    """Also in two steps: nothing of the former session remains."""
    secret = TOTP.activate(cast.notulis, "JBSWY3DPEHPK3PXP").instance and "JBSWY3DPEHPK3PXP"
    former = idle.session.session_key
    assert again(idle, login="notulis").url == "/masuk/kode/"
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert idle.post("/masuk/kode/", {"code": code}).status_code == 302
    assert idle.session["_auth_user_id"] == str(cast.notulis.pk)
    assert not Session.objects.filter(pk=former).exists()


def test_pages_are_not_given_from_a_cache(cast, client_of):
    assert client_of(cast.panitia).get("/akun/sesi/")["Cache-Control"].count("private") == 1
    assert client_of(cast.panitia).get("/kabupaten/")["Cache-Control"] == "private, no-cache"
