"""A bundle of files for who ordered it: its progress, its file, and the order to try again."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.documents import rules
from portal.documents.bundles import retry_bundle
from portal.documents.models import Bundle
from portal.kernel.errors import ensure
from portal.web.access import page


@page(who=rules.readers, reads=True)
def bundle_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far the bundle is, and its file."""
    return render(request, "documents/bundle.html", _state(_own(request, public_id)))


@page(who=rules.readers, reads=True)
def bundle_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while a worker is busy."""
    return render(request, "documents/bundle_state.html", _state(_own(request, public_id)))


@page(who=rules.readers, reads=True)
def bundle_download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The file itself."""
    bundle = _own(request, public_id)
    if not bundle.is_ready:
        return redirect(bundle)
    try:
        file = default_storage.open(bundle.file)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=bundle.download_name, content_type=f"application/{bundle.form}"
    )  # fmt: skip
    response["Content-Encoding"] = "identity"  # gzip would only hide the length from the browser
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(who=rules.readers, writes=True)
def bundle_retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a failed bundle to the worker again."""
    bundle = _own(request, public_id)
    if request.method == "POST":
        retry_bundle(bundle, by=request.user)
    return redirect(bundle)


def _own(request: HttpRequest, public_id: UUID) -> Bundle:
    """The bundle; 404 for everybody but who ordered it, and a sentence for him when his right to its files has ended.

    Errors: Http404, Denied.
    """
    bundle = get_object_or_404(Bundle, public_id=public_id, ordered_by=request.user)
    ensure(rules.may_read_bundle(request.user, bundle))
    return bundle


def _state(bundle: Bundle) -> dict:
    note = _("%(done)s dari %(total)s berkas. Halaman ini memperbarui dirinya sendiri.") % {
        "done": bundle.done, "total": bundle.total,
    }  # fmt: skip
    return {"bundle": bundle, "status": bundle.state, "note": note}
