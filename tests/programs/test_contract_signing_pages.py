"""The pages of signing: what they say, what they refuse, and what they never give away."""

from __future__ import annotations

import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from programs.models import Contract, Revision, Signature
from programs.queries.contracts_files import current_file
from tests.factories_agreements import make_scan
from tests.factories_contracts import make_contract
from tests.factories_signing import SIGNERS, make_frozen, people, place, sign, sign_all
from tests.programs.test_contracts_pages import text_of
from tests.signing import PASSPHRASE, identity_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast):
    return make_frozen(cast)


@pytest.fixture
def paper(cast):
    return make_frozen(cast, route="basah")


def address(contract) -> str:
    return f"/kontrak/{contract.pk}/tanda-tangan/"


def post(client, contract, passphrase=PASSPHRASE, **more):
    values = {"passphrase": passphrase, "base_sha256": current_file(contract).sha256, **more}
    return client.post(address(contract), values)


def test_the_page_says_what_a_signature_will_be_and_takes_it(contract, cast, client_of):
    identity_of(cast.kadis_belu)
    client = client_of(cast.kadis_belu)
    page = text_of(client, address(contract))
    for words in ("Giliran Anda", "sertifikat portal (tidak tersertifikasi)", "0 dari 4", "Langkah 2: PIHAK KEDUA",
                  "menyaksikan PIHAK KESATU", "Menunggu langkah 1: Kadis Belu Contoh", "Baca naskahnya"):  # fmt: skip
        assert words in page, words
    assert "Sudah ditandatangani" not in page.replace("Anda sudah menandatangani", "")
    response = post(client, contract)
    assert response.status_code == 302
    page = text_of(client, address(contract))
    assert "Anda sudah menandatangani" in page and "1 dari 4" in page and "tidak tersertifikasi" in page
    again = post(client, contract)
    assert again.status_code == 302 and Signature.objects.count() == 1, "a second click is no error"


def test_a_local_signature_is_never_called_certified(contract, cast, client_of):
    sign_all(contract, people(cast))
    page = text_of(client_of(cast.panitia), address(contract))
    assert page.count("tersertifikasi") == page.count("tidak tersertifikasi") == 4


def test_a_wrong_passphrase_is_said_and_found_nowhere(contract, cast, client_of, caplog):
    caplog.set_level(logging.DEBUG)
    identity_of(cast.kadis_belu)
    response = post(client_of(cast.kadis_belu), contract, "kuda terbang di bukit biru")
    html = response.content.decode()
    assert response.status_code == 422 and "Frasa sandi tidak cocok" in html
    assert "bukit biru" not in html and "bukit biru" not in caplog.text
    assert response["Cache-Control"].startswith("max-age=0")
    assert not Signature.objects.exists()


def test_without_a_passphrase_nothing_is_tried(contract, cast, client_of):
    identity_of(cast.kadis_belu)
    response = post(client_of(cast.kadis_belu), contract, "")
    assert response.status_code == 422 and not Signature.objects.exists()


def test_the_second_factor_is_asked_where_the_account_has_one(contract, cast, client_of):
    identity_of(cast.kadis_belu)
    TOTP.activate(cast.kadis_belu, "A" * 32)
    assert Authenticator.objects.filter(user=cast.kadis_belu).exists()
    client = client_of(cast.kadis_belu)
    assert "Kode verifikasi" in text_of(client, address(contract))
    assert post(client, contract).status_code == 422
    response = post(client, contract, code="000000")
    assert response.status_code == 422 and "tidak cocok" in response.content.decode()
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    code = format_hotp_value(hotp_value("A" * 32, next(iter(yield_hotp_counters_from_time()))))
    assert post(client, contract, code=code).status_code == 302


def test_not_the_turn_a_stale_file_and_no_place_are_sentences(contract, cast, client_of):
    four = people(cast)
    seen = current_file(contract).sha256
    response = post(client_of(four[1]), contract)
    assert response.status_code == 409 and "Menunggu langkah 1" in response.content.decode()
    sign(contract, four[0])
    response = post(client_of(four[1]), contract, base_sha256=seen)
    html = response.content.decode()
    assert response.status_code == 409 and "Baca lagi" in html
    assert current_file(contract).sha256 in html, "the next try signs what is shown now"
    assert post(client_of(cast.panitia), contract).status_code == 404


def test_without_a_certificate_the_page_leads_to_one(contract, cast, client_of):
    page = text_of(client_of(cast.kadis_belu), address(contract))
    assert "belum mempunyai sertifikat" in page and "Frasa sandi tanda tangan" not in page


def test_while_the_print_is_made_the_page_waits(contract, cast, client_of):
    Contract.objects.filter(pk=contract.pk).update(frozen_at=None)
    client = client_of(cast.kadis_belu)
    html = client.get(address(contract)).content.decode()
    assert "sedang dicetak dan dibekukan" in html and f"{address(contract)}keadaan/" in html
    response = client.get(f"{address(contract)}keadaan/")
    assert "HX-Refresh" not in response
    Contract.objects.filter(pk=contract.pk).update(frozen_at=contract.frozen_at)
    assert client.get(f"{address(contract)}keadaan/")["HX-Refresh"] == "true"


