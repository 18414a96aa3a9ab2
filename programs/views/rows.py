"""What the pages of cost lines, shares and indicators share: the proposal meant, answers to scripts, conflicts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.kernel.dates import clock
from portal.kernel.errors import Denied, PortalError, StaleVersion
from portal.web.access import is_background
from portal.web.submissions import shown
from programs.models import Proposal
from programs.rules import may_write

VERSION = {"required": False, "min_value": 0, "max_value": 2**31 - 1}


class Address(forms.Form):
    """Which row a request means and what its sender knew."""

    key = forms.UUIDField(required=False)
    base_version = forms.IntegerField(**VERSION)

    @classmethod
    def of(cls, request: HttpRequest) -> dict[str, Any]:
        """The cleaned address; what cannot be read counts as not given, and then nothing is overwritten."""
        form = cls(request.POST)
        form.is_valid()
        return {
            "key": form.cleaned_data.get("key"),
            "base_version": form.cleaned_data.get("base_version") or 0,
        }


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, if this user may see it."""
    rows = Proposal.objects.visible_to(request.user).select_related("regency", "sub_activity")
    return get_object_or_404(rows, pk=pk)


def back_to(proposal: Proposal, anchor: str) -> HttpResponse:
    """To the editor of the proposal, at that place."""
    return redirect(f"{reverse('proposal_edit', args=[proposal.pk])}#{anchor}")


def saved_answer(answer: dict[str, Any], proposal: Proposal) -> JsonResponse:
    """JSON for scripts with the time of day and the change number of the proposal."""
    return JsonResponse(answer | {"at": clock(timezone.localtime()), "change": proposal.change})


def errors_answer(form: forms.BaseForm) -> JsonResponse:
    """JSON for scripts: the sentences by field."""
    errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422)


def tried(form: forms.BaseForm, act: Any) -> Any:
    """What the verb gives; a refusal of the data becomes an error of the form, and then the answer is None.

    Errors: Denied and StaleVersion, which have answers of their own.
    """
    try:
        return act()
    except (Denied, StaleVersion):
        raise
    except PortalError as error:
        form.add_error(None, str(error))
    return None


def differing(form: forms.BaseForm, stored: dict[str, str]) -> list[tuple[str, str, str]]:
    """(label, stored text, typed text) of every field that differs."""
    found = []
    for name, text in stored.items():
        typed = str(form.data.get(form.add_prefix(name), "") or "").strip()
        if typed != text:
            labels = dict(getattr(form.fields[name].widget, "choices", ()))
            found.append((form.fields[name].label, shown(labels.get(text, text)), shown(labels.get(typed, typed))))
    return found


def form_context(request: HttpRequest, proposal: Proposal, row: Any, form: forms.BaseForm) -> dict[str, Any]:
    """What the page of one row's form shows; a new row (None) keeps the key that its browser gave it.

    Shape: proposal, form, writing (Decision), base_version and key as the hidden fields hold them.
    """
    return {
        "proposal": proposal, "form": form, "writing": may_write(request.user, proposal),
        "base_version": request.POST.get("base_version") or (str(row.version) if row else "0"),
        "key": request.POST.get("key") or str(uuid.uuid4()),
    }  # fmt: skip


def conflict(
    request: HttpRequest,
    form: forms.BaseForm,
    error: StaleVersion,
    stored: dict[str, str],
    form_page: Callable[..., HttpResponse],
) -> HttpResponse:
    """Both texts side by side; nothing was overwritten. JSON for scripts, else `form_page(status=…, theirs=…, …)`.

    The page's next submission has seen the stored version.
    """
    if is_background(request):
        return _conflict_answer(request, form, error, stored)
    return form_page(
        status=409, theirs=differing(form, stored), sentence=str(error), base_version=str(error.current.version)
    )


def _conflict_answer(
    request: HttpRequest, form: forms.BaseForm, error: StaleVersion, stored: dict[str, str]
) -> JsonResponse:
    """JSON with both texts and a panel that shows them."""
    row = error.current
    deleted = bool(getattr(row, "deleted_at", None))
    context = {"sentence": str(error), "differences": differing(form, stored), "deleted": deleted}
    panel = render_to_string("programs/lines/_conflict.html", context, request)
    answer = {"id": row.pk, "version": row.version, "deleted": deleted, "stored": stored, "panel": panel}
    return JsonResponse(answer | {"sentence": str(error)}, status=409)
