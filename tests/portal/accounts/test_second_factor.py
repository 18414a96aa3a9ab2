"""The second factor: connecting an app, logging in with it, losing the phone, and roles that must have it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import override_settings

from portal.journal.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

BASE = "/akun/verifikasi-dua-langkah/"
NOON = 1777003200


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def code_for(secret, at=None):
    import time

    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def log_in(client, login="panitia", query=""):
    return client.post(f"/masuk/{query}", {"login": login, "password": PASSWORD})


def connect(client):
    """The seed of the app, connected as a person does it: QR page, first code."""
    page = client.get(BASE + "aktifkan/")
    secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page.content.decode()).group(1)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    answer = client.post(BASE + "aktifkan/", {"code": code_for(secret)})
    assert answer.url == BASE + "kode/"
    return secret


@pytest.fixture
def secret(cast, client, clock):
    log_in(client)
    found = connect(client)
    client.post("/keluar/")
    clock.shift(60)
    return found


def test_connecting_shows_recovery_codes_and_writes_the_journal(cast, client, django_capture_on_commit_callbacks):
    log_in(client)
    assert client.get(BASE + "kode/").url == BASE
    with django_capture_on_commit_callbacks(execute=True):
        secret = connect(client)
    page = client.get(BASE + "kode/")
    assert len(re.findall(r"\b\d{8}\b", page.content.decode())) == 10
    assert "attachment" in client.get(BASE + "kode/unduh/")["Content-Disposition"]
    assert Entry.objects.filter(verb="Mengaktifkan verifikasi dua langkah", actor=cast.panitia).count() == 1
    assert secret not in str(Authenticator.objects.get(type="totp").data)  # encrypted at rest


def test_a_wrong_first_code_keeps_the_seed(cast, client):
    log_in(client)
    page = client.get(BASE + "aktifkan/")
    secret = re.search(r'id="totp-secret"[^>]*>([A-Z2-7]+)<', page.content.decode()).group(1)
    refused = client.post(BASE + "aktifkan/", {"code": "000000"})
    assert "Kode tidak cocok" in refused.content.decode() and secret in refused.content.decode()
    assert not Authenticator.objects.exists()


def test_the_two_steps(cast, client, secret):
    assert log_in(client).url == "/masuk/kode/"
    assert client.get("/akun/").status_code == 302  # half logged in is not logged in
    assert "Kode tidak cocok" in client.post("/masuk/kode/", {"code": "000000"}).content.decode()
    assert client.post("/masuk/kode/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/akun/").status_code == 200


def test_the_page_asked_for_survives_both_steps(cast, client, secret):
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD, "next": "/akun/sesi/"})
    assert client.post("/masuk/kode/", {"code": code_for(secret)}).url == "/akun/sesi/"


def test_a_code_is_good_once_even_when_redis_is_wiped(cast, client, client_of, secret):
    code = code_for(secret)
    log_in(client)
    client.post("/masuk/kode/", {"code": code})
    cache.clear()
    other = client_of()
    log_in(other)
    assert "Kode tidak cocok" in other.post("/masuk/kode/", {"code": code}).content.decode()


def test_one_step_of_drift_is_taken_two_are_not(cast, client, secret, clock):
    log_in(client)
    assert client.post("/masuk/kode/", {"code": code_for(secret, NOON - 30)}).status_code == 422
    assert client.post("/masuk/kode/", {"code": code_for(secret, NOON + 30)}).status_code == 302


def test_a_recovery_code_is_good_once(cast, client, secret):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 422):
        log_in(client)
        assert client.post("/masuk/kode/", {"code": code}).status_code == expected
        client.post("/keluar/")


def test_guessing_codes_is_slowed_and_locked(cast, client, secret):
    log_in(client)
    for _ in range(3):
        client.post("/masuk/kode/", {"code": "000000"})
    page = client.post("/masuk/kode/", {"code": code_for(secret)})
    assert "coba lagi dalam 10 detik" in page.content.decode()


def test_second_step_works_while_redis_is_down(cast, client, secret):
    dead = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///tidak/ada.sock"}}
    with override_settings(CACHES=dead):
        log_in(client)
        assert client.post("/masuk/kode/", {"code": code_for(secret)}).status_code == 302


def test_giving_up_the_second_step(cast, client, secret):
    log_in(client)
    assert client.get("/masuk/").url == "/masuk/kode/"
    client.post("/keluar/")
    assert client.get("/masuk/").status_code == 200


def test_both_steps_in_the_dialog(cast, client, secret):
    first = log_in(client, query="?dialog=1")
    assert first.url == "/masuk/kode/?dialog=1"
    form = client.get(first.url).content.decode()
    assert "data-login-fragment" in form and 'action="/masuk/kode/?dialog=1"' in form and "<html" not in form
    wrong = client.post(first.url, {"code": "000000"})
    assert wrong.status_code == 422 and "Kode tidak cocok" in wrong.content.decode()
    assert "<html" not in wrong.content.decode()
    done = client.post(first.url, {"code": code_for(secret)})
    assert done.status_code == 204 and done["X-Logged-In"] == "1" and done["X-User-Id"] == str(cast.panitia.pk)


def test_without_code_the_second_step_just_asks_again(cast, client, secret):
    log_in(client)
    assert client.post("/masuk/kode/", {}).url == "/masuk/kode/"


def test_looking_at_codes_later_asks_for_the_password_again(cast, client, secret, clock):
    log_in(client)
    client.post("/masuk/kode/", {"code": code_for(secret)})
    assert client.get(BASE + "kode/").status_code == 200
    clock.shift(6 * 60)
    asked = client.get(BASE + "kode/")
    assert asked.url.startswith("/masuk/ulang/?next=")
    assert "Kata sandi tidak cocok" in client.post(asked.url, {"password": "salah"}).content.decode()
    assert client.post(asked.url, {"password": PASSWORD}).url == BASE + "kode/"
    clock.shift(6 * 60)
    assert client.get("/masuk/ulang/kode/").status_code == 200
    back = client.post("/masuk/ulang/kode/", {"code": code_for(secret), "next": BASE + "kode/baru/"})
    assert back.url == BASE + "kode/baru/"


def test_new_recovery_codes_void_the_old(cast, client, secret):
    old = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    log_in(client)
    client.post("/masuk/kode/", {"code": code_for(secret)})
    assert "10 belum terpakai" in client.get(BASE + "kode/baru/").content.decode()
    assert client.post(BASE + "kode/baru/").url == BASE + "kode/"
    assert not set(old) & set(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes())


def test_disconnecting(cast, client, secret):
    log_in(client)
    client.post("/masuk/kode/", {"code": code_for(secret)})
    assert client.get(BASE).status_code == 200
    assert client.get(BASE + "matikan/").status_code == 200
    assert client.post(BASE + "matikan/").url == BASE
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(verb="Mematikan verifikasi dua langkah").count() == 1
    assert client.get(BASE + "matikan/").url == BASE


# -- required ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def required():
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        yield


def test_provincial_roles_are_led_to_connect_an_app(cast, client, client_of, required):
    log_in(client)
    for path in ("/akun/", "/akun/sesi/", "/sandi/ubah/", BASE):
        assert client.get(path).url == BASE + "aktifkan/"
    assert client.get("/akun/", HTTP_HX_REQUEST="true")["HX-Redirect"] == BASE + "aktifkan/"
    assert client.get("/sehat/").status_code == 200
    assert client.post("/bahasa/", {"language": "en"}).status_code == 302
    assert client.post("/sesi/perpanjang/").status_code == 204
    connect(client)
    assert client.get("/akun/").status_code == 200
    assert client_of(cast.operator_belu).get("/akun/").status_code == 200
    assert client_of(cast.stranger).get("/akun/").status_code == 200


def test_who_must_have_it_cannot_disconnect_it(cast, client, required):
    log_in(client)
    connect(client)
    assert "mewajibkan" in client.get(BASE + "matikan/").content.decode()
    client.post(BASE + "matikan/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_leaving_is_possible_without_it(cast, client, required):
    log_in(client)
    assert client.post("/keluar/").url == "/masuk/"
