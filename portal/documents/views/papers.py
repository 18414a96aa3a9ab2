"""The list of papers, the page of one, its progress, its file, and the order to try again."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.documents import kinds, rules
from portal.documents.actions import retry_document
from portal.documents.models import Document
from portal.documents.queries import ahead_of, replaced_by, search_documents, versions_of
from portal.documents.workflow import DOCUMENT
from portal.web.access import page
from portal.web.parameters import search_text

PER_PAGE = 25


@page(who=rules.readers, reads=True)
def document_list(request: HttpRequest) -> HttpResponse:
    """All papers this user may read."""
    text, kind, status = (search_text(request, name) for name in ("q", "kind", "status"))
    found = Paginator(search_documents(request.user, text=text, kind=kind, status=status), PER_PAGE)
    total = found.count
    context = {
        "documents": found.get_page(request.GET.get("page")),
        "q": text,
        "narrowed": bool(text or kind or status),
        "count": ngettext("%(n)s dokumen", "%(n)s dokumen", total) % {"n": total},
        "filters": [
            {
                "name": "kind",
                "label": _("Jenis"),
                "value": kind,
                "choices": [(known.key, str(known.title)) for known in kinds.all_kinds()],
            },
            {
                "name": "status",
                "label": _("Status"),
                "value": status,
                "choices": [(key, _(label)) for key, label in DOCUMENT.choices],
            },
        ],
    }
    return render(request, "documents/document_list.html", context)


@page(who=rules.readers, reads=True)
def document_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One paper: how far it is, its file, and its other versions."""
    document = _readable(request, public_id)
    versions = [row for row in versions_of(document) if row == document or rules.may_read(request.user, row)]
    newer = replaced_by(document)
    context = {
        "versions": versions if len(versions) > 1 else [],
        "newer": newer if newer and rules.may_read(request.user, newer) else None,
        **_state(request, document),
    }
    return render(request, "documents/document_detail.html", context)


@page(who=rules.readers, reads=True)
def document_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while a worker is busy."""
    return render(request, "documents/state.html", _state(request, _readable(request, public_id)))


@page(who=rules.readers, reads=True)
def document_download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The PDF itself; unchanged for ever, so a browser that has it is not sent it again.

    Where somebody waits to know that it was opened, its page comes first: that tells it.
    """
    document = _readable(request, public_id)
    if not document.is_ready or _receipt(request, document):
        return redirect(document)
    etag = f'"{document.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = default_storage.open(document.file.name)
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(
            file, as_attachment=True, filename=document.download_name, content_type="application/pdf"
        )
        response["Content-Encoding"] = "identity"  # gzip would only hide the length from the browser
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(who=rules.readers, writes=True)
def document_retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a failed paper to the worker again."""
    document = _readable(request, public_id)
    if request.method == "POST":
        retry_document(document, by=request.user)
    return redirect(document)


def _readable(request: HttpRequest, public_id: UUID) -> Document:
    """The paper; 404 for those who may not read it.

    Errors: Http404.
    """
    document = get_object_or_404(Document.objects.select_related("ordered_by"), public_id=public_id)
    if not rules.may_read(request.user, document):
        raise Http404
    return document


def _receipt(request: HttpRequest, document: Document) -> str:
    kind = kinds.find(document.kind)
    return kind.receipt(request.user, document) if kind and document.is_ready else ""


def _state(request: HttpRequest, document: Document) -> dict:
    waiting = ahead_of(document) if document.at_work else 0
    note = _("Biasanya selesai dalam beberapa detik. Halaman ini memperbarui dirinya sendiri.")
    if waiting:
        note = ngettext(
            "%(n)s dokumen lain di depan antrean.", "%(n)s dokumen lain di depan antrean.", waiting
        ) % {"n": waiting}  # fmt: skip
    return {
        "document": document,
        "status": document.flow_status,
        "note": note,
        "may_retry": bool(rules.may_retry(request.user, document)),
        "receipt": _receipt(request, document),
    }
