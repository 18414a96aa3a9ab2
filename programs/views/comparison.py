"""All proposals of a year side by side, for the province and observers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.money import rupiah
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import search_text, whole_number
from programs.models import FundingSource, Proposal, Sector, SubActivity
from programs.queries import comparison as queries
from programs.queries.comparison import COMPARABLE, GROUPS, MEASURES, SORTS, Group, Wanted
from programs.queries.rounds import current_year
from programs.rules import province_readers
from programs.workflow import PROPOSAL

PAGE = 25
LATEST = 9999
STEPS = (("neutral", 0.0), ("info", 0.0), ("accent", 1 / 3), ("progress", 2 / 3))
"""Tones of the map from nothing to much, with the part of the largest number above which they begin."""


@page(who=province_readers, reads=True)
def comparison(request: HttpRequest) -> HttpResponse:
    """Table with filters, sums by what one asks for, tile map."""
    years = queries.years(request.user)
    wanted = _wanted(request, years)
    found = queries.compared(request.user, wanted)
    by = _chosen(request, "menurut", GROUPS, "regency")
    measure = _chosen(request, "peta", MEASURES, "money")
    regions = queries.groups(found, "regency")
    total = queries.total_of(regions)
    shown = Paginator(queries.in_order(found, wanted.sort), PAGE)
    shown.count = total.count  # counted already
    context: dict[str, Any] = {
        "page": shown.get_page(request.GET.get("page")),
        "years": years,
        "year": str(wanted.year),
        "q": wanted.text,
        "filters": _filters(wanted, years),
        "sorts": [(key, _(label)) for key, (label, _order) in SORTS.items()],
        "sort": wanted.sort,
        "found": ngettext("%(n)s usulan", "%(n)s usulan", total.count) % {"n": total.count},
        "total": total,
        "by": by,
        "groups": _linked(request, by, regions if by == "regency" else queries.groups(found, by)),
        "choices": [(key, _(label)) for key, label in GROUPS.items()],
        "measures": [(key, _(label)) for key, label in MEASURES.items()],
        "measure": measure,
        "tiles": _tiles(request, regions, measure),
        "legend": _legend(),
        "query": _query(request),
    }
    return render(request, "programs/comparison/page.html", context)


@page(who=province_readers, reads=True)
def comparison_excel(request: HttpRequest) -> HttpResponse:
    """The same rows, all pages, as an Excel file."""
    wanted = _wanted(request, queries.years(request.user))
    found = queries.in_order(queries.compared(request.user, wanted), wanted.sort)
    header = [
        _("Kode"), _("Kabupaten/kota"), _("Prioritas"), _("Judul"), _("Kode sub-kegiatan"), _("Sub-kegiatan"),
        _("Sektor"), _("Lokasi"), _("Sumber dana"), _("Pagu usulan"), _("Nilai"), _("Status"), _("Pagu disepakati"),
    ]  # fmt: skip
    return excel_response(
        f"banding-usulan-{wanted.year}", _("Usulan"), header, (_row(row) for row in found.iterator(500))
    )


def _row(row: Proposal) -> list[Any]:
    sent = row.sent_title  # of one that was returned or withdrawn only what was sent is told
    if sent:
        untold = [""] * 5
        known = [row.regency.code, row.regency.name, row.shown_rank, sent]
        return [*known, *untold, row.money, None, _(row.told_state.label), None]
    sub = row.sub_activity
    return [
        row.regency.code, row.regency.name, row.rank, row.title,
        sub.code if sub else "", sub.name if sub else "", row.sector.name if row.sector else "",
        ", ".join(part for part in (row.village, row.district) if part),
        ", ".join(share.source.key for share in row.shares.all()), row.money, row.score, _(row.told_state.label),
        row.agreed if row.decided else None,
    ]  # fmt: skip


def _wanted(request: HttpRequest, years: list[int]) -> Wanted:
    def number(name: str) -> int | None:
        return whole_number(request.GET.get(name))

    status, sort = request.GET.get("status", ""), request.GET.get("sort", "")
    year = whole_number(request.GET.get("tahun"), LATEST)
    return Wanted(
        year=year if year is not None else current_year(years),
        text=search_text(request),
        regency=number("kabupaten"),
        source=number("sumber"),
        sector=number("sektor"),
        sub_activity=number("sub"),
        status=status if status in COMPARABLE else "",
        sort=sort if sort in SORTS else "place",
    )


def _chosen(request: HttpRequest, name: str, choices: dict[str, str], default: str) -> str:
    value = request.GET.get(name, "")
    return value if value in choices else default


def _filters(wanted: Wanted, years: list[int]) -> list[dict[str, Any]]:
    subs = SubActivity.objects.filter(is_active=True, level__in=["provinsi", "kabupaten_kota"])
    statuses = [key for key, _label in PROPOSAL.choices if key in COMPARABLE]
    rows = [
        ("tahun", _("Tahun"), wanted.year, [(str(year), str(year)) for year in years]),
        ("kabupaten", _("Kabupaten/kota"), wanted.regency, [(r.pk, r.name) for r in queries.everywhere(None)]),
        ("sumber", _("Sumber dana"), wanted.source, [(s.pk, s.key) for s in FundingSource.objects.all()]),
        ("sektor", _("Sektor"), wanted.sector, [(s.pk, s.name) for s in Sector.objects.all()]),
        ("sub", _("Sub-kegiatan"), wanted.sub_activity, [(s.pk, f"{s.code} {s.name[:60]}") for s in subs]),
        ("status", _("Status"), wanted.status, [(key, _(PROPOSAL.status(key).label)) for key in statuses]),
    ]
    return [
        {"name": name, "label": label, "value": value or "", "choices": found} for name, label, value, found in rows
    ]


FILTER_OF = {"regency": "kabupaten", "source": "sumber", "sector": "sektor", "sub_activity": "sub", "status": "status"}


def _linked(request: HttpRequest, by: str, lines: list[Group]) -> list[tuple[Group, str, str]]:
    """Each line with its label in the reader's language and the address that narrows the list to it."""
    return [
        (line, _(line.label) if by == "status" else line.label, _narrowed(request, FILTER_OF[by], line.key))
        for line in lines
    ]


