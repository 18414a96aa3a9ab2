"""Signing with the government's service: a server on this machine that speaks its shape, and all its bad days."""

from __future__ import annotations

import logging
import time

import pytest
from django.core import serializers

from portal.accounts.models import Throttle
from portal.journal.models import Entry
from portal.signing import actions, checking
from portal.signing.actions import SigningError
from portal.signing.fields import spot_of
from portal.signing.holders import same_name
from portal.signing.models import SigningIdentity
from tests.portal.esign_client import NIK, PASSPHRASE, PASSWORD, USER, esign_client
from tests.signing import FIELDS, identity_of, marks, prepare, prepared_paper, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings, tmp_path):
    with esign_client() as server:
        (tmp_path / "roots.pem").write_bytes(server.authority.root_pem)
        settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD = server.url, USER, PASSWORD
        settings.BSRE_ROOTS = str(tmp_path / "roots.pem")
        settings.BSRE_CONNECT_SECONDS, settings.BSRE_SECONDS = 1, 10
        yield server


@pytest.fixture
def head(cast, service):
    """Somebody who signs with BSrE."""
    actions.use_bsre(cast.kadis_prov, NIK, by=cast.kadis_prov)
    service.holder = "KEPALA DINAS CONTOH"
    return cast.kadis_prov


def bsre(content, user, number=1, **changes):
    return sign(content, user, number, **{"passphrase": PASSPHRASE, **changes})


def test_signs_at_the_place_and_is_called_certified(service, head):
    done = bsre(prepared_paper(), head)
    assert done.content.startswith(prepared_paper()) and done.kind == "bsre"
    assert done.certificate == "KEPALA DINAS CONTOH" and done.verdict["trusted"]
    verdict = checking.check(done.content)
    assert verdict.signatures[0].kind == "bsre" and "tersertifikasi BSrE" in verdict.sentence
    sent, verified = service.asked
    spot = spot_of(prepared_paper(), FIELDS[0])
    assert sent["path"] == "/api/sign/pdf" and verified["path"] == "/api/sign/verify"
    assert (sent["nik"], sent["tampilan"], sent["image"]) == (NIK, "visible", "false")
    assert (int(sent["page"]), int(sent["xAxis"]), int(sent["yAxis"])) == (
        spot.page,
        round(spot.left),
        round(spot.bottom),
    )
    assert sent["linkQR"].endswith("/v/7K3QM-9XPA2/") and sent["reason"] and sent["location"] == "Atambua"
    assert sent["file"] == prepared_paper() and verified["signed_file"] == done.content
    assert marks(done.content) == marks(prepared_paper())


def test_the_signature_of_somebody_else_is_refused(service, head):
    """The service knows a NIK; whose certificate it used is in the file, and has to be this account's person."""
    service.holder = "BUDI SANTOSO"
    with pytest.raises(SigningError, match="atas nama “BUDI SANTOSO”, bukan Kepala Dinas Contoh"):
        bsre(prepared_paper(), head)
    service.holder, service.holder_nik = "Kepala Dinas Contoh", "5304010101700009"
    with pytest.raises(SigningError, match="bukan Kepala Dinas Contoh") as caught:
        bsre(prepared_paper(), head)
    assert "5304010101700009" not in str(caught.value) and not Throttle.objects.exists()
    service.holder, service.holder_nik = "NAMA MENURUT KTP", NIK  # the same NIK, written another way in the account
    assert bsre(prepared_paper(), head).certificate == "NAMA MENURUT KTP"


@pytest.mark.parametrize(
    ("certificate", "account", "same"),
    [
        ("YOHANES BERE", "Drs. Yohanes Bere, M.Si.", True),
        ("MARIA YOSEFINA BERE", "Maria Y. Bere, A.Md.T.", True),
        ("MARIA BERE", "Hj. Maria Yosefina Bere", True),
        ("SITI NUR'AINI", "Dr. Ir. Siti Nur'aini, S.T.", True),
        ("MARIA MAU", "Maria Yosefina Bere", False),
        ("YOSEFINA BERE", "Maria Yosefina Bere", False),
        ("BERE MARIA", "Maria Bere", False),
        ("", "Maria Bere", False),
        ("H", "Hasan", False),
        ("M. YUSUF", "Muhammad Yusuf", True),
    ],
)
def test_names_are_compared_without_titles(certificate, account, same):
    assert same_name(certificate, account) is same


def test_both_kinds_in_one_paper(cast, service, head):
    identity_of(cast.tpl_belu)
    first = sign(prepared_paper(), cast.tpl_belu, 1)
    second = bsre(first.content, head, 2)
    identity_of(cast.kadis_belu)
    third = sign(second.content, cast.kadis_belu, 3, first=False)
    verdict = checking.check(third.content)
    assert verdict.trusted and [one.kind for one in verdict.signatures] == ["lokal", "bsre", "lokal"]
    assert "jenis sertifikatnya disebut" in verdict.sentence


