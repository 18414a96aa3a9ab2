"""Forms of one's own signing identity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.proofs import knows_password
from portal.accounts.throttling import TooSoon
from portal.signing.models import SigningIdentity
from portal.signing.passphrases import check_strength, passphrase_field


class OwnPasswordForm(forms.Form):
    """The password of the account once more: an open session alone does not make a signing key."""

    password = forms.CharField(
        label=gettext_lazy("Kata sandi akun"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("Untuk memastikan bahwa ini benar Anda."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """The password, when it is right; guessing is slowed."""
        given = self.cleaned_data["password"]
        try:
            right = knows_password(self.user, given)
        except TooSoon as error:
            raise ValidationError(str(error)) from error
        if not right:
            raise ValidationError(_("Kata sandi akun tidak cocok."))
        return given


class IssueForm(OwnPasswordForm):
    """A new passphrase, typed twice."""

    passphrase = passphrase_field(
        gettext_lazy("Frasa sandi tanda tangan"),
        gettext_lazy("Sedikitnya 12 karakter, misalnya beberapa kata. Diminta setiap kali Anda menandatangani."),
    )
    passphrase_again = passphrase_field(gettext_lazy("Ulangi frasa sandi tanda tangan"))
    field_order = ["passphrase", "passphrase_again", "password"]

    def clean_passphrase(self) -> str:
        """The passphrase, when it is strong enough."""
        check_strength(self.cleaned_data["passphrase"], self.user)
        return self.cleaned_data["passphrase"]

    def clean(self) -> dict:
        """Both fields agree."""
        data = super().clean()
        one, other = data.get("passphrase"), data.get("passphrase_again")
        if one and other and one != other:
            self.add_error("passphrase_again", _("Kedua frasa sandi tidak sama."))
        return data


class BsreForm(OwnPasswordForm):
    """The NIK under which BSrE knows this person."""

    nik = forms.CharField(
        label="NIK",
        max_length=16,
        validators=SigningIdentity._meta.get_field("nik").validators,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("NIK yang terdaftar pada BSrE. Hanya empat angka terakhirnya yang ditampilkan."),
    )
    field_order = ["nik", "password"]
