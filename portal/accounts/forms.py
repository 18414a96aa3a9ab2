"""Forms of accounts: allauth's with Indonesian words and our own doors, and a few of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import proofs, throttling
from portal.accounts.models import User


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text)


def _code(label: str, help_text: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, max_length=32, widget=forms.TextInput(attrs=attrs))


class LoginForm(account_forms.LoginForm):
    """User name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=gettext_lazy("Nama pengguna atau surel"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = _password(gettext_lazy("Kata sandi"), "current-password")
        self.order_fields(["login", "password"])
        if who := getattr(self.request, "idle_user", None):
            self.initial.setdefault("login", who.get_username())

    def user_credentials(self) -> dict[str, str]:
        """What was typed, as one name: the backend looks for it as an e-mail address and as a user name.

        Given as both, a wrong password for a known address would be hashed twice, and time would tell that it is known.
        """
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    password = _password(gettext_lazy("Kata sandi"), "current-password")


class NewPasswordMixin(forms.Form):
    """A new password, typed twice. The form is made with `user`."""

    password1 = _password(
        gettext_lazy("Kata sandi baru"),
        "new-password",
        gettext_lazy("Sedikitnya 10 karakter, tidak hanya angka, tidak mirip nama Anda, dan tidak umum dipakai orang."),
    )
    password2 = _password(gettext_lazy("Ulangi kata sandi baru"), "new-password")

    def clean_password1(self) -> str:
        """The password, when the validators of the settings accept it for this user."""
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def clean(self) -> dict:
        """Both fields agree."""
        data = super().clean()
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", _("Kedua kata sandi tidak sama."))
        return data


class ChangePasswordForm(NewPasswordMixin, account_forms.UserForm):
    """The old password and a new one, for who is logged in."""

    oldpassword = _password(gettext_lazy("Kata sandi saat ini"), "current-password")
    field_order = ["oldpassword", "password1", "password2"]

    def clean_oldpassword(self) -> str:
        """The old password, when it is right; guessing it is slowed like guessing a login."""
        given = self.cleaned_data["oldpassword"]
        _own_password(self.user, given)
        return given

    def save(self) -> None:
        """Store the new password."""
        self.user.set_password(self.cleaned_data["password1"])
        self.user.save(update_fields=["password"])


class NewPasswordForm(NewPasswordMixin):
    """A new password through a one-time link."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)


class ForgottenForm(forms.Form):
    """Who forgot a password."""

    login = forms.CharField(
        label=gettext_lazy("Nama pengguna atau surel"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ProfileForm(forms.ModelForm):
    """One's own name, e-mail and phone; another e-mail needs the password, because it opens the account."""

    password = forms.CharField(
        label=gettext_lazy("Kata sandi saat ini"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("Hanya perlu diisi bila surel diubah."),
    )

    class Meta:
        model = User
        fields = ["full_name", "email", "phone"]
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})}

    def clean(self) -> dict:
        """The password is right when the e-mail changes."""
        data = super().clean()
        if data.get("email", self.initial["email"]) != self.initial["email"]:
            try:
                _own_password(self.instance, data.get("password", ""))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class _CodeMixin:
    """Checks a code of the second factor without the cache: allauth keeps used codes there, and it may be down."""

    def clean_code(self) -> str:
        """The code, when it is right, not used before, and the door is open."""
        code = "".join(self.cleaned_data["code"].split())
        if authenticator := _counted(lambda: proofs.holder_of_code(self.user, code)):
            self.authenticator = authenticator
            return code
        raise get_mfa_adapter().validation_error("incorrect_code")


class AuthenticateForm(_CodeMixin, mfa_forms.AuthenticateForm):
    """The second step of logging in."""

    code = _code(
        gettext_lazy("Kode verifikasi"),
        gettext_lazy("Enam angka dari aplikasi autentikator, atau satu kode pemulihan."),
    )


class ReauthenticateByCodeForm(_CodeMixin, mfa_forms.ReauthenticateForm):
    """A code once more, before something that matters."""

    code = AuthenticateForm.base_fields["code"]


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The first code of a newly connected app."""

    code = _code(gettext_lazy("Kode dari aplikasi"), gettext_lazy("Enam angka yang sedang tampil di aplikasi."))

    def clean_code(self) -> str:
        """The code, when it fits the seed shown."""
        attempt = _counted(lambda: throttling.try_code(self.user.pk))
        code = "".join(self.cleaned_data["code"].split())
        if not validate_totp_code(self.secret, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        attempt.succeeded()
        return code


def _own_password(user: User, given: str) -> None:
    if not _counted(lambda: proofs.knows_password(user, given)):
        raise ValidationError(_("Kata sandi saat ini tidak cocok."))


def _counted(enter: Callable[[], Any]) -> Any:
    """What the counted try brought.

    Errors: ValidationError with a sentence while the door is shut.
    """
    try:
        return enter()
    except throttling.TooSoon as error:
        raise ValidationError(str(error)) from error
