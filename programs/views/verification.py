"""The verifiers' queue: what waits, who has it, how far each regency is; sharing the work; ready for the desks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import form_status
from programs import rules
from programs.actions.moves import ready_all
from programs.actions.verification import assign, take_next
from programs.forms.verification import AssignForm
from programs.models import Proposal
from programs.queries import verification as queries
from programs.queries.moves import after_their_desk
from programs.queries.rounds import current_year
from programs.queries.verification import SCOPES, SORTS, WAITING, Wanted
from programs.workflow import PROPOSAL
from regencies.models import Regency
from regencies.rules import Role, has_role, province_staff, regency_ids, roles

PAGE = 25
LATEST = 9999
FILTERS = {
    "regency": "kabupaten", "source": "sumber", "sector": "sektor", "sub_activity": "sub", "status": "status",
}  # fmt: skip


def may_ready(user: Any) -> Any:
    """Panitia, Kepala Bidang, dan Verifikator Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.VERIFIKATOR)


@page(who=province_staff, reads=True)
def verification(request: HttpRequest) -> HttpResponse:
    """The queue with search, filters, sort, pages and the map of progress."""
    years = queries.years_of_rounds()
    wanted = _wanted(request, years)
    found = queries.queue(request.user, wanted)
    counts = queries.counts(request.user, wanted.year)
    shown = Paginator(queries.listed(found), PAGE).get_page(request.GET.get("page"))
    n = shown.paginator.count
    context = {
        "page": shown, "year": wanted.year, "years": years, "wanted": wanted, "q": wanted.text,
        "filters": _filters(wanted, years), "sort": wanted.sort,
        "sorts": [(key, _(label)) for key, (label, _order) in SORTS.items()],
        "tabs": [_tab(request, key, label, counts[key], wanted.scope) for key, label in SCOPES.items()],
        "count": ngettext("%(n)s usulan", "%(n)s usulan", n) % {"n": n}, "counts": counts,
        "query": query_with(request), "excel": f"{reverse('verification_excel')}?{query_with(request)}",
        "progress": _progress(request, wanted.year), "legend": _legend(), "now": timezone.now(),
        "verifying": rules.verifiers(request.user), "head": Role.KABID_PROV in roles(request.user),
        "may_ready": may_ready(request.user), "people": queries.verifiers_in_office(),
    }  # fmt: skip
    return render(request, "programs/verification/queue.html", context)


@page(who=province_staff, reads=True)
def verification_excel(request: HttpRequest) -> HttpResponse:
    """The same list, all pages, as an Excel file."""
    wanted = _wanted(request, queries.years_of_rounds())
    header = [
        _("Usulan"), _("Judul"), _("Kabupaten/kota"), _("Prioritas"), _("Pagu usulan"), _("Versi"),
        _("Catatan belum dijawab"), _("Nilai"), _("Status"), _("Dikirim"), _("Verifikator"),
    ]  # fmt: skip
    rows = (
        [
            row.code, row.sent_title, row.regency.name, row.sent_rank, row.sent_budget, row.versions,
            row.open_points or 0, row.score, _(row.told_state.label),
            timezone.localtime(row.sent_at).replace(tzinfo=None), str(row.verifier or ""),
        ]
        for row in queries.queue(request.user, wanted)
    )  # fmt: skip
    return excel_response(f"verifikasi-{wanted.year}", _("Verifikasi"), header, rows)


def _wanted(request: HttpRequest, years: list[int]) -> Wanted:
    year = whole_number(request.GET.get("tahun"), LATEST)
    scope, sort = request.GET.get("lingkup", ""), request.GET.get("sort", "")
    named = {name: search_text(request, parameter) for name, parameter in FILTERS.items()}
    if named["status"] not in WAITING:
        named["status"] = ""
    return Wanted(
        year=year if year is not None else current_year(years),
        scope=scope if scope in SCOPES else "semua", text=search_text(request),
        sort=sort if sort in SORTS else "waiting", **named,
    )  # fmt: skip


def _filters(wanted: Wanted, years: list[int]) -> list[dict[str, Any]]:
    choices = queries.choices_of(wanted.year)
    choices["status"] = [(key, _(PROPOSAL.status(key).label)) for key in WAITING]
    labels = {
        "regency": _("Kabupaten/kota"), "source": _("Sumber dana"), "sector": _("Sektor"),
        "sub_activity": _("Sub-kegiatan"), "status": _("Status"),
    }  # fmt: skip
    found = [
        {"name": "tahun", "label": _("Tahun"), "value": str(wanted.year), "choices": [(str(y), str(y)) for y in years]}
    ]
    found += [
        {"name": FILTERS[name], "label": label, "value": getattr(wanted, name), "choices": choices[name]}
        for name, label in labels.items()
    ]
    return found


