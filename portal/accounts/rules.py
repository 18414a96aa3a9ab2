"""Who may keep accounts and read the journal: whoever wears an administering hat today."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from portal.web.access import signed_in


def administrators(user: Any) -> Decision:
    """Admin portal."""
    held = getattr(user, "hats", ())
    return signed_in(user) & allow_if(any(hat.administers for hat in held), _("Hanya untuk admin portal."))


def must_have_second_factor(user: Any) -> bool:
    """Whether this user has to use an authenticator app: provincial roles, when the setting asks for it."""
    return settings.REQUIRE_SECOND_FACTOR and any(hat.needs_second_factor for hat in user.hats)


def may_replace_secrets(user: Any, other: Any) -> Decision:
    """Admin portal, but one's own password and second factor only where the old ones are asked for."""
    sentence = _("Kata sandi dan verifikasi dua langkah Anda sendiri diatur di halaman “Akun saya”.")
    return administrators(user) & allow_if(user.pk != other.pk, sentence)


def may_deactivate(user: Any, other: Any) -> Decision:
    """Admin portal, but never one's own account."""
    return administrators(user) & allow_if(user.pk != other.pk, _("Anda tidak dapat menonaktifkan akun Anda sendiri."))
