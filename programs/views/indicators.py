"""Indicators of output and outcome: one row each, and the official one of the sub-activity."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import PortalError, StaleVersion
from portal.web.access import is_background, page
from programs.actions import indicators as actions
from programs.forms.lines import IndicatorForm
from programs.models import Indicator, Proposal
from programs.queries.lines import indicator_texts
from programs.rules import may_write, writers
from programs.views.rows import (
    Address,
    back_to,
    conflict,
    errors_answer,
    form_context,
    proposal_or_404,
    saved_answer,
    tried,
)


@page(who=writers, writes=True)
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an indicator; the same key sent twice is stored once."""
    return _save(request, proposal_or_404(request, pk), None)


@page(who=writers, writes=True)
def indicator_edit(request: HttpRequest, pk: int, indicator_id: int) -> HttpResponse:
    """The form of one indicator; saves it."""
    proposal = proposal_or_404(request, pk)
    return _save(request, proposal, get_object_or_404(proposal.indicators, pk=indicator_id))


def _save(request: HttpRequest, proposal: Proposal, indicator: Indicator | None) -> HttpResponse:
    if request.method != "POST":
        initial = indicator_texts(indicator) if indicator else {"kind": Indicator.Kind.OUTPUT}
        return _form_page(request, proposal, indicator, IndicatorForm(initial=initial))
    form, address = IndicatorForm(request.POST), Address.of(request)
    stored = None
    if indicator is None and form.is_valid() and not any(form.values[name] for name in ("name", "target", "unit")):
        form.add_error("name", _("Isi nama indikatornya."))
    if form.is_valid():
        try:
            stored = tried(
                form,
                lambda: actions.save_indicator(
                    proposal, form.values, by=request.user, key=address["key"],
                    indicator_id=indicator.pk if indicator else None, base_version=address["base_version"],
                ),
            )  # fmt: skip
        except StaleVersion as error:
            return _conflict(request, proposal, form, error)
    if stored is None:
        if is_background(request):
            return errors_answer(form)
        return _form_page(request, proposal, indicator, form, status=422)
    return _stored(request, proposal, stored, _("Indikator tersimpan."))


def _stored(
    request: HttpRequest, proposal: Proposal, indicator: Indicator, sentence: str, undo: str = ""
) -> HttpResponse:
    if is_background(request):
        url = reverse("indicator_edit", args=[proposal.pk, indicator.pk])
        answer = {"id": indicator.pk, "version": indicator.version, "texts": indicator_texts(indicator), "url": url}
        return saved_answer(answer | {"deleted": indicator.deleted_at is not None}, proposal)
    messages.success(request, sentence, extra_tags=undo)
    return back_to(proposal, "indicators")


def _form_page(
    request: HttpRequest, proposal: Proposal, indicator: Indicator | None, form: IndicatorForm, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context = form_context(request, proposal, indicator, form) | {"indicator": indicator}
    return render(request, "programs/lines/indicator_form.html", context | more, status=status)


def _conflict(request: HttpRequest, proposal: Proposal, form: IndicatorForm, error: StaleVersion) -> HttpResponse:
    row = error.current
    fresh_url = reverse("indicator_edit", args=[proposal.pk, row.pk])
    form_page = partial(_form_page, request, proposal, row, form, fresh_url=fresh_url)
    return conflict(request, form, error, indicator_texts(row), form_page)


@page(who=writers, writes=True)
def indicator_delete(request: HttpRequest, pk: int, indicator_id: int) -> HttpResponse:
    """Take an indicator out; the message offers to undo."""
    proposal = proposal_or_404(request, pk)
    get_object_or_404(proposal.indicators, pk=indicator_id)
    if request.method != "POST":
        return redirect("indicator_edit", pk, indicator_id)
    version = Address.of(request)["base_version"]
    try:
        indicator = actions.delete_indicator(proposal, indicator_id, base_version=version, by=request.user)
    except StaleVersion as error:
        return _conflict(request, proposal, IndicatorForm(indicator_texts(error.current)), error)
    undo = f"undo:{reverse('indicator_undelete', args=[proposal.pk, indicator.pk])}"
    return _stored(request, proposal, indicator, _("Indikator dihapus."), undo)


@page(who=writers, writes=True)
def indicator_undelete(request: HttpRequest, pk: int, indicator_id: int) -> HttpResponse:
    """Bring a deleted indicator back to its place."""
    proposal = proposal_or_404(request, pk)
    get_object_or_404(proposal.indicators, pk=indicator_id)
    if request.method != "POST":
        return back_to(proposal, "indicators")
    indicator = actions.undelete_indicator(proposal, indicator_id, by=request.user)
    return _stored(request, proposal, indicator, _("Indikator dikembalikan."))


@page(who=writers, writes=True)
def indicator_official(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over the official indicator of the sub-activity."""
    proposal = proposal_or_404(request, pk)
    if request.method != "POST":
        return back_to(proposal, "indicators")
    try:
        indicator = actions.take_official_indicator(proposal, by=request.user)
    except StaleVersion:
        raise
    except PortalError as error:
        if is_background(request) or not may_write(request.user, proposal):
            raise
        messages.warning(request, str(error))
        return back_to(proposal, "indicators")
    return _stored(request, proposal, indicator, _("Indikator resmi diambil."))
