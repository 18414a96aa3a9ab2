"""Forms of the page "Pengguna & jabatan"."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.web.forms import DateInput
from regencies.models import Agency, Position
from regencies.rules import PROVINCIAL, REGIONAL, Role

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,18}")


class AccountForm(forms.ModelForm):
    """Name, e-mail and phone of a person; the user name only when the account is made."""

    class Meta:
        model = User
        fields = ["full_name", "username", "email", "phone"]
        labels = {"username": gettext_lazy("Nama pengguna")}
        help_texts = {
            "username": gettext_lazy("Untuk masuk: huruf kecil, angka, titik, garis. Tidak dapat diubah kemudian."),
            "email": gettext_lazy("Boleh kosong. Dipakai untuk masuk dan bila kata sandi terlupa."),
            "phone": gettext_lazy("Untuk mengirim tautan kata sandi lewat WhatsApp."),
        }
        widgets = {
            "username": forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["username"]

    def clean_username(self) -> str:
        """The name in lower case, when its letters are allowed and nobody else has it."""
        name = self.cleaned_data["username"].lower()
        if not USER_NAME.fullmatch(name):
            raise ValidationError(_("Gunakan 3–30 huruf kecil, angka, titik, atau garis."))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Nama pengguna ini sudah dipakai akun lain."))
        return name

    def clean_email(self) -> str:
        """The address, when no other account has it."""
        email = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Surel ini sudah dipakai akun lain."))
        return email

    def clean_phone(self) -> str:
        """The number, when it looks like one."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(_("Tulis nomor dengan angka, misalnya 0812 3456 7890."))
        return phone


class PositionForm(forms.ModelForm):
    """One position. What the database would refuse is told beside the field it is about."""

    employee_number = forms.CharField(
        label=gettext_lazy("NIP"), required=False, max_length=30, help_text=gettext_lazy("18 angka; boleh kosong.")
    )

    class Meta:
        model = Position
        fields = ["role", "agency", "title", "standing", "starts_on", "ends_on", "rank", "employee_number"]
        widgets = dict.fromkeys(("starts_on", "ends_on"), DateInput)
        help_texts = {
            "role": gettext_lazy(
                "Peran menentukan hak di portal. Admin hanya mengelola akun dan tidak menyetujui apa pun."
            ),
            "ends_on": gettext_lazy("Hari terakhir jabatan; kosong bila belum ditentukan."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.in_order()
        self.fields["agency"].empty_label = _("Pilih kantor …")
        self.fields["role"].choices = [("", _("Pilih peran …")), *Role.choices]
        if not self.instance.pk:
            self.initial.setdefault("starts_on", timezone.localdate())

    def clean_employee_number(self) -> str:
        """The NIP without blanks."""
        return "".join(self.cleaned_data["employee_number"].split())

    def clean(self) -> dict:
        """The role fits the kind of office."""
        data = super().clean()
        role, agency = data.get("role"), data.get("agency")
        if role and agency:
            if role in REGIONAL and agency.level != Agency.Level.REGENCY:
                self.add_error("agency", _("Peran ini hanya untuk kantor kabupaten/kota."))
            if role in PROVINCIAL and agency.level != Agency.Level.PROVINCE:
                self.add_error("agency", _("Peran ini hanya untuk kantor provinsi."))
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        """Also says who holds the position already."""
        super().add_error(field, error)
        if field is None and "starts_on" in getattr(error, "error_dict", {}):
            self._errors["starts_on"].extend(self._head())

    def _head(self) -> list[str]:
        """Who holds the position already."""
        mine = self.instance
        found = Position.objects.filter(agency=mine.agency, role__in=["kadis_prov", "kadis_kab"], standing="definitif")
        found = found.exclude(pk=mine.pk).exclude(ends_on__lt=mine.starts_on)
        if mine.ends_on:
            found = found.exclude(starts_on__gt=mine.ends_on)
        return [_("Pejabatnya: %s.") % position.person for position in found.select_related("person")[:1]]


class EndPositionForm(forms.Form):
    """The last day of a position."""

    last_day = forms.DateField(
        label=gettext_lazy("Hari terakhir"),
        initial=timezone.localdate,
        widget=DateInput,
        help_text=gettext_lazy(
            "Haknya berlaku sampai akhir hari itu. Isi tanggal kemarin agar berakhir sekarang juga."
        ),
    )
