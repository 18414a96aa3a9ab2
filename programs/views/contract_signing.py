"""Signing a contract electronically: the page, the signature itself, and the files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.files import file_response
from portal.web.submissions import form_status, sent
from programs import contract_rules as rules
from programs.actions import signing as actions
from programs.forms.contract_signing import SignForm
from programs.models import Contract, Signature, Signer
from programs.queries.contracts_files import may_read_paper, readable_file
from programs.queries.contracts_signing import own_place, signing_context


def contract_to_sign(request: HttpRequest, pk: int) -> Contract:
    """An approved contract whose paper this user may read.

    Errors: Http404; Denied when he sees the contract, but not its paper.
    """
    rows = Contract.objects.visible_to(request.user).select_related("document", "regency", "number", "worker")
    contract = get_object_or_404(rows, pk=pk, document__isnull=False)
    ensure(may_read_paper(request.user, contract))
    return contract


@sensitive_post_parameters()
@page(who=rules.readers, writes=True)
@never_cache
def contract_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed, whose turn it is, what a signature will be; and signing itself."""
    contract = contract_to_sign(request, pk)
    form = SignForm(sent(request), user=request.user)
    status = form_status(request)
    if request.method == "POST":
        signer = own_place(contract, request.user)
        if signer is None:
            raise Http404
        if _signed_already(signer, request):
            messages.info(request, _("Tanda tangan Anda sudah tersimpan."))
            return redirect("contract_sign", pk)
        if form.is_valid():
            status = _sign(request, form, signer)
            if not form.errors:
                return redirect("contract_sign", pk)
        contract.refresh_from_db()
    context = signing_context(contract, request.user) | {"form": form}
    return render(request, "programs/contracts/signing/page.html", context, status=status)


def _signed_already(signer: Signer, request: HttpRequest) -> bool:
    """Whether a first click was faster."""
    return Signature.objects.filter(signer=signer, recorded_by=request.user).exists()


def _sign(request: HttpRequest, form: SignForm, signer: Signer) -> int:
    """The status of the answer; a refusal is an error of the form."""
    try:
        actions.sign_contract(
            signer, by=request.user, passphrase=form.cleaned_data["passphrase"], code=form.cleaned_data.get("code", ""),
            base_sha256=request.POST.get("base_sha256", ""),
        )  # fmt: skip
    except actions.SigningError as error:
        form.add_error(None, str(error))
        return 422
    except (Blocked, StaleVersion) as error:
        form.add_error(None, str(error))
        return 409
    messages.success(request, _("Tanda tangan Anda tersimpan dan sudah diperiksa."))
    return 302


@page(who=rules.readers, reads=True)
@never_cache
def contract_sign_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that waits until the print stands fast."""
    context = signing_context(contract_to_sign(request, pk), request.user)
    response = render(request, "programs/contracts/signing/_waiting.html", context)
    if not context["freezing"]:
        response["HX-Refresh"] = "true"
    return response


@page(who=rules.readers, reads=True)
def contract_file(request: HttpRequest, pk: int, sequence: int) -> HttpResponseBase:
    """One state of the file: the one in force for who may read the paper, all for the province; `lihat` shows it."""
    contract = get_object_or_404(
        Contract.objects.visible_to(request.user).select_related("document", "number"), pk=pk
    )  # fmt: skip
    revision = readable_file(request.user, contract, sequence)
    if revision is None:
        raise Http404
    number = contract.number.text if contract.number else str(pk)
    name = f"{slugify(f'{contract.kind} {number}'.replace('/', ' ').replace('_', ' '))}-{revision.kind}-{sequence}.pdf"
    return file_response(
        request, revision.file.name, sha256=revision.sha256, filename=name, content_type="application/pdf",
        shown="lihat" in request.GET,
    )  # fmt: skip
