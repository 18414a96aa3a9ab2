"""Reading papers: lists, versions, the paper behind a code, and the work that was lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.documents.claims import BUNDLE_LOCK, is_claimed
from portal.documents.facts import read_code
from portal.documents.models import Bundle, Document
from portal.documents.workflow import QUEUED, READY, RENDERING, WORKING

HINT_LASTS = dt.timedelta(seconds=20)
"""A hint that led to nothing for so long is taken for lost. A needless second one does no harm."""


def search_documents(user: Any, *, text: str = "", kind: str = "", status: str = "") -> QuerySet[Document]:
    """The papers this user may read, newest first, narrowed as the list's form asks."""
    found = Document.objects.visible_to(user).defer("facts").select_related("ordered_by")
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(code=read_code(text)))
    return found.order_by("-current_at", "-pk")


def versions_of(document: Document, *, limit: int = 20) -> list[Document]:
    """The papers of the same kind about the same thing, the one in force first; none when there is only this one."""
    found = list(Document.objects.of_subject(document).defer("facts")[:limit])
    return found if len(found) > 1 else []


def replaced_by(document: Document) -> Document | None:
    """The newer ready paper about the same thing; None when this one is in force."""
    ready = Document.objects.of_subject(document).filter(status=READY).defer("facts")
    newest = ready.first()
    return newest if newest is not None and newest.pk != document.pk and _newer(newest, document) else None


def _newer(other: Document, document: Document) -> bool:
    return (other.current_at, other.pk) > (document.current_at, document.pk)


def document_of_code(typed: str) -> Document | None:
    """The paper whose printed code somebody typed, in any spelling."""
    code = read_code(typed)
    return Document.objects.filter(code=code).first() if code else None


def lost_work() -> QuerySet[Document]:
    """Rows that need a new hint: being rendered by nobody, or waiting although the hint is old."""
    now = timezone.now()
    abandoned = Q(status=RENDERING, claimed=False, hinted_at__lt=now - HINT_LASTS / 4)
    forgotten = Q(status=QUEUED, hinted_at__lt=now - HINT_LASTS)
    rows = Document.objects.filter(status__in=[QUEUED, RENDERING]).annotate(claimed=is_claimed())
    return rows.filter(abandoned | forgotten).order_by("pk")


def ahead_of(document: Document) -> int:
    """How many papers the workers have to finish before they begin this one."""
    if document.status != QUEUED:
        return 0
    return Document.objects.filter(status__in=[QUEUED, RENDERING], pk__lt=document.pk).count()


def lost_bundles() -> QuerySet[Bundle]:
    """Bundles that need a new hint, for the same two reasons."""
    now = timezone.now()
    abandoned = Q(status=WORKING, claimed=False, hinted_at__lt=now - HINT_LASTS / 4)
    forgotten = Q(status=QUEUED, hinted_at__lt=now - HINT_LASTS)
    claimed = is_claimed(Bundle._meta.db_table, BUNDLE_LOCK)
    rows = Bundle.objects.filter(status__in=[QUEUED, WORKING]).annotate(claimed=claimed)
    return rows.filter(abandoned | forgotten).order_by("pk")