def test_who_opens_the_page(contract, cast, client_of):
    for name in ("panitia", "kadis_belu", "tpl_belu", "bupati_belu", "admin"):
        assert client_of(cast[name]).get(address(contract)).status_code == 200, name
    for name, status in (("operator_belu", 403), ("kadis_ende", 404), ("observer", 403), ("stranger", 403)):
        assert client_of(cast[name]).get(address(contract)).status_code == status, name
    draft = make_contract(status="diparaf", worker=None)
    assert client_of(cast.panitia).get(address(draft)).status_code == 404


def test_wet_signatures_scan_and_comparison(paper, cast, client_of):
    committee = client_of(cast.panitia)
    page = text_of(committee, address(paper))
    assert "Sudah ditandatangani" in page and "meterai Rp10.000" in page
    for name in SIGNERS:
        url = f"{address(paper)}{place(paper, cast[name]).pk}/basah/"
        assert "tidak dapat diurungkan" in text_of(committee, url)
        assert committee.post(url).status_code == 302
        assert committee.post(url).status_code == 302, "a second click is no error"
    paper.refresh_from_db()
    assert paper.status == "aktif" and Signature.objects.count() == 4
    scans = f"/kontrak/{paper.pk}/pindaian/"
    response = committee.post(scans, {"scan": make_scan(b"not a pdf")})
    assert response.status_code == 422 and "PDF" in response.content.decode()
    assert committee.post(scans, {"scan": make_scan()}).status_code == 302
    scan = Revision.objects.get(kind="pindaian")
    check = f"{scans}{scan.sequence}/"
    own = text_of(committee, check)
    assert "orang lain daripada yang mengunggahnya" in own
    second = client_of(cast.kabid)
    page = text_of(second, check)
    assert current_file(paper).sha256 in page and scan.sha256 in page and "berbeda" in page
    response = second.post(check, {"putusan": "cocok"})
    assert response.status_code == 409 and "hanya 3 halaman" in response.content.decode()
    assert second.post(check, {"putusan": "tolak"}).status_code == 422
    assert second.post(check, {"putusan": "tolak", "note": "Kurang tiga halaman"}).status_code == 302
    assert "Kurang tiga halaman" in text_of(committee, address(paper))
    from tests.factories_agreements import make_pdf

    assert committee.post(scans, {"scan": make_scan(make_pdf(6))}).status_code == 302
    scan = Revision.objects.filter(kind="pindaian").last()
    assert second.post(f"{scans}{scan.sequence}/", {"putusan": "cocok"}).status_code == 302
    assert "dicocokkan Kepala Bidang Contoh" in text_of(committee, address(paper))


def test_a_wet_signature_with_its_time(paper, cast, client_of):
    url = f"{address(paper)}{place(paper, cast.kadis_belu).pk}/basah/"
    client = client_of(cast.panitia)
    assert client.post(url, {"day": "2019-04-24"}).status_code == 422
    response = client.post(url, {"day": "2019-04-24", "time": "10:00"})
    assert response.status_code == 409 and "sebelum naskah bernomor" in response.content.decode()
    assert client_of(cast.kadis_belu).post(url).status_code == 403


def test_files_open_inline_and_never_as_part_of_the_portal(contract, cast, client_of):
    sign_all(contract, people(cast))
    client = client_of(cast.kadis_belu)
    latest = current_file(contract)
    url = f"/kontrak/{contract.pk}/berkas/{latest.sequence}/"
    shown, taken = client.get(f"{url}?lihat"), client.get(url)
    assert shown["Content-Disposition"].startswith("inline") and taken["Content-Disposition"].startswith("attachment")
    assert (
        b"".join(shown.streaming_content).startswith(b"%PDF")
        and "default-src 'none'" in shown["Content-Security-Policy"]
    )
    assert "kontrak-tpl" in taken["Content-Disposition"] and "-ttd-" in taken["Content-Disposition"]
    earlier = f"/kontrak/{contract.pk}/berkas/{latest.sequence - 1}/"
    assert client.get(earlier).status_code == 404 and client_of(cast.panitia).get(earlier).status_code == 200
    assert client_of(cast.operator_belu).get(url).status_code == 404
    assert client_of(cast.kadis_ende).get(url).status_code == 404


def test_few_statements_whatever_was_signed(contract, cast, client_of, assert_queries):
    client = client_of(cast.panitia)
    client.get(address(contract))
    with assert_queries(BUDGET):
        client.get(address(contract))
    sign_all(contract, people(cast))
    with assert_queries(BUDGET + 2):
        client.get(address(contract))


BUDGET = 10
