"""Ordering KAK, RAB and bundles. The page of the paper shows how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.documents.actions import order_document
from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.parameters import search_text, whole_number
from programs import rules
from programs.models import Proposal
from programs.queries import papers
from programs.queries.papers import BundleSubject
from programs.queries.rounds import current_year

LAST_YEAR = 9999


@page(who=rules.readers, writes=True)
def proposal_kak(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the KAK of a proposal and go to its page."""
    return _order(request, pk, papers.KAK, papers.kak_paper)


@page(who=rules.readers, writes=True)
def proposal_rab(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the RAB of a proposal and go to its page."""
    return _order(request, pk, papers.RAB, papers.rab_paper)


@page(who=rules.readers, writes=True)
def bundles(request: HttpRequest) -> HttpResponse:
    """The regencies whose proposals of a year can be had as one paper; a post orders one of them."""
    years = papers.bundle_years(request.user)
    asked = whole_number(request.POST.get("tahun") or request.GET.get("tahun"), largest=LAST_YEAR)
    year = asked or current_year(years)
    rows = papers.bundle_rows(request.user, year)
    if request.method == "POST":
        return _order_bundle(request, year, rows)
    context = {
        "year": year,
        "rows": rows,
        "filled": any(row.count for row in rows),
        "years": sorted({*years, year}, reverse=True),
    }
    return render(request, "programs/papers/bundles.html", context)


def _order(request: HttpRequest, pk: int, kind: str, facts: Callable[[Proposal, Any], Any]) -> HttpResponse:
    seen = Proposal.objects.visible_to(request.user).kept().select_related("regency")
    proposal = get_object_or_404(seen, pk=pk)
    if request.method != "POST":
        return redirect(proposal)
    document = order_document(kind, facts(proposal, request.user), subject=proposal, by=request.user)
    return redirect(document)


def _order_bundle(request: HttpRequest, year: int, rows: list[papers.BundleRow]) -> HttpResponse:
    code = request.POST.get("kabupaten", "") or search_text(request, "kabupaten")
    own = [row for row in rows if row.regency.code == code] or (rows if len(rows) == 1 and not code else [])
    if not own or not own[0].count:
        raise Blocked(_("Belum ada usulan tahun %(year)s yang dapat dibundel.") % {"year": year})
    regency = own[0].regency
    facts = papers.bundle_paper(regency, year, request.user)
    document = order_document(papers.BUNDLE, facts, subject=BundleSubject(regency, year), by=request.user)
    return redirect(document)
