"""The public pages behind the QR code: no login, no stored file, a clear answer."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.documents import verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody() -> Client:
    return Client(enforce_csrf_checks=True)


def content(response: Any) -> str:
    return response.content.decode()


def upload(data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = "susunan-acara.pdf"
    return file


def test_the_page_says_what_the_paper_is(rendered: Any, anybody: Client) -> None:
    document = rendered()
    page = content(anybody.get(f"/v/{document.shown_code}/"))
    assert document.title in page and document.sha256 in page and "Berlaku" in page
    assert "Kegiatan" in page and document.facts["meeting"] in page
    assert document.ordered_by.full_name not in page and "/unduh/" not in page


@pytest.mark.parametrize("spell", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("0", "O")])
def test_any_spelling_leads_to_the_page(rendered: Any, anybody: Client, spell: Any) -> None:
    document = rendered()
    typed = spell(document.shown_code)
    assert anybody.get("/v/", {"kode": typed})["Location"] == f"/v/{document.shown_code}/"
    response = anybody.get(f"/v/{typed}/", follow=True)
    assert response.status_code == 200 and document.title in content(response)


def test_an_unknown_code_is_a_sentence(anybody: Client) -> None:
    response = anybody.get("/v/ABCDE-FGHJK/")
    assert response.status_code == 404 and "Tidak ada dokumen dengan kode ini" in content(response)
    response = anybody.get("/v/", {"kode": "salah"})
    assert response.status_code == 422 and "Kode terdiri atas 10" in content(response)
    assert anybody.get("/v/").status_code == 200


def test_a_newer_paper_replaces_it(rendered: Any, anybody: Client) -> None:
    old, new = rendered(place="a"), rendered(place="b")
    page = content(anybody.get(f"/v/{old.shown_code}/"))
    assert "Digantikan oleh versi lebih baru" in page and new.shown_code in page
    assert "Digantikan" not in content(anybody.get(f"/v/{new.shown_code}/"))


def test_an_unfinished_paper_is_not_shown_as_valid(order: Any, anybody: Client) -> None:
    page = content(anybody.get(f"/v/{order().shown_code}/"))
    assert "belum selesai disusun" in page and "Berlaku" not in page and "berkas" in page


def test_the_very_file_matches(rendered: Any, anybody: Client) -> None:
    document = rendered()
    with document.file.open() as file:
        data = file.read()
    page = content(anybody.post(f"/v/{document.shown_code}/", {"berkas": upload(data)}))
    assert 'data-verdict="success"' in page and "Cocok" in page and document.title in page


def test_a_changed_file_does_not_match(rendered: Any, anybody: Client) -> None:
    document = rendered()
    with document.file.open() as file:
        data = file.read()
    page = content(anybody.post(f"/v/{document.shown_code}/", {"berkas": upload(data + b" ")}))
    assert 'data-verdict="danger"' in page and "Tidak cocok" in page
    assert hashlib.sha256(data + b" ").hexdigest() in page


def test_the_browser_may_send_the_hash_alone(rendered: Any, anybody: Client) -> None:
    document = rendered()
    answer = anybody.post(
        f"/v/{document.shown_code}/", {"sha256": document.sha256.upper()}, headers={"X-Requested-With": "fetch"}
    )
    assert 'data-verdict="success"' in content(answer) and "<html" not in content(answer)
    for junk in ("", "x", "z" * 64):
        answer = anybody.post(f"/v/{document.shown_code}/", {"sha256": junk})
        assert 'data-verdict="warning"' in content(answer)


def test_no_byte_of_the_file_is_kept(rendered: Any, anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files import uploadedfile

    document = rendered()
    for name in ("InMemoryUploadedFile", "TemporaryUploadedFile"):
        monkeypatch.setattr(uploadedfile, name, lambda *args, **kwargs: pytest.fail("the file was kept"))
    response = anybody.post(f"/v/{document.shown_code}/", {"berkas": upload(b"x" * 5_000_000)})
    assert 'data-verdict="danger"' in content(response)


def test_a_huge_file_is_refused_with_a_sentence(rendered: Any, anybody: Client, monkeypatch: Any) -> None:
    document = rendered()
    monkeypatch.setattr(verification, "LARGEST", 100_000)
    response = anybody.post(f"/v/{document.shown_code}/", {"berkas": upload(b"x" * 400_000)})
    assert "Berkas terlalu besar" in content(response)


def test_guessing_is_stopped_and_right_codes_are_not_counted(rendered: Any, anybody: Client) -> None:
    document = rendered()
    for _ in range(3):
        assert anybody.get(f"/v/{document.shown_code}/").status_code == 200
    answers = [anybody.get(f"/v/ABCDE-FGH{n // 10}{n % 10}/").status_code for n in range(verification.WRONG_CODES + 1)]
    assert answers[-2:] == [404, 429]
    response = anybody.get(f"/v/{document.shown_code}/")
    assert response.status_code == 429 and "Terlalu banyak kode" in content(response)
    cache.clear()
    assert anybody.get(f"/v/{document.shown_code}/").status_code == 200


def test_without_a_cache_papers_can_still_be_checked(rendered: Any, anybody: Client, monkeypatch: Any) -> None:
    from redis.exceptions import ConnectionError as NoRedis

    def down(*args: Any, **kwargs: Any) -> None:
        raise NoRedis

    document = rendered()
    for name in ("get", "add", "incr"):
        monkeypatch.setattr(verification.cache, name, down, raising=False)
    assert anybody.get(f"/v/{document.shown_code}/").status_code == 200
    assert anybody.get("/v/ABCDE-FGHJK/").status_code == 404
