"""What the committee does at a signing ceremony: choose papers, order them, open, record signatures, close."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from portal.kernel.dates import clock
from portal.kernel.errors import PortalError, ensure
from portal.web.access import page
from portal.web.parameters import search_text, whole_number
from programs.models import ContractKind
from programs.queries.contracts import regencies_shown
from rakor import rules
from rakor.actions import ceremonies as actions
from rakor.models import Ceremony, CeremonyItem
from rakor.queries import ceremonies as queries
from rakor.queries.ceremonies import Asked
from rakor.views.ceremonies import ceremony_or_404, frame, list_context


def _url(ceremony: Ceremony, focus: str = "") -> str:
    address = reverse("ceremony", args=[ceremony.session.meeting.slug, ceremony.session_id])
    return f"{address}#{focus}" if focus else address


def _item(ceremony: Ceremony, pk: int) -> CeremonyItem:
    return get_object_or_404(
        CeremonyItem.objects.select_related("contract", "ceremony"), ceremony=ceremony.pk or 0, pk=pk
    )


def _done(request: HttpRequest, ceremony: Ceremony, text: str, focus: str = "") -> HttpResponse:
    """The list anew with the message, for a script or for a whole page."""
    if not request.htmx:
        messages.success(request, text)
        return redirect(_url(ceremony, focus))
    ceremony.refresh_from_db(fields=["change", "opened_at", "closed_at"])
    response = render(request, "rakor/ceremonies/_list.html", list_context(request, ceremony))
    response = trigger_client_event(response, "toast", {"text": text, "tone": "success"})
    return trigger_client_event(response, "ordered", {"focus": focus}, after="settle")


@page(who=rules.leaders, writes=True)
def ceremony_add(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Choose contracts that wait for signatures: some of them, or all that the filters leave."""
    ceremony = ceremony_or_404(request, slug, session_id)
    ensure(rules.may_change_ceremony(request.user, ceremony))
    asked = _asked(request)
    rows = list(queries.addable(asked)[: actions.MOST])
    if request.method == "POST":
        chosen = [pk for text in request.POST.getlist("naskah") if (pk := whole_number(text))]
        if request.POST.get("semua"):
            chosen = [row.pk for row in rows]
        if chosen:
            return _added(request, ceremony, chosen)
        messages.error(request, _("Pilih sedikitnya satu naskah."))
    context = frame(request, ceremony) | {
        "rows": rows, "filters": _filters(request, asked), "narrowed": asked != Asked(),
        "query": request.GET.urlencode(),
        "count": ngettext("%(n)s naskah", "%(n)s naskah", len(rows)) % {"n": len(rows)},
    }  # fmt: skip
    return render(request, "rakor/ceremonies/add.html", context, status=422 if request.method == "POST" else 200)


def _asked(request: HttpRequest) -> Asked:
    kind = search_text(request, "jenis")
    return Asked(
        kind=kind if kind in ContractKind.values else "",
        regency=whole_number(request.GET.get("kabupaten")),
        cohort=whole_number(request.GET.get("angkatan"), 9999),
    )


