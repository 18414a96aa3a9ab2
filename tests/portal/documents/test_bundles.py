"""Several files as one ZIP: ordered once, packed by a worker that may die, downloaded by its owner, thrown away."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import time
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.documents import bundles, clock, kinds, tasks
from portal.documents.bundles import BundleEntry, expire_bundles, order_bundle, retry_bundle
from portal.documents.claims import BUNDLE_LOCK, claimed
from portal.documents.keeping import keep
from portal.documents.models import Bundle
from portal.documents.packing import free_names
from portal.journal.models import Entry
from portal.kernel.decision import ALLOW, deny
from portal.kernel.errors import Blocked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rights(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The registered rights; bundles of the kind "uji" are everybody's."""
    found = {"uji": lambda user, bundle: ALLOW}
    monkeypatch.setattr(kinds, "_bundle_rights", found)
    return found


def entry(text: str, name: str = "") -> BundleEntry:
    content = b"%PDF-1.7 " + text.encode()
    return BundleEntry(name or f"{text}.pdf", keep(content, "uji"), hashlib.sha256(content).hexdigest())


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []
    monkeypatch.setattr(bundles, "send_bundle_hint", heard.append)
    monkeypatch.setattr(clock, "send_bundle_hint", heard.append)
    return heard


@pytest.fixture
def order(cast: Any, hints: list[int]) -> Any:
    def make(*texts: str, by: Any = None) -> Bundle:
        return order_bundle(
            "uji", "Kontrak uji", [entry(text) for text in texts or ("satu", "dua")], by=by or cast.panitia
        )

    return make


def packed(bundle: Bundle) -> Bundle:
    tasks.pack_bundle(bundle.pk)
    bundle.refresh_from_db()
    return bundle


def test_names_inside_are_safe_and_never_twice() -> None:
    wanted = ["Kontrak A.pdf", "kontrak a.pdf", "../../etc/passwd", "a/b\\c:d.pdf", " . ", "Kontrak A.pdf", "x" * 300]
    names = free_names(wanted)
    assert names[:4] == ["Kontrak A.pdf", "kontrak a (2).pdf", "-.-etc-passwd", "a-b-c-d.pdf"]
    assert names[4:6] == ["berkas", "Kontrak A (3).pdf"] and len(names[6]) <= 125
    assert names == free_names(wanted) and len({name.casefold() for name in names}) == len(names)


def test_a_worker_packs_what_was_ordered(order: Any) -> None:
    bundle = packed(order("satu", "dua", "tiga"))
    assert (bundle.status, bundle.done, bundle.total, bundle.percent) == ("ready", 3, 3, 100)
    with default_storage.open(bundle.file) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == bundle.sha256 and len(content) == bundle.size
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None and archive.namelist() == ["satu.pdf", "dua.pdf", "tiga.pdf"]
        assert archive.read("dua.pdf") == b"%PDF-1.7 dua"
    verbs = [row.verb for row in Entry.objects.filter(object_type="documents.bundle").order_by("pk")]
    assert verbs[0] == "Memesan kumpulan berkas" and len(verbs) == 3


def test_the_same_files_make_the_same_bytes(order: Any, cast: Any) -> None:
    assert packed(order()).sha256 == packed(order(by=cast.kabid)).sha256


