"""One's own identity in the browser, the second factor at signing, and the authority's command."""

from __future__ import annotations

import re
import stat

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import ParkedForm
from portal.journal.models import Entry
from portal.signing import actions, authority
from portal.signing.actions import SigningError
from portal.signing.models import SigningIdentity
from tests.cast import PASSWORD
from tests.portal.esign_client import NIK, esign_client
from tests.portal.esign_client import PASSWORD as SERVICE_PASSWORD
from tests.portal.esign_client import USER as SERVICE_USER
from tests.signing import PASSPHRASE, identity_of, prepared_paper, sign

pytestmark = pytest.mark.django_db

HERE = "/akun/tanda-tangan/"
FILLED = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE, "password": PASSWORD}


@pytest.fixture
def own_authority(settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "authority"
    authority.make_authority("Otoritas Uji")


@pytest.fixture
def browser(cast, client_of, own_authority):
    return client_of(cast.kadis_belu)


def test_issue_see_renew_revoke(cast, browser):
    page = browser.get(HERE).content.decode()
    assert "belum dapat menandatangani" in page and "tidak tersertifikasi oleh penyelenggara" in page
    assert browser.get(HERE + "cabut/").status_code == 302
    assert "tidak tersertifikasi" in browser.get(HERE + "terbitkan/").content.decode()
    assert browser.post(HERE + "terbitkan/", FILLED).url == HERE
    first = SigningIdentity.objects.of(cast.kadis_belu)
    page = browser.get(HERE).content.decode()
    assert first.shown_serial in page and "(tidak tersertifikasi)" in page and "PRIVATE" not in page
    assert "akan dicabut" in browser.get(HERE + "terbitkan/").content.decode()
    assert browser.post(HERE + "terbitkan/", FILLED).url == HERE
    second = SigningIdentity.objects.of(cast.kadis_belu)
    assert second.serial != first.serial and SigningIdentity.objects.active().count() == 1
    refused = browser.post(HERE + "cabut/", {"note": ""})
    assert refused.status_code == 422 and "Alasan wajib diisi" in refused.content.decode()
    assert browser.post(HERE + "cabut/", {"note": "Ponsel hilang"}).url == HERE
    page = browser.get(HERE).content.decode()
    assert "Ponsel hilang" in page and "Diganti dengan yang baru." in page and "tetap sah" in page
    verbs = list(Entry.objects.filter(object_type="signing.signingidentity").values_list("verb", flat=True))
    assert len(verbs) == 4 and "Mencabut identitas tanda tangan" in verbs


def test_certificate_names_person_and_office(cast, browser):
    browser.post(HERE + "terbitkan/", FILLED)
    row = SigningIdentity.objects.of(cast.kadis_belu)
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(row.certificate.encode())
    assert "CN=Kadis Belu Contoh" in certificate.subject.rfc4514_string()
    assert "UID=kadis_belu" in certificate.subject.rfc4514_string()
    assert certificate.issuer == authority.authority_certificate().subject
    certificate.verify_directly_issued_by(authority.authority_certificate())
    assert certificate.public_key().curve.name == "secp256r1" and row.private_key.startswith("-----BEGIN ENCRYPTED")
    assert 700 < (row.expires_at - timezone.now()).days < 731
    assert authority.open_key(row.private_key, row.serial, PASSPHRASE)
    assert authority.open_key(row.private_key, row.serial, PASSPHRASE + " ") is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"passphrase": "pendek", "passphrase_again": "pendek"}, "sedikitnya 12 karakter"),
        ({"passphrase": PASSWORD, "passphrase_again": PASSWORD}, "harus berbeda dari kata sandi"),
        ({"passphrase": "aaaaaaaaaaaaaaaa", "passphrase_again": "aaaaaaaaaaaaaaaa"}, "mudah ditebak"),
        ({"passphrase": "1234567890123", "passphrase_again": "1234567890123"}, "angka"),
        ({"passphrase": "kadis belu contoh", "passphrase_again": "kadis belu contoh"}, "mirip"),
        ({"passphrase_again": "lain sekali dari itu"}, "tidak sama"),
        ({"password": "salah"}, "Kata sandi akun tidak cocok"),
        ({"passphrase": "", "passphrase_again": ""}, "wajib|harus diisi|diperlukan|dibutuhkan"),
    ],
)
def test_a_weak_or_unproven_one_is_refused(cast, browser, changes, sentence):
    refused = browser.post(HERE + "terbitkan/", {**FILLED, **changes})
    page = refused.content.decode()
    assert refused.status_code == 422 and re.search(sentence, page)
    assert PASSPHRASE not in page and not SigningIdentity.objects.exists()


