"""Deciding at a desk: one proposal, one cost line, or all that is left; by script at once, by form without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import is_background, page
from portal.web.submissions import form_status, see_version, sent
from programs.models import CostLine, Decision, LineVerdict, Proposal, Verdict
from programs.queries.verdicts import at_desk, stray_verdicts
from rakor import rules
from rakor.actions.desks import agree_rest, decide, decide_line, undecide
from rakor.forms.desks import AnswerForm
from rakor.models import Desk, Session
from rakor.queries.desk_room import told
from rakor.views.desk_room import back_to_item, parts_json, session_or_404

Answer = Verdict | LineVerdict | None


@page(who=rules.desk_leaders, writes=True)
def desk_verdict(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """The answer to a proposal: five choices, or `batal` to take it back."""
    session, desk = session_or_404(request, slug, session_id)
    ensure(rules.may_lead(request.user, desk))
    year, back = session.meeting.planning_year, request.POST.get("decision") == "batal"
    known = at_desk(year, session.regency_id).select_related("regency")
    taken_out = stray_verdicts(year, session.regency_id).select_related("regency") if back else known.none()
    proposal = taken_out.filter(pk=pk).first() or get_object_or_404(known, pk=pk)

    def store(data: dict[str, Any]) -> None:
        decide(
            desk, proposal, data["decision"], by=request.user, reason=data["reason"],
            redirect_to=data["redirect_to"], base_version=data["base_version"],
        )  # fmt: skip

    if back:
        return _taken_back(request, session, desk, proposal)
    context = {"proposal": proposal, "line": None, "subject": str(proposal)}
    return _answered(request, desk, context, _verdict_of(proposal), store)


def _verdict_of(proposal: Proposal) -> Verdict | None:
    return Verdict.objects.select_related("redirect_to", "by").filter(proposal=proposal).first()


def _taken_back(request: HttpRequest, session: Session, desk: Desk, proposal: Proposal) -> HttpResponse:
    form = AnswerForm({**request.POST.dict(), "decision": Decision.AGREED}, line=False)
    if not form.is_valid():
        raise Blocked(_("Putusan tidak dapat dibatalkan. Muat ulang halaman, lalu coba lagi."))
    try:
        undecide(desk, proposal, by=request.user, base_version=form.cleaned_data["base_version"])
    except StaleVersion as error:
        if not is_background(request):
            raise
        return _conflict(error, _("Batalkan putusan"))
    return _done(request, session, proposal)


@page(who=rules.desk_leaders, writes=True)
def desk_line(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """The answer to one cost line."""
    session, desk = session_or_404(request, slug, session_id)
    ensure(rules.may_lead(request.user, desk))
    known = CostLine.objects.kept().select_related("proposal__regency", "source")
    line = get_object_or_404(
        known, pk=pk, proposal__in=at_desk(session.meeting.planning_year, session.regency_id).order_by()
    )

    def store(data: dict[str, Any]) -> None:
        decide_line(
            desk, line, data["decision"], by=request.user, agreed_rupiah=data["agreed"], reason=data["reason"],
            redirect_to=data["redirect_to"], base_version=data["base_version"],
        )  # fmt: skip

    answer = LineVerdict.objects.select_related("redirect_to", "by").filter(line=line).first()
    context = {"proposal": line.proposal, "line": line, "subject": str(line)}
    return _answered(request, desk, context, answer, store)


def _answered(
    request: HttpRequest, desk: Desk, context: dict[str, Any], answer: Answer, store: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    """Store what was sent; the form with what is wrong or what somebody else stored; parts of the page for a script."""
    line, script, session = context["line"], is_background(request), desk.session
    form = AnswerForm(sent(request), line=line is not None, initial=_initial(request, answer, line))
    theirs = None
    if form.is_valid():
        try:
            store(form.cleaned_data)
        except StaleVersion as error:
            if script:
                return _conflict(error, Decision(form.cleaned_data["decision"]).label)
            theirs = told(_fresh(error))
            see_version(form, theirs["version"], field="base_version")
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            return _done(request, session, context["proposal"])
    if script and request.method == "POST":
        return JsonResponse({"errors": form.errors}, status=422)
    context |= {"meeting": session.meeting, "session": session, "desk": desk, "form": form, "theirs": theirs}
    return render(request, "rakor/desks/answer.html", context, status=409 if theirs else form_status(request))


def _initial(request: HttpRequest, answer: Answer, line: CostLine | None) -> dict[str, Any]:
    wanted = request.GET.get("putusan", "")
    initial = {
        "decision": answer.decision if answer else Decision.AGREED, "reason": answer.reason if answer else "",
        "redirect_to": answer.redirect_to.key if answer and answer.redirect_to else "",
        "base_version": answer.version if answer else 0,
    }  # fmt: skip
    if wanted in Decision.values:
        initial["decision"] = wanted
    if line is not None:
        initial["agreed"] = answer.agreed_rupiah if answer else line.amount_rupiah
    return initial


def _fresh(error: StaleVersion) -> Answer:
    """The stored answer, read again with who gave it."""
    if error.current is None:
        return None
    return type(error.current).objects.select_related("redirect_to", "by").get(pk=error.current.pk)


def _conflict(error: StaleVersion, yours: Any) -> JsonResponse:
    """Both answers for the script, which shows them side by side."""
    return JsonResponse({"sentence": str(error), "theirs": told(_fresh(error)), "yours": str(yours)}, status=409)


def _done(request: HttpRequest, session: Session, proposal: Proposal) -> HttpResponse:
    """What the page needs now."""
    if not is_background(request):
        return back_to_item(session, proposal.pk)
    session, desk = session_or_404(request, session.meeting.slug, session.pk)
    return JsonResponse(parts_json(request, session, desk, only=proposal.pk))


@page(who=rules.desk_leaders, writes=True)
def desk_agree_rest(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Agree to everything that has no answer yet, as proposed."""
    _session, desk = session_or_404(request, slug, session_id)
    ensure(rules.may_lead(request.user, desk))
    if request.method == "POST":
        n = agree_rest(desk, by=request.user)
        text = ngettext("%(n)s usulan disepakati sesuai usulan.", "%(n)s usulan disepakati sesuai usulan.", n)
        messages.success(request, text % {"n": n} if n else _("Semua usulan sudah diputuskan."))
    return redirect("desk", slug, session_id)
