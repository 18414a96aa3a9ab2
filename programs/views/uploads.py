"""Files that a script sends in pieces: begin or continue, one piece, cancel. Answers are JSON, refusals a sentence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import WrongFile, ensure
from portal.web.access import is_background, page
from portal.web.parameters import whole_number
from programs import rules
from programs.actions.uploads import LARGEST_PIECE, begin_upload, cancel_upload, receive_piece
from programs.forms.attachments import BeginForm
from programs.models import Proposal, Upload
from programs.views.attachments import back_to_files, proposal_or_404


@page(who=rules.writers, writes=True)
def upload_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce a file: where to send its pieces, and how much of it is here already."""
    proposal = _writable(request, pk)
    if request.method != "POST":
        return redirect("attachments", pk)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _refused(_("Data berkas ini tidak terbaca. Muat ulang halaman, lalu pilih berkasnya lagi."))
    try:
        upload = begin_upload(proposal, by=request.user, **form.cleaned_data)
    except WrongFile as error:
        return _refused(str(error))
    return _state(proposal, upload)


@page(who=rules.writers, writes=True)
def upload_piece(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Take the piece that begins at `dari`; the answer says where to go on."""
    proposal = _writable(request, pk)
    if request.method != "POST":
        return redirect("attachments", pk)
    get_object_or_404(Upload, proposal=proposal, by=request.user, key=key)
    offset = whole_number(request.GET.get("dari"))
    if offset is None or (whole_number(request.META.get("CONTENT_LENGTH")) or 0) > LARGEST_PIECE:
        return _refused(_("Potongan berkas ini tidak terbaca. Muat ulang halaman, lalu pilih berkasnya lagi."))
    try:
        upload = receive_piece(proposal, key, offset, request.body, by=request.user)
    except UnreadablePostError:  # the link broke: nobody hears this answer, the piece comes again
        return _refused(_("Potongan berkas ini tidak sampai seluruhnya."))
    except WrongFile as error:
        return _refused(str(error))
    return _state(proposal, upload)


@page(who=rules.writers, writes=True)
def upload_cancel(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Forget an upload that is not finished."""
    proposal = _writable(request, pk)
    if request.method == "POST":
        upload = Upload.objects.filter(proposal=proposal, by=request.user, key=key).first()
        if upload is not None:
            cancel_upload(upload, by=request.user)
        if is_background(request):
            return HttpResponse(status=204)
        messages.success(request, _("Unggahan dibatalkan."))
        return back_to_files(request, proposal)
    return redirect("attachments", pk)


def _writable(request: HttpRequest, pk: int) -> Proposal:
    proposal = proposal_or_404(request, pk)
    ensure(rules.may_write(request.user, proposal))
    return proposal


def _state(proposal: Proposal, upload: Upload) -> JsonResponse:
    """Shape: {"url": where pieces go, "received", "size", "done"}."""
    return JsonResponse({
        "url": reverse("upload_piece", args=[proposal.pk, upload.key]),
        "received": upload.received,
        "size": upload.size,
        "done": upload.attachment_id is not None,
    })  # fmt: skip


def _refused(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
