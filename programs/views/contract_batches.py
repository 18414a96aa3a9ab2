"""Contracts from an Excel list: the workbook out, a filled-in list in, what it would make, what it made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.kernel.errors import PortalError, WrongFile
from portal.web.access import page
from portal.web.excel import TYPE
from portal.web.submissions import form_status, sent
from portal.web.uploads import takes_file
from programs import contract_rules as rules
from programs.actions.contract_batches import keep_batch, make_contracts
from programs.forms.contract_batches import CommonForm, ListReading, list_workbook
from programs.models import Contract, ContractBatch, TemplateVersion
from programs.queries import contract_batches as queries

LARGEST = 10 * 2**20


def largest() -> int:
    """The most bytes of an uploaded workbook; more are only counted."""
    return min(LARGEST, settings.ATTACHMENT_MAX_MB * 2**20)


@page(who=rules.drafters, reads=True)
def contract_batch_template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    with override("id"):  # the file is read back by its Indonesian words
        data = list_workbook(queries.choice_lists(request.user))
    response = HttpResponse(data, content_type=TYPE)
    response["Content-Disposition"] = 'attachment; filename="daftar-kontrak-tpl.xlsx"'
    return response


@takes_file(largest)
@page(who=rules.drafters, writes=True)
def contract_batches(request: HttpRequest) -> HttpResponse:
    """Read a list with what its contracts have in common; the lists read last."""
    form = CommonForm(sent(request), request.FILES if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "errors": [], "sentence": "", "name": ""}
    if request.method == "POST" and form.is_valid():
        batch = _receive(request, form, context)
        if batch is not None:
            return redirect(batch)
    context |= {"batches": queries.latest_batches(), "no_template": not form.fields["template"].queryset.exists()}
    return render(request, "programs/contract_batches/list.html", context, status=form_status(request))


def _receive(request: HttpRequest, form: CommonForm, context: dict[str, Any]) -> ContractBatch | None:
    """The list as read; else None, with sentence or errors in the context."""
    file = form.cleaned_data["file"]
    context["name"] = file.name
    if not file.size:
        context["sentence"] = _("Berkas ini kosong (0 byte). Periksa berkas aslinya.")
        return None
    if file.size > largest():
        context["sentence"] = _("Berkas ini terlalu besar; paling besar %(most)s MB.") % {"most": largest() // 2**20}
        return None
    data = file.read()
    try:
        with override("id"):
            reading = ListReading(queries.choice_lists(request.user))
            reading.read(data)
    except WrongFile as error:
        context["sentence"] = str(error)
        return None
    if reading.errors:
        context["errors"] = sorted(reading.errors)
        return None
    common = {"values": form.values(), "columns": reading.columns}
    digest = hashlib.sha256(data).hexdigest()
    return keep_batch(reading.found, common, name=file.name, sha256=digest, by=request.user)


@page(who=rules.drafters, reads=True)
def contract_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row of a list would become, or has become."""
    batch = get_object_or_404(ContractBatch.objects.select_related("by"), pk=pk)
    return render(request, "programs/contract_batches/detail.html", _shown(batch))


@page(who=rules.drafters, writes=True)
def contract_batch_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the drafts of a list."""
    batch = get_object_or_404(ContractBatch.objects.select_related("by"), pk=pk)
    if request.method != "POST":
        return redirect(batch)
    try:
        batch = make_contracts(batch, by=request.user, whole="semua" in request.POST)
    except PortalError as error:
        context = _shown(batch) | {"refused": str(error), "whole": "semua" in request.POST}
        return render(request, "programs/contract_batches/detail.html", context, status=409)
    made = sum(bool(stored["values"].get("made")) for stored in batch.rows)
    told = ngettext("%(n)s konsep kontrak dibuat.", "%(n)s konsep kontrak dibuat.", made) % {"n": made}
    messages.success(request, told)
    return redirect(batch)


def _shown(batch: ContractBatch) -> dict[str, Any]:
    rows = queries.batch_rows(batch)
    columns, heads = batch.common["columns"], queries.column_heads()
    common = batch.common["values"]
    days = ("starts_on", "ends_on", "signing_on")
    common |= {name: dt.date.fromisoformat(common[name]) for name in days if common[name]}
    counts = Counter(row.state for row in rows)
    states = (queries.MADE, queries.NEW, queries.KNOWN, queries.HAS, queries.WRONG)
    return {
        "batch": batch, "refused": "", "whole": False, "ready": sum(row.ready for row in rows),
        "rows": [{"row": row, "errors": [_place(pair, columns, heads) for pair in row.errors]} for row in rows],
        "counts": [(state, counts[state]) for state in states if counts[state]],
        "template": TemplateVersion.objects.filter(pk=common["template"]).select_related("template").first(),
        "common": common, "route": Contract.Route(common["route"]).label,
    }  # fmt: skip


def _place(pair: tuple[str, str], columns: dict[str, str], heads: dict[str, str]) -> dict[str, str]:
    """An error with the column it is about."""
    name, sentence = pair
    letter = columns.get(name, "")
    return {"column": f"{letter} ({heads[name]})" if letter and name in heads else "", "sentence": sentence}
