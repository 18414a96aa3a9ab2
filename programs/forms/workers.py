"""Forms of an extension worker: his data, where he is placed, his account."""

from __future__ import annotations

import re
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms import DateInput
from programs.actions.workers import FIELDS
from programs.models import ExtensionWorker
from regencies.models import Regency

PHONE = re.compile(r"\+?[\d\s().-]{6,}")
FIRST_COHORT, LAST_COHORT = 1990, 2100


class WorkerForm(forms.ModelForm):
    """Data of a person. `version` says which state the user saw; a new one also names the regency, and has a key."""

    identity_number = forms.CharField(
        label=gettext_lazy("NIK"), required=False, max_length=30, help_text=gettext_lazy("16 angka; boleh kosong.")
    )
    cohort = forms.IntegerField(
        label=gettext_lazy("Angkatan"), required=False, min_value=FIRST_COHORT, max_value=LAST_COHORT,
        help_text=gettext_lazy("Tahun masuk kuliah; wajib untuk program beasiswa."),
    )  # fmt: skip
    regency = forms.ModelChoiceField(
        Regency.objects.none(), label=gettext_lazy("Kabupaten/kota penempatan"), required=False,
        help_text=gettext_lazy("Kosong bila belum ditempatkan."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = ExtensionWorker
        # The NIK is left to the verb, which knows a second click from a second person.
        fields = [name for name in FIELDS if name != "identity_number"]
        widgets = {"birth_on": DateInput, "address": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["identity_number"].initial = self.instance.identity_number
        new = self.instance.pk is None
        if new:
            self.fields["client_key"].initial = uuid.uuid4()
            self.fields["regency"].queryset = Regency.objects.visible_to(user)
        else:
            del self.fields["client_key"], self.fields["regency"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(str(_("Orang")), "name", "scheme", "cohort", "school", "programme"),
            Fieldset(
                str(_("Data pribadi (hanya dinas provinsi dan penyuluh sendiri)")),
                "identity_number", "birth_place", "birth_on", "address", "phone", "email",
            ),
            Fieldset(str(_("Tugas")), *(["regency"] if new else []), "placement"),
            *(["client_key"] if new else []), "version",
        )  # fmt: skip

    def clean_identity_number(self) -> str:
        """The NIK without blanks."""
        return "".join(self.cleaned_data["identity_number"].split())

    def clean_phone(self) -> str:
        """The number, when it looks like one."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Tulis nomor dengan angka, misalnya 0812 3456 7890."))
        return phone

    def clean_birth_on(self) -> Any:
        """A day on which a grown person can have been born."""
        day = self.cleaned_data["birth_on"]
        if day and not 1900 <= day.year <= timezone.localdate().year - 15:
            raise forms.ValidationError(_("Periksa tahun lahirnya."))
        return day

    def clean(self) -> dict[str, Any]:
        """Also asks for the cohort of a scholarship."""
        data = super().clean() or self.cleaned_data
        told = "cohort" in self.errors
        if data.get("scheme") == ExtensionWorker.Scheme.SCHOLARSHIP and not data.get("cohort") and not told:
            self.add_error("cohort", _("Angkatan wajib diisi untuk program beasiswa."))
        return data

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class PlacementForm(forms.Form):
    """Where a worker is placed; a reason is asked of who was there before."""

    regency = forms.ModelChoiceField(Regency.objects.none(), label=gettext_lazy("Kabupaten/kota penempatan"))
    placement = forms.CharField(
        label=gettext_lazy("Wilayah kerja"), max_length=200, required=False,
        help_text=gettext_lazy("Misalnya kecamatan atau sentra yang didampingi."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Dicatat dalam jurnal."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, worker: ExtensionWorker, **kwargs: Any) -> None:
        kwargs["initial"] = {"regency": worker.regency_id, "placement": worker.placement}
        super().__init__(*args, **kwargs)
        self.fields["regency"].queryset = Regency.objects.visible_to(user)
        self.fields["note"].required = worker.status != "lulus"


class NewAccountForm(forms.Form):
    """The user name of an account to be made."""

    username = forms.CharField(
        label=gettext_lazy("Nama pengguna baru"), max_length=150,
        help_text=gettext_lazy("Kata sandi dibuat pemiliknya lewat tautan sekali pakai."),
    )  # fmt: skip


class LinkAccountForm(forms.Form):
    """The user name of an account that is there."""

    existing = forms.CharField(label=gettext_lazy("Nama pengguna yang sudah ada"), max_length=150)
