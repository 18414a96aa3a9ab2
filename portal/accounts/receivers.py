"""What follows from logging in and from changes of password and second factor, whoever caused them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext_noop

from portal.accounts import witness
from portal.accounts.models import PasswordLink
from portal.accounts.session import HAD_HATS, LAST_SEEN


@receiver(user_logged_in)
def begin_session(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """Remember when this session was last used, and whether its owner held a position when it began."""
    request.session[LAST_SEEN] = int(time.time())
    request.session[HAD_HATS] = bool(user.hats)


@receiver(password_changed)
def note_password_change(sender: Any, user: Any, **kwargs: Any) -> None:
    """A journal entry; links that were handed out are void."""
    PasswordLink.objects.filter(user=user).delete()
    witness.record(gettext_noop("Mengubah kata sandi sendiri"), user, by=user)


@receiver(authenticator_added)
def note_second_factor(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """A journal entry for the app; its recovery codes come with it."""
    if authenticator.type == Authenticator.Type.TOTP:
        witness.record(gettext_noop("Mengaktifkan verifikasi dua langkah"), user, by=user)


@receiver(authenticator_removed)
def note_no_second_factor(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """A journal entry."""
    if authenticator.type == Authenticator.Type.TOTP:
        witness.record(gettext_noop("Mematikan verifikasi dua langkah"), user, by=user)


@receiver(authenticator_reset)
def note_new_codes(sender: Any, user: Any, **kwargs: Any) -> None:
    """A journal entry."""
    witness.record(gettext_noop("Membuat kode pemulihan baru"), user, by=user)
