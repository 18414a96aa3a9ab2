"""The way of the paper: wet signatures recorded by the committee, the scan, and its comparison by a second person."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, PortalError, WrongFile
from portal.web.access import page
from portal.web.forms import ReasonForm
from portal.web.submissions import form_status, sent
from portal.web.uploads import takes_file
from programs import contract_rules as rules
from programs.actions import signing as actions
from programs.forms.contract_signing import ScanForm, WetForm
from programs.models import Revision
from programs.queries.contracts_files import current_file, frozen_print
from programs.queries.contracts_signing import comparison
from programs.views.contract_signing import contract_to_sign


@page(who=rules.witnesses_of_paper, writes=True)
def contract_wet(request: HttpRequest, pk: int, signer_pk: int) -> HttpResponse:
    """Record that somebody signed on paper: just now by one click, or with the moment it was."""
    contract = contract_to_sign(request, pk)
    signer = get_object_or_404(contract.signers.select_related("position__person", "worker"), pk=signer_pk)
    form, status = WetForm(sent(request)), form_status(request)
    if request.method == "POST" and form.is_valid():
        try:
            signature = actions.record_wet(signer, by=request.user, at=form.moment())
        except Blocked as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Tanda tangan %(name)s dicatat.") % {"name": signature.name})
            return redirect("contract_sign", pk)
    context = {"contract": contract, "signer": signer, "form": form}
    return render(request, "programs/contracts/signing/wet.html", context, status=status)


@takes_file(lambda: settings.SCAN_LARGEST)
@page(who=rules.witnesses_of_paper, writes=True)
def contract_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload the scan of the signed paper; a wrong file is refused at its field."""
    contract = contract_to_sign(request, pk)
    form = ScanForm(sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.upload_scan(contract, form.cleaned_data["scan"], by=request.user)
        except (WrongFile, Blocked) as error:
            form.add_error("scan", str(error))
        else:
            messages.success(request, _("Pindaian tersimpan. Sekarang orang kedua mencocokkannya."))
            return redirect("contract_sign", pk)
    context = {
        "contract": contract, "form": form, "limit": settings.SCAN_LARGEST // (1024 * 1024),
        "print": frozen_print(contract),
    }  # fmt: skip
    return render(request, "programs/contracts/signing/scan.html", context, status=form_status(request))


@page(who=rules.witnesses_of_paper, writes=True)
def contract_scan_check(request: HttpRequest, pk: int, sequence: int) -> HttpResponse:
    """Print and scan beside each other: they match, or they do not and why."""
    contract = contract_to_sign(request, pk)
    scan = get_object_or_404(
        contract.revisions.select_related("by", "confirmed_by"), sequence=sequence, kind=Revision.Kind.SCAN
    )
    rejects = request.POST.get("putusan") == "tolak"
    form = ReasonForm(sent(request) if rejects else None)
    status, refused = form_status(request), ""
    if request.method == "POST" and (not rejects or form.is_valid()):
        try:
            if rejects:
                actions.reject_scan(scan, form.cleaned_data["note"], by=request.user)
                messages.success(request, _("Pindaian dinyatakan tidak cocok. Unggah yang baru."))
            else:
                actions.confirm_scan(scan, by=request.user)
                messages.success(request, _("Pindaian cocok dengan naskah yang dicetak."))
            return redirect("contract_sign", pk)
        except PortalError as error:
            status, refused = 409, str(error)
    context = {
        "contract": contract, "scan": scan, "rows": comparison(contract, scan), "form": form, "refused": refused,
        "print": current_file(contract), "may_confirm": rules.may_confirm_scan(request.user, scan),
        "open": not scan.confirmed_by_id and not scan.rejected_reason,
    }  # fmt: skip
    return render(request, "programs/contracts/signing/compare.html", context, status=status)
