"""A regency's proposals: the list with order, sums and Excel; begin, copy, throw away, bring back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from portal.kernel.errors import PortalError, ensure
from portal.web.access import page
from portal.web.excel import Sheet, workbook_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import form_status, sent
from programs import rules
from programs.actions.proposals import bring_back, copy_proposal, reorder, start_proposal, throw_away
from programs.forms.proposals import StartForm
from programs.models import FundingSource, Proposal, Sector
from programs.queries import proposals as queries
from programs.queries.rounds import current_year, round_of, window_of
from programs.workflow import PROPOSAL
from regencies.models import Regency

LAST_YEAR = 2100
FILTERS = ("q", "status", "sector", "source", "sort")


def place_asked(request: HttpRequest) -> tuple[Regency, int]:
    """The regency and year that the request is about; 404 for the province, which has no list of its own."""
    asked = request.GET or request.POST
    regency = queries.own_regency(request.user, asked.get("kabupaten", ""))
    if regency is None:
        raise Http404
    years = queries.years_of(regency)
    year = whole_number(asked.get("tahun"), largest=LAST_YEAR)
    return regency, year if year and year >= 2000 else current_year(years)


def list_url(regency: Regency, year: int) -> str:
    """The list of that regency and year."""
    return f"{reverse('proposals')}?tahun={year}&kabupaten={regency.code}"


@page(who=rules.readers, reads=True)
def proposals(request: HttpRequest) -> HttpResponse:
    """The regency's own list; the province goes to the comparison of all."""
    if queries.own_regency(request.user) is None:
        return redirect("comparison")
    regency, year = place_asked(request)
    if request.GET.get("format") == "xlsx":
        return _excel(regency, year, _wanted(request))
    context = _list_context(request, regency, year)
    if request.htmx and request.htmx.target == "daftar":
        return render(request, "programs/proposals/_list.html", context)
    return render(request, "programs/proposals/list.html", context | _frame(request, regency, year))


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {name: search_text(request, name) for name in FILTERS}


def _list_context(request: HttpRequest, regency: Regency, year: int) -> dict[str, Any]:
    wanted = _wanted(request)
    rows = queries.listed(regency, year, **wanted)
    found = Paginator(rows, queries.PER_PAGE).get_page(request.GET.get("page"))
    may_create = rules.may_create(request.user, regency.pk)
    filtered = any(wanted[name] for name in FILTERS if name != "sort")
    return {
        "regency": regency, "year": year, "page": found, "filtered": filtered, "may_create": may_create,
        "rows": queries.with_completeness(list(found.object_list), request.user),
        "sums": queries.sums(rows),
        "orderable": bool(may_create) and not filtered and wanted["sort"] in ("", "rank"),
        "count": ngettext("%(n)s usulan", "%(n)s usulan", found.paginator.count) % {"n": found.paginator.count},
        "client_key": uuid.uuid4(), "query": query_with(request),
        "can_copy": bool(may_create) and queries.earlier_years(regency, year),
        "list_url": list_url(regency, year),
    }  # fmt: skip


def _frame(request: HttpRequest, regency: Regency, year: int) -> dict[str, Any]:
    """What stands around the list: years, deadline, filters, the bin."""
    wanted = _wanted(request)
    named = search_text(request, "kabupaten")
    return {
        "years": queries.years_of(regency), "round": round_of(year), "window": window_of(regency.pk, year),
        "may_head": rules.may_head(request.user, regency.pk),
        "q": wanted["q"], "sort": wanted["sort"] or "rank", "sorts": queries.sort_choices(),
        "filters": [
            {"name": "status", "label": _("Status"), "value": wanted["status"],
             "choices": [(key, _(str(label))) for key, label in PROPOSAL.choices]},
            {"name": "sector", "label": _("Sektor"), "value": wanted["sector"],
             "choices": list(Sector.objects.values_list("key", "name"))},
            {"name": "source", "label": _("Sumber dana"), "value": wanted["source"],
             "choices": list(FundingSource.objects.values_list("key", "name"))},
        ],
        "excel": f"?{query_with(request, format='xlsx')}",
        "hidden": [("tahun", str(year)), *([("kabupaten", named)] if named else [])],
        "bin": list(queries.thrown_away(regency, year)[:20]) if rules.may_create(request.user, regency.pk) else [],
    }  # fmt: skip


def _excel(regency: Regency, year: int, wanted: dict[str, str]) -> HttpResponse:
    rows = queries.listed(regency, year, **wanted)
    header = [
        _("Prioritas"), _("Kode usulan"), _("Judul"), _("Kode sub-kegiatan"), _("Sub-kegiatan"), _("Jenis kegiatan"),
        _("Sektor"), _("Produk"), _("Kecamatan"), _("Desa/kelurahan"), _("Status"), _("Pagu usulan (Rp)"),
        _("Nonanggaran (Rp)"), _("Pagu disepakati (Rp)"),
    ]  # fmt: skip
    table = [
        [row.rank, row.code, row.title, row.sub_activity.code if row.sub_activity else "",
         row.sub_activity.name if row.sub_activity else "", str(row.help_kind or ""), str(row.sector or ""),
         row.product, row.district, row.village, _(row.state.label), row.budget_rupiah, row.other_rupiah,
         row.agreed_rupiah]
        for row in rows
    ]  # fmt: skip
    totals = queries.sums(rows)
    total = ["", "", _("Jumlah"), *[""] * 8, totals["budget"], totals["other"], totals["agreed"]]
    name = f"usulan-{(regency.short or regency.code).lower()}-{year}"
    return workbook_response(name, [Sheet(f"{_('Usulan')} {year}", header, table, total)])


