"""Forms of participants: a delegate that an office names, a guest of the committee, a replacement."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.kernel.errors import Blocked
from rakor.facts.people import PERSONAL, employee_number, one_line
from rakor.models import Registration
from regencies.models import Position, Regency


class DelegateForm(forms.Form):
    """Somebody whom an office sends. `user` comes with the people of the own office who have an account.

    Whoever has a place already is among `people` too: a second click finds it, and the verbs say whose it is.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    user = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Nama lengkap dengan gelar"), min_length=2, max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": _("Nama wajib diisi.")},
    )  # fmt: skip
    title = forms.CharField(label=_("Jabatan"), max_length=150, required=False)
    phone = forms.CharField(
        label=_("Nomor HP/WhatsApp"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("Hanya terbaca oleh kantor Anda dan panitia."),
    )  # fmt: skip
    employee_number = forms.CharField(
        label=_("NIP"), max_length=40, required=False, help_text=_("18 angka; kosongkan bila bukan ASN."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    rank = forms.CharField(label=_("Pangkat/golongan"), max_length=60, required=False)
    email = forms.EmailField(label=_("Surel"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    arrival = forms.CharField(
        label=_("Kedatangan"), max_length=150, required=False,
        help_text=_("Misalnya 23 April, kapal feri, pukul 17.00."),
    )  # fmt: skip
    note = forms.CharField(label=_("Keterangan"), max_length=250, required=False)

    names = ("name", "title", "user", *PERSONAL)
    """Fields that the verbs take."""

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_key", uuid.uuid4())
        if people is not None:
            self.fields["user"].queryset = User.objects.filter(pk__in=people.values("person"))

    def clean_employee_number(self) -> str:
        """18 digits, however they were grouped."""
        try:
            return employee_number(self.cleaned_data["employee_number"])
        except Blocked as error:
            raise forms.ValidationError(str(error)) from error

    def clean_name(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["name"])

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}


class GuestForm(DelegateForm):
    """Any participant, as the committee writes him down."""

    institution = forms.CharField(
        label=_("Instansi"), max_length=150, error_messages={"required": _("Instansi wajib diisi.")}
    )
    category = forms.ChoiceField(
        label=_("Golongan"), choices=[("", "–"), *Registration.Category.choices],
        error_messages={"required": _("Pilih golongan peserta.")},
    )  # fmt: skip
    regency = forms.ModelChoiceField(
        Regency.objects.none(), label=_("Kabupaten/kota"), required=False, empty_label=_("–")
    )
    names = (*DelegateForm.names, "institution", "category", "regency")
    field_order = ("version", "client_key", "user", "name", "institution", "category", "title", "regency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regency"].queryset = Regency.objects.visible_to(None)
        self.fields["phone"].help_text = _("Hanya terbaca oleh panitia dan orangnya sendiri.")


def with_reason(form: type[DelegateForm]) -> type[DelegateForm]:
    """The same form for whoever comes instead, which asks why."""
    reason = forms.CharField(
        label=_("Alasan penggantian"), max_length=300, error_messages={"required": _("Alasan wajib diisi.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    return type(f"Replacing{form.__name__}", (form,), {"reason": reason, "__doc__": form.__doc__})


class CancelForm(forms.Form):
    """Why somebody does not come."""

    note = forms.CharField(
        label=_("Alasan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip


def initial_of(registration: Registration) -> dict[str, Any]:
    """What the form of a stored place begins with."""
    person = registration.participant
    return {
        "version": registration.version, "name": person.name, "title": person.title, "institution": person.institution,
        "regency": person.regency_id, "category": registration.category, "user": registration.user_id,
        **{name: getattr(registration, name) for name in PERSONAL},
    }  # fmt: skip


def initial_from(position: Position) -> dict[str, Any]:
    """What the register of offices knows of somebody who is chosen from his office."""
    person = position.person
    return {
        "user": person.pk, "name": person.display_name, "title": position.full_title, "rank": position.rank,
        "employee_number": position.employee_number, "email": person.email,
    }  # fmt: skip
