"""Proofs that it is really this person at the keyboard: the own password again, a code of the second factor.

Every try is counted before the secret is looked at (throttling), so neither is ever guessed through a form of another
app.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.db import transaction

from portal.accounts import throttling

CODE_LIFE = 120  # seconds in which a code of the app could be accepted again: its 30 with one step of drift each way


def knows_password(user: Any, given: str) -> bool:
    """Whether this is the person's own password.

    Errors: TooSoon.
    """
    attempt = throttling.try_code(user.pk)
    if not user.check_password(given):
        return False
    attempt.succeeded()
    return True


def holder_of_code(user: Any, code: str) -> Authenticator | None:
    """The app or the list of recovery codes that accepts this code now; it is good only once.

    Works without the cache: allauth keeps used codes there, and it may be down.
    Errors: TooSoon.
    """
    code = "".join(code.split())
    attempt = throttling.try_code(user.pk)
    with transaction.atomic():
        for authenticator in Authenticator.objects.select_for_update().filter(user=user).order_by("-type"):
            if _accepts(authenticator, code):
                authenticator.user = user
                attempt.succeeded()
                return authenticator
    return None


def _accepts(authenticator: Authenticator, code: str) -> bool:
    """Whether the app or the list of recovery codes accepts the code now; a code of the app is good only once."""
    if authenticator.type != Authenticator.Type.TOTP:
        return authenticator.wrap().validate_code(code)
    if not validate_totp_code(decrypt(authenticator.data["secret"]), code):
        return False
    used, now = authenticator.data.get("used", {}), time.time()
    used = {digest: at for digest, at in used.items() if now - at < CODE_LIFE}
    digest = hashlib.sha256(code.encode()).hexdigest()
    if digest in used:
        return False
    authenticator.data["used"] = {**used, digest: now}
    authenticator.save(update_fields=["data"])
    return True