def _tab(request: HttpRequest, key: str, label: str, count: int, scope: str) -> dict[str, Any]:
    return {"url": f"?{query_with(request, lingkup=key)}", "label": _(label), "count": count, "active": key == scope}


def _legend() -> list[dict[str, str]]:
    return [
        {"tone": "neutral", "label": _("Belum ada yang dikirim")},
        {"tone": "info", "label": _("Ada yang menunggu diperiksa")},
        {"tone": "warning", "label": _("Ada yang dikembalikan")},
        {"tone": "success", "label": _("Semua sudah lolos")},
    ]


def _progress(request: HttpRequest, year: int) -> list[dict[str, Any]]:
    """The tiles of the map."""
    mine = regency_ids(request.user)
    tiles = []
    for row in queries.progress_by_regency(year):
        done = row.passed + row.further
        tone = "info" if row.waiting else "warning" if row.returned else "success" if done else "neutral"
        note = _("%(waiting)s menunggu, %(returned)s dikembalikan, %(done)s lolos") % {
            "waiting": row.waiting, "returned": row.returned, "done": done,
        }  # fmt: skip
        tiles.append({
            "row": row.tile_row, "col": row.tile_col, "code": row.short or row.code.partition(".")[2],
            "name": row.name, "tone": tone, "note": note, "mine": row.pk in mine,
            "url": f"{reverse('verification')}?{urlencode({'tahun': year, 'kabupaten': row.code})}",
        })  # fmt: skip
    return tiles


# -- sharing the work -------------------------------------------------------------------------------------------------


@page(who=rules.verifiers, writes=True)
def verification_take(request: HttpRequest) -> HttpResponse:
    """Take the proposal that waits longest and open it."""
    year = whole_number(request.POST.get("tahun"), LATEST)
    if request.method != "POST" or year is None:
        return redirect("verification")
    taken = take_next(year, by=request.user) or queries.next_in_queue(request.user, year)
    if taken is None:
        messages.info(request, _("Tidak ada usulan yang menunggu diperiksa."))
        return redirect(f"{reverse('verification')}?tahun={year}")
    return redirect("proposal_verify", taken.pk)


@page(who=rules.verifiers, writes=True)
def verification_assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked proposals to a verifier: the division head to anybody, a verifier to himself."""
    back = f"{reverse('verification')}?{search_query(request.POST.get('kembali', ''))}"
    if request.method != "POST":
        return redirect("verification")
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Blocked(" ".join(error for errors in form.errors.values() for error in errors))
    verifier = request.user if "mine" in request.POST else form.cleaned_data["verifier"]
    changed = assign(form.cleaned_data["proposal"], verifier, by=request.user)
    words = ngettext("%(n)s usulan dibagi.", "%(n)s usulan dibagi.", len(changed)) % {"n": len(changed)}
    messages.success(request, words)
    return redirect(back)


def search_query(text: str) -> str:
    """The query string of the queue as it was, whatever was sent in its place: only known names survive."""
    known = {"tahun", "lingkup", "q", "sort", "page", *FILTERS.values()}
    return urlencode({name: value for name, value in QueryDict(text[:1000]).items() if name in known})


# -- ready for the desks ----------------------------------------------------------------------------------------------


@page(who=may_ready, writes=True)
def verification_ready(request: HttpRequest) -> HttpResponse:
    """Ask, then make every passed proposal of the year, or of one regency, ready for its desk."""
    given = request.POST if request.method == "POST" else request.GET
    years = queries.years_of_rounds()
    year = whole_number(given.get("tahun"), LATEST)
    year = year if year is not None else current_year(years)
    regency = Regency.objects.filter(code=given.get("kabupaten", "")[:10]).first()
    if request.method == "POST":
        outcome = ready_all(year, by=request.user, regency=regency)
        n = len(outcome.moved)
        messages.success(request, ngettext("%(n)s usulan siap desk.", "%(n)s usulan siap desk.", n) % {"n": n})
        for proposal, why in outcome.held[:10]:
            messages.warning(request, _("%(code)s: %(why)s") % {"code": proposal.code, "why": why})
        if sentence := after_their_desk(year, outcome.moved):
            messages.warning(request, sentence)
        return redirect(f"{reverse('verification')}?tahun={year}")
    passed = Proposal.objects.kept().filter(year=year, status="lolos")
    rows = [row for row in queries.progress_by_regency(year) if regency is None or row == regency]
    context = {
        "year": year, "regency": regency, "rows": [row for row in rows if row.passed or row.waiting or row.returned],
        "n": passed.filter(regency=regency).count() if regency else passed.count(),
        "unfinished": sum(row.waiting + row.returned for row in rows),
    }  # fmt: skip
    return render(request, "programs/verification/ready.html", context, status=form_status(request))
