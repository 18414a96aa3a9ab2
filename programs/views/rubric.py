"""The rubric: what proposals are judged by. The division head changes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion
from portal.web.access import page
from portal.web.submissions import form_status, see_version, sent
from programs import rules
from programs.actions.rubric import FIELDS, save_item
from programs.forms.rubric import RubricItemForm, StepFormSet
from programs.models import RubricItem, RubricStep
from regencies.rules import province_staff


@page(who=province_staff, reads=True)
def rubric(request: HttpRequest) -> HttpResponse:
    """All indicators with weights and steps, and what the weights add up to."""
    items = list(RubricItem.objects.prefetch_related("steps"))
    context = {
        "items": items, "sum": sum(item.weight for item in items if item.is_active),
        "may_change": rules.division_heads(request.user),
    }  # fmt: skip
    return render(request, "programs/verification/rubric.html", context)


@page(who=rules.division_heads, writes=True)
def rubric_new(request: HttpRequest) -> HttpResponse:
    """One more indicator, judged by a reviewer."""
    return _edit(request, None)


@page(who=rules.division_heads, writes=True)
def rubric_item(request: HttpRequest, key: str) -> HttpResponse:
    """Change an indicator and its steps."""
    return _edit(request, get_object_or_404(RubricItem.objects.prefetch_related("steps"), key=key))


def _edit(request: HttpRequest, item: RubricItem | None) -> HttpResponse:
    fresh = RubricItem.objects.get(pk=item.pk) if item else None  # the form writes into its instance
    form = RubricItemForm(sent(request), instance=fresh, initial={"version": item.version if item else 0})
    if item is None:
        del form.fields["position"]
    steps = _steps(request, item)
    status = form_status(request)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        rows = [row.cleaned_data for row in steps if row.cleaned_data.get("label")]
        values = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        try:
            save_item(item, values, rows, version=form.cleaned_data["version"] or 0, by=request.user)
        except StaleVersion as error:
            form.add_error(None, str(error))
            see_version(form, error.current.version)
            status = 409
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Rubrik tersimpan. Nilai usulan yang belum di desk dihitung ulang."))
            return redirect("rubric")
    context: dict[str, Any] = {
        "item": item, "form": form, "steps": steps, "history": history_of(item, limit=10) if item else [],
    }  # fmt: skip
    return render(request, "programs/verification/rubric_item.html", context, status=status)


def _steps(request: HttpRequest, item: RubricItem | None) -> Any:
    rows = item.steps.all() if item else []
    stored = [{"id": step.pk, "label": step.label, "points": _points(step)} for step in rows]
    formset = StepFormSet(sent(request), initial=stored, prefix="tingkat")
    if item and item.computed:
        formset.extra = 0
    elif item is None:
        formset.extra = 3
    return formset


def _points(step: RubricStep) -> str:
    """The points as a number field wants them: "10", "7.5"."""
    return f"{step.points:.2f}".rstrip("0").rstrip(".")
