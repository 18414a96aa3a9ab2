"""The public pages behind the QR code: what a paper is, and whether a file is that paper. No login."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from portal.documents import kinds
from portal.documents.facts import read_code, show_code
from portal.documents.models import Document
from portal.documents.queries import document_of_code, replaced_by
from portal.documents.verification import (
    Fingerprint,
    FingerprintHandler,
    KeepingHandler,
    count_wrong_code,
    may_examine,
    may_try,
)
from portal.web.access import everyone, page


@page(who=everyone, reads=True)
def verify_form(request: HttpRequest) -> HttpResponse:
    """Where the code of a paper is typed."""
    typed = request.GET.get("kode", "").strip()[:40]
    if code := read_code(typed):
        return redirect("verify_code", show_code(code))
    error = _("Kode terdiri atas 10 huruf dan angka, misalnya 7K3QM-9XPA2.") if typed else ""
    return _form(request, typed, error, status=422 if error else 200)


@csrf_exempt  # the answer depends on the file alone, and nothing is changed: there is nothing to forge
@page(who=everyone, writes=True)
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of that code is; with a file, whether it is that paper."""
    address = get_adapter().get_client_ip(request)
    decision = may_try(address)
    if not decision:
        return _form(request, code, decision.reason, status=429)
    document = document_of_code(code)
    if document is None:
        count_wrong_code(address)
        return _form(request, code, _("Tidak ada dokumen dengan kode ini. Periksa kembali penulisannya."), status=404)
    if request.method != "POST" and code != document.shown_code:
        return redirect("verify_code", document.shown_code)
    kind = kinds.find(document.kind)
    verdict = _compare(request, document, kind, address) if request.method == "POST" else {}
    context = {
        "document": document,
        "summary": kind.public_summary(document) if kind else [],
        "panel": kind.public_panel(document) if kind else None,
        "examines": bool(kind and kind.examine),
        "newer": replaced_by(document),
        "verdict": verdict,
    }
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "documents/verdict.html", context)
    return render(request, "documents/verify.html", context)


def _form(request: HttpRequest, typed: str, error: str, *, status: int) -> HttpResponse:
    return render(request, "documents/verify_form.html", {"typed": typed, "error": error}, status=status)


def _compare(request: HttpRequest, document: Document, kind: kinds.DocumentKind | None, address: str) -> dict:
    """The verdict on the uploaded file, or on the hash that the browser computed itself.

    Shape: {"tone", "title", "text", "sha256", "lines"}.
    """
    examine = kind.examine if kind else None
    handler = KeepingHandler(request) if examine else FingerprintHandler(request)
    request.upload_handlers = [handler]
    sent = request.FILES.get("berkas")
    sha256 = sent.sha256 if isinstance(sent, Fingerprint) else request.POST.get("sha256", "").strip().lower()
    if handler.too_large:
        limit = {"n": handler.largest // (1024 * 1024)}
        return _verdict(
            "warning", _("Berkas terlalu besar"), _("Berkas lebih besar daripada %(n)s MB tidak diperiksa.") % limit
        )  # fmt: skip
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        return _verdict("warning", _("Belum ada berkas"), _("Pilih berkas PDF yang hendak dibandingkan."))
    if not document.is_ready:
        text = _("Dokumen ini belum selesai disusun, sehingga belum ada berkas pembanding.")
        return _verdict("warning", _("Belum dapat dibandingkan"), text, sha256)
    if examine:
        decision = may_examine(address)
        if not decision:
            return _verdict("warning", _("Belum dapat diperiksa"), decision.reason, sha256)
        found = examine(document, sent.content if isinstance(sent, Fingerprint) else b"", sha256)
        return _verdict(found.tone, found.title, found.text, sha256, found.lines)
    if sha256 == document.sha256:
        return _verdict(
            "success", _("Cocok"), _("Berkas ini sama persis dengan dokumen yang diterbitkan portal."), sha256
        )
    text = _("Berkas ini berbeda dari dokumen yang diterbitkan portal: telah diubah, atau versi lain.")
    return _verdict("danger", _("Tidak cocok"), text, sha256)


def _verdict(tone: str, title: str, text: str, sha256: str = "", lines: tuple[str, ...] = ()) -> dict:
    return {"tone": tone, "title": title, "text": text, "sha256": sha256, "lines": lines}
