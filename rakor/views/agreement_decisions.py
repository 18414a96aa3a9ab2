"""The decisions of an edition: list, another verdict in the plenary, and the two lists on the hall's screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import search_text, whole_number
from portal.web.submissions import form_status, see_version, sent
from programs.models import FundingSource, Proposal
from programs.queries import agreed
from programs.rules import AGREED, NOT_AGREED
from programs.workflow import PROPOSAL
from rakor import rules
from rakor.actions.agreements import change_in_plenary
from rakor.forms.agreements import VerdictForm
from rakor.models import Agreement
from rakor.queries import agreements as queries
from rakor.views.agreement_frame import agreement_or_404, frame
from regencies.models import Regency

PAGES = (25, 50)
LISTS = ("agreed", "not_agreed")


@page(who=rules.desk_people, reads=True)
def agreement_decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """All decisions with search, filters, order, paging and Excel; the two lists of the berita acara are its tabs."""
    agreement = agreement_or_404(request, slug, every_regency=True)
    meeting = agreement.meeting
    wanted = {name: search_text(request, name) for name in ("regency", "decision", "source", "sort")}
    rows = agreed.decided(meeting.planning_year, meeting.province_id, text=search_text(request), **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(agreement, rows)
    per = whole_number(request.GET.get("per"), 100)
    shown = Paginator(rows, per if per in PAGES else PAGES[0]).get_page(request.GET.get("page"))
    total = shown.paginator.count
    query = request.GET.copy()
    query.pop("page", None)
    query["format"] = "xlsx"
    context = frame(request, agreement, "decisions", count=total) | {
        "page": shown, "q": search_text(request), "sort": wanted["sort"] or "regency", "sorts": _sorts(),
        "filters": _filters(agreement, wanted), "excel": f"?{query.urlencode()}",
        "count": ngettext("%(n)s putusan", "%(n)s putusan", total) % {"n": total},
        "narrowed": any((search_text(request), wanted["regency"], wanted["decision"], wanted["source"])),
    }  # fmt: skip
    return render(request, "rakor/agreements/decisions.html", context)


def _sorts() -> list[tuple[str, str]]:
    return [
        ("regency", _("Kabupaten/kota dan prioritas")), ("-proposed", _("Pagu usulan terbesar")),
        ("-agreed", _("Pagu disepakati terbesar")), ("decision", _("Putusan")), ("title", _("Judul")),
    ]  # fmt: skip


def _filters(agreement: Agreement, wanted: dict[str, str]) -> list[dict[str, Any]]:
    regencies = Regency.objects.filter(province=agreement.meeting.province_id).order_by("code")
    lists = [("agreed", _("Daftar yang disepakati")), ("not_agreed", _("Daftar yang tidak disepakati"))]
    decisions = [(key, _(label)) for key, label in agreed.decision_choices()]
    return [
        {"name": "decision", "label": _("Putusan"), "value": wanted["decision"], "choices": [*lists, *decisions]},
        {"name": "regency", "label": _("Kabupaten/kota"), "value": wanted["regency"],
         "choices": [(regency.code, regency.name) for regency in regencies]},
        {"name": "source", "label": _("Sumber dana"), "value": wanted["source"],
         "choices": [(source.key, source.name) for source in FundingSource.objects.all()]},
    ]  # fmt: skip


def _excel(agreement: Agreement, rows: Any) -> HttpResponse:
    header = [
        _("Kode"), _("Kabupaten/kota"), _("Prioritas"), _("Nomor usulan"), _("Usulan"), _("Kode sub-kegiatan"),
        _("Sumber dana"), _("Pagu usulan (Rp)"), _("Putusan"), _("Pagu disepakati (Rp)"), _("Dialihkan ke"),
        _("Alasan"),
    ]  # fmt: skip
    name = f"putusan-{agreement.meeting.slug}"
    return excel_response(name, _("Putusan"), header, (_excel_row(row) for row in rows))


def _excel_row(row: Proposal) -> list[Any]:
    verdict = row.verdict
    return [
        row.regency.code, row.regency.name, row.rank, row.code, row.title,
        row.sub_activity.code if row.sub_activity else "", ", ".join(share.source.key for share in row.share_rows),
        row.budget_rupiah, _(row.state.label), row.agreed_rupiah,
        verdict.redirect_to.name if verdict.redirect_to else "", verdict.reason,
    ]  # fmt: skip


@page(who=rules.leaders, writes=True)
def agreement_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another verdict in the plenary, with its reason; who is late sees what stands now and loses nothing typed."""
    agreement = agreement_or_404(request, slug)
    ensure(rules.may_change_agreement(request.user, agreement))
    back = _back(request, agreement)

    def change(proposal: Proposal, form: VerdictForm) -> None:
        made = change_in_plenary(agreement, proposal, by=request.user, **verdict_of(form))
        messages.success(request, _("Putusan berubah. Kesepakatan sekarang versi %(n)s.") % {"n": made.version})

    return verdict_page(request, agreement, pk, change=change, back=back)


