"""Who may have a signing identity, see it, and end it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.rules import administrators
from portal.kernel.decision import Decision, allow_if
from portal.web.access import signed_in


def signers(user: Any) -> Decision:
    """Setiap pengguna yang sudah masuk."""
    return signed_in(user)


def own_identity(user: Any, owner: Any) -> Decision:
    """Hanya pemiliknya sendiri: kunci tanda tangan tidak pernah dibuatkan orang lain."""
    sentence = _("Sertifikat tanda tangan hanya dapat diatur oleh pemiliknya sendiri.")
    return signed_in(user) & allow_if(user.pk == owner.pk, sentence)


def may_see_identity(user: Any, identity: Any) -> Decision:
    """Pemiliknya dan admin portal."""
    return own_identity(user, identity.user) if user.pk == identity.user_id else administrators(user)


def may_revoke(user: Any, identity: Any) -> Decision:
    """Pemiliknya, dan admin portal (ponsel hilang, jabatan berakhir)."""
    return may_see_identity(user, identity)
