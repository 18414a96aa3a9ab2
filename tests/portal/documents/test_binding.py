"""Several papers as one PDF for the printer: each on a sheet of its own, in order, with bookmarks."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from portal.documents import binding, kinds, tasks
from portal.documents.bundles import BundleEntry, order_bundle
from portal.documents.keeping import keep
from portal.documents.models import Bundle, Document
from portal.kernel.decision import ALLOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_bundle_rights", {"uji": lambda user, bundle: ALLOW})
    monkeypatch.setattr("portal.documents.bundles.send_bundle_hint", lambda pk: None)


def paper(name: str, pages: int, *, width: int = 595) -> BundleEntry:
    """A PDF of that many pages whose widths say whose they are."""
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page(page_size=(width, 842))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return kept(name, out.getvalue())


def kept(name: str, content: bytes) -> BundleEntry:
    return BundleEntry(f"{name}.pdf", keep(content, "uji"), hashlib.sha256(content).hexdigest())


def bound(by: Any, *entries: BundleEntry) -> Bundle:
    bundle = order_bundle("uji", "Cetak uji", list(entries), by=by, form="pdf")
    tasks.pack_bundle(bundle.pk)
    bundle.refresh_from_db()
    return bundle


def test_every_paper_begins_on_a_sheet_of_its_own(cast: Any, client_of: Any) -> None:
    bundle = bound(cast.panitia, paper("satu", 3, width=600), paper("dua", 2, width=595), paper("tiga", 1, width=610))
    assert (bundle.status, bundle.done, bundle.file.rpartition(".")[2]) == ("ready", 3, "pdf")
    answer = client_of(cast.panitia).get(reverse("bundle_download", args=[bundle.public_id]))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf" and "cetak-uji.pdf" in answer["Content-Disposition"]
    assert hashlib.sha256(content).hexdigest() == bundle.sha256 and len(content) == bundle.size
    with pikepdf.open(io.BytesIO(content)) as book:
        assert [int(page.mediabox[2]) for page in book.pages] == [600, 600, 600, 600, 595, 595, 610, 610]
        with book.open_outline() as outline:
            marks = [(item.title, pikepdf.Page(item.destination[0]).index) for item in outline.root]
    assert marks == [("satu", 0), ("dua", 4), ("tiga", 6)]


def test_the_same_papers_make_the_same_bytes(cast: Any) -> None:
    papers = [paper("satu", 1), paper("dua", 2)]
    assert bound(cast.panitia, *papers).sha256 == bound(cast.kabid, *papers).sha256


def test_a_zip_and_a_print_of_the_same_files_are_two_orders(cast: Any) -> None:
    papers = [paper("satu", 1)]
    assert order_bundle("uji", "Cetak uji", papers, by=cast.panitia) != bound(cast.panitia, *papers)


def test_what_is_no_paper_fails_with_its_name(cast: Any) -> None:
    bundle = bound(cast.panitia, paper("satu", 1), kept("rusak", b"%PDF-1.7 rusak"))
    assert bundle.status == "failed" and "“rusak.pdf” bukan PDF" in bundle.error


def test_a_paper_that_is_not_ready_yet_says_so(cast: Any) -> None:
    waiting = Document.objects.create(
        kind="agenda", template_version=1, paper="A4", facts={}, facts_hash="1", code="A", verify_base="x", title="x",
        subject_type="x", subject_id="1",
    )  # fmt: skip
    bundle = bound(cast.panitia, BundleEntry("surat.pdf", document=waiting.pk))
    assert bundle.status == "failed" and "belum selesai disusun" in bundle.error


def test_a_killed_worker_s_file_is_replaced(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = order_bundle("uji", "Cetak uji", [paper("satu", 1)], by=cast.panitia, form="pdf")
    made = binding.bind(bundle.entries, f"paket/{bundle.public_id}.pdf", lambda done: None)
    tasks.pack_bundle(bundle.pk)
    bundle.refresh_from_db()
    assert bundle.sha256 == made.sha256 and default_storage.exists(bundle.file)
