"""Forms of signing: the passphrase, the moment of a wet signature, the scan, and why it does not match."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.queries import has_second_factor
from portal.signing.passphrases import passphrase_field
from portal.web.forms import DateInput


class SignForm(forms.Form):
    """The passphrase and, where the account has a second factor, its code. Neither is ever shown again."""

    passphrase = passphrase_field(gettext_lazy("Frasa sandi tanda tangan"))
    code = forms.CharField(
        label=gettext_lazy("Kode verifikasi"),
        max_length=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=gettext_lazy("Dari aplikasi autentikator Anda."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_second_factor(user):
            del self.fields["code"]


class WetForm(forms.Form):
    """When a signature was given on paper; nothing for just now."""

    day = forms.DateField(label=gettext_lazy("Tanggal"), widget=DateInput, required=False)
    time = forms.TimeField(
        label=gettext_lazy("Pukul"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
        help_text=gettext_lazy("Kosongkan keduanya bila tanda tangan baru saja diberikan."),
    )

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        data = super().clean()
        if not self.errors and bool(data.get("day")) != bool(data.get("time")):
            raise ValidationError(_("Isi tanggal dan jamnya, atau kosongkan keduanya."))
        return data

    def moment(self) -> dt.datetime | None:
        """The moment, None for now."""
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        return timezone.make_aware(dt.datetime.combine(day, time)) if day and time else None


class ScanForm(forms.Form):
    """The scan of the signed paper."""

    scan = forms.FileField(
        label=gettext_lazy("Berkas PDF hasil pindaian"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": gettext_lazy("Pilih berkas PDF hasil pindaian.")},
        allow_empty_file=True,  # the action says what is wrong with it
    )
