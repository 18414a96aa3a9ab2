"""The second factor: connecting an authenticator app, recovery codes, disconnecting."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.queries import has_second_factor, unused_recovery_codes
from portal.accounts.rules import must_have_second_factor
from portal.accounts.views.login import before_second_factor
from portal.web.access import page, signed_in
from portal.web.submissions import with_form_status

_activate = with_form_status(totp_views.ActivateTOTPView.as_view(template_name="mfa/totp/activate_form.html"))
_deactivate = totp_views.DeactivateTOTPView.as_view(template_name="mfa/totp/deactivate_form.html")
_generate = code_views.GenerateRecoveryCodesView.as_view(
    template_name="mfa/recovery_codes/generate.html", success_url=reverse_lazy("mfa_view_recovery_codes")
)
fresh = reauthentication_required(app="allauth.mfa")


@page(who=signed_in, reads=True)
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Whether there is a second factor, and what can be done."""
    context = {
        "second_factor": has_second_factor(request.user),
        "required": must_have_second_factor(request.user),
        "codes_left": len(unused_recovery_codes(request.user)),
    }
    return render(request, "mfa/index.html", context)


@before_second_factor
@page(who=signed_in, writes=True)
@never_cache
def activate(request: HttpRequest) -> HttpResponse:
    """Shows the QR and takes the first code."""
    return _activate(request)


@page(who=signed_in, writes=True)
@never_cache
def deactivate(request: HttpRequest) -> HttpResponse:
    """Disconnects the app, where the setting allows it."""
    if not has_second_factor(request.user):
        return redirect("mfa_index")
    return _deactivate(request)


@page(who=signed_in, reads=True)
@never_cache
@fresh
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that were not used yet."""
    if not has_second_factor(request.user):
        return redirect("mfa_index")
    return render(request, "mfa/recovery_codes/index.html", {"codes": unused_recovery_codes(request.user)})


@page(who=signed_in, writes=True)
@never_cache
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes instead of all old ones."""
    if not has_second_factor(request.user):
        return redirect("mfa_index")
    return _generate(request)


@page(who=signed_in, reads=True)
@never_cache
@fresh
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes as a text file."""
    codes = unused_recovery_codes(request.user)
    if not codes:
        raise Http404
    text = "\n".join([_("Kode pemulihan Portal Rakor – %s") % request.user.get_username(), "", *codes, ""])
    headers = {"Content-Disposition": 'attachment; filename="kode-pemulihan.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
