"""Proposals by Excel: the template out, empty or filled, and a filled one in."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.kernel.errors import PortalError, WrongFile
from portal.web.access import page
from portal.web.excel import TYPE
from portal.web.submissions import form_status
from portal.web.uploads import takes_file
from programs import rules
from programs.actions.workbooks import TakenBefore, take_workbook, taken_before
from programs.forms.workbook_file import workbook_bytes
from programs.forms.workbook_read import Reading
from programs.queries import workbook as tables
from programs.views.proposals import list_url, place_asked
from regencies.models import Regency

LARGEST = 10 * 2**20


def largest() -> int:
    """The most bytes of an uploaded workbook; more are only counted."""
    return min(LARGEST, settings.ATTACHMENT_MAX_MB * 2**20)


@page(who=rules.writers, reads=True)
def excel_template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in; with ?isi=1 it holds the regency's proposals of the year."""
    regency, year = place_asked(request)
    with override("id"):  # the file is read back by its Indonesian words
        lists = {name: [text for text, _row in pairs] for name, pairs in tables.choice_lists().items()}
        rows = tables.rows_of(regency, year) if request.GET.get("isi") else {}
        data = workbook_bytes(f"Usulan program tahun {year} – {regency}", lists, rows)
    response = HttpResponse(data, content_type=TYPE)
    kind = "isi" if rows else "templat"
    name = f"usulan-{(regency.short or regency.code).lower()}-{year}-{kind}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@takes_file(largest)
@page(who=rules.writers, writes=True)
def excel_upload(request: HttpRequest) -> HttpResponse:
    """Take a filled-in workbook: every error with its place, or all of it."""
    regency, year = place_asked(request)
    context: dict[str, Any] = {
        "regency": regency, "year": str(year), "list_url": list_url(regency, year), "errors": [], "sentence": "",
        "taken": [], "name": "",
    }  # fmt: skip
    if request.method == "POST":
        answer = _receive(request, regency, year, context)
        if answer is not None:
            return answer
    return render(request, "programs/excel/page.html", context, status=form_status(request))


def _receive(request: HttpRequest, regency: Regency, year: int, context: dict[str, Any]) -> HttpResponse | None:
    """The answer when the file was taken; else None, with sentence or errors in the context."""
    file = request.FILES.get("file")
    if file is None or not file.size:
        context["sentence"] = _("Pilih berkas Excel (.xlsx) yang sudah diisi.")
        return None
    context["name"] = file.name
    if file.size > largest():
        context["sentence"] = _("Berkas ini terlalu besar; paling besar %(most)s MB.") % {"most": largest() // 2**20}
        return None
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    try:
        if known := taken_before(regency, year, digest):
            raise TakenBefore(known)
        with override("id"):
            reading = Reading(tables.choice_lists(), list(tables.own_titles(regency, year)))
            reading.read(data)
        if reading.errors:
            context["errors"] = sorted(reading.errors)
            return None
        plans = sorted(reading.plans.values(), key=lambda plan: plan.row)
        taken = take_workbook(regency, year, plans, name=file.name, sha256=digest, by=request.user)
    except TakenBefore as before:
        messages.info(request, str(before))
        return redirect(context["list_url"])
    except (WrongFile, PortalError) as error:
        context["sentence"] = str(error)
        return None
    context["taken"] = taken
    count = len(taken)
    context["done"] = ngettext("%(n)s usulan diterima.", "%(n)s usulan diterima.", count) % {"n": count}
    return render(request, "programs/excel/taken.html", context)
