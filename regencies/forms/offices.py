"""The form of an office."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from regencies.actions.offices import FIELDS
from regencies.models import Agency


class AgencyForm(forms.ModelForm):
    """Names and letterhead. `version` says which state of the row the user saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Agency
        fields = FIELDS
        widgets = {
            "aliases": forms.Textarea(attrs={"rows": 4}),
            "letterhead_address": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(str(_("Nama")), "name", "short_name", "aliases"),
            Fieldset(str(_("Kop surat")), "letterhead_top", "letterhead_name", "letterhead_address"),
            "version",
        )
