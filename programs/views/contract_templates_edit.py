"""The editor of a draft: saved part by part by a script, or whole by a plain form; and the preview beside it."""

from __future__ import annotations

import json
from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, ensure
from portal.web.access import is_background, page
from portal.web.submissions import shown
from programs import contract_rules as rules
from programs.actions.contract_templates import change_version
from programs.actions.proposals import SaveResult
from programs.facts.contract_text import LONGEST_BODY, LONGEST_HEADING
from programs.forms.contract_templates import TEXTS, Draft, DraftForm, arranged, clauses_of, part_labels
from programs.models import TemplateVersion
from programs.queries import contract_templates as queries
from programs.views.contract_templates import version_or_404


@page(who=rules.drafters, writes=True)
def contract_template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. A POST saves the parts that it names."""
    version = version_or_404(pk)
    if request.method == "POST":
        return _save(request, version)
    if not rules.may_write_template(request.user, version):
        return redirect("contract_template_version", pk)
    return _editor(request, version)


def _save(request: HttpRequest, version: TemplateVersion) -> HttpResponse:
    ensure(rules.may_write_template(request.user, version))
    order = request.POST.get("atur", "")
    sent = Draft(request.POST)
    if order and "clauses" in sent.values:
        sent.values["clauses"] = arranged(sent.values["clauses"], order)
    try:
        result = change_version(version, sent.values, base=sent.base, by=request.user)
    except Blocked as error:
        if is_background(request):
            return JsonResponse({"errors": {"": [str(error)]}}, status=422)
        return _editor(request, version, data=request.POST, blocked=str(error), status=422)
    if is_background(request):
        return _told(version, result)
    if result.conflicts:
        return _editor(request, version, data=request.POST, conflicts=result.conflicts, status=409)
    if order == "tambah":
        return _editor(request, version_or_404(version.pk), one_more=True)
    messages.success(request, _("Konsep tersimpan."))
    return redirect("contract_template_edit", version.pk)


def _told(version: TemplateVersion, result: SaveResult) -> JsonResponse:
    """What a script learns: what is stored now of each part it sent, or what somebody else has put there."""
    answer: dict[str, Any] = {
        "at": clock(timezone.localtime()), "version": version.version,
        "values": {name: getattr(version, name) for name in result.saved},
    }  # fmt: skip
    if not result.conflicts:
        return JsonResponse(answer)
    stored = {name: {"value": value, "shown": _shown(name, value)} for name, value in result.conflicts.items()}
    sentence = _("Ada bagian yang sudah diubah orang lain sejak Anda membukanya. Tidak ada yang ditimpa.")
    return JsonResponse({**answer, "sentence": sentence, "conflicts": stored}, status=409)


def _shown(name: str, value: Any) -> str:
    """The part as people compare it."""
    if name != "clauses":
        return shown(value)
    rows = (
        _("Pasal %(number)s: %(heading)s") % {"number": number, "heading": row["heading"]} + f"\n{row['body']}"
        for number, row in enumerate(value, start=1)
    )
    return "\n\n".join(rows) or "–"


def _editor(
    request: HttpRequest, version: TemplateVersion, *, data: Any = None, conflicts: dict[str, Any] | None = None,
    blocked: str = "", one_more: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    conflicts = conflicts or {}
    stored = version if data is None else version_or_404(version.pk)
    form = DraftForm(data, instance=copy(stored))  # a form writes into its instance
    clauses = clauses_of(data) if data is not None and "clauses-sent" in data else list(stored.clauses)
    if one_more or not clauses:
        clauses = [*clauses, {"heading": "", "body": ""}]
    # After a refusal nothing was saved: the writer still begins with what he had seen.
    bases = {name: data.getlist(f"base-{name}") if status == 422 else [getattr(stored, name)] for name in TEXTS}
    clause_bases = data.getlist("base-clauses") if status == 422 else [json.dumps(stored.clauses, ensure_ascii=False)]
    labels = part_labels()
    context = {
        "version": stored, "form": form, "blocked": blocked, "clauses": clauses, "clause_bases": clause_bases,
        "parts": {name: {"bound": form[name], "base": bases[name]} for name in TEXTS},
        "theirs": [
            (labels[name], _shown(name, value),
             _shown(name, clauses) if name == "clauses" else data.get(name, ""))
            for name, value in conflicts.items()
        ],
        "groups": queries.variable_groups(stored.template.kind), "made": queries.preview_of(stored),
        "setup": _setup(version.pk), "labels": labels,
        "longest": {"heading": LONGEST_HEADING, "body": LONGEST_BODY},
    }  # fmt: skip
    return render(request, "programs/contract_templates/edit.html", context, status=status)


def _setup(pk: int) -> dict[str, Any]:
    """What the editor's script needs."""
    return {
        "version": pk,
        "url": reverse("contract_template_edit", args=[pk]),
        "preview": reverse("contract_template_preview", args=[pk]),
    }


@page(who=rules.province_internal, reads=True)
def contract_template_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The stored wording with sample values, and what in it is no variable."""
    version = version_or_404(pk)
    context = {"version": version, "made": queries.preview_of(version), "live": True}
    return render(request, "programs/contract_templates/_preview.html", context)