def _narrowed(request: HttpRequest, name: str, value: Any) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value if value is not None else ""
    return f"?{query.urlencode()}"


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _tiles(request: HttpRequest, lines: list[Group], measure: str) -> list[dict[str, Any]]:
    values = queries.measured(lines, measure)
    largest = 1.0 if measure == "share" else max(values.values(), default=0) or 1
    return [
        {
            "row": regency.tile_row, "col": regency.tile_col, "code": regency.short or regency.code,
            "name": regency.name, "url": _narrowed(request, "kabupaten", regency.pk),
            "tone": _tone(values.get(regency.pk, 0) / largest), "note": _shown(values.get(regency.pk, 0), measure),
        }
        for regency in queries.everywhere(request.user)
    ]  # fmt: skip


def _tone(part: float) -> str:
    if part <= 0:
        return STEPS[0][0]
    return next(tone for tone, begins in reversed(STEPS) if part >= begins)


def _shown(value: float, measure: str) -> str:
    if measure == "count":
        return ngettext("%(n)s usulan", "%(n)s usulan", int(value)) % {"n": int(value)}
    return f"{value:.0%}".replace("%", " %") if measure == "share" else rupiah(int(value))


def _legend() -> list[dict[str, str]]:
    labels = (_("Tidak ada"), _("Di bawah sepertiga"), _("Sepertiga sampai dua pertiga"), _("Dua pertiga dan lebih"))
    return [{"tone": tone, "label": label} for (tone, _begins), label in zip(STEPS, labels, strict=True)]
