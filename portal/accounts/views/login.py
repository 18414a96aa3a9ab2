"""Logging in and out, in two steps where there is a second factor; also inside a page's dialog (?dialog=1)."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.web.access import everyone, page, signed_in
from portal.web.submissions import with_form_status

_login = with_form_status(account_views.LoginView.as_view(template_name="account/login.html"))
_authenticate = with_form_status(mfa_views.AuthenticateView.as_view(template_name="mfa/authenticate.html"))
_reauthenticate = with_form_status(
    account_views.ReauthenticateView.as_view(template_name="account/reauthenticate.html")
)
_reauthenticate_by_code = with_form_status(
    mfa_views.ReauthenticateView.as_view(template_name="mfa/reauthenticate.html")
)


def before_second_factor(view):
    """Mark a view that also who still has to connect an app may call."""
    view.before_second_factor = True
    return view


@page(who=everyone, writes=True)
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """The first step: user name or e-mail, and password."""
    return _answer(request, _login(request), "accounts/login_fragment.html")


@page(who=everyone, writes=True)
def authenticate(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code."""
    if request.method == "POST" and "code" not in request.POST:
        return redirect(request.get_full_path())
    return _answer(request, _authenticate(request), "accounts/code_fragment.html")


def _answer(request: HttpRequest, response: HttpResponse, fragment: str) -> HttpResponse:
    """allauth's answer, or what the dialog understands: a form, or 204 with the headers of a fresh session."""
    if "dialog" not in request.GET:
        return response
    if request.user.is_authenticated:
        headers = {"X-Logged-In": "1", "X-User-Id": str(request.user.pk), "X-CSRF-Token": get_token(request)}
        return HttpResponse(status=204, headers=headers)
    if isinstance(response, HttpResponseRedirect):
        return redirect(f"{response.url.partition('?')[0]}?{urlencode({'dialog': 1})}")
    response.template_name = fragment
    return response


@before_second_factor
@page(who=everyone, writes=True)
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """Leave; also gives up a login that waits for its second step. A GET asks first."""
    if request.method == "POST" and request.idle_user:
        request.session.flush()
    return account_views.logout(request)


@before_second_factor
@page(who=signed_in, writes=True)
@never_cache
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """The password once more, then back to what was asked for."""
    return _reauthenticate(request)


@before_second_factor
@page(who=signed_in, writes=True)
@never_cache
def reauthenticate_by_code(request: HttpRequest) -> HttpResponse:
    """A code once more, then back to what was asked for."""
    return _reauthenticate_by_code(request)


@before_second_factor
@page(who=signed_in, writes=True)
def extend_session(request: HttpRequest) -> HttpResponse:
    """Nothing but a sign of life: the session goes on."""
    if request.method != "POST":
        return redirect(reverse("profile"))
    return HttpResponse(status=204)