def test_without_roots_the_service_is_believed_at_signing_and_nobody_later(service, head, settings):
    settings.BSRE_ROOTS = ""
    done = bsre(prepared_paper(), head)
    assert done.kind == "bsre" and done.verdict["whole"] and not done.verdict["trusted"]


BAD_DAYS = {
    "hang": "tidak menjawab dalam 1 detik",
    "dribble": "tidak menjawab dalam 1 detik",
    "error500": r"sedang bermasalah \(500\)",
    "cut": "tidak dapat dihubungi",
    "html": "bukan berkas PDF",
    "unchanged": "tidak lolos pemeriksaan",
    "other": "bukan naskah yang dikirim",
    "painted": "bukan naskah yang dikirim",
    "disowns": "tidak mengakui",
}


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_bad_day_is_a_sentence_and_nothing_changes(service, head, settings, day):
    from tests.signing import places, plain_paper

    service.mode = day
    service.other_file = prepare(plain_paper(), places()[:2])
    if day in ("hang", "dribble"):
        settings.BSRE_SECONDS = 1
    journal, begin = Entry.objects.count(), time.monotonic()
    with pytest.raises(SigningError, match=BAD_DAYS[day]) as caught:
        bsre(prepared_paper(), head)
    assert time.monotonic() - begin < 60 and PASSPHRASE not in repr(caught.value)
    assert Entry.objects.count() == journal and SigningIdentity.objects.of(head) is not None
    assert not Throttle.objects.exists(), "a service's bad day closes nobody's door"
    service.mode = "fine"
    assert bsre(prepared_paper(), head).content


def test_a_service_that_is_not_there_is_a_sentence(cast, settings, service, head):
    service.shutdown()
    service.server_close()
    with pytest.raises(SigningError, match="tidak dapat dihubungi"):
        bsre(prepared_paper(), head)


def test_a_wrong_passphrase_is_the_services_word_and_counted(service, head):
    for _try in range(3):
        with pytest.raises(SigningError, match="Frasa sandi tidak cocok"):
            bsre(prepared_paper(), head, passphrase="salah")
    with pytest.raises(SigningError, match="Terlalu banyak percobaan"):
        bsre(prepared_paper(), head)
    assert len([one for one in service.asked if one["path"] == "/api/sign/pdf"]) == 3


def test_a_guess_that_is_a_letter_of_the_answer_is_counted_too(service, head):
    service.mode = "wordy"
    for _try in range(3):
        with pytest.raises(SigningError, match="Frasa sandi tidak cocok"):
            bsre(prepared_paper(), head, passphrase="a")
    with pytest.raises(SigningError, match="Terlalu banyak percobaan"):
        bsre(prepared_paper(), head)


def test_wrong_credentials_of_the_portal(service, head, settings):
    settings.BSRE_PASSWORD = "lain"
    with pytest.raises(SigningError, match="kredensialnya keliru"):
        bsre(prepared_paper(), head)


def test_neither_log_nor_journal_nor_sentence_holds_the_passphrase(service, head, caplog):
    caplog.set_level(logging.DEBUG)
    bsre(prepared_paper(), head)
    service.mode = "echo"
    with pytest.raises(SigningError, match="ditolak") as caught:
        bsre(prepared_paper(), head)
    journal = serializers.serialize("json", Entry.objects.all())
    for text in (str(caught.value), caplog.text, journal):
        assert PASSPHRASE not in text and PASSWORD not in text
    assert NIK not in journal and NIK not in caplog.text


def test_the_nik_must_be_known_whole_and_nobody_elses(cast, service, head):
    for nik, sentence in (
        ("5304010101700002", "NOT_REGISTERED"), ("123", "16 angka"), ("", "wajib"), (NIK, "dipakai akun lain"),
    ):  # fmt: skip
        with pytest.raises(SigningError, match=sentence):
            actions.use_bsre(cast.kabid, nik, by=cast.kabid)
    assert not SigningIdentity.objects.filter(user=cast.kabid).exists()


def test_switching_revokes_the_certificate(cast, service):
    old = identity_of(cast.kabid)
    actions.use_bsre(cast.kabid, NIK, by=cast.kabid)
    old.refresh_from_db()
    assert old.revoked_at and old.revoke_reason == "Diganti dengan yang baru."
    assert SigningIdentity.objects.of(cast.kabid).backend == "bsre"


def test_off_by_default(cast, settings):
    assert settings.BSRE_URL == ""
    with pytest.raises(SigningError, match="belum diatur"):
        actions.use_bsre(cast.kabid, NIK, by=cast.kabid)
    SigningIdentity.objects.create(user=cast.kabid, backend="bsre", nik=NIK)
    with pytest.raises(SigningError, match="belum diatur"):
        bsre(prepared_paper(), cast.kabid)