def _back(request: HttpRequest, agreement: Agreement) -> str:
    """Where the change was asked for: the hall's screen of a regency, or the list."""
    code = search_text(request, "layar")
    if code:
        return f"{reverse('agreement_hall', args=[agreement.meeting.slug])}?regency={code[:5]}"
    return reverse("agreement_decisions", args=[agreement.meeting.slug])


def verdict_of(form: VerdictForm) -> dict[str, Any]:
    """What a verb wants of the form."""
    data = form.cleaned_data
    return {
        "decision": data["decision"], "reason": data["reason"], "base_version": data["base_version"],
        "lines": form.lines, "redirect_to": form.target,
    }  # fmt: skip


def verdict_page(
    request: HttpRequest, agreement: Agreement, pk: int, *, change: Any, back: str, addendum: Any = None
) -> HttpResponse:
    """The form of another verdict; `change(proposal, form)` writes it. Stale versions and refusals come back as 409."""
    found = Proposal.objects.kept().filter(
        year=agreement.meeting.planning_year, regency__province=agreement.meeting.province_id
    )
    proposal = get_object_or_404(found.select_related("regency", "sub_activity"), pk=pk)
    verdict, now = queries.verdict_now(proposal)
    if verdict is None or not proposal.decided:
        raise Http404
    lines = queries.priced_lines(proposal)
    initial = {"decision": verdict.decision, "redirect_to": verdict.redirect_to, "base_version": verdict.version}
    form = VerdictForm(sent(request), lines=lines, now=now, initial=initial)
    status, stale, blocked = form_status(request), False, ""
    if request.method == "POST" and form.is_valid():
        try:
            change(proposal, form)
        except StaleVersion:
            status, stale = 409, True
            see_version(form, verdict.version, "base_version")
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            return redirect(back)
    active = "addenda" if addendum else "decisions"
    context = frame(request, agreement, active) | {
        "proposal": proposal, "verdict": verdict, "form": form, "stale": stale, "blocked": blocked, "back": back,
        "addendum": addendum, "changes": [row for row in queries.changes_of(agreement) if row.proposal_id == pk],
        "now_label": _(PROPOSAL.status(verdict.decision).label),
    }  # fmt: skip
    return render(request, "rakor/agreements/change.html", context, status=status)


@page(who=rules.desk_people, reads=True)
def agreement_hall(request: HttpRequest, slug: str) -> HttpResponse:
    """Both lists of a regency in large type for the hall; asks for itself and is answered "nothing new" cheaply."""
    agreement = agreement_or_404(request, slug, every_regency=True)
    mark = f"{agreement.version}-{agreement.status}"
    part = request.GET.get("bagian") == "1"
    if part and request.GET.get("tanda") == mark:
        return HttpResponse(status=204)
    meeting = agreement.meeting
    sums = agreed.recap(meeting.planning_year, meeting.province_id)
    regencies = [line.regency for line in sums.regencies if line.count or line.undecided]
    regencies = regencies or [line.regency for line in sums.regencies]
    if not regencies:
        raise Http404
    chosen = next((each for each in regencies if each.code == search_text(request, "regency")), regencies[0])
    place = regencies.index(chosen)
    rows = list(agreed.decided(meeting.planning_year, meeting.province_id, regency=chosen.code))
    context = frame(request, agreement, "decisions") | {
        "recap": sums, "regency": chosen, "mark": mark,
        "lists": [
            (_("Disepakati"), "success", [row for row in rows if row.status in AGREED]),
            (_("Tidak disepakati"), "danger", [row for row in rows if row.status in NOT_AGREED]),
        ],
        "before": regencies[place - 1], "after": regencies[(place + 1) % len(regencies)],
        "latest": queries.changes_of(agreement)[:3],
    }  # fmt: skip
    template = "rakor/agreements/_hall.html" if part else "rakor/agreements/hall.html"
    return render(request, template, context)
