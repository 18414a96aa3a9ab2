"""One proposal: its page for readers, and its editor, which saves field by field."""

from __future__ import annotations

from dataclasses import dataclass
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
from programs import rules
from programs.actions.indicators import take_official_indicator
from programs.actions.proposals import SaveResult, field_text, save_fields, set_tags
from programs.forms.proposals import Fields, ProposalForm, TagsForm
from programs.models import Kbli, Proposal, SubActivity, Tag
from programs.queries import proposals
from programs.queries.attachments import attachments_context
from programs.queries.content import page_of, schedule_of
from programs.queries.lines import lines_context, lines_edit_context
from programs.queries.moves import moves_context
from programs.queries.papers import papers_context
from programs.queries.points import field_label
from programs.queries.selfcheck import findings_context
from programs.queries.snapshots import shown_content
from programs.queries.verification import points_context, verification_context
from programs.views.proposals import list_url, own_or_404


@page(who=rules.readers, reads=True)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of a proposal that this user may read; to the province a returned one as it was last sent."""
    row = own_or_404(request, pk)
    content = shown_content(row, request.user)
    may_write = rules.may_write(request.user, row)
    context = {
        "proposal": row, "content": content, "may_write": may_write,
        "title": content.get("fields", {}).get("title") or str(row),
        **page_of(content), "history": proposals.timeline_of(row, request.user),
        "own": proposals.own_regency(request.user) == row.regency, "list_url": list_url(row.regency, row.year),
        "labels": _labels() if not may_write else {}, **lines_context(row, request.user),
        **_beside(request, row), **verification_context(row, request.user), **attachments_context(row, request.user),
        **papers_context(row, request.user),
    }  # fmt: skip
    return render(request, "programs/proposals/detail.html", context)


@dataclass(frozen=True)
class EditorField:
    """A field of the editor: bound, with the texts that its writer has seen, and what stands instead of his."""

    bound: Any
    base: list[str]
    stored: str | None = None


@page(who=rules.writers, writes=True)
def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. A POST saves the fields that it names: a plain form all of them, a script one by one."""
    row = own_or_404(request, pk)
    if request.method == "POST":
        return _save(request, row)
    if not rules.may_write(request.user, row):
        return redirect(row)
    return _editor(request, row)


def _save(request: HttpRequest, row: Proposal) -> HttpResponse:
    fields, tags = Fields(request.POST, row), TagsForm.of(request.POST)
    ensure(rules.may_write(request.user, row))
    if fields.errors:
        if is_background(request):
            return JsonResponse({"errors": fields.errors}, status=422)
        return _editor(request, row, data=request.POST, status=422)
    try:
        result = save_fields(row, fields.values, base=fields.base, by=request.user) if fields.values else SaveResult()
        if tags is not None and tags.is_valid():
            set_tags(row, tags.cleaned_data["tags"], base=tags.cleaned_data["base"], by=request.user)
    except Blocked as error:
        if is_background(request):
            return JsonResponse({"errors": {"": [str(error)]}}, status=422)
        raise
    return _saved(request, row, fields, result)


def _saved(request: HttpRequest, row: Proposal, fields: Fields, result: SaveResult) -> HttpResponse:
    """JSON for scripts; for a plain form the editor again, or the list of what somebody else has changed meanwhile."""
    sentence = _("Ada isian yang sudah diubah orang lain sejak Anda membukanya. Tidak ada yang ditimpa.")
    if is_background(request):
        answer: dict[str, Any] = {
            "at": clock(timezone.localtime()), "change": row.change,
            "values": {name: _text(row, name) for name in result.saved},
        }  # fmt: skip
        if not result.conflicts:
            return JsonResponse(answer)
        stored = {name: {"value": _text(row, name), "shown": shown(value)} for name, value in result.conflicts.items()}
        return JsonResponse({**answer, "sentence": sentence, "conflicts": stored}, status=409)
    if result.conflicts:
        return _editor(request, row, data=request.POST, conflicts=result.conflicts, status=409)
    messages.success(request, _("Usulan tersimpan."))
    wanted = request.POST.get("lanjut")
    return redirect("proposal" if wanted == "baca" else "proposal_edit", row.pk)


