"""Forms of a register of numbers, and of the numbers that people take, insert and void by hand."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms import DateInput
from regencies.facts.numbers import LARGEST, missing_codes, pattern_faults
from regencies.facts.office_tables import classification_codes
from regencies.models import Agency, Register
from regencies.queries import register_offices

FIRST_YEAR, LAST_YEAR = 2000, 2100
CODES = "kode-klasifikasi"
"""Id of the list of classification codes on the page (registers/_codes.html)."""


def code_choices() -> list[tuple[str, str]]:
    """(code, what it means and by which rule) for the list that offers codes; another code may be typed."""
    rules = {"baru": "Permendagri 83/2022", "lama": "Permendagri 78/2012"}
    return [(code, f"{code} {name} ({rules[edition]})") for edition, code, name in classification_codes()]


class RegisterForm(forms.ModelForm):
    """Name and pattern; `last` lets the counter go on after numbers given on paper, `version` is what the user saw."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=gettext_lazy("Kantor"), empty_label=None, required=False,
        help_text=gettext_lazy("Kantor yang memberi nomor, misalnya Sekretariat Daerah untuk surat Sekda."),
    )  # fmt: skip
    last = forms.IntegerField(
        label=gettext_lazy("Nomor terakhir tahun ini"), min_value=0, max_value=LARGEST, required=False,
        help_text=gettext_lazy("Dinaikkan bila sebagian nomor sudah dipakai di luar portal; tidak dapat diturunkan."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Register
        fields = ["key", "name", "pattern", "classification", "office_code", "active"]
        widgets = {
            "classification": forms.TextInput(attrs={"list": CODES, "autocomplete": "off"}),
            "pattern": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        help_texts = {
            "pattern": gettext_lazy(
                "Tanda: {nomor} atau {nomor:03} (tiga angka), {klasifikasi}, {kode}, {bulan}, {bulan_romawi}, {tahun}."
            ),
            "classification": gettext_lazy("Pilih dari daftar lama atau baru, atau ketik kode lain."),
            "office_code": gettext_lazy("Singkatan dinas dalam nomor surat, misalnya DISPERINDAG."),
        }

    def __init__(self, *args: Any, last: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["last"].initial = last
        known = self.instance.pk is not None
        offices = register_offices()
        self.fields["agency"].queryset, self.fields["agency"].initial = offices, offices.first()
        if known:
            del self.fields["key"], self.fields["agency"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        names = ["name"] if known else ["agency", "key", "name"]
        self.helper.layout = Layout(
            Fieldset(str(_("Register")), *names, "active"),
            Fieldset(str(_("Cara menulis nomor")), "pattern", "classification", "office_code"),
            Fieldset(str(_("Hitungan")), "last"),
            "version",
        )

    def clean(self) -> dict[str, Any]:
        """Also checks the pattern, and that the codes it asks for are there."""
        data = super().clean() or self.cleaned_data
        if pattern := data.get("pattern"):
            for fault in pattern_faults(pattern):
                self.add_error("pattern", fault)
            codes = data.get("classification", ""), data.get("office_code", "")
            for name, fault in missing_codes(pattern, *codes).items():
                self.add_error(name, fault)
        return data

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return {
            name: self.cleaned_data[name] for name in ("name", "pattern", "classification", "office_code", "active")
        }


class NumberForm(forms.Form):
    """A number taken by hand; `client_key` makes two clicks one."""

    on = forms.DateField(label=gettext_lazy("Tanggal surat"), widget=DateInput)
    title = forms.CharField(
        label=gettext_lazy("Hal"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Untuk surat apa nomor ini. Terlihat oleh penjaga register."),
    )  # fmt: skip
    classification = forms.CharField(
        label=gettext_lazy("Kode klasifikasi"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"list": CODES, "autocomplete": "off"}),
        help_text=gettext_lazy("Kosong berarti kode register."),
    )  # fmt: skip
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, register: Register, on: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": on, "classification": register.classification, "client_key": uuid.uuid4()}
        super().__init__(*args, **kwargs)
        if "{klasifikasi}" not in register.pattern:
            del self.fields["classification"]

    def clean_on(self) -> dt.date:
        """Refuse years that only a slip of the finger makes."""
        on = self.cleaned_data["on"]
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(_("Tahunnya antara %(first)s dan %(last)s."), params=years)
        return on
