"""What an invited office answers: hadir, tidak hadir with the reason, and its surat tugas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion, WrongFile, ensure
from portal.web.access import page
from portal.web.files import file_response
from portal.web.storage import NotWritten
from portal.web.submissions import differences, form_status, see_version, sent
from portal.web.uploads import takes_file
from rakor import rules
from rakor.actions import invitations as actions
from rakor.facts.assignment import LARGEST, read_assignment
from rakor.forms.invitations import AcceptForm, AssignmentForm, DeclineForm
from rakor.models import Invitation
from rakor.views.invitations import opened_or_404

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@page(who=rules.readers, writes=True)
def invitation_accept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that the office comes; one click on the page of the invitation."""
    found = opened_or_404(request, slug, pk)
    ensure(rules.may_answer(request.user, found))
    form = AcceptForm(sent(request), initial={"version": found.version})
    context: dict[str, Any] = {"answer": "hadir"}
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept(found, by=request.user, base_version=form.cleaned_data["version"])
        except StaleVersion as stale:
            return _late(request, found, form, stale, context)
        messages.success(request, _("Jawaban tersimpan: hadir. Sekarang daftarkan utusan."))
        return redirect(found)
    return _ask(request, found, form, context, form_status(request))


@page(who=rules.readers, writes=True)
def invitation_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say with a reason that nobody comes; delegates that were named are cancelled."""
    found = opened_or_404(request, slug, pk)
    ensure(rules.may_answer(request.user, found))
    form = DeclineForm(sent(request), initial={"version": found.version, "reason": found.answer_reason})
    context: dict[str, Any] = {"answer": "menolak"}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.decline(found, data["reason"], by=request.user, base_version=data["version"])
        except StaleVersion as stale:
            return _late(request, found, form, stale, context)
        messages.success(request, _("Jawaban tersimpan: tidak hadir. Jawaban masih dapat diubah."))
        return redirect(found)
    return _ask(request, found, form, context, form_status(request))


def _late(
    request: HttpRequest, found: Invitation, form: AcceptForm, stale: StaleVersion, context: dict[str, Any]
) -> HttpResponse:
    """The form again, beside what somebody else answered in between."""
    see_version(form, stale.current.version)
    theirs = differences(stale.current, stale.yours)
    labels = dict(Invitation.Answer.choices)
    theirs = [(label, *(str(labels.get(text, text)) for text in texts)) for label, *texts in theirs]
    return _ask(request, stale.current, form, context | {"theirs": theirs, "stale": True}, 409)


def _ask(
    request: HttpRequest, found: Invitation, form: AcceptForm, context: dict[str, Any], status: int
) -> HttpResponse:
    named = found.delegates.active().count()
    warning = ""
    if context["answer"] == "menolak" and named:
        warning = ngettext(
            "%(n)s utusan yang sudah terdaftar dibatalkan.", "%(n)s utusan yang sudah terdaftar dibatalkan.", named
        ) % {"n": named}  # fmt: skip
    context = {"stale": False, **context, "invitation": found, "meeting": found.meeting, "form": form}
    context["warning"] = warning
    return render(request, "rakor/invitations/answer.html", context, status=status)


@takes_file(lambda: LARGEST)
@page(who=rules.readers, writes=True)
def invitation_assignment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hand in the surat tugas; a file that is not what its name says is refused at its field."""
    found = opened_or_404(request, slug, pk)
    ensure(rules.may_answer(request.user, found))
    files = request.FILES if request.method == "POST" else None
    form = AssignmentForm(sent(request), files, invitation=found)
    status, theirs = form_status(request), []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            ready = read_assignment(data["file"].name, data["file"].read(), size=data["file"].size)
            actions.attach_assignment(found, data["number"], data["on"], ready, by=request.user, seen=data["seen"])
        except (WrongFile, NotWritten) as error:
            form.add_error("file", str(error))
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, stale.yours)
            see_version(form, stale.current.assignment_mark, "seen")
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Surat tugas tersimpan."))
            return redirect(found)
    context = {
        "invitation": found, "meeting": found.meeting, "form": form, "limit": LARGEST // 2**20, "theirs": theirs,
        "stale": status == 409, "fresh_url": request.path,
    }  # fmt: skip
    return render(request, "rakor/invitations/assignment.html", context, status=status)


@page(who=rules.readers, reads=True)
def invitation_assignment_file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The surat tugas that was uploaded, for the office itself and the committee: NIP stand in it."""
    found = opened_or_404(request, slug, pk)
    if not found.assignment_file or not (rules.is_invited(request.user, found) or rules.guest_keepers(request.user)):
        raise Http404
    suffix = found.assignment_file.name.rsplit(".", 1)[-1]
    return file_response(
        request, found.assignment_file.name, sha256=found.assignment_sha256, content_type=TYPES[suffix], shown=True,
        filename=f"surat-tugas-{found.regency.code if found.regency else found.pk}-{slug}.{suffix}",
    )  # fmt: skip
