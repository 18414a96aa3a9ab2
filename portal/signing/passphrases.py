"""Passphrases of signing keys: the field they are typed into, and how strong a new one must be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 12, 200


def passphrase_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for a passphrase: never filled in by the browser, never shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=help_text)


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
