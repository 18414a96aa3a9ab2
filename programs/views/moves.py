"""Pages that move proposals: one move with its reason, and the head's page of everything that waits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, PortalError, ensure
from portal.web.access import page
from portal.web.forms import ReasonForm
from portal.web.parameters import whole_number
from portal.web.submissions import form_status, sent
from programs import rules
from programs.actions.moves import move_proposal, send_all
from programs.models import Proposal
from programs.queries.moves import after_their_desk, waiting_for_head, year_to_send
from programs.queries.rounds import current_year
from programs.queries.selfcheck import findings_context
from programs.queries.snapshots import shown_state, shown_title
from programs.workflow import PROPOSAL
from regencies.models import Regency
from regencies.rules import Role, regency_ids

SHOWN_HELD = 5
VERIFIED = ("pass", "return")
"""Moves whose verbs compare the version that was read with the one that was sent last."""


@page(who=rules.movers, writes=True)
def proposal_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Ask once more, or for the reason where one is needed, then make the move.

    Passing and returning lead to the page of verification, which knows which version was read.
    """
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user).select_related("regency"), pk=pk)
    known = next((each for each in PROPOSAL.moves if each.key == move), None)
    ensure(rules.may_move(request.user, proposal, move))
    if move in VERIFIED:
        return redirect("proposal_verify", pk)
    form = ReasonForm(sent(request), required=known.note_required)
    if not known.note_required:
        form.fields["note"].label = _("Catatan (boleh kosong)")
    status, refused = form_status(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            row = move_proposal(proposal, move, by=request.user, note=form.cleaned_data["note"])
        except PortalError as error:
            status, refused = 409, str(error)
        else:
            messages.success(request, _("“%(title)s” sekarang berstatus %(status)s.") % {
                "title": row, "status": _(row.state.label),
            })  # fmt: skip
            if move == "ready" and (sentence := after_their_desk(row.year, [row])):
                messages.warning(request, sentence)
            return redirect("proposal", pk)
    context = {
        "proposal": proposal, "title": shown_title(proposal, request.user), "label": _(known.label),
        "shown_state": shown_state(proposal, request.user),
        "question": _(known.confirm) if known.confirm else "",
        "form": form, "ask": known.note_required, "danger": move == "withdraw", "refused": refused,
        "here": proposal.status in known.source,
    }  # fmt: skip
    return render(request, "programs/moves/move.html", context, status=status)


@page(who=rules.readers, reads=True)
def proposal_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The self-check of one proposal on a page of its own."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user).select_related("regency"), pk=pk)
    context = {
        "proposal": proposal, "title": shown_title(proposal, request.user),
        "shown_state": shown_state(proposal, request.user), **findings_context(proposal, request.user),
    }  # fmt: skip
    return render(request, "programs/selfcheck/page.html", context)


def _own_regency(user: Any) -> Regency:
    """The regency whose head this user is; the first of several."""
    return Regency.objects.filter(pk__in=regency_ids(user, Role.KADIS_KAB)).order_by("code")[0]


@page(who=rules.heads, reads=True)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for the head: each proposal with what blocks it, and one button for all that can go."""
    regency = _own_regency(request.user)
    year = whole_number(request.GET.get("tahun"), 9999) or year_to_send(request.user, regency.pk) or current_year()
    window, waiting = waiting_for_head(request.user, regency.pk, year)
    ready = [row for row in waiting if row.decision]
    context = {
        "regency": regency, "year": year, "window": window, "waiting": waiting, "ready": ready,
        "held": len(waiting) - len(ready), "total": sum(row.proposal.budget_rupiah for row in ready),
    }  # fmt: skip
    return render(request, "programs/moves/approvals.html", context)


@page(who=rules.heads, writes=True)
def approvals_send(request: HttpRequest) -> HttpResponse:
    """Approve and send everything that can be sent; the rest stays with its reason."""
    regency, year = _own_regency(request.user), whole_number(request.POST.get("year"), 9999)
    back = reverse("approvals") + (f"?tahun={year}" if year else "")
    if request.method != "POST":
        return redirect(back)
    if year is None:
        raise Blocked(_("Tahun anggaran tidak dikenal."))
    outcome = send_all(regency, year, by=request.user)
    if outcome.moved:
        text = ngettext("%(n)s usulan dikirim ke provinsi.", "%(n)s usulan dikirim ke provinsi.", len(outcome.moved))
        messages.success(request, text % {"n": len(outcome.moved)})
    for proposal, why in outcome.held[:SHOWN_HELD]:
        messages.warning(request, _("“%(title)s” tidak terkirim: %(why)s") % {"title": proposal, "why": why})
    if not outcome.moved and not outcome.held:
        messages.info(request, _("Tidak ada usulan yang menunggu persetujuan."))
    return redirect(back)
