"""The second factor at the moment of signing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.proofs import holder_of_code
from portal.accounts.queries import has_second_factor
from portal.accounts.throttling import TooSoon
from portal.signing.errors import SigningError


def require_second_factor(user: Any, code: str) -> None:
    """Return when the account has no second factor, or this is a code of it; a code is good only once.

    Errors: SigningError.
    """
    if not has_second_factor(user):
        return
    if not code.strip():
        raise SigningError(_("Akun Anda memakai verifikasi dua langkah: isikan kode dari aplikasi autentikator."))
    try:
        holder = holder_of_code(user, code)
    except TooSoon as error:
        raise SigningError(str(error)) from error
    if holder is None:
        raise SigningError(_("Kode verifikasi tidak cocok. Naskah belum ditandatangani."))
