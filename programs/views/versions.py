"""What regency and province both see of verification: versions side by side, comments, answers to return points."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked
from portal.web.access import is_background, page
from portal.web.parameters import whole_number
from programs import rules
from programs.actions import verification as actions
from programs.forms.verification import AnswerForm, WordForm
from programs.models import Proposal, ReturnPoint
from programs.queries import verification as queries
from programs.queries.snapshots import content_of, reads_live
from programs.queries.versions import difference
from regencies.rules import province_staff

LARGEST_NUMBER = 32_767


def _proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    return get_object_or_404(Proposal.objects.visible_to(request.user).select_related("regency"), pk=pk)


@page(who=rules.readers, reads=True)
def proposal_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two versions that were sent, side by side; the regency may also compare with what it is writing now."""
    proposal = _proposal_or_404(request, pk)
    versions = list(proposal.submissions.select_related("sent_by"))
    live = proposal.writable and reads_live(proposal, request.user) and bool(versions)
    numbers = [version.number for version in versions]
    newest = (numbers[0] if numbers else 0) + 1 if live else numbers[0] if numbers else 0
    new = _chosen(request, "ke", [*numbers, newest], newest)
    old = _chosen(request, "dari", numbers, max([n for n in numbers if n < new], default=new))
    contents: dict[int, Any] = {version.number: version.content for version in versions}
    if live:
        contents[newest] = content_of(proposal)
    named = [(number, _("Versi %(n)s") % {"n": number}) for number in numbers]
    context = {
        "proposal": proposal, "versions": versions, "old": old, "new": new,
        "olds": named, "news": ([(newest, _("Yang sedang ditulis"))] if live else []) + named,
        "step": difference(contents[old], contents[new]) if old in contents and new in contents else None,
        "verifying": rules.reads_internal(request.user),
    }  # fmt: skip
    return render(request, "programs/verification/versions.html", context)


def _chosen(request: HttpRequest, name: str, known: list[int], default: int) -> int:
    number = whole_number(request.GET.get(name), LARGEST_NUMBER)
    return number if number in known else default


def _back(request: HttpRequest, proposal: Proposal) -> str:
    """Where this user reads the words of both sides."""
    if province_staff(request.user) and proposal.sent_at:
        return reverse("proposal_verify", args=[proposal.pk])
    return proposal.get_absolute_url()


@page(who=rules.commentators, writes=True)
def proposal_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A word to the other side."""
    proposal = _proposal_or_404(request, pk)
    if request.method != "POST":
        return redirect(_back(request, proposal))
    form = WordForm(request.POST, label=_("Komentar"))
    if not form.is_valid():
        raise Blocked(" ".join(error for errors in form.errors.values() for error in errors))
    actions.comment(proposal, form.cleaned_data["text"], client_key=form.cleaned_data["client_key"], by=request.user)
    messages.success(request, _("Komentar terkirim."))
    return redirect(f"{_back(request, proposal)}#komentar")


@page(who=rules.writers, writes=True)
def point_answer(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """The regency's word to one return point, and whether it is mended."""
    proposal = _proposal_or_404(request, pk)
    row = get_object_or_404(ReturnPoint.objects.select_related("by", "submission"), pk=point, proposal=proposal)
    if request.method != "POST":
        return redirect(f"{proposal.get_absolute_url()}#perbaikan")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Blocked(" ".join(error for errors in form.errors.values() for error in errors))
    row = actions.answer_point(row, form.cleaned_data["answer"], done=form.cleaned_data["done"], by=request.user)
    if is_background(request):
        context = {"proposal": proposal, **queries.points_context(proposal, request.user)}
        return render(request, "programs/verification/_points.html", context)
    messages.success(request, _("Jawaban tersimpan."))
    return redirect(f"{proposal.get_absolute_url()}#perbaikan")
