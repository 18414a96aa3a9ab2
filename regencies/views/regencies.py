"""The list with the tile map, its Excel file, and the page of one regency."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import search_text
from regencies.models import Regency
from regencies.queries import SORTS, offices, province_name, search_regencies, staffing
from regencies.rules import Role, office_holders, regency_ids

# What the map says: can this regency work in the portal already?
COMPLETE, PARTLY, NOBODY = "success", "warning", "neutral"


@page(who=office_holders, reads=True)
def regency_list(request: HttpRequest) -> HttpResponse:
    """Tile map, search and table of all regencies."""
    text, sort = search_text(request), request.GET.get("sort", "code")
    found = search_regencies(request.user, text=text, sort=sort)
    everywhere = search_regencies(request.user) if text else sorted(found, key=lambda regency: regency.code)
    held, mine = staffing(), regency_ids(request.user)
    context = {
        "province": province_name(),
        "regencies": found,
        "total": len(everywhere),
        "population": sum(regency.population or 0 for regency in everywhere),
        "tiles": [_tile(regency, held.get(regency.pk, set()), mine) for regency in everywhere],
        "legend": [{"tone": tone, "label": label} for tone, label in _meanings().items()],
        "q": text,
        "sort": sort if sort in SORTS else "code",
        "sorts": [(key, _(label)) for key, (label, _key) in SORTS.items()],
        "found": ngettext("%(n)s kabupaten/kota", "%(n)s kabupaten/kota", len(found)) % {"n": len(found)},
        "mine": mine,
    }
    return render(request, "regencies/regency_list.html", context)


@page(who=office_holders, reads=True)
def regency_excel(request: HttpRequest) -> HttpResponse:
    """The same list, with the same search and order, as an Excel file."""
    found = search_regencies(request.user, text=search_text(request), sort=request.GET.get("sort", ""))
    fields = [
        "code", "bps_code", "name", "kind", "capital", "island", "island_group", "population", "population_male",
        "population_female", "area_km2", "districts", "villages",
    ]  # fmt: skip
    header = [Regency._meta.get_field(name).verbose_name for name in fields]
    rows = [
        [getattr(regency, name) for name in fields] + ["; ".join(office.name for office in regency.lead_offices)]
        for regency in found
    ]
    return excel_response("kabupaten-kota", _("Kabupaten dan kota"), [*header, _("Kantor")], rows)


@page(who=office_holders, reads=True)
def regency_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Codes, size, offices with the people in force, and the editions this regency hosted."""
    regency = get_object_or_404(Regency.objects.visible_to(request.user).select_related("province"), code=code)
    context = {
        "regency": regency,
        "offices": offices(request.user).filter(regency=regency).order_by("-is_lead", "name"),
        "staffed": len(staffing().get(regency.pk, set())) > 0,
        "mine": regency.pk in regency_ids(request.user),
    }
    return render(request, "regencies/regency_detail.html", context)


def _meanings() -> dict[str, str]:
    return {
        COMPLETE: _("Kepala dinas dan operator terdaftar"),
        PARTLY: _("Baru salah satu terdaftar"),
        NOBODY: _("Belum ada akun"),
    }


def _tile(regency: Regency, held: set[str], mine: frozenset[int]) -> dict:
    wanted = {Role.KADIS_KAB.value, Role.OPERATOR_KAB.value}
    tone = COMPLETE if wanted <= held else PARTLY if wanted & held else NOBODY
    return {
        "row": regency.tile_row,
        "col": regency.tile_col,
        "code": regency.short or regency.code.partition(".")[2],
        "name": regency.name,
        "url": regency.get_absolute_url(),
        "tone": tone,
        "note": _meanings()[tone],
        "mine": regency.pk in mine,
    }
