"""One-time links, forgotten and changed passwords, and the admin's verbs."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from kombu.exceptions import OperationalError

from portal.accounts import actions, tasks
from portal.accounts.models import PasswordLink
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "sandi-baru-belu-77"


def path_of(url):
    return "/sandi/" + url.partition("/sandi/")[2]


def set_through(client, path, password=NEW):
    return client.post(path, {"password1": password, "password2": password})


def verbs(user):
    return list(
        Entry.objects.filter(object_type="accounts.user", object_id=str(user.pk)).values_list("verb", flat=True)
    )


def test_a_new_account_has_no_password_until_its_owner_sets_one(cast, client):
    user = actions.create_user("Maria.Lawan", "Maria Lawan, S.E.", "maria@contoh.test", "+62 812", by=cast.admin)
    assert user.username == "maria.lawan" and not user.has_usable_password()
    path = path_of(actions.set_password_link(user, by=cast.admin))
    page = client.get(path)
    assert page.status_code == 200 and "maria.lawan" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(path).status_code == 200  # looking does not spend it
    assert set_through(client, path).url == "/masuk/"
    assert client.get(path).status_code == 404
    assert set_through(client, path, "lain-lagi-88-sandi").status_code == 404
    assert client.post("/masuk/", {"login": "maria.lawan", "password": NEW}).status_code == 302
    assert verbs(user) == ["Membuat kata sandi baru lewat tautan", "Membuat tautan kata sandi", "Membuat akun"]


def test_names_and_addresses_are_unique_in_any_case(cast):
    with pytest.raises(ValidationError) as error:
        actions.create_user("PANITIA", "Lain", by=cast.admin)
    assert "username" in error.value.message_dict
    with pytest.raises(ValidationError) as error:
        actions.create_user("lain", "Lain", "Panitia@contoh.test", by=cast.admin)
    assert "Surel ini sudah dipakai akun lain." in error.value.messages


def test_a_newer_link_voids_the_older(cast, client):
    old = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    new = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_link_ends_with_its_time_or_with_a_change_of_password(cast, client, client_of, time_machine):
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    path = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    time_machine.shift(72 * 3600 - 1)
    assert client.get(path).status_code == 200
    time_machine.shift(2)
    assert client.get(path).status_code == 404
    path = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    changed = client_of(cast.panitia).post(
        "/sandi/ubah/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert changed.url == "/akun/"
    assert client.get(path).status_code == 404
    assert "Mengubah kata sandi sendiri" in verbs(cast.panitia)


def test_the_secret_is_not_stored(cast):
    secret = path_of(actions.set_password_link(cast.panitia, by=cast.admin)).split("/")[3]
    link = PasswordLink.objects.get()
    assert secret not in (link.digest, link.password_mark) and len(secret) >= 40


def test_a_link_can_be_used_once_even_when_found_twice(cast):
    secret = path_of(actions.set_password_link(cast.panitia, by=cast.admin)).split("/")[3]
    actions.use_password_link(secret, NEW)
    with pytest.raises(Blocked):
        actions.use_password_link(secret, "lain-lagi-88-sandi")


def test_weak_passwords_are_refused_with_sentences(cast, client):
    path = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    for weak in ("pendek", "1234567890", "panitia", "password12"):
        assert set_through(client, path, weak).context["form"].errors["password1"]
    different = client.post(path, {"password1": NEW, "password2": "lain"})
    assert different.context["form"].errors["password2"] == ["Kedua kata sandi tidak sama."]
    assert client.get(path).status_code == 200


def test_setting_a_password_ends_all_sessions(cast, client, client_of):
    other = client_of()
    other.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    set_through(client, path_of(actions.set_password_link(cast.panitia, by=cast.admin)))
    assert other.get("/akun/").status_code == 302


def test_only_the_admin_makes_links_and_switches_accounts(cast):
    for verb in (
        lambda: actions.set_password_link(cast.notulis, by=cast.panitia),
        lambda: actions.deactivate(cast.notulis, note="x", by=cast.panitia),
        lambda: actions.reactivate(cast.notulis, note="x", by=cast.kadis_prov),
        lambda: actions.reset_second_factor(cast.notulis, note="x", by=cast.panitia),
    ):
        with pytest.raises(Denied):
            verb()


# -- by e-mail --------------------------------------------------------------------------------------------------------


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(tasks.mail_password_link, "apply_async", lambda args, **_: tasks.mail_password_link(*args))


def ask(client, login):
    return client.post("/sandi/lupa/", {"login": login})


def test_a_forgotten_password(cast, client, worker, time_machine):
    time_machine.move_to("2026-04-24T04:00:00Z", tick=False)
    assert ask(client, "Panitia@contoh.test").url == "/sandi/lupa/terkirim/"
    assert client.get("/sandi/lupa/terkirim/").status_code == 200
    path = re.search(r"/sandi/baru/\S+", mail.outbox[0].body).group()
    assert mail.outbox[0].to == ["panitia@contoh.test"]
    assert client.get(path).status_code == 200
    time_machine.shift(3601)
    assert client.get(path).status_code == 404


def test_the_answer_never_tells_whether_an_account_exists(cast, client, worker):
    known, unknown = ask(client, "panitia"), ask(client, "tidakada")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_asking_by_mail_does_not_spoil_the_admin_s_link_and_is_slowed(cast, client, worker):
    path = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    for _ in range(3):
        ask(client, "panitia")
    assert "coba lagi dalam" in ask(client, "panitia").content.decode()
    assert len(mail.outbox) == 3
    assert client.get(path).status_code == 200


def test_without_mail_server_nothing_is_promised(cast, client, settings, worker):
    settings.PASSWORD_MAIL = False
    for page in (client.get("/sandi/lupa/"), ask(client, "panitia")):
        assert page.status_code == 200 and "Minta tautan kata sandi kepada admin portal" in page.content.decode()
    assert not mail.outbox


def test_a_dead_queue_is_told(cast, client, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.mail_password_link, "apply_async", fail)
    assert "Surel belum dapat dikirim" in ask(client, "panitia").content.decode()


def test_no_mail_for_deactivated_accounts(cast, client, worker):
    actions.deactivate(cast.panitia, note="Pindah tugas", by=cast.admin)
    ask(client, "panitia")
    assert not mail.outbox


# -- changing one's own -----------------------------------------------------------------------------------------------


def test_changing_the_password_keeps_this_session_and_ends_the_others(cast, client_of):
    here, there = client_of(), client_of()
    for client in (here, there):
        client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    wrong = here.post("/sandi/ubah/", {"oldpassword": "salah", "password1": NEW, "password2": NEW})
    assert wrong.context["form"].errors["oldpassword"] == ["Kata sandi saat ini tidak cocok."]
    here.post("/sandi/ubah/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert here.get("/akun/").status_code == 200
    assert there.get("/akun/").status_code == 302


def test_another_e_mail_needs_the_password(cast, client_of):
    client = client_of(cast.panitia)
    data = {"full_name": "Panitia Contoh", "email": "baru@contoh.test", "phone": "0812 3456"}
    refused = client.post("/akun/", data)
    assert refused.context["form"].errors["password"]
    assert client.post("/akun/", {**data, "password": PASSWORD}).status_code == 302
    cast.panitia.refresh_from_db()
    assert (cast.panitia.email, cast.panitia.phone) == ("baru@contoh.test", "0812 3456")
    entry = Entry.objects.first()
    assert entry.verb == "Mengubah data akun" and ["panitia@contoh.test", "baru@contoh.test"] in entry.changes.values()
    taken = client.post("/akun/", {**data, "email": "ADMIN@contoh.test", "password": PASSWORD})
    assert taken.status_code == 422 and "sudah dipakai akun lain" in taken.content.decode()


# -- the admin --------------------------------------------------------------------------------------------------------


def test_deactivating_ends_sessions_and_links_and_needs_a_reason(cast, client, client_of):
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    path = path_of(actions.set_password_link(cast.panitia, by=cast.admin))
    with pytest.raises(Blocked, match="Alasan"):
        actions.deactivate(cast.panitia, note="  ", by=cast.admin)
    actions.deactivate(cast.panitia, note="Pensiun", by=cast.admin)
    assert client.get("/akun/").status_code == 302
    assert client_of().get(path).status_code == 404
    with pytest.raises(Blocked, match="sudah dinonaktifkan"):
        actions.deactivate(cast.panitia, note="Pensiun", by=cast.admin)
    with pytest.raises(Blocked):
        actions.set_password_link(cast.panitia, by=cast.admin)
    actions.reactivate(cast.panitia, note="Kembali bertugas", by=cast.admin)
    assert client.post("/masuk/", {"login": "panitia", "password": PASSWORD}).status_code == 302
    assert Entry.objects.filter(note="Pensiun", actor=cast.admin).count() == 1


def test_one_s_own_secrets_are_changed_only_where_the_old_ones_are_asked_for(cast):
    with pytest.raises(Denied, match="Akun saya"):
        actions.set_password_link(cast.admin, by=cast.admin)
    with pytest.raises(Denied, match="Akun saya"):
        actions.reset_second_factor(cast.admin, note="x", by=cast.admin)


def test_nobody_deactivates_himself(cast):
    with pytest.raises(Denied, match="sendiri"):
        actions.deactivate(cast.admin, note="x", by=cast.admin)


def test_resetting_the_second_factor(cast, client):
    client.post("/masuk/", {"login": "panitia", "password": PASSWORD})
    Authenticator.objects.create(user=cast.panitia, type="totp", data={})
    actions.reset_second_factor(cast.panitia, note="Ponsel hilang", by=cast.admin)
    assert not Authenticator.objects.exists()
    assert client.get("/akun/").status_code == 302
    assert Entry.objects.first().note == "Ponsel hilang"
    with pytest.raises(Blocked):
        actions.reset_second_factor(cast.panitia, note="Ponsel hilang", by=cast.admin)
