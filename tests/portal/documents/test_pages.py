"""The pages of papers: who sees what, how the state shows itself, and the file."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.urls import reverse

from portal.documents import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def panitia(cast: Any, client_of: Any) -> Any:
    return client_of(cast.panitia)


def content(response: Any) -> str:
    return response.content.decode()


def test_the_list_shows_only_what_one_may_read(rendered: Any, cast: Any, client_of: Any) -> None:
    document = rendered()
    assert document.shown_code in content(client_of(cast.panitia).get("/dokumen/"))
    empty = content(client_of(cast.stranger).get("/dokumen/"))
    assert document.shown_code not in empty and "Belum ada dokumen" in empty


def test_the_list_has_a_fixed_budget(order: Any, panitia: Any, assert_queries: Any) -> None:
    for number in range(30):
        order(place=f"Tempat {number}")
    panitia.get("/dokumen/")
    with assert_queries(5):
        page = panitia.get("/dokumen/")
    assert content(page).count("data-label") >= 25 * 4
    with assert_queries(5):
        panitia.get("/dokumen/?page=2")


def test_the_list_without_a_queryset_of_the_kind_asks_each(
    rendered: Any, cast: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from portal.documents import kinds

    document = rendered()
    monkeypatch.setitem(kinds._kinds, "agenda", replace(kinds.kind("agenda"), readable=None))
    assert document.shown_code in content(client_of(cast.panitia).get("/dokumen/"))
    assert document.shown_code not in content(client_of(cast.stranger).get("/dokumen/"))


@pytest.mark.parametrize(
    ("query", "there"),
    [("kind=agenda", True), ("kind=notula", False), ("status=ready", True), ("status=failed", False),
     ("q=susunan", True), ("q=tidak+ada", False)],
)  # fmt: skip
def test_the_list_is_narrowed(rendered: Any, panitia: Any, query: str, there: bool) -> None:
    document = rendered()
    assert (document.shown_code in content(panitia.get(f"/dokumen/?{query}"))) is there


def test_the_list_finds_a_typed_code(rendered: Any, panitia: Any) -> None:
    document = rendered()
    assert document.title in content(panitia.get("/dokumen/", {"q": document.shown_code.lower()}))


def test_others_find_nothing(rendered: Any, cast: Any, client_of: Any) -> None:
    document = rendered()
    for name in ("document", "document_progress", "document_download"):
        url = reverse(name, args=[document.public_id])
        assert client_of(cast.stranger).get(url).status_code == 404
        assert client_of(None).get(url).status_code == 302
    retry = reverse("document_retry", args=[document.public_id])
    assert client_of(cast.stranger).post(retry).status_code == 404


def test_a_waiting_paper_polls_its_own_part(order: Any, panitia: Any) -> None:
    first, second = order(place="a"), order(place="b")
    poll = reverse("document_progress", args=[second.public_id])
    page = content(panitia.get(second.get_absolute_url()))
    assert f'hx-get="{poll}"' in page and "Menunggu giliran" in page
    assert "1 dokumen lain di depan antrean" in page
    part = content(panitia.get(poll))
    assert part.strip() in page, "the fragment equals its part of the page"
    assert "1 dokumen lain" not in content(panitia.get(first.get_absolute_url()))


def test_a_ready_paper_stops_polling(rendered: Any, panitia: Any) -> None:
    document = rendered()
    poll = reverse("document_progress", args=[document.public_id])
    part, page = content(panitia.get(poll)), content(panitia.get(document.get_absolute_url()))
    assert part.strip() in page
    assert "hx-get" not in part and document.sha256 in part
    assert reverse("document_download", args=[document.public_id]) in part


def test_a_failed_paper_says_why_and_offers_to_try_again(order: Any, panitia: Any, monkeypatch: Any) -> None:
    document = order()
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "_rendered", lambda document: 1 / 0)
        tasks.render_document(document.pk)
    page = content(panitia.get(document.get_absolute_url()))
    retry = reverse("document_retry", args=[document.public_id])
    assert "Isi dokumen tidak dapat dicetak" in page and f'action="{retry}"' in page
    assert panitia.post(retry).status_code == 302
    document.refresh_from_db()
    assert document.status == "queued"
    assert panitia.post(retry).status_code in (403, 409), "a second click has nothing to do"


def test_the_file(rendered: Any, panitia: Any) -> None:
    document = rendered()
    url = reverse("document_download", args=[document.public_id])
    response = panitia.get(url)
    body = b"".join(response.streaming_content)
    assert hashlib.sha256(body).hexdigest() == document.sha256
    assert response["Content-Type"] == "application/pdf" and response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{document.sha256}"' and response["Cache-Control"] == "private, no-cache"
    name = f"susunan-acara-rakor-atambua-2019-{document.shown_code}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert panitia.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_browser_learns_the_length_of_the_file(rendered: Any, panitia: Any) -> None:
    document = rendered()
    url = reverse("document_download", args=[document.public_id])
    response = panitia.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert response["Content-Length"] == str(document.size) and response["ETag"] == f'"{document.sha256}"'


def test_a_lost_file_is_not_found(rendered: Any, panitia: Any) -> None:
    document = rendered()
    document.file.storage.delete(document.file.name)
    assert panitia.get(reverse("document_download", args=[document.public_id])).status_code == 404


def test_an_unfinished_paper_has_no_file_yet(order: Any, panitia: Any) -> None:
    document = order()
    response = panitia.get(reverse("document_download", args=[document.public_id]))
    assert response.status_code == 302 and response["Location"] == document.get_absolute_url()


def test_older_versions_stay_downloadable(rendered: Any, panitia: Any) -> None:
    old, new = rendered(place="a"), rendered(place="b")
    page = content(panitia.get(old.get_absolute_url()))
    assert "Ada versi yang lebih baru" in page and new.get_absolute_url() in page
    page = content(panitia.get(new.get_absolute_url()))
    assert reverse("document_download", args=[old.public_id]) in page
    assert "Ada versi yang lebih baru" not in page


def test_the_page_has_a_fixed_budget(rendered: Any, panitia: Any, assert_queries: Any) -> None:
    document = rendered(place="a")
    panitia.get(document.get_absolute_url())
    with assert_queries(6):
        panitia.get(document.get_absolute_url())
    for number in range(5):
        rendered(place=str(number))
    with assert_queries(6):
        panitia.get(document.get_absolute_url())
