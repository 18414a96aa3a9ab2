"""Contracts and MOUs: the list, the map, one contract, its moves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import PortalError, ensure
from portal.web.access import page
from portal.web.excel import Sheet, workbook_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import form_status, sent
from programs import contract_rules as rules
from programs.actions import contracts as actions
from programs.forms.contract_moves import MoveForm, OtherNumberForm
from programs.models import Contract, ContractKind
from programs.queries import contract_papers as papers
from programs.queries import contracts as queries
from programs.queries.contracts import Wanted
from programs.queries.contracts_page import contract_context
from programs.workflow import CONTRACT

MOVES = {
    "check": actions.check_contract,
    "return": actions.return_contract,
    "approve": actions.approve_contract,
    "reopen": actions.reopen_contract,
    "cancel": actions.cancel_contract,
    "terminate": actions.terminate_contract,
}
RELATED = ("regency", "worker", "number", "document", "template__template", "register", "previous", "next")


@page(who=rules.readers, reads=True)
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts this user may see: search, filters, order, sums, Excel."""
    wanted = wanted_of(request)
    rows = queries.listed(request.user, wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(request, rows)
    found = queries.wanted_contracts(request.user, wanted)
    totals = queries.sums(found)
    pages = Paginator(rows, queries.PER_PAGE)
    pages.count = totals["count"]  # counted already
    context = {
        "page": pages.get_page(request.GET.get("page")), "sums": totals, "narrowed": wanted.narrowed,
        "q": wanted.text, "sort": wanted.sort, "filters": filters_of(request, wanted),
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "excel": f"?{query_with(request, format='xlsx')}", "query": query_with(request),
        "count": ngettext("%(n)s naskah", "%(n)s naskah", totals["count"]) % {"n": totals["count"]},
        "may_check": rules.checkers(request.user), "may_approve": rules.approvers(request.user),
        "together": together_query(request), "may_draft": rules.drafters(request.user),
        "may_map": rules.province_readers(request.user),
        "reads_money": queries.reads_money(request.user), "near": queries.NEAR,
    }  # fmt: skip
    return render(request, "programs/contracts/list.html", context)


def wanted_of(request: HttpRequest) -> Wanted:
    """What the list's address asks for."""
    within, cohort = whole_number(request.GET.get("akhir"), 9999), whole_number(request.GET.get("angkatan"), 9999)
    kind, status = search_text(request, "jenis"), search_text(request, "status")
    sort = search_text(request, "sort")
    return Wanted(
        text=search_text(request),
        kind=kind if kind in ContractKind.values else "",
        regency=whole_number(request.GET.get("kabupaten")),
        cohort=cohort,
        status=status if status in dict(CONTRACT.choices) else "",
        within=within if within in queries.WITHIN else None,
        sort=sort if sort in queries.SORTS else "newest",
    )


def together_query(request: HttpRequest) -> str:
    """The list's filter as the pages for many at once take it; there the oldest stand first unless asked otherwise."""
    given = {name: search_text(request, name) for name in ("q", "jenis", "kabupaten", "angkatan", "sort")}
    return urlencode({name: value for name, value in given.items() if value and (name, value) != ("sort", "newest")})


def filters_of(request: HttpRequest, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters of the toolbar with their choices for this user."""
    within = [(str(n), ngettext("%(n)s hari", "%(n)s hari", n) % {"n": n}) for n in queries.WITHIN]
    rows = [
        ("jenis", _("Jenis"), wanted.kind, ContractKind.choices),
        ("kabupaten", _("Kabupaten/kota"), wanted.regency,
         [(regency.pk, regency.name) for regency in queries.regencies_shown(request.user)]),
        ("angkatan", _("Angkatan"), wanted.cohort, [(year, str(year)) for year in queries.cohorts(request.user)]),
        ("status", _("Status"), wanted.status,
         [(key, _(str(label))) for key, label in queries.status_choices(request.user)]),
        ("akhir", _("Berakhir dalam"), wanted.within, within),
    ]  # fmt: skip
    return [{"name": name, "label": label, "value": value or "", "choices": choices}
            for name, label, value, choices in rows]  # fmt: skip


def _excel(request: HttpRequest, rows: Any) -> HttpResponse:
    money = queries.reads_money(request.user)
    header = [
        _("Jenis"), _("Nomor"), _("Nomor pihak lain"), _("Judul"), _("Kabupaten/kota"), _("Penyuluh"), _("Angkatan"),
        _("Tahun kontrak"), _("Mulai"), _("Berakhir"), _("Status"), _("Tanda tangan"), _("Berlaku sejak"),
    ]  # fmt: skip
    if money:
        header += [_("Honorarium sebulan (Rp)"), _("Biaya operasional sebulan (Rp)")]
    table = [_line(row, money) for row in rows]
    total: list[Any] = []
    if money:
        sums = [sum(row[place] or 0 for row in table) for place in (-2, -1)]
        total = [*[""] * (len(header) - 3), _("Jumlah"), *sums]
    return workbook_response("kontrak", [Sheet(_("Kontrak"), header, table, total)])


def _line(row: Contract, money: bool) -> list[Any]:
    worker = row.worker
    line = [
        row.get_kind_display(), row.number.text if row.number else "", row.other_number, row.title, row.regency.name,
        worker.name if worker else "", worker.cohort if worker else None, row.contract_year, row.starts_on,
        row.ends_on, _(row.state.label), f"{row.signed}/{row.places}", row.effective_on,
    ]  # fmt: skip
    return [*line, row.honorarium_rupiah, row.operational_rupiah] if money else line


@page(who=rules.province_readers, reads=True)
def contracts_map(request: HttpRequest) -> HttpResponse:
    """The tile map: workers under contract, or mandates by MOU, per regency; and the same as a table."""
    asked = search_text(request, "peta")
    shown = asked if asked in queries.MAPS else "tpl"
    tiles = _tpl_tiles(request.user) if shown == "tpl" else _mou_tiles(request.user)
    states = queries.TPL_STEPS if shown == "tpl" else tuple(queries.MANDATE_STATES.values())
    context = {
        "tiles": tiles, "shown": shown, "choices": [(key, _(label)) for key, label in queries.MAPS.items()],
        "legend": [{"tone": state.tone, "label": _(state.label)} for state in states],
        "total": sum(tile["count"] for tile in tiles),
    }  # fmt: skip
    return render(request, "programs/contracts/map.html", context)


def _tile(regency: Any, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "row": regency.tile_row, "col": regency.tile_col, "code": regency.short or regency.code, "name": regency.name,
        "url": f"{reverse('contracts')}?jenis={kind}&kabupaten={regency.pk}", **more,
    }  # fmt: skip


def _tpl_tiles(user: Any) -> list[dict[str, Any]]:
    counts = queries.tpl_per_regency(user)
    tiles = []
    for regency in queries.regencies_shown(user):
        n = counts.get(regency.pk, 0)
        note = ngettext("%(n)s TPL", "%(n)s TPL", n) % {"n": n} if n else _("tidak ada TPL")
        tiles.append(_tile(regency, ContractKind.TPL, tone=queries.tpl_state(n).tone, note=note, count=n))
    return tiles


def _mou_tiles(user: Any) -> list[dict[str, Any]]:
    found = queries.mandates_per_regency(user)
    tiles = []
    for regency in queries.regencies_shown(user):
        state, active = found.get(regency.pk, (queries.MANDATE_STATES["none"], []))
        fields = sorted({str(field) for row in active for field in row.mandate_fields.all()})
        note = f"{_(state.label)}: {', '.join(fields)}" if fields else _(state.label)
        tiles.append(_tile(regency, ContractKind.MOU, tone=state.tone, note=note, count=len(active)))
    return tiles


def _visible(request: HttpRequest, pk: int) -> Contract:
    return get_object_or_404(Contract.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@page(who=rules.readers, reads=True)
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: who signs when, dates, money, papers, what comes next, history."""
    return render(request, "programs/contracts/detail.html", contract_context(_visible(request, pk), request.user))


@page(who=rules.province_internal, reads=True)
def contract_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it would be printed now, with what its wording still lacks in red."""
    row = _visible(request, pk)
    context = {"contract": row, "made": papers.contract_preview(row)}
    return render(request, "programs/contracts/preview.html", context)


@page(who=rules.movers, writes=True)
def contract_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Ask once more, or for the reason where one is needed, then make the move."""
    row = _visible(request, pk)
    if move == "renew":
        return _renew(request, row)
    if move not in MOVES:
        raise Http404
    known = CONTRACT.move(move)
    ensure(rules.may_move_contract(request.user, row, move))
    form = MoveForm(sent(request), move=known, initial={"version": row.version})
    status, refused = form_status(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            done = MOVES[move](row, by=request.user, **form.values())
        except PortalError as error:
            status, refused = 409, str(error)
        else:
            told = {"title": done, "status": _(done.state.label)}
            messages.success(request, _("“%(title)s” sekarang berstatus %(status)s.") % told)
            return redirect("contract", pk)
    context = {
        "contract": row, "label": _(known.label), "question": _(known.confirm) if known.confirm else "", "form": form,
        "danger": move in ("cancel", "terminate"), "refused": refused, "here": row.status in known.source,
    }  # fmt: skip
    return render(request, "programs/contracts/move.html", context, status=status)


def _renew(request: HttpRequest, row: Contract) -> HttpResponse:
    if request.method != "POST":
        return redirect(row)
    following = actions.renew_contract(row, by=request.user)
    messages.success(request, _("Naskah berikutnya dibuat. Lengkapi tanggal penandatanganannya."))
    return redirect("contract_edit" if following.status == "konsep" else "contract", following.pk)


@page(who=rules.drafters, writes=True)
def contract_other_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the number that the second party gave the paper."""
    row = _visible(request, pk)
    form = OtherNumberForm(sent(request), initial={"other_number": row.other_number})
    if request.method == "POST" and form.is_valid():
        actions.set_other_number(row, form.cleaned_data["other_number"], by=request.user)
        messages.success(request, _("Nomor pihak lain tersimpan."))
        return redirect(row)
    return render(request, "programs/contracts/other_number.html", {"contract": row, "form": form},
                  status=form_status(request))  # fmt: skip