@page(who=rules.writers, writes=True)
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Begin a proposal and go to its editor; the button of the list posts here without asking for a title."""
    regency, year = place_asked(request)
    form = StartForm(sent(request), initial={"client_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        made = start_proposal(
            regency, year, title=form.cleaned_data["title"], client_key=form.cleaned_data["client_key"],
            by=request.user,
        )  # fmt: skip
        return redirect("proposal_edit", made.pk)
    context = {"form": form, "regency": regency, "year": year, "list_url": list_url(regency, year)}
    return render(request, "programs/proposals/new.html", context, status=form_status(request))


@page(who=rules.writers, writes=True)
def proposals_order(request: HttpRequest) -> HttpResponse:
    """Change the order of priority: `order` names proposals as they stand now, or `pk` goes one `step` up or down."""
    regency, year = place_asked(request)
    if request.method != "POST":
        return redirect(list_url(regency, year))
    named = [number for text in request.POST.getlist("order") if (number := whole_number(text))]
    focus = ""
    if named:
        order = queries.spliced(regency, year, named)
    else:
        moved = get_object_or_404(
            Proposal.objects.kept().filter(regency=regency, year=year),
            pk=whole_number(request.POST.get("pk")) or 0,
        )  # fmt: skip
        step = -1 if request.POST.get("step") == "-1" else 1
        order, focus = queries.stepped(moved, step), f"{'naik' if step < 0 else 'turun'}-{moved.pk}"
    reorder(regency, year, order, by=request.user)
    if not request.htmx:
        messages.success(request, _("Urutan prioritas tersimpan."))
        return redirect(list_url(regency, year))
    response = render(request, "programs/proposals/_list.html", _list_context(request, regency, year))
    response = trigger_client_event(response, "toast", {"text": _("Urutan prioritas tersimpan."), "tone": "success"})
    return trigger_client_event(response, "ordered", {"focus": focus}, after="settle")


def own_or_404(request: HttpRequest, pk: int) -> Proposal:
    """The proposal if this user may see it."""
    return get_object_or_404(Proposal.objects.visible_to(request.user).select_related(*queries.RELATED), pk=pk)


@page(who=rules.writers, writes=True)
def proposal_throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into the bin; the message offers to take it out again."""
    proposal = own_or_404(request, pk)
    back = list_url(proposal.regency, proposal.year)
    if request.method != "POST":
        ensure(rules.may_write(request.user, proposal))
        return render(request, "programs/proposals/throw_away.html", {"proposal": proposal, "back": back})
    throw_away(proposal, by=request.user)
    undo = reverse("proposal_bring_back", args=[pk])
    messages.success(request, _("Usulan “%(title)s” dibuang.") % {"title": proposal}, extra_tags=f"undo:{undo}")
    return redirect(back)


@page(who=rules.writers, writes=True)
def proposal_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft out of the bin."""
    proposal = own_or_404(request, pk)
    if request.method == "POST":
        bring_back(proposal, by=request.user)
        messages.success(request, _("Usulan “%(title)s” kembali ke daftar.") % {"title": proposal})
    return redirect(list_url(proposal.regency, proposal.year))


@page(who=rules.writers, writes=True)
def proposals_copy(request: HttpRequest) -> HttpResponse:
    """Choose proposals of an earlier year and copy them into drafts for this one."""
    regency, year = place_asked(request)
    earlier = queries.earlier_years(regency, year)
    wanted = whole_number(request.GET.get("dari"), largest=LAST_YEAR)
    source_year = wanted if wanted in earlier else (earlier[0] if earlier else None)
    rows = queries.copyable(regency, source_year, year) if source_year else []
    chosen = {number for text in request.POST.getlist("salin") if (number := whole_number(text))}
    if request.method == "POST" and chosen:
        made, held = _copy([row for row, _copy_there in rows if row.pk in chosen], year, request.user)
        text = ngettext("%(n)s usulan disalin.", "%(n)s usulan disalin.", made) % {"n": made}
        messages.success(request, text)
        if held:
            messages.warning(request, held)
        return redirect(list_url(regency, year))
    context = {
        "regency": regency, "year": year, "rows": rows, "source_year": source_year, "earlier": earlier,
        "may_create": rules.may_create(request.user, regency.pk), "list_url": list_url(regency, year),
        "missing": request.method == "POST",
    }  # fmt: skip
    return render(request, "programs/proposals/copy.html", context, status=form_status(request))


def _copy(rows: list[Proposal], year: int, user: Any) -> tuple[int, str]:
    """How many were copied, and the sentence that stopped the rest."""
    for number, row in enumerate(rows):
        try:
            copy_proposal(row, year=year, by=user)
        except PortalError as error:
            return number, str(error)
    return len(rows), ""
