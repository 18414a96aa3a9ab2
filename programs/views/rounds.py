"""Pages of the yearly round: when it is open, who is late, who gets more time, and the way to the desks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import search_text
from portal.web.submissions import differences, form_status, see_version, sent
from programs import rules
from programs.actions.moves import ready_all
from programs.actions.rounds import extend, save_round, withdraw_extension
from programs.forms.rounds import ExtensionForm, RoundForm
from programs.models import Extension, Proposal, Round
from programs.queries.moves import after_their_desk
from programs.queries.progress import SORTS, STATES, Progress, progress, reminder, selected
from programs.queries.rounds import next_year, rounds_listed
from regencies.models import Regency
from regencies.rules import PROVINCIAL

SHOWN_HELD = 5


def _round(year: int) -> Round:
    return get_object_or_404(Round.objects.prefetch_related("extensions"), year=year)


@page(who=rules.province_readers, reads=True)
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds, the latest first."""
    context = {"rounds": rounds_listed(), "may_keep": rules.round_keepers(request.user), "now": timezone.now()}
    return render(request, "programs/rounds/list.html", context)


@page(who=rules.round_keepers, writes=True)
def round_new(request: HttpRequest) -> HttpResponse:
    """The form of a new round."""
    form = RoundForm(sent(request), initial={"year": next_year()})
    status, blocked = form_status(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            found = save_round(form.cleaned_data["year"], **form.values(), by=request.user)
        except (StaleVersion, Blocked) as error:
            status, blocked = 409, str(error)
        else:
            messages.success(request, _("Putaran pengusulan tersimpan."))
            return redirect("round", found.year)
    return render(request, "programs/rounds/form.html", {"form": form, "year": None, "blocked": blocked, "theirs": None,
                                                          "back": reverse("rounds")}, status=status)  # fmt: skip


@page(who=rules.round_keepers, writes=True)
def round_edit(request: HttpRequest, year: int) -> HttpResponse:
    """The form of a round; after somebody else's save both versions are shown and nothing typed is lost."""
    row = _round(year)
    form = RoundForm(sent(request), round=row)
    status, blocked, theirs = form_status(request), "", None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            save_round(year, **form.values(), version=version, by=request.user)
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, form.values())
            see_version(form, stale.current.version)
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("round", year)
    context = {"form": form, "year": year, "blocked": blocked, "theirs": theirs, "back": reverse("round", args=[year])}
    return render(request, "programs/rounds/form.html", context, status=status)


@page(who=rules.province_readers, reads=True)
def round_detail(request: HttpRequest, year: int) -> HttpResponse:
    """How far the regencies are: tile map, table, text to remind the silent, Excel."""
    row = _round(year)
    everywhere = progress(year, row)
    wanted = {name: search_text(request, name) for name in ("q", "state", "sort")}
    rows = selected(everywhere, text=wanted["q"], state=wanted["state"], sort=wanted["sort"])
    if request.GET.get("format") == "xlsx":
        return _progress_excel(year, rows)
    provincial = any(hat.role in PROVINCIAL for hat in request.user.hats)
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "round": row, "rows": rows, "q": wanted["q"], "sort": wanted["sort"] or "code", "now": timezone.now(),
        "sorts": [(key, _(label)) for key, (label, _key) in SORTS.items()],
        "filters": [{"name": "state", "label": _("Keadaan"), "value": wanted["state"],
                     "choices": [(key, _(state.label)) for key, state in STATES.items()]}],
        "excel": f"?{query.urlencode()}",
        "count": ngettext("%(n)s kabupaten/kota", "%(n)s kabupaten/kota", len(rows)) % {"n": len(rows)},
        "tiles": [_tile(each) for each in everywhere],
        "legend": [{"tone": state.tone, "label": _(state.label)} for state in STATES.values()],
        "totals": {name: sum(getattr(each, name) for each in everywhere) for name in ("drafts", "waiting", "sent")},
        "late": sum(each.late for each in everywhere),
        "silent": sum(each.silent for each in everywhere),
        "reminder": reminder(row, everywhere) if provincial else "",
        "may_keep": rules.round_keepers(request.user),
        "may_ready": rules.desk_preparers(request.user),
        "passed": Proposal.objects.kept().filter(year=year, status="lolos").count() if provincial else 0,
        "after_desk": after_their_desk(year) if provincial else "",
        "history": history_of(row, limit=15) if provincial else [],
    }  # fmt: skip
    return render(request, "programs/rounds/detail.html", context)


def _tile(row: Progress) -> dict[str, Any]:
    note = f"{_(row.state.label)}: {row.counts}" if row.counts else _(row.state.label)
    return {
        "row": row.regency.tile_row, "col": row.regency.tile_col, "tone": row.state.tone, "name": row.regency.name,
        "code": row.regency.short or row.regency.code.partition(".")[2], "note": note,
        "url": row.regency.get_absolute_url(),
    }  # fmt: skip


def _progress_excel(year: int, rows: list[Progress]) -> HttpResponse:
    header = [
        _("Kode"), _("Kabupaten/kota"), _("Keadaan"), _("Konsep"), _("Menunggu kadis"), _("Terkirim"),
        _("Dikembalikan"), _("Batas waktu"), _("Alasan perpanjangan"), _("Kegiatan terakhir"),
    ]  # fmt: skip
    return excel_response(
        f"putaran-{year}", _("Kemajuan pengusulan"), header,
        (
            [row.regency.code, row.regency.name, _(row.state.label), row.drafts, row.waiting, row.sent, row.returned,
             _naive(row.until), row.extension.reason if row.extension else "", _naive(row.last_activity)]
            for row in rows
        ),
    )  # fmt: skip


def _naive(moment: Any) -> Any:
    """Local time as Excel knows it: without a zone."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


@page(who=rules.round_keepers, writes=True)
def round_extend(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The form that gives one regency more time."""
    row, regency = _round(year), get_object_or_404(Regency.objects.visible_to(request.user), code=code)
    given = next((each for each in row.extensions.all() if each.regency_id == regency.pk), None)
    form = ExtensionForm(sent(request), initial={"until": given.until, "reason": given.reason} if given else {})
    status, blocked = form_status(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            extend(row, regency, **form.cleaned_data, by=request.user)
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            messages.success(request, _("Batas waktu %(name)s diperpanjang.") % {"name": regency.name})
            return redirect("round", year)
    context = {"round": row, "regency": regency, "given": given, "form": form, "blocked": blocked}
    return render(request, "programs/rounds/extend.html", context, status=status)


@page(who=rules.round_keepers, writes=True)
def round_unextend(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Take the extra time of one regency back."""
    given = Extension.objects.filter(round__year=year, regency__code=code).select_related("round").first()
    if request.method == "POST" and given is not None:
        withdraw_extension(given, by=request.user)
        messages.success(request, _("Perpanjangan ditarik; batas waktu umum berlaku lagi."))
    return redirect("round", _round(year).year)


@page(who=rules.desk_preparers, writes=True)
def round_ready(request: HttpRequest, year: int) -> HttpResponse:
    """Make everything that passed verification ready for its desk."""
    if request.method == "POST":
        outcome = ready_all(year, by=request.user)
        text = ngettext("%(n)s usulan siap desk.", "%(n)s usulan siap desk.", len(outcome.moved))
        messages.success(request, text % {"n": len(outcome.moved)})
        for proposal, why in outcome.held[:SHOWN_HELD]:
            messages.warning(request, _("“%(title)s” tertahan: %(why)s") % {"title": proposal, "why": why})
    return redirect("round", _round(year).year)
