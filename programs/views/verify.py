"""One proposal in verification: read it as it was sent, score it, return it with points, pass it, note something."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from portal.kernel.errors import Blocked, StaleVersion
from portal.web.access import is_background, page
from portal.web.parameters import whole_number
from portal.web.submissions import sent
from programs import rules
from programs.actions import verification as actions
from programs.forms.verification import MANY, PassForm, PointFormSet, ReturnForm, ScoreForm, WordForm
from programs.models import Proposal
from programs.queries import verification as queries
from programs.queries.content import arranged
from programs.queries.moves import offered_moves
from programs.queries.points import targets_of
from programs.queries.proposals import timeline_of
from programs.queries.scoring import rubric, sheet_of
from programs.queries.snapshots import shown_content
from programs.queries.versions import difference
from regencies.rules import province_staff


def _proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """A proposal that was sent and that this user sees."""
    found = Proposal.objects.visible_to(request.user).kept().filter(sent_at__isnull=False)
    return get_object_or_404(found.select_related("regency", "verifier", "sector", "sub_activity"), pk=pk)


@page(who=province_staff, reads=True)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as sent beside its score sheet, points, words and what comes next."""
    return _page(request, _proposal_or_404(request, pk))


def _page(request: HttpRequest, proposal: Proposal, *, status: int = 200, **changed: Any) -> HttpResponse:
    content = shown_content(proposal, request.user)
    versions = list(proposal.submissions.order_by("-number").select_related("sent_by")[:2])
    step = difference(versions[1].content, content) if len(versions) > 1 else None
    latest = versions[0].number if versions else None
    checking = rules.may_verify(request.user, proposal) & _in_check(proposal)
    context = {
        "proposal": proposal, "content": arranged(content), "versions": versions, "step": step, "latest": latest,
        **_sheet_context(request, proposal),
        "may_return": rules.may_verify(request.user, proposal) & allow_if(
            proposal.status in ("diajukan", "lolos"), _("Hanya usulan yang sedang diverifikasi dapat dikembalikan.")
        ),
        "may_pass": checking, "points": queries.checked_points(proposal, content),
        **queries.talk(proposal, request.user),
        "may_comment": rules.may_comment(request.user, proposal), "may_note": rules.verifiers(request.user),
        "comment_form": WordForm(label=_("Komentar untuk kabupaten/kota"), prefix_id="komentar-"),
        "note_form": WordForm(label=_("Catatan internal"), prefix_id="catatan-"),
        "next": queries.next_in_queue(request.user, proposal.year, after=proposal.pk),
        "moves": offered_moves(request.user, proposal), "history": timeline_of(proposal, request.user, limit=8),
        **(_return_forms(request, proposal, latest) if rules.verifiers(request.user) else {"return_form": None}),
        **changed,
    }  # fmt: skip
    return render(request, "programs/verification/verify.html", context, status=status)


def _in_check(proposal: Proposal) -> Decision:
    return allow_if(
        proposal.status == "diajukan",
        _("Usulan ini berstatus “%(status)s”.") % {"status": _(proposal.told_state.label)},
    )


def _sheet_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """What the score sheet shows, on the page and as a fragment."""
    return {
        "proposal": proposal, "sheet": sheet_of(proposal),
        "may_score": rules.may_verify(request.user, proposal) & _in_check(proposal),
    }  # fmt: skip


def _return_forms(request: HttpRequest, proposal: Proposal, latest: int | None) -> dict[str, Any]:
    targets = list(targets_of(proposal).values())
    more = min(whole_number(request.GET.get("baris"), MANY) or 3, MANY)
    formset = PointFormSet(sent(request), form_kwargs={"targets": targets}, prefix="catatan")
    formset.extra = more
    return {"return_form": ReturnForm(sent(request), initial={"submission": latest}), "formset": formset}


@page(who=rules.verifiers, writes=True)
def verify_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Store choices on the score sheet; scripts get the sheet anew with its total."""
    proposal = _proposal_or_404(request, pk)
    if request.method != "POST":
        return redirect("proposal_verify", pk)
    form = ScoreForm(request.POST, items=rubric())
    if not form.is_valid():
        raise Blocked(" ".join(error for errors in form.errors.values() for error in errors))
    stale, status = "", 200
    try:
        proposal = actions.score_proposal(proposal, form.steps, form.reasons, base=form.base, by=request.user)
    except StaleVersion as error:
        stale, status = str(error), 409
        proposal = _proposal_or_404(request, pk)
    if is_background(request):
        context = _sheet_context(request, proposal) | {"stale": stale, "saved": not stale}
        return render(request, "programs/verification/_sheet.html", context, status=status)
    if stale:
        return _page(request, proposal, status=status, stale=stale)
    messages.success(request, _("Nilai tersimpan."))
    return redirect("proposal_verify", pk)


@page(who=rules.verifiers, writes=True)
def verify_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the proposal with its points; what was written stays on the page when it cannot be done."""
    proposal = _proposal_or_404(request, pk)
    if request.method != "POST":
        return redirect("proposal_verify", pk)
    forms = _return_forms(request, proposal, None)
    head, formset = forms["return_form"], forms["formset"]
    if not (head.is_valid() and formset.is_valid()):
        return _page(request, proposal, status=422, **forms)
    points = [row.cleaned_data for row in formset if row.cleaned_data.get("note")]
    try:
        actions.return_proposal(
            proposal, points, note=head.cleaned_data["note"], submission=head.cleaned_data["submission"],
            by=request.user,
        )  # fmt: skip
    except (Blocked, StaleVersion) as error:
        head.add_error(None, str(error))
        if isinstance(error, StaleVersion):
            head.data = head.data.copy()
            head.data["submission"] = str(error.current.number)
        return _page(request, _proposal_or_404(request, pk), status=409, **forms)
    messages.success(request, _("“%(title)s” dikembalikan kepada %(regency)s.") % {
        "title": proposal.title, "regency": proposal.regency,
    })  # fmt: skip
    return _onwards(request, proposal)


@page(who=rules.verifiers, writes=True)
def verify_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare that the proposal passed."""
    proposal = _proposal_or_404(request, pk)
    form = PassForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return redirect("proposal_verify", pk)
    passed = actions.pass_proposal(proposal, submission=form.cleaned_data["submission"], by=request.user)
    messages.success(request, _("“%(title)s” lolos verifikasi dengan nilai %(score)s.") % {
        "title": passed.title, "score": passed.score,
    })  # fmt: skip
    return _onwards(request, proposal)


def _onwards(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """To the proposal just left, or straight to the next one when that was asked for."""
    follower = queries.next_in_queue(request.user, proposal.year, after=proposal.pk)
    if "next" in request.POST and follower is not None:
        return redirect("proposal_verify", follower.pk)
    return redirect("proposal_verify", proposal.pk)


@page(who=rules.verifiers, writes=True)
def verify_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note that stays inside the provincial office."""
    proposal = _proposal_or_404(request, pk)
    if request.method != "POST":
        return redirect("proposal_verify", pk)
    form = WordForm(request.POST, label=_("Catatan internal"), prefix_id="catatan-")
    if not form.is_valid():
        return _page(request, proposal, status=422, note_form=form)
    actions.comment(
        proposal, form.cleaned_data["text"], internal=True, client_key=form.cleaned_data["client_key"], by=request.user
    )
    messages.success(request, _("Catatan internal tersimpan. Kabupaten/kota tidak dapat membacanya."))
    return redirect("proposal_verify", pk)
