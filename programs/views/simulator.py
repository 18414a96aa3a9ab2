"""The ceiling simulator: move ceilings and the cut line, see at once who gets what and who ends with nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.money import rupiah, thousands
from portal.web.access import page
from portal.web.parameters import whole_number
from programs.actions.ceilings import save_ceilings
from programs.facts.quantities import UnreadableNumber, parse_rupiah
from programs.facts.simulation import ORDERS, Outcome, simulate
from programs.models import FundingSource
from programs.queries import comparison, simulator
from programs.rules import division_heads, province_readers

LATEST = 9999
FIELD = "pagu_"
SHOWN = 300
"""Lines of the list; the sums always hold all of them."""


@page(who=province_readers, reads=True)
def simulation(request: HttpRequest) -> HttpResponse:
    """The whole page; scripts ask for the outcome alone and get the same page's part."""
    years = comparison.years(request.user)
    year = whole_number(request.GET.get("tahun"), LATEST)
    year = year if year is not None else (years[0] if years else 0)
    sources, stored = simulator.sources(), simulator.stored_ceilings(year)
    ceilings, wrong = _ceilings(request.GET, sources, stored)
    candidates = simulator.candidates(request.user, year)
    order = request.GET.get("urut", "")
    order = order if order in ORDERS else "score"
    cut = whole_number(request.GET.get("potong"), len(candidates))
    outcome = simulate(candidates, ceilings, order=order, cut=cut)
    regions = {regency.pk: regency for regency in comparison.everywhere(request.user)}
    context: dict[str, Any] = {
        "year": str(year),
        "years": years,
        "order": order,
        "orders": [("score", _("Nilai tertinggi dahulu")), ("rank", _("Prioritas pertama setiap daerah dahulu"))],
        "cut": str(len(candidates) if cut is None else cut),
        "most": str(len(candidates)) if candidates else "",
        "rows": [_source_row(source, ceilings, wrong, outcome) for source in sources],
        "outcome": outcome,
        "asked": sum(candidate.rupiah for candidate in candidates),
        "regions": [_region_row(regency, outcome) for regency in regions.values()],
        "nothing": [regions[pk] for pk in outcome.with_nothing()],
        "places": [(place, regions[place.candidate.regency_id]) for place in outcome.places[:SHOWN]],
        "hidden": max(0, len(outcome.places) - SHOWN),
        "tiles": [_tile(regency, outcome) for regency in regions.values()],
        "legend": _legend(),
        "may_save": division_heads(request.user),
    }
    return render(request, "programs/simulator/page.html", context)


@page(who=division_heads, writes=True)
def ceilings_save(request: HttpRequest) -> HttpResponse:
    """Keep the ceilings as what the province expects; a GET leads back to the simulator."""
    data = request.POST if request.method == "POST" else request.GET
    year = whole_number(data.get("tahun"), LATEST) or 0
    back = f"{reverse('simulator')}?{_kept(data)}"
    if request.method != "POST" or not year:
        return redirect(back)
    amounts, wrong = _ceilings(request.POST, simulator.sources(), {})
    if wrong:
        messages.error(request, " ".join(wrong.values()))
        return redirect(back)
    save_ceilings(year, amounts, by=request.user)
    messages.success(request, _("Pagu sumber dana tersimpan."))
    return redirect(back)


def _kept(data: QueryDict) -> str:
    query = data.copy()
    query.pop("csrfmiddlewaretoken", None)
    return query.urlencode()


def _ceilings(
    data: QueryDict, sources: list[FundingSource], stored: dict[str, int]
) -> tuple[dict[str, int | None], dict[str, str]]:
    """Ceilings by source as typed, else as stored (None: unlimited), and the sentences of what cannot be read."""
    found: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for source in sources:
        text = data.get(f"{FIELD}{source.key}")
        found[source.key] = stored.get(source.key)
        if text is None:
            continue
        try:
            found[source.key] = parse_rupiah(text) if text.strip() else None
        except UnreadableNumber as error:
            wrong[source.key] = str(error)
    return found, wrong


def _source_row(
    source: FundingSource, ceilings: dict[str, int | None], wrong: dict[str, str], outcome: Outcome
) -> dict[str, Any]:
    ceiling, used = ceilings[source.key], outcome.used[source.key]
    return {
        "source": source,
        "name": f"{FIELD}{source.key}",
        "value": "" if ceiling is None else thousands(ceiling),
        "error": wrong.get(source.key, ""),
        "used": rupiah(used),
        "left": _("tanpa batas") if ceiling is None else rupiah(ceiling - used),
    }


def _region_row(regency: Any, outcome: Outcome) -> dict[str, Any]:
    return {
        "regency": regency,
        "asked": outcome.asked_of[regency.pk],
        "paid": outcome.paid_of[regency.pk],
        "rupiah": rupiah(outcome.by_regency[regency.pk]),
        "nothing": bool(outcome.asked_of[regency.pk]) and not outcome.paid_of[regency.pk],
    }


def _tile(regency: Any, outcome: Outcome) -> dict[str, Any]:
    asked, paid = outcome.asked_of[regency.pk], outcome.paid_of[regency.pk]
    tone = "neutral" if not asked else "danger" if not paid else "success" if paid == asked else "info"
    note = ngettext("%(paid)s dari %(n)s usulan", "%(paid)s dari %(n)s usulan", asked) % {"paid": paid, "n": asked}
    return {
        "row": regency.tile_row, "col": regency.tile_col, "code": regency.short or regency.code, "tone": tone,
        "name": regency.name, "note": f"{note}, {rupiah(outcome.by_regency[regency.pk])}",
    }  # fmt: skip


def _legend() -> list[dict[str, str]]:
    return [
        {"tone": "success", "label": _("Semua usulan terbiayai")},
        {"tone": "info", "label": _("Sebagian terbiayai")},
        {"tone": "danger", "label": _("Tidak mendapat apa pun")},
        {"tone": "neutral", "label": _("Tidak mengusulkan")},
    ]