def test_two_clicks_are_one_bundle(order: Any, hints: list[int], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = order(), order()
    assert first == second and hints == [first.pk] and order("lain") != first
    assert order() == packed(first)


def test_nothing_and_too_much_are_sentences(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Blocked, match="Tidak ada berkas"):
        order_bundle("uji", "Kosong", [], by=cast.panitia)
    monkeypatch.setitem(bundles.MOST_ENTRIES, Bundle.Form.ZIP, 1)
    with pytest.raises(Blocked, match="paling banyak 1 berkas"):
        order_bundle("uji", "Banyak", [entry("a"), entry("b")], by=cast.panitia)


def test_a_file_that_is_gone_or_changed_fails_with_its_name(order: Any, cast: Any) -> None:
    bundle = order("hilang")
    default_storage.delete(bundle.entries[0]["file"])
    packed(bundle)
    assert bundle.status == "failed" and "hilang.pdf" in bundle.error and not bundle.file
    entry("hilang")  # somebody put it back
    retry_bundle(bundle, by=cast.panitia)
    assert packed(bundle).status == "ready"


def test_papers_are_named_by_their_number(cast: Any, hints: list[int]) -> None:
    from tests.factories_contracts import make_contract, make_paper

    paper = make_paper(make_contract())
    bundle = packed(order_bundle("uji", "Dokumen", [BundleEntry("a.pdf", document=paper.pk)], by=cast.panitia))
    assert bundle.status == "failed" and "a.pdf" in bundle.error  # not rendered yet


def test_only_one_worker_and_lost_work_is_found(order: Any, hints: list[int]) -> None:
    bundle = order()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [BUNDLE_LOCK, bundle.pk])
        assert tasks.pack_bundle(bundle.pk) == "busy"
        Bundle.objects.filter(pk=bundle.pk).update(status="working", hinted_at=timezone.now() - dt.timedelta(minutes=1))
        assert clock.sweep_bundles() == 0  # somebody works on it
    finally:
        other.close()
    hints.clear()
    patience = time.monotonic() + 10  # PostgreSQL lets go of the lock a moment after its session has ended
    while not (found := clock.sweep_bundles()) and time.monotonic() < patience:
        time.sleep(0.02)
    assert found == 1 and hints == [bundle.pk]
    assert packed(bundle).status == "ready" and clock.sweep_bundles() == 0


def test_what_kills_its_worker_is_given_up(order: Any) -> None:
    bundle = order()
    Bundle.objects.filter(pk=bundle.pk).update(attempts=3, status="working")
    assert tasks.pack_bundle(bundle.pk) == "given up"
    bundle.refresh_from_db()
    assert bundle.status == "failed" and "3 kali" in bundle.error


def test_a_queue_that_is_down_refuses_no_order(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("no redis")

    monkeypatch.setattr(tasks.pack_bundle, "apply_async", refuse)
    bundles.send_bundle_hint(1)


def test_bundles_are_thrown_away_after_their_days(order: Any, settings: Any) -> None:
    old, fresh = packed(order("lama")), packed(order("baru"))
    assert round((old.expires_at - old.ordered_at) / dt.timedelta(days=1)) == settings.BUNDLE_DAYS
    name = old.file
    Bundle.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    assert expire_bundles() == 1 == 1 + expire_bundles()
    old.refresh_from_db()
    assert old.status == "expired" and not default_storage.exists(name) and default_storage.exists(fresh.file)
    assert order("lama") != old


def test_pages_show_progress_and_only_the_owner_downloads(order: Any, cast: Any, client_of: Any) -> None:
    bundle = order()
    mine, other = client_of(cast.panitia), client_of(cast.kabid)
    page = mine.get(bundle.get_absolute_url()).content.decode()
    assert "0 dari 2 berkas" in page and reverse("bundle_progress", args=[bundle.public_id]) in page
    download = reverse("bundle_download", args=[bundle.public_id])
    assert mine.get(download).status_code == 302
    packed(bundle)
    part = mine.get(reverse("bundle_progress", args=[bundle.public_id])).content.decode()
    assert "Unduh ZIP" in part and "hx-get" not in part
    answer = mine.get(download)
    assert answer["Content-Type"] == "application/zip" and 'filename="kontrak-uji.zip"' in answer["Content-Disposition"]
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == bundle.sha256
    for url in (bundle.get_absolute_url(), download, reverse("bundle_progress", args=[bundle.public_id])):
        assert other.get(url).status_code == 404
    assert other.post(reverse("bundle_retry", args=[bundle.public_id])).status_code == 404
    with claimed(bundle.pk, BUNDLE_LOCK):
        assert tasks.pack_bundle(bundle.pk) == "done"


def test_the_right_is_asked_again_at_each_step(order: Any, cast: Any, client_of: Any, rights: dict[str, Any]) -> None:
    bundle, client = packed(order()), client_of(cast.panitia)
    names = ("bundle", "bundle_progress", "bundle_download", "bundle_retry")
    rights["uji"] = lambda user, bundle: deny("Tidak lagi untuk Anda.")
    for name in names:
        answer = client.get(reverse(name, args=[bundle.public_id]))
        assert answer.status_code == 403 and "Tidak lagi untuk Anda." in answer.content.decode()
    del rights["uji"]  # an app that is gone gives nothing away
    assert client.get(reverse("bundle_download", args=[bundle.public_id])).status_code == 403