def test_guessing_the_password_of_an_open_session_is_slowed(browser):
    for _try in range(3):
        browser.post(HERE + "terbitkan/", {**FILLED, "password": "salah"})
    refused = browser.post(HERE + "terbitkan/", FILLED)
    assert refused.status_code == 422 and "Terlalu banyak percobaan" in refused.content.decode()


def test_only_the_owner_makes_keys_and_an_admin_may_revoke(cast, own_authority):
    from portal.kernel.errors import Denied

    with pytest.raises(Denied):
        actions.issue_identity(cast.kadis_belu, PASSPHRASE, by=cast.admin)
    identity = identity_of(cast.kadis_belu)
    with pytest.raises(Denied):
        actions.revoke_identity(identity, "Ingin tahu", by=cast.kadis_ende)
    actions.revoke_identity(identity, "Ponsel hilang", by=cast.admin)
    with pytest.raises(SigningError, match="sudah dicabut"):
        actions.revoke_identity(identity, "Sekali lagi", by=cast.admin)


def test_without_an_authority_the_page_says_so(cast, client_of, settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "nothing"
    browser = client_of(cast.kadis_belu)
    assert "belum mempunyai otoritas sertifikat" in browser.get(HERE).content.decode()
    refused = browser.post(HERE + "terbitkan/", FILLED)
    assert refused.status_code == 422 and "belum mempunyai otoritas" in refused.content.decode()
    assert client_of().get("/tanda-tangan/otoritas.pem").status_code == 404


def test_anybody_may_have_the_authoritys_certificate(client_of, own_authority):
    answer = client_of().get("/tanda-tangan/otoritas.pem")
    assert answer.status_code == 200 and answer.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in answer.content


def test_switching_to_bsre(cast, browser, settings):
    assert browser.get(HERE + "bsre/").status_code == 404
    with esign_client() as service:
        settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD = service.url, SERVICE_USER, SERVICE_PASSWORD
        assert "Gunakan BSrE" in browser.get(HERE).content.decode()
        refused = browser.post(HERE + "bsre/", {"nik": "5304010101700009", "password": PASSWORD})
        assert refused.status_code == 422 and "NOT_REGISTERED" in refused.content.decode()
        assert browser.post(HERE + "bsre/", {"nik": NIK, "password": PASSWORD}).url == HERE
        page = browser.get(HERE).content.decode()
        assert "BSrE (tersertifikasi)" in page and NIK not in page and NIK[-4:] in page


def test_a_passphrase_is_never_parked(cast, browser, time_machine):
    browser.get(HERE)
    time_machine.move_to(timezone.now() + timezone.timedelta(hours=2))
    browser.post(HERE + "terbitkan/", {**FILLED, "code": "87654321", "other_code": "kept"})
    [parked] = ParkedForm.objects.values_list("data", flat=True)
    assert PASSPHRASE not in str(parked) and "87654321" not in str(parked) and ["other_code", "kept"] in parked
    assert not SigningIdentity.objects.exists()


def test_few_queries(cast, browser, assert_queries):
    for _time in range(3):
        browser.post(HERE + "terbitkan/", FILLED)
    with assert_queries(4):
        browser.get(HERE)


# -- second factor ----------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(cast, time_machine):
    time_machine.move_to(1777003200, tick=False)
    found = generate_totp_secret()
    TOTP.activate(cast.kadis_belu, found)
    RecoveryCodes.activate(cast.kadis_belu)
    identity_of(cast.kadis_belu)
    return found


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def test_the_second_factor_is_asked_for_and_good_once(cast, secret, time_machine):
    for code, sentence in (("", "isikan kode"), ("000000", "Kode verifikasi tidak cocok")):
        with pytest.raises(SigningError, match=sentence):
            sign(prepared_paper(), cast.kadis_belu, code=code)
    good = code_of(secret)
    assert sign(prepared_paper(), cast.kadis_belu, code=good).content
    with pytest.raises(SigningError, match="Kode verifikasi tidak cocok"):
        sign(prepared_paper(), cast.kadis_belu, code=good)
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert sign(prepared_paper(), cast.kadis_belu, code=recovery).content


def test_a_wrong_passphrase_does_not_spend_the_code(cast, secret):
    good = code_of(secret)
    with pytest.raises(SigningError, match="Frasa sandi"):
        sign(prepared_paper(), cast.kadis_belu, code=good, passphrase="bukan ini frasanya")
    assert sign(prepared_paper(), cast.kadis_belu, code=good).content


def test_guessing_codes_is_slowed(cast, secret):
    for _try in range(3):
        with pytest.raises(SigningError, match="tidak cocok"):
            sign(prepared_paper(), cast.kadis_belu, code="000000")
    with pytest.raises(SigningError, match="Terlalu banyak percobaan"):
        sign(prepared_paper(), cast.kadis_belu, code=code_of(secret))


# -- the authority ----------------------------------------------------------------------------------------------------


def test_the_authority_is_made_once_and_closed_to_others(settings, tmp_path, capsys):
    settings.SIGNING_DIR = tmp_path / "deep" / "signing"
    call_command("make_signing_ca")
    key, certificate = authority.key_file(), authority.certificate_file()
    before = key.read_bytes(), certificate.read_bytes()
    call_command("make_signing_ca", name="Lain")
    assert (key.read_bytes(), certificate.read_bytes()) == before
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert "made" in capsys.readouterr().out
    assert [file.name for file in sorted(key.parent.iterdir())] == ["ca.key", "ca.pem"]


def test_an_authority_half_made_is_finished(settings, tmp_path):
    settings.SIGNING_DIR = tmp_path
    call_command("make_signing_ca", verbosity=0)
    key = authority.key_file().read_bytes()
    authority.certificate_file().unlink()
    call_command("make_signing_ca", verbosity=0)
    assert authority.key_file().read_bytes() == key and authority.authority_certificate() is not None


def test_its_key_can_be_encrypted(settings, tmp_path, cast):
    settings.SIGNING_DIR, settings.SIGNING_CA_PASSPHRASE = tmp_path, "kunci otoritas"
    call_command("make_signing_ca", verbosity=0)
    assert b"ENCRYPTED" in authority.key_file().read_bytes()
    assert authority.issue("A", "B", "a", PASSPHRASE).certificate
    settings.SIGNING_CA_PASSPHRASE = ""
    with pytest.raises(SigningError, match="tidak dapat dibaca"):
        authority.issue("A", "B", "a", PASSPHRASE)


def test_in_production_the_issuer_is_said(settings, tmp_path):
    settings.SIGNING_DIR, settings.PRODUCTION = tmp_path, True
    with pytest.raises(CommandError, match="--name"):
        call_command("make_signing_ca")
    assert not authority.key_file().exists()
    call_command("make_signing_ca", name="Otoritas Dinas", verbosity=0)
    assert authority.authority_certificate().subject.rfc4514_string() == "CN=Otoritas Dinas"
