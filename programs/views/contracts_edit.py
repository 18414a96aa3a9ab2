"""Writing contracts and MOUs: begin one, begin many MOUs of one text, change a draft and its signers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, PortalError, StaleVersion, ensure
from portal.web.access import page
from portal.web.parameters import search_text
from portal.web.submissions import differences, form_status, see_version, sent
from programs import contract_rules as rules
from programs.actions.contracts import change_contract, create_contract
from programs.forms.contracts import ContractForm, NewContractForm, SharedMouForm, signer_formset
from programs.models import Contract, ContractKind
from programs.queries.contracts_checks import remarks
from programs.queries.contracts_mous import draft_mous
from programs.queries.contracts_new import first_values, made_before
from programs.queries.contracts_signers import default_signers, drafts_of, told_signers

RELATED = ("regency", "worker", "number", "template__template", "register")


@page(who=rules.drafters, writes=True)
def contract_new(request: HttpRequest) -> HttpResponse:
    """Begin a contract for a worker or an MOU with a regency, and go to its draft."""
    asked = search_text(request, "jenis")
    kind = asked if asked in ContractKind.values else ContractKind.TPL.value
    initial = {"client_key": uuid.uuid4(), "worker": search_text(request, "penyuluh") or None}
    form = NewContractForm(sent(request), kind=kind, user=request.user, initial=initial)
    status, blocked = form_status(request), ""
    valid = request.method == "POST" and form.is_valid()
    if request.method == "POST" and (before := made_before(form.cleaned_data.get("client_key"), request.user)):
        return redirect("contract_edit", before.pk)  # a second click; its worker is no longer to be chosen
    if valid:
        data = form.cleaned_data
        worker, regency = data.get("worker"), data.get("regency")
        values = first_values(kind, data["template"], worker=worker, regency=regency)
        signers = default_signers(kind, values["regency"], worker)
        try:
            made = create_contract(kind, values, signers, by=request.user, client_key=data["client_key"])
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            return redirect("contract_edit", made.pk)
    context = {
        "form": form, "kind": kind, "blocked": blocked,
        "tabs": [
            {"url": f"{reverse('contract_new')}?jenis={key}", "label": label, "active": key == kind}
            for key, label in ContractKind.choices
        ],
        "no_template": not form.fields["template"].queryset.exists(),
        "no_worker": kind == ContractKind.TPL and not form.fields["worker"].queryset.exists(),
        "may_keep": rules.may_keep_workers(request.user),
    }  # fmt: skip
    return render(request, "programs/contracts/new.html", context, status=status)


@page(who=rules.drafters, writes=True)
def contract_new_mous(request: HttpRequest) -> HttpResponse:
    """One text for many regencies: a draft for each, with its own signers; what could not be made says why."""
    form = SharedMouForm(sent(request), user=request.user, initial={"client_key": uuid.uuid4()})
    results = None
    status = form_status(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        results = [
            _draft(row, request.user)
            for row in draft_mous(form.shared(), list(data["regencies"]), key=data["client_key"])
        ]
        status = 200
    context = {
        "form": form, "results": results, "no_template": not form.fields["template"].queryset.exists(),
        "made": sum(1 for result in results or [] if result["contract"]),
    }  # fmt: skip
    return render(request, "programs/contracts/new_mous.html", context, status=status)


def _draft(row: dict[str, Any], user: Any) -> dict[str, Any]:
    """What became of one regency."""
    try:
        made = create_contract(ContractKind.MOU, row["values"], row["signers"], by=user, client_key=row["key"])
    except PortalError as error:
        return {"regency": row["regency"], "contract": None, "signers": [], "why": str(error)}
    return {"regency": row["regency"], "contract": made, "signers": row["signers"], "why": ""}


@page(who=rules.drafters, writes=True)
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a draft with its signers; after somebody else's save both versions are shown."""
    found = Contract.objects.visible_to(request.user).select_related(*RELATED)
    row = get_object_or_404(found, pk=pk)
    ensure(rules.may_write_contract(request.user, row))
    stored = drafts_of(row)
    form = ContractForm(sent(request), instance=row)
    formset = signer_formset(row, stored, sent(request))
    status, blocked, theirs = form_status(request), "", None
    if request.method == "POST" and form.is_valid() & formset.is_valid():
        values, drafts = form.values(), formset.drafts()
        try:
            change_contract(row, values, drafts, by=request.user, base_version=form.cleaned_data["version"])
        except StaleVersion as stale:
            status, theirs = 409, _theirs(stale.current, values, drafts)
            see_version(form, stale.current.version)
        except Blocked as error:
            status, blocked = 409, str(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("contract_edit" if "lagi" in request.POST else "contract", pk)
    context = {
        "contract": row, "form": form, "formset": formset, "blocked": blocked, "theirs": theirs,
        "remarks": remarks(row) if request.method == "GET" else [],
        "gives_up_check": bool(rules.may_move_contract(request.user, row, "check")),
    }  # fmt: skip
    return render(request, "programs/contracts/edit.html", context, status=status)


def _theirs(current: Contract, values: dict[str, Any], drafts: list[Any]) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of what differs, the signers and the mandate as one line each."""
    plain = {name: value for name, value in values.items() if name not in ("mandate_fields", "extra")}
    found = differences(current, plain)
    if "mandate_fields" in values:
        stored = ", ".join(str(field) for field in current.mandate_fields.all())
        typed = ", ".join(str(field) for field in values["mandate_fields"])
        found += [(_("bidang mandat"), stored or "–", typed or "–")] if stored != typed else []
    stored, typed = told_signers(drafts_of(current)), told_signers(drafts)
    return found + ([(_("penanda tangan"), stored, typed)] if stored != typed else [])