def _filters(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    regencies = [(regency.pk, regency.name) for regency in regencies_shown(request.user)]
    rows = (
        ("jenis", _("Jenis"), asked.kind, ContractKind.choices),
        ("kabupaten", _("Kabupaten/kota"), asked.regency, regencies),
        ("angkatan", _("Angkatan"), asked.cohort, [(year, str(year)) for year in queries.addable_cohorts()]),
    )
    return [{"name": name, "label": label, "value": value or "", "choices": choices}
            for name, label, value, choices in rows]  # fmt: skip


def _added(request: HttpRequest, ceremony: Ceremony, chosen: list[int]) -> HttpResponse:
    row = actions.start_ceremony(ceremony.session, by=request.user)
    added = actions.add_contracts(row, chosen, by=request.user)
    for sentence in added.refused:
        messages.warning(request, sentence)
    n = len(added.items)
    if n:
        messages.success(request, ngettext("%(n)s naskah ditambahkan.", "%(n)s naskah ditambahkan.", n) % {"n": n})
    return redirect(_url(ceremony))


@page(who=rules.leaders, writes=True)
def ceremony_order(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Put the papers in order: `order` names all of them, or `pk` goes one `step` up or down."""
    ceremony = ceremony_or_404(request, slug, session_id)
    if request.method != "POST":
        return redirect(_url(ceremony))
    named, focus = [pk for text in request.POST.getlist("order") if (pk := whole_number(text))], ""
    if named:
        actions.order_items(ceremony, named, by=request.user)
    else:
        item = _item(ceremony, whole_number(request.POST.get("pk")) or 0)
        step = -1 if request.POST.get("step") == "-1" else 1
        actions.step_item(item, step, by=request.user)
        focus = f"{'naik' if step < 0 else 'turun'}-{item.pk}"
    return _done(request, ceremony, _("Urutan naskah tersimpan."), focus)


@page(who=rules.leaders, writes=True)
def ceremony_stage(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Take a paper onto the stage, or from it."""
    ceremony = ceremony_or_404(request, slug, session_id)
    if request.method != "POST":
        return redirect(_url(ceremony))
    item, wanted = _item(ceremony, pk), request.POST.get("panggung") == "1"
    actions.mark_on_stage(item, wanted, by=request.user)
    text = _("“%(title)s” ditandatangani di panggung.") if wanted else _("“%(title)s” tidak lagi di panggung.")
    return _done(request, ceremony, text % {"title": item.contract}, f"panggung-{pk}")


@page(who=rules.leaders, writes=True)
def ceremony_remove(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Take a paper out of the ceremony."""
    ceremony = ceremony_or_404(request, slug, session_id)
    item = _item(ceremony, pk)
    if request.method != "POST":
        context = frame(request, ceremony) | {
            "question": _("Keluarkan “%(title)s” dari penandatanganan ini?") % {"title": item.contract},
            "text": _("Naskahnya sendiri tidak berubah dan dapat ditambahkan lagi."), "label": _("Keluarkan"),
            "back": _url(ceremony),
        }  # fmt: skip
        return render(request, "rakor/ceremonies/ask.html", context)
    actions.remove_item(item, by=request.user)
    return _done(request, ceremony, _("“%(title)s” dikeluarkan dari penandatanganan.") % {"title": item.contract})


@page(who=rules.leaders, writes=True)
def ceremony_open(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Begin the ceremony, or resume it."""
    ceremony = ceremony_or_404(request, slug, session_id)
    if request.method == "POST":
        actions.open_ceremony(ceremony, by=request.user)
        messages.success(request, _("Penandatanganan dibuka. Tanda tangan sekarang dapat dicatat."))
    return redirect(_url(ceremony))


@page(who=rules.leaders, writes=True)
def ceremony_close(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Tell what is not signed yet, then close."""
    ceremony = ceremony_or_404(request, slug, session_id)
    ensure(rules.may_record_signature(request.user, ceremony))
    if request.method == "POST":
        actions.close_ceremony(ceremony, by=request.user)
        messages.success(request, _("Penandatanganan ditutup."))
        return redirect(_url(ceremony))
    papers = [paper for paper in queries.papers_of(ceremony, request.user) if not paper.withdrawn]
    context = frame(request, ceremony) | {"papers": papers, "missing": queries.missing(papers)}
    return render(request, "rakor/ceremonies/close.html", context)


@page(who=rules.leaders, writes=True)
def ceremony_record(request: HttpRequest, slug: str, session_id: int, signer_id: int) -> HttpResponse:
    """Ask once more without a script, then record the signature on paper that was just given."""
    ceremony = ceremony_or_404(request, slug, session_id)
    signer = get_object_or_404(queries.signer_of(ceremony, signer_id))
    back = f"naskah-{signer.contract_id}"
    if request.method != "POST":
        context = frame(request, ceremony) | {
            "question": _("Catat tanda tangan basah %(name)s sekarang?") % {"name": signer.name},
            "text": _("%(label)s pada “%(title)s”. Catatan ini tidak dapat dihapus.")
            % {"label": signer.label, "title": signer.contract},
            "label": _("Catat tanda tangan"), "back": _url(ceremony, back),
        }  # fmt: skip
        return render(request, "rakor/ceremonies/ask.html", context)
    try:
        given = actions.record_signature(ceremony, signer, by=request.user)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        told = {"name": given.name, "time": clock(timezone.localtime(given.signed_at))}
        messages.success(request, _("Tanda tangan %(name)s dicatat pukul %(time)s.") % told)
    return redirect(_url(ceremony, back))
