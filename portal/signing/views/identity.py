"""One's own signing identity: see it, issue or renew a certificate, switch to BSrE, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.signing import actions
from portal.signing.authority import authority_certificate, certificate_file
from portal.signing.backends.bsre import enabled
from portal.signing.errors import SigningError
from portal.signing.forms import BsreForm, IssueForm
from portal.signing.models import SigningIdentity
from portal.signing.rules import signers
from portal.web.access import everyone, page
from portal.web.forms import ReasonForm
from portal.web.submissions import form_status, sent


@page(who=signers, reads=True)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What this person signs with, and what it was before."""
    rows = list(SigningIdentity.objects.filter(user=request.user).defer("private_key", "certificate"))
    context = {
        "identity": next((row for row in rows if row.revoked_at is None), None),
        "former": [row for row in rows if row.revoked_at],
        "bsre_enabled": enabled(),
        "has_authority": authority_certificate() is not None,
    }
    return render(request, "signing/identity.html", context)


@sensitive_post_parameters()
@page(who=signers, writes=True)
@never_cache
def issue(request: HttpRequest) -> HttpResponse:
    """A new certificate of the portal, the first one or in the place of another."""
    form = IssueForm(sent(request), user=request.user)
    if form.is_valid():
        try:
            actions.issue_identity(request.user, form.cleaned_data["passphrase"], by=request.user)
        except SigningError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sertifikat tanda tangan diterbitkan. Ingatlah frasa sandinya."))
            return redirect("signing_identity")
    context = {"form": form, "identity": SigningIdentity.objects.of(request.user)}
    return render(request, "signing/issue.html", context, status=form_status(request))


@sensitive_post_parameters()
@page(who=signers, writes=True)
@never_cache
def bsre(request: HttpRequest) -> HttpResponse:
    """Sign with BSrE from now on; only where the portal knows its service."""
    if not enabled():
        raise Http404
    form = BsreForm(sent(request), user=request.user)
    if form.is_valid():
        try:
            actions.use_bsre(request.user, form.cleaned_data["nik"], by=request.user)
        except SigningError as error:
            form.add_error("nik", str(error))
        else:
            messages.success(request, _("Mulai sekarang Anda menandatangani dengan BSrE."))
            return redirect("signing_identity")
    context = {"form": form, "identity": SigningIdentity.objects.of(request.user)}
    return render(request, "signing/bsre.html", context, status=form_status(request))


@page(who=signers, writes=True)
@never_cache
def revoke(request: HttpRequest) -> HttpResponse:
    """End the identity in use, with a reason."""
    identity = SigningIdentity.objects.of(request.user)
    if identity is None:
        return redirect("signing_identity")
    form = ReasonForm(sent(request))
    if form.is_valid():
        actions.revoke_identity(identity, form.cleaned_data["note"], by=request.user)
        messages.success(request, _("Sertifikat tanda tangan dicabut. Tanda tangan yang sudah diberikan tetap sah."))
        return redirect("signing_identity")
    return render(request, "signing/revoke.html", {"form": form, "identity": identity}, status=form_status(request))


@page(who=everyone, reads=True)
def authority(request: HttpRequest) -> HttpResponse:
    """The certificate of the portal's authority, for whoever wants to check signatures without the portal."""
    if authority_certificate() is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="otoritas-portal-rakor.pem"'}
    return HttpResponse(certificate_file().read_bytes(), content_type="application/x-pem-file", headers=headers)
