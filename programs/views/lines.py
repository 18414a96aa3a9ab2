"""Cost lines: the RAB to fill in, one line, deleting and undoing, order, rows pasted from a spreadsheet.

Every address works as a plain form; scripts (X-Requested-With: fetch) get JSON instead of a page.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import StaleVersion
from portal.web.access import is_background, page
from portal.web.parameters import whole_number
from programs.actions import lines as actions
from programs.facts.accounts import ACCOUNT_GROUPS
from programs.forms.lines import CostLineForm
from programs.forms.pasting import PasteForm
from programs.models import CostLine, Proposal
from programs.queries.lines import line_row, line_texts, lines_edit_context, source_choices
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


@page(who=writers, reads=True)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The RAB of one proposal to fill in: lines, shares of funding, indicators."""
    proposal = proposal_or_404(request, pk)
    context = {"proposal": proposal} | lines_edit_context(proposal, request.user)
    return render(request, "programs/lines/page.html", context)


@page(who=writers, writes=True)
def line_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line at the end; the same key sent twice is stored once."""
    return _save(request, proposal_or_404(request, pk), None)


@page(who=writers, writes=True)
def line_edit(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """The form of one line with everything that can be done to it; saves it."""
    proposal = proposal_or_404(request, pk)
    line = get_object_or_404(proposal.lines.select_related("source", "changed_by"), pk=line_id)
    return _save(request, proposal, line)


def _save(request: HttpRequest, proposal: Proposal, line: CostLine | None) -> HttpResponse:
    sources = source_choices()
    if line and line.source and line.source not in sources:
        sources.append(line.source)
    if request.method != "POST":
        form = CostLineForm(initial=line_texts(line) if line else None, sources=sources)
        return _form_page(request, proposal, line, form)
    form, address = CostLineForm(request.POST, sources=sources), Address.of(request)
    stored = None
    if line is None and form.is_valid() and not any(form.values.values()):
        form.add_error(None, _("Isi paling sedikit satu kolom."))
    if form.is_valid():
        try:
            stored = tried(
                form,
                lambda: actions.save_line(
                    proposal, form.values, by=request.user, key=address["key"], line_id=line.pk if line else None,
                    base_version=address["base_version"],
                ),
            )  # fmt: skip
        except StaleVersion as error:
            return _conflict(request, proposal, form, error)
    if stored is None:
        if is_background(request):
            return errors_answer(form)
        return _form_page(request, proposal, line, form, status=422)
    if is_background(request):
        return _line_answer(proposal, stored)
    messages.success(request, _("Baris tersimpan."))
    return back_to(proposal, f"line-{stored.pk}")


def _line_answer(proposal: Proposal, line: CostLine) -> JsonResponse:
    row = line_row(line)
    url = reverse("line_edit", args=[proposal.pk, line.pk])
    answer = {name: row[name] for name in ("id", "version", "texts", "amount")} | {"url": url}
    return saved_answer(answer | {"deleted": line.deleted_at is not None}, proposal)


def _form_page(
    request: HttpRequest, proposal: Proposal, line: CostLine | None, form: CostLineForm, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    order = list(proposal.lines.kept().values_list("pk", flat=True)) if line else []
    place = order.index(line.pk) if line and line.pk in order else -1
    context = form_context(request, proposal, line, form) | {
        "line": line, "number": place + 1, "account_groups": ACCOUNT_GROUPS,
        "up": order[place - 1] if place > 0 else None,
        "down": (order[place + 2] if place + 2 < len(order) else "akhir") if 0 <= place < len(order) - 1 else None,
    }  # fmt: skip
    return render(request, "programs/lines/line_form.html", context | more, status=status)


def _conflict(request: HttpRequest, proposal: Proposal, form: CostLineForm, error: StaleVersion) -> HttpResponse:
    line = error.current
    fresh_url = reverse("line_edit", args=[proposal.pk, line.pk])
    form_page = partial(_form_page, request, proposal, line, form, fresh_url=fresh_url)
    return conflict(request, form, error, line_texts(line), form_page)


@page(who=writers, writes=True)
def line_delete(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Take a line out; the message offers to undo."""
    proposal = proposal_or_404(request, pk)
    get_object_or_404(proposal.lines, pk=line_id)
    if request.method != "POST":
        return redirect("line_edit", pk, line_id)
    try:
        line = actions.delete_line(proposal, line_id, base_version=Address.of(request)["base_version"], by=request.user)
    except StaleVersion as error:
        form = CostLineForm(line_texts(error.current), sources=source_choices())
        return _conflict(request, proposal, form, error)
    if is_background(request):
        return _line_answer(proposal, line)
    messages.success(
        request, _("Baris dihapus."), extra_tags=f"undo:{reverse('line_undelete', args=[proposal.pk, line.pk])}"
    )
    return back_to(proposal, "lines")


@page(who=writers, writes=True)
def line_undelete(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Bring a deleted line back to its place."""
    proposal = proposal_or_404(request, pk)
    get_object_or_404(proposal.lines, pk=line_id)
    if request.method == "POST":
        line = actions.undelete_line(proposal, line_id, by=request.user)
        if is_background(request):
            return _line_answer(proposal, line)
        messages.success(request, _("Baris dikembalikan."))
    return back_to(proposal, f"line-{line_id}")


@page(who=writers, writes=True)
def line_place(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Move a line before another one (`before`), or to the end."""
    proposal = proposal_or_404(request, pk)
    get_object_or_404(proposal.lines, pk=line_id)
    if request.method == "POST":
        before = whole_number(request.POST.get("before"))
        order = actions.move_line(proposal, line_id, before=before, by=request.user)
        if is_background(request):
            return saved_answer({"order": order}, proposal)
    return back_to(proposal, f"line-{line_id}")


@page(who=writers, writes=True)
def lines_paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows copied from a spreadsheet: first shown as they are understood, then stored, all or none."""
    proposal = proposal_or_404(request, pk)
    sources = source_choices()
    form = PasteForm(request.POST if request.method == "POST" else None, sources=sources)
    taken = None
    if form.is_bound and form.is_valid() and form.preview.ready and request.POST.get("take"):
        taken = tried(
            form,
            lambda: actions.paste_lines(proposal, form.preview.values, by=request.user, key=form.cleaned_data["key"]),
        )
    if taken:
        return _pasted(request, proposal, [line.pk for line in taken])
    context = {
        "proposal": proposal, "form": form, "preview": form.preview, "writing": may_write(request.user, proposal),
        "key": form.data.get("key") or str(uuid.uuid4()), "sources": sources,
    }  # fmt: skip
    template = "programs/lines/_paste.html" if request.htmx else "programs/lines/paste.html"
    ready = not form.is_bound or (form.is_valid() and form.preview.ready)
    return render(request, template, context, status=200 if ready else 422)


def _pasted(request: HttpRequest, proposal: Proposal, keys: list[int]) -> HttpResponse:
    """Htmx puts the new rows below the others; a page goes back to the RAB."""
    if not request.htmx:
        messages.success(request, _("%(n)d baris dimasukkan.") % {"n": len(keys)})
        return back_to(proposal, f"line-{keys[0]}")
    context = lines_edit_context(proposal, request.user)
    context["costs_edit"]["rows"] = [row for row in context["costs_edit"]["rows"] if row["id"] in set(keys)]
    response = render(request, "programs/lines/_rows.html", context)
    response.headers["HX-Retarget"] = "#cost-rows"
    response.headers["HX-Reswap"] = "beforeend"
    return response
