"""Shares of funding: what each source pays."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import StaleVersion
from portal.kernel.money import rupiah, thousands
from portal.web.access import is_background, page
from programs.actions.shares import set_shares, shares_from_lines
from programs.forms.lines import SharesForm
from programs.models import Proposal
from programs.queries.lines import lines_edit_context, source_choices
from programs.rules import writers
from programs.views.rows import back_to, errors_answer, proposal_or_404, saved_answer, tried


@page(who=writers, writes=True)
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what each source pays: rupiah, or percent of all lines."""
    proposal = proposal_or_404(request, pk)
    if request.method != "POST":
        return back_to(proposal, "shares")
    total = proposal.budget_rupiah + proposal.other_rupiah
    form = SharesForm(request.POST, sources=source_choices(), total=total)
    stored = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            stored = tried(form, lambda: set_shares(proposal, data["shares"], by=request.user, base=data["base"]))
        except StaleVersion as error:
            return _conflict(request, proposal, error)
    if stored is None:
        if is_background(request):
            return errors_answer(form)
        context = {"proposal": proposal, "form": form} | lines_edit_context(proposal, request.user)
        return render(request, "programs/lines/page.html", context, status=422)
    return _answer(request, proposal, stored, _("Porsi sumber dana tersimpan."))


@page(who=writers, writes=True)
def shares_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sums of the cost lines as the shares."""
    proposal = proposal_or_404(request, pk)
    if request.method != "POST":
        return back_to(proposal, "shares")
    stored = shares_from_lines(proposal, by=request.user)
    return _answer(request, proposal, stored, _("Porsi sumber dana diisi dari rincian."))


def _answer(request: HttpRequest, proposal: Proposal, stored: dict[str, int], sentence: str) -> HttpResponse:
    if is_background(request):
        texts = {key: thousands(amount) for key, amount in stored.items()}
        return saved_answer({"shares": texts, "sentence": sentence}, proposal)
    messages.success(request, sentence)
    return back_to(proposal, "shares")


def _conflict(request: HttpRequest, proposal: Proposal, error: StaleVersion) -> HttpResponse:
    """Both sides by source; nothing was overwritten."""
    names = {source.key: source.name for source in source_choices()}
    differences = [
        (names.get(key, key), rupiah(error.current.get(key, 0)), rupiah(error.yours.get(key, 0)))
        for key in sorted({*error.current, *error.yours})
        if error.current.get(key, 0) != error.yours.get(key, 0)
    ]
    if is_background(request):
        stored = {key: thousands(amount) for key, amount in error.current.items()}
        return JsonResponse({"sentence": str(error), "stored": stored}, status=409)
    context = {
        "proposal": proposal, "theirs": differences, "sentence": str(error),
        "fresh_url": f"{reverse('lines', args=[proposal.pk])}#shares",
    }  # fmt: skip
    return render(request, "programs/lines/page.html", context | lines_edit_context(proposal, request.user), status=409)
