"""Logging in: by user name or e-mail, slowed after failures, and inside a page's dialog."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import Throttle, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post("/masuk/", {"login": login, "password": password}, **extra)


def logged_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["panitia", "PANITIA", "panitia@contoh.test", " Panitia@Contoh.test "])
def test_user_name_or_e_mail_in_any_case(cast, client, login):
    response = sign_in(client, login)
    assert response.status_code == 302
    assert logged_in(client)


def test_returns_to_the_very_page(cast, client):
    asked = client.get("/akun/sesi/?a=1")
    assert asked.url == "/masuk/?next=/akun/sesi/%3Fa%3D1"
    page = client.get(asked.url)
    assert b'name="next" value="/akun/sesi/?a=1"' in page.content
    response = client.post("/masuk/", {"login": "panitia", "password": PASSWORD, "next": "/akun/sesi/?a=1"})
    assert response.url == "/akun/sesi/?a=1"


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example/", "javascript:alert(1)"])
def test_never_leads_to_another_site(cast, client, target):
    response = client.post("/masuk/", {"login": "panitia", "password": PASSWORD, "next": target})
    assert response.url.startswith("/") and "jahat" not in response.url and "javascript" not in response.url


def test_unknown_account_and_wrong_password_read_the_same(cast, client):
    known = sign_in(client, "panitia", "salah").context["form"].non_field_errors()
    unknown = sign_in(client, "tidakada", "salah").context["form"].non_field_errors()
    mail = sign_in(client, "panitia@contoh.test", "salah").context["form"].non_field_errors()
    assert known == unknown == mail == ["Nama pengguna, surel, atau kata sandi tidak cocok."]


@pytest.mark.parametrize("login", ["panitia", "panitia@contoh.test", "tidakada", "tidakada@contoh.test"])
def test_time_does_not_tell_whether_an_account_exists(cast, client, monkeypatch, login):
    """A password is hashed exactly once for each try, whatever was typed."""
    hashed = []
    for name in ("check_password", "set_password"):
        real = getattr(User, name)
        monkeypatch.setattr(User, name, lambda self, raw, real=real: hashed.append(raw) or real(self, raw))
    sign_in(client, login, "salah")
    assert hashed == ["salah"]


def test_nobody_signs_up(client):
    for name in ("account_signup", "account_email", "account_confirm_email", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert client.get("/akun/signup/").status_code == 404


def test_failures_slow_down_then_lock_and_say_how_long(cast, client, time_machine):
    time_machine.move_to("2026-04-24T01:00:00Z", tick=False)
    for _ in range(3):
        assert "tidak cocok" in sign_in(client, "panitia", "salah").context["form"].non_field_errors()[0]
    assert "coba lagi dalam 10 detik" in sign_in(client, "panitia", "salah").context["form"].non_field_errors()[0]
    time_machine.shift(10)
    sign_in(client, "panitia", "salah")
    assert "coba lagi dalam 30 detik" in sign_in(client, "panitia").context["form"].non_field_errors()[0]
    time_machine.shift(30)
    sign_in(client, "panitia", "salah")
    time_machine.shift(5)
    refused = sign_in(client, "panitia")  # the right password does not open a locked door
    assert refused.context["form"].non_field_errors() == [
        "Terlalu banyak percobaan yang gagal. Silakan coba lagi dalam 4 menit 55 detik."
    ]
    assert not logged_in(client)
    time_machine.shift(295)
    assert sign_in(client, "panitia").status_code == 302
    assert logged_in(client)


def test_a_success_forgets_the_failures(cast, client, time_machine):
    time_machine.move_to("2026-04-24T01:00:00Z", tick=False)
    sign_in(client, "panitia", "salah")
    sign_in(client, "panitia", "salah")
    sign_in(client, "panitia")
    client.post("/keluar/")
    sign_in(client, "panitia", "salah")
    assert sign_in(client, "panitia").status_code == 302


def lock(client, login, time_machine, **extra):
    for wait in (0, 0, 0, 10, 30):
        time_machine.shift(wait)
        sign_in(client, login, "salah", **extra)
    assert "menit" in sign_in(client, login, **extra).context["form"].non_field_errors()[0]


def test_others_are_not_locked_out(cast, client, client_of, time_machine):
    time_machine.move_to("2026-04-24T01:00:00Z", tick=False)
    lock(client, "panitia", time_machine)
    assert sign_in(client, "notulis").status_code == 302  # same address, another person
    elsewhere = client_of()
    assert sign_in(elsewhere, "panitia", REMOTE_ADDR="10.1.2.3").status_code == 302  # the owner, at another address


def test_the_lock_survives_a_wiped_redis(cast, client, time_machine):
    time_machine.move_to("2026-04-24T01:00:00Z", tick=False)
    lock(client, "panitia", time_machine)
    cache.clear()
    assert "menit" in sign_in(client, "panitia").context["form"].non_field_errors()[0]


def test_login_works_while_redis_is_down(cast, client):
    dead = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///tidak/ada.sock"}}
    with override_settings(CACHES=dead):
        assert "tidak cocok" in sign_in(client, "panitia", "salah").context["form"].non_field_errors()[0]
        assert sign_in(client, "panitia").status_code == 302


def test_the_table_of_failures_names_nobody(cast, client):
    sign_in(client, "panitia", "salah")
    assert Throttle.objects.count() == 3
    assert not any("panitia" in row.key for row in Throttle.objects.all())


def test_deactivated_is_told_only_to_who_knows_the_password(cast, client):
    cast.panitia.is_active = False
    cast.panitia.save()
    assert "tidak cocok" in sign_in(client, "panitia", "salah").context["form"].non_field_errors()[0]
    assert "dinonaktifkan" in sign_in(client, "panitia").context["form"].non_field_errors()[0]
    assert not logged_in(client)


def test_logging_out_needs_a_post(cast, client):
    sign_in(client, "panitia")
    page = client.get("/keluar/")
    assert page.status_code == 200 and logged_in(client)
    assert client.post("/keluar/").url == "/masuk/"
    assert not logged_in(client)


# -- in the dialog of a page ------------------------------------------------------------------------------------------


def test_the_dialog_gets_only_the_form(cast, client):
    page = client.get("/masuk/?dialog=1", HTTP_X_REQUESTED_WITH="fetch")
    text = page.content.decode()
    assert "<html" not in text and "data-login-fragment" in text and 'action="/masuk/?dialog=1"' in text
    assert "csrfmiddlewaretoken" in text


def test_a_wrong_password_in_the_dialog_is_the_form_again(cast, client):
    page = client.post("/masuk/?dialog=1", {"login": "panitia", "password": "salah"}, HTTP_X_REQUESTED_WITH="fetch")
    assert page.status_code == 422
    assert "<html" not in page.content.decode() and "tidak cocok" in page.content.decode()


def test_success_in_the_dialog_brings_the_new_token(cast, client_of):
    client = client_of(enforce_csrf_checks=True)
    client.get("/masuk/?dialog=1")
    before = client.cookies["csrftoken"].value
    page = client.post(
        "/masuk/?dialog=1",
        {"login": "panitia", "password": PASSWORD, "csrfmiddlewaretoken": before},
        HTTP_X_REQUESTED_WITH="fetch",
    )
    assert page.status_code == 204
    assert page["X-Logged-In"] == "1" and page["X-User-Id"] == str(cast.panitia.pk)
    assert client.cookies["csrftoken"].value != before
    assert client.post("/sesi/perpanjang/", HTTP_X_CSRFTOKEN=page["X-CSRF-Token"]).status_code == 204


def test_the_dialog_of_who_is_logged_in_already(cast, client_of):
    page = client_of(cast.panitia).get("/masuk/?dialog=1")
    assert page.status_code == 204 and page["X-Logged-In"] == "1"
