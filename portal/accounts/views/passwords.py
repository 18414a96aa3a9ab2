"""Changing, forgetting and setting a password."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import actions
from portal.accounts.forms import ForgottenForm, NewPasswordForm
from portal.accounts.models import PasswordLink
from portal.kernel.errors import Blocked
from portal.web.access import everyone, page, signed_in
from portal.web.submissions import form_status, sent, with_form_status

_change = with_form_status(
    account_views.PasswordChangeView.as_view(
        template_name="account/password_change.html", success_url=reverse_lazy("profile")
    )
)


@page(who=signed_in, writes=True)
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for who knows the old one; all other sessions end."""
    if not request.user.has_usable_password():
        messages.info(
            request, _("Akun ini belum mempunyai kata sandi. Mintalah tautan kata sandi kepada admin portal.")
        )
        return redirect("profile")
    return _change(request)


@page(who=everyone, writes=True)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Asks for a link by e-mail; the answer is the same whether the account exists or not.

    A portal without mail server says so, instead of promising what will not come.
    """
    if not settings.PASSWORD_MAIL:
        return render(request, "account/password_reset.html", {"form": None})
    form = ForgottenForm(sent(request))
    if form.is_valid():
        try:
            address = get_adapter(request).get_client_ip(request)
            actions.ask_for_password_mail(form.cleaned_data["login"].strip(), address)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            return redirect("password_mail_ordered")
    return render(request, "account/password_reset.html", {"form": form}, status=form_status(request))


@page(who=everyone, reads=True)
def password_mail_ordered(request: HttpRequest) -> HttpResponse:
    """What happens now."""
    return render(request, "account/password_reset_done.html")


@page(who=everyone, writes=True)
@never_cache
@sensitive_post_parameters("password1", "password2")
def new_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Sets a password through a one-time link. Opening the link does not spend it: messengers look at links first."""
    link = PasswordLink.objects.find(secret)
    if link is None:
        return render(request, "accounts/link_spent.html", status=404)
    form = NewPasswordForm(sent(request), user=link.user)
    if form.is_valid():
        actions.use_password_link(secret, form.cleaned_data["password1"])
        messages.success(request, _("Kata sandi baru tersimpan. Silakan masuk."))
        return redirect("account_login")
    context = {"form": form, "person": link.user}
    return render(request, "accounts/new_password.html", context, status=form_status(request))