def _text(row: Proposal, name: str) -> str:
    return field_text(getattr(row, row._meta.get_field(name).attname))


def _editor(
    request: HttpRequest, row: Proposal, *, data: Any = None, conflicts: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    conflicts = conflicts or {}
    form = ProposalForm(data, instance=Proposal.objects.select_related(*proposals.RELATED).get(pk=row.pk))
    form.group_choices()
    invalid = status == 422
    bases = {name: data.getlist(f"base-{name}") if invalid else [_text(row, name)] for name in Proposal.FIELDS}
    fields = {
        name: EditorField(form[name], bases[name], shown(conflicts[name]) if name in conflicts else None)
        for name in Proposal.FIELDS
    }
    months = {name: getattr(row, name) for name in ("starts_month", "ends_month")}
    ticked = set(row.tags.values_list("pk", flat=True))
    if data is not None and status == 422:  # nothing was saved: what was ticked and picked stays
        ticked = {int(text) for text in data.getlist("tags") if text.isdecimal()}
    context = {
        "proposal": row, "form": form, "f": fields, "list_url": list_url(row.regency, row.year),
        "schedule": schedule_of({"fields": months}),
        "regime": row.sector.special_regime if row.sector else "",
        "levels": proposals.sub_activities(row), "chosen": _picked(form),
        "tags": [(tag, tag.pk in ticked) for tag in Tag.objects.all()],
        "theirs": [(form[name].label, field.stored, data[name]) for name, field in fields.items() if field.stored],
        "setup": _setup(form, row), **lines_edit_context(row, request.user),
        **_beside(request, row), **points_context(row, request.user), **attachments_context(row, request.user),
    }  # fmt: skip
    return render(request, "programs/proposals/edit.html", context, status=status)


def _beside(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    """Self-check and moves; what the one found, the other need not look for again."""
    checked = findings_context(row, request.user)
    found = checked["selfcheck"]
    return {
        **checked,
        **moves_context(row, request.user, found=[*found["blockers"], *found["warnings"]] if found else None),
    }


@page(who=rules.writers, reads=True)
def proposal_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands beside the editor, after something was saved."""
    row = own_or_404(request, pk)
    return render(request, "programs/proposals/_aside.html", {"proposal": row, **_beside(request, row)})


def _picked(form: ProposalForm) -> SubActivity | None:
    """The sub-activity that the form shows as chosen."""
    if not form.is_bound:
        return form.instance.sub_activity
    text = str(form["sub_activity"].value() or "")
    return SubActivity.objects.filter(pk=text).first() if text.isdecimal() else None


def _setup(form: ProposalForm, row: Proposal) -> dict[str, Any]:
    """What the editor's script needs: where to save, which business classes and which regime a sector has."""
    classes: dict[str, list[int]] = {}
    for kbli, sector in Kbli.sectors.through.objects.order_by("kbli_id").values_list("kbli_id", "sector_id"):
        classes.setdefault(str(sector), []).append(kbli)
    sectors = form.fields["sector"].queryset
    return {
        "proposal": row.pk, "url": reverse("proposal_edit", args=[row.pk]), "classes": classes,
        "aside": reverse("proposal_aside", args=[row.pk]),
        "regimes": {str(sector.pk): sector.special_regime for sector in sectors if sector.special_regime},
    }  # fmt: skip


def _labels() -> dict[str, str]:
    """What the fields are called, for texts that a device still keeps."""
    labels = {name: field_label(name) for name in Proposal.FIELDS}
    return labels | {"line": _("Baris rincian biaya"), "indicator": _("Indikator"), "porsi": _("Porsi sumber dana")}


@page(who=rules.writers, writes=True)
def proposal_official_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the official indicator of the sub-activity as an output indicator; already there it stays as it is."""
    row = own_or_404(request, pk)
    place = f"{reverse('proposal_edit', args=[pk])}#indicators"
    if request.method != "POST":
        return redirect(place)
    take_official_indicator(row, by=request.user)
    messages.success(request, _("Indikator resmi menjadi indikator keluaran. Isi targetnya."))
    return redirect(place)
