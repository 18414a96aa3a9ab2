"""The files of a proposal: the readiness list, files sent by a plain form, captions, deleting, and each file itself.

Files that come in pieces are in uploads.py.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.http import trigger_client_event

from portal.kernel.errors import Blocked, WrongFile, ensure
from portal.web.access import page
from portal.web.errors import sentence_page
from portal.web.files import file_response
from portal.web.middleware import plain_fields
from portal.web.parameters import whole_number
from portal.web.uploads import LimitedFileHandler
from programs import rules
from programs.actions import attachments as actions
from programs.forms.attachments import AddForm, ChangeForm
from programs.models import Attachment, Proposal
from programs.queries.attachments import attachments_context, readable_attachment
from programs.queries.snapshots import shown_state, shown_title

AT_ONCE = 4
"""So many files of the largest size in one plain form; scripts send one after the other."""

LARGEST_FORM = 200 * 2**20
"""A longer request is not even read."""

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, if this user sees it."""
    return get_object_or_404(Proposal.objects.visible_to(request.user).select_related("regency"), pk=pk)


def attachments_or_404(request: HttpRequest, pk: int, public_id: UUID) -> Attachment:
    """An attachment of a proposal that this user sees, also a deleted one."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("item", "proposal__regency"), proposal=proposal_or_404(request, pk),
        public_id=public_id,
    )  # fmt: skip
    ensure(rules.may_write(request.user, attachment.proposal))
    return attachment


@page(who=rules.readers, reads=True)
def attachments(request: HttpRequest, pk: int) -> HttpResponse:
    """The readiness list of a proposal; with `berkas` that item is offered first."""
    proposal = proposal_or_404(request, pk)
    if request.htmx or request.headers.get("X-Requested-With") == "fetch":
        return _files(request, proposal)
    return _page(request, proposal)


@csrf_exempt  # the token is checked by _take, when it is known that this user's files may be read
@page(who=rules.writers, writes=True)
def attachment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Files of a plain form."""
    proposal = proposal_or_404(request, pk)
    if request.method != "POST":
        return redirect("attachments", pk)
    ensure(rules.may_write(request.user, proposal))
    if (whole_number(request.META.get("CONTENT_LENGTH")) or 0) > LARGEST_FORM:
        return sentence_page(request, _too_much(), status=413)
    request.upload_handlers = [FilesHandler(request, settings.ATTACHMENT_MAX_MB * 2**20, files=AT_ONCE)]
    return _take(request, proposal)


@csrf_protect
def _take(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Every file that is right is stored; of every other one the page says what is wrong with it."""
    request.POST = plain_fields(request.POST)
    form = AddForm(request.POST)
    files = request.FILES.getlist("berkas")
    if not files:
        form.add_error(None, _("Pilih berkas yang hendak diunggah."))
    stored = 0
    for file in files if form.is_valid() else []:
        try:
            stored += _take_one(proposal, file, form.cleaned_data, request.user)
        except (WrongFile, Blocked) as error:
            form.add_error(None, f"{file.name}: {error}")
    if stored:
        text = ngettext("%(n)s berkas disimpan.", "%(n)s berkas disimpan.", stored) % {"n": stored}
        messages.success(request, text)
    return _page(request, proposal, form=form) if form.errors else back_to_files(request, proposal)


def _take_one(proposal: Proposal, file: Any, values: dict[str, Any], user: Any) -> int:
    actions.check_size(file.size)
    data = file.read()
    if len(data) != file.size:
        raise WrongFile(_too_much())
    actions.add_attachment(proposal, file.name, data, by=user, item=values["item"], keeps_place=values["keeps_place"])
    return 1


def _too_much() -> str:
    return _("Terlalu banyak sekaligus. Unggah paling banyak %(most)s MB dalam satu kali kirim.") % {
        "most": AT_ONCE * settings.ATTACHMENT_MAX_MB
    }


class FilesHandler(LimitedFileHandler):
    """Keeps AT_ONCE files of the largest size, on the disk but for the first megabyte of each."""

    def empty(self) -> IO[bytes]:
        """A file that moves to the disk when it grows."""
        return SpooledTemporaryFile(2**20)


@page(who=rules.writers, writes=True)
def attachment_edit(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Another caption, or another item of the list."""
    attachment = attachments_or_404(request, pk, public_id)
    start = {"item": attachment.item and attachment.item.key, "caption": attachment.caption}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        actions.change_attachment(attachment, form.cleaned_data, by=request.user)
        return _done(request, attachment.proposal, _("Keterangan berkas disimpan."))
    context = {"attachment": attachment, "proposal": attachment.proposal, "form": form}
    return render(request, "programs/attachments/edit.html", context, status=422 if form.errors else 200)


@page(who=rules.writers, writes=True)
def attachment_delete(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Take a file out of the list; the message can bring it back."""
    attachment = attachments_or_404(request, pk, public_id)
    if request.method != "POST":
        return redirect("attachments", pk)
    actions.delete_attachment(attachment, by=request.user)
    undo = reverse("attachment_restore", args=[pk, public_id])
    return _done(request, attachment.proposal, _("“%(name)s” dihapus.") % {"name": attachment.name}, undo)


@page(who=rules.writers, writes=True)
def attachment_restore(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Bring a deleted file back."""
    attachment = attachments_or_404(request, pk, public_id)
    if request.method != "POST":
        return redirect("attachments", pk)
    actions.restore_attachment(attachment, by=request.user)
    return _done(request, attachment.proposal, _("“%(name)s” dikembalikan.") % {"name": attachment.name})


@page(who=rules.readers, reads=True)
def attachment(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    """The file itself: a download, or with `lihat` shown by the browser. It never runs as part of the portal."""
    found = readable_attachment(proposal_or_404(request, pk), request.user, public_id)
    if found is None:
        raise Http404
    shown = "lihat" in request.GET and found.is_shown
    return file_response(
        request, found.file.name, sha256=found.sha256, filename=found.name, content_type=CONTENT_TYPES[found.kind],
        shown=shown,
    )  # fmt: skip


def _page(request: HttpRequest, proposal: Proposal, *, form: AddForm | None = None) -> HttpResponse:
    context = attachments_context(proposal, request.user) | {
        "proposal": proposal, "title": shown_title(proposal, request.user), "upload_form": form,
        "shown_state": shown_state(proposal, request.user),
    }  # fmt: skip
    wanted = request.POST.get("item") or request.GET.get("berkas")
    if wanted in {item.key for item in context["attachments"]["items"]}:
        context["attachments"]["chosen"] = wanted
    return render(request, "programs/attachments/page.html", context, status=422 if form else 200)


def _files(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The list alone, for scripts."""
    return render(request, "programs/attachments/_files.html", attachments_context(proposal, request.user))


def _done(request: HttpRequest, proposal: Proposal, text: str, undo: str = "") -> HttpResponse:
    """The list anew with the message, for a script or for a whole page."""
    if request.htmx:
        toast = {"text": text, "tone": "success"}
        if undo:
            toast |= {"undo": undo, "undoTarget": "#daftar-lampiran", "undoSwap": "outerHTML"}
        return trigger_client_event(_files(request, proposal), "toast", toast)
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return back_to_files(request, proposal)


def back_to_files(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """To where the form stood."""
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("attachments", args=[proposal.pk])
    return redirect(back if "#" in back else f"{back}#berkas")
