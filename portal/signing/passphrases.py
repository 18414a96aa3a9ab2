"""How strong a passphrase of a signing key must be."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 12, 200


def check_strength(passphrase: str, user: Any) -> None:
    """Return when nobody guesses it: long, not common, not like the person's name, not the password of the account.

    Errors: ValidationError with sentences.
    """
    if len(passphrase) < SHORTEST:
        raise ValidationError(_("Frasa sandi sedikitnya %d karakter. Beberapa kata lebih mudah diingat.") % SHORTEST)
    if len(passphrase) > LONGEST:
        raise ValidationError(_("Frasa sandi paling banyak %d karakter.") % LONGEST)
    if len(set(passphrase)) < 6:
        raise ValidationError(_("Frasa sandi ini terlalu mudah ditebak."))
    if user.check_password(passphrase):
        raise ValidationError(_("Frasa sandi harus berbeda dari kata sandi akun Anda."))
    validate_password(passphrase, user)
