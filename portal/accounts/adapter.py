"""How allauth behaves here: the admin makes accounts, guessing is slowed by our own doors, seeds are encrypted."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import throttling
from portal.accounts.queries import waiting_form_url
from portal.accounts.rules import must_have_second_factor

WRONG = gettext_lazy("Nama pengguna, surel, atau kata sandi tidak cocok.")


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, Indonesian sentences, doors that shut after failures."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "enter_current_password": gettext_lazy("Kata sandi saat ini tidak cocok."),
        "incorrect_password": gettext_lazy("Kata sandi tidak cocok."),
        "incorrect_code": gettext_lazy("Kode tidak cocok. Gunakan kode yang sedang tampil di aplikasi."),
        "too_many_login_attempts": gettext_lazy("Terlalu banyak percobaan yang gagal. Silakan coba lagi nanti."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """The user of these credentials, or None; every try is counted.

        Errors: ValidationError with a sentence while the door is shut, or when the account is deactivated (told only to
        who knows its password).
        """
        login = credentials.get("email") or credentials.get("username") or ""
        try:
            attempt = throttling.try_login(login, self.get_client_ip(request))
        except throttling.TooSoon as error:
            raise ValidationError(str(error)) from error
        user = super().authenticate(request, **credentials)
        if user:
            attempt.succeeded()
            if not user.is_active:
                raise ValidationError(_("Akun ini dinonaktifkan. Hubungi admin portal di dinas provinsi."))
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask for the password again: not within minutes of having given it."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest >= account_settings.REAUTHENTICATION_TIMEOUT

    def get_login_redirect_url(self, request: Any) -> str:
        """Where to go when no page was asked for: to a form that still waits, else home."""
        return waiting_form_url(request.user) or super().get_login_redirect_url(request)


class MFAAdapter(DefaultMFAAdapter):
    """Seeds encrypted at rest; no deactivation where the setting demands a second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": gettext_lazy(
            "Jabatan Anda mewajibkan verifikasi dua langkah, sehingga tidak dapat dimatikan."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        """The name under which the authenticator app lists this account."""
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not while the user's roles require it."""
        return not must_have_second_factor(authenticator.user)

    def encrypt(self, text: str) -> str:
        """The text as only the owner of SECRET_KEY can read it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; SECRET_KEY_FALLBACKS are tried too, so that the key can be changed."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"portal.accounts.mfa:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
