"""Ordering papers. The row is stored in the caller's transaction; the worker is told on commit, by number only."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from portal.documents import kinds, rendering, rules
from portal.documents.facts import Envelope
from portal.documents.models import Document
from portal.documents.shapes import check_shape
from portal.documents.tasks import render_document
from portal.documents.workflow import DOCUMENT
from portal.journal.actions import joined, make_move, record_each
from portal.journal.models import object_type
from portal.kernel.errors import ensure

ORDERED = gettext_noop("Memesan dokumen")
STAMPS_VERSION = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """One paper of `order_documents`: its facts and what it is about."""

    facts: Any
    subject: models.Model
    title: str = ""


def order_document(kind: str, facts: Any, *, subject: models.Model, by: Any, title: str = "") -> Document:
    """The paper of these facts: the row there is, ready or not, or a new one that a worker will render.

    `facts` have the shape of the kind's template (portal.documents.shapes). The same facts are never rendered twice; a
    failed paper stays failed until `retry_document`.
    Errors: FactsError with a sentence when the facts do not fit the template; KeyError for an unknown kind.
    """
    return order_documents(kind, [Order(facts, subject, title)], by=by)[0]


def order_documents(kind: str, orders: Sequence[Order], *, by: Any) -> list[Document]:
    """`order_document` for several papers of one kind, in their order: as many statements as for one.

    Errors: as order_document, before anything is stored.
    """
    wanted = kinds.kind(kind)
    rows = [_ordered(wanted, order, by) for order in orders]
    same = Document.objects.filter(kind=kind, template_version=wanted.version).defer("facts")
    same = same.filter(facts_hash__in={row.facts_hash for row in rows})
    with joined():
        found = {document.facts_hash: document for document in same}
        missing = {row.facts_hash: row for row in rows if row.facts_hash not in found}
        if missing:
            Document.objects.bulk_create(
                missing.values(), ignore_conflicts=True
            )  # somebody else may order the same now
            stored = {document.facts_hash: document for document in same.filter(facts_hash__in=missing)}
            fresh = [row for key, row in stored.items() if row.public_id == missing[key].public_id]
            record_each(ORDERED, fresh, by=by)
            for document in fresh:
                hint(document)
            found |= stored
        for document in found.values():
            if document.facts_hash not in missing:
                _in_force(document)
    return [found[row.facts_hash] for row in rows]


def _ordered(wanted: kinds.DocumentKind, order: Order, by: Any) -> Document:
    """The row of a paper, not stored yet.

    Errors: FactsError.
    """
    envelope = Envelope(wanted.key, wanted.version, settings.PAPER, dict(order.facts))
    return Document(
        kind=wanted.key, template_version=wanted.version, facts_hash=envelope.digest, facts=envelope.facts,
        paper=envelope.paper, code=envelope.code, verify_base=settings.PUBLIC_URL,
        subject_type=object_type(order.subject), subject_id=str(order.subject.pk),
        title=(order.title or envelope.facts.get("title") or str(wanted.title))[:300],
        ordered_by=by if getattr(by, "pk", None) else None,
    )  # fmt: skip


def _in_force(document: Document) -> Document:
    """The paper, put in force again when its subject went back to what it said before."""
    if Document.objects.of_subject(document).values_list("pk", flat=True).first() != document.pk:
        document.current_at = timezone.now()
        document.save(update_fields=["current_at"])
    return document


def retry_document(document: Document, *, by: Any) -> Document:
    """The failed paper, waiting for a worker again with all its attempts.

    Errors: Denied, or Blocked when somebody else was faster.
    """
    ensure(rules.may_retry(by, document))
    with transaction.atomic():
        make_move(
            DOCUMENT, "retry", document, by=by, hinted_at=timezone.now(), error="", attempts=0,
            started_at=None, finished_at=None,
        )  # fmt: skip
        hint(document)
    return document


def render_now(document: Document) -> Document:
    """The paper after this process rendered it itself: for commands in a database that no worker looks after."""
    render_document(document.pk)
    document.refresh_from_db()
    return document


def hint(document: Document) -> None:
    """Tell a worker on commit that the row waits. A lost hint costs seconds: the sweep tells again."""
    transaction.on_commit(lambda: send_hint(document.pk))


def send_hint(pk: int) -> None:
    """Put the row's number into the queue; a queue that is down is no reason to refuse an order."""
    try:
        render_document.apply_async((pk,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("document %s waits for the sweep, the queue is not reachable: %s", pk, error)


def draw_stamps(facts: Any) -> bytes:
    """The stamps of a paper's signers as a PDF, one page each: drawn here and now, so only in a worker.

    Errors: FactsError, RenderingError.
    """
    check_shape("tera", STAMPS_VERSION, facts)
    return rendering.press().draw(f"tera/v{STAMPS_VERSION}", facts)
