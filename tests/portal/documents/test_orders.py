"""Ordering: one row per facts, one rendering, one hint; the row is the truth."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.documents import actions, clock, kinds, tasks
from portal.documents.claims import claimed
from portal.documents.keeping import keep
from portal.documents.models import Document
from portal.documents.rendering import RenderingError
from portal.documents.shapes import FactsError
from portal.journal.models import Entry
from portal.kernel.errors import Denied
from tests.portal.documents.papers import AGENDA, sample

pytestmark = pytest.mark.django_db


def test_an_order_stores_the_row_and_hints_on_commit(order: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        document = order()
    assert document.status == "queued" and document.paper == "A4"
    assert order.hints == [] and len(callbacks) == 1
    callbacks[0]()
    assert order.hints == [document.pk]
    assert Entry.objects.filter(object_id=str(document.pk), verb="Memesan dokumen").count() == 1


def test_a_rolled_back_order_leaves_nothing(order: Any, django_capture_on_commit_callbacks: Any) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        order()
        raise RuntimeError
    assert not Document.objects.exists() and order.hints == []


def test_the_same_facts_are_ordered_once(order: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second, other = order(), order(), order(place="Ende")
    assert first.pk == second.pk != other.pk
    assert order.hints == [first.pk, other.pk]


def test_an_unchanged_ready_paper_costs_two_statements(rendered: Any, order: Any, assert_queries: Any) -> None:
    rendered()
    with assert_queries(2):  # the row, the one in force
        order()


def test_wrong_facts_are_refused_before_a_row_exists(order: Any) -> None:
    with pytest.raises(FactsError):
        order(days="besok")
    assert not Document.objects.exists()


def test_the_worker_makes_the_file(rendered: Any) -> None:
    document = rendered()
    assert document.status == "ready" and document.pages >= 3 and document.attempts == 1
    assert document.file.name == f"dokumen/{document.sha256[:2]}/{document.sha256}.pdf"
    with document.file.open() as file:
        assert file.read(5) == b"%PDF-"
    assert document.size == document.file.size


def test_who_opens_a_paper_is_told_which_letters_became_boxes(
    order: Any, rendered: Any, cast: Any, client_of: Any
) -> None:
    plain, odd = rendered(), order(place="漢字 Atambua 漢 \u200b سلام")
    assert tasks.render_document(odd.pk) == "ready"
    odd.refresh_from_db()
    assert (plain.boxed, odd.boxed) == ("", "漢字سلام")
    client = client_of(cast.panitia)
    page = client.get(odd.get_absolute_url()).text
    assert "6 huruf tidak dapat dicetak" in page and "“漢字سلام”" in page
    assert "tidak dapat dicetak" not in client.get(plain.get_absolute_url()).text
    assert client.get("/dokumen/").text.count("Ada huruf □") == 1


def test_a_second_hint_does_no_work(rendered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = rendered()
    monkeypatch.setattr(tasks, "_rendered", lambda document: pytest.fail("rendered twice"))
    assert tasks.render_document(document.pk) == "done"
    assert tasks.render_document(999_999) == "gone"


def test_a_half_written_file_is_replaced(rendered: Any) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from portal.documents import rendering

    document = rendered()
    pdf = tasks._rendered(document)
    assert keep(pdf.content, tasks.FOLDER) == document.file.name
    default_storage.delete(document.file.name)
    default_storage.save(document.file.name, ContentFile(pdf.content[:1000]))
    assert keep(pdf.content, tasks.FOLDER) == document.file.name
    with default_storage.open(document.file.name) as file:
        assert file.read() == pdf.content
    assert isinstance(pdf, rendering.RenderedPdf)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RenderingError("Berkas templat tidak ditemukan."), "Berkas templat tidak ditemukan."),
        (ValueError("x"), "Isi dokumen tidak dapat dicetak."),
        (MemoryError(), "Isi dokumen tidak dapat dicetak."),
        (tasks.SoftTimeLimitExceeded(), "melewati batas waktu"),
    ],
)
def test_every_failure_ends_in_a_sentence(
    order: Any, monkeypatch: pytest.MonkeyPatch, error: Any, sentence: str
) -> None:
    document = order()

    def fails(document: Document) -> None:
        raise error

    monkeypatch.setattr(tasks, "_rendered", fails)
    assert tasks.render_document(document.pk) == "failed"
    document.refresh_from_db()
    assert document.status == "failed" and sentence in document.error and document.finished_at


def test_a_failed_paper_stays_failed_until_somebody_retries(
    order: Any, cast: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    document = order()
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "_rendered", lambda document: 1 / 0)
        tasks.render_document(document.pk)
    assert order().status == "failed" and order.hints == []
    document.refresh_from_db()
    with pytest.raises(Denied):
        actions.retry_document(document, by=cast.stranger)
    with django_capture_on_commit_callbacks(execute=True):
        actions.retry_document(document, by=cast.panitia)
    assert order.hints == [document.pk]
    assert tasks.render_document(document.pk) == "ready"
    document.refresh_from_db()
    assert document.attempts == 1 and document.error == ""


def test_a_paper_that_kills_its_worker_is_given_up(order: Any) -> None:
    document = order()
    Document.objects.filter(pk=document.pk).update(attempts=3)
    assert tasks.render_document(document.pk) == "given up"
    document.refresh_from_db()
    assert document.status == "failed" and "tidak dicoba lagi" in document.error


def test_the_attempt_is_counted_before_rendering(order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = order()

    def dies(document: Document) -> None:
        raise SystemExit  # what a killed process looks like from inside

    monkeypatch.setattr(tasks, "_rendered", dies)
    with pytest.raises(SystemExit):
        tasks.render_document(document.pk)
    document.refresh_from_db()
    assert (document.status, document.attempts) == ("rendering", 1)


def test_only_one_process_works_on_a_row(order: Any) -> None:
    document = order()
    seen = []

    def other() -> None:
        try:
            with claimed(document.pk) as mine:
                seen.append(mine)
        finally:
            connection.close()

    with claimed(document.pk) as mine:
        assert mine
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [False]


def test_a_queue_that_is_down_does_not_refuse_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("no redis")

    monkeypatch.setattr(tasks.render_document, "apply_async", refuses)
    actions.send_hint(1)


def age(document: Document, **values: Any) -> None:
    old = timezone.now() - dt.timedelta(minutes=1)
    values = {"hinted_at": old, **values}
    if values.get("status") == "rendering":
        values.update(attempts=1, started_at=old)
    Document.objects.filter(pk=document.pk).update(**values)


def test_the_sweep_hints_at_what_was_lost(order: Any, rendered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[int] = []
    monkeypatch.setattr(clock, "send_hint", hints.append)
    waiting, dead, fresh, ready = order(place="a"), order(place="b"), order(place="c"), rendered(place="d")
    age(waiting)
    age(dead, status="rendering")
    assert clock.sweep_documents() == 2
    assert hints == [waiting.pk, dead.pk]
    assert clock.sweep_documents() == 0, "a hint lasts a while"
    assert fresh.pk not in hints and ready.pk not in hints


def test_the_sweep_leaves_alone_what_somebody_works_on(order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "send_hint", lambda pk: pytest.fail("a living worker was disturbed"))
    document = order()
    age(document, status="rendering")
    with claimed(document.pk):
        assert clock.sweep_documents() == 0


def test_going_back_to_older_facts_puts_the_older_paper_in_force(rendered: Any, cast: Any) -> None:
    from portal.documents.queries import replaced_by, versions_of

    first, second = rendered(place="a"), rendered(place="b")
    assert replaced_by(first).pk == second.pk and replaced_by(second) is None
    rendered(place="a")
    first.refresh_from_db()
    assert replaced_by(first) is None and replaced_by(second).pk == first.pk
    assert [row.pk for row in versions_of(second)] == [first.pk, second.pk]


def test_papers_of_other_subjects_do_not_replace_each_other(rendered: Any, cast: Any) -> None:
    from portal.documents.queries import replaced_by, versions_of

    first, other = rendered(place="a"), rendered(cast.kabid, place="b")
    assert replaced_by(first) is None and replaced_by(other) is None and versions_of(first) == []


@pytest.mark.parametrize(
    "values",
    [
        {"status": "ready"},
        {"status": "failed"},
        {"status": "rendering"},
        {"status": "unknown"},
        {"error": "x"},
        {"sha256": "a" * 64},
    ],
)
def test_the_database_ties_status_to_evidence(order: Any, values: dict) -> None:
    document = order()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**values)


def test_facts_are_unique_per_template_version(order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    first = order()
    monkeypatch.setattr(kinds, "_kinds", {"agenda": replace(AGENDA, version=2)})
    second = order()
    assert first.pk != second.pk and first.code != second.code
    assert sample("agenda") == first.facts == second.facts
