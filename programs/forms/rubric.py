"""Forms of the rubric: an indicator and its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import RubricItem

LARGEST_ID = 2**63 - 1


class RubricItemForm(forms.ModelForm):
    """Name, weight and use of an indicator; how it is computed is not for screens."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    weight = forms.IntegerField(label=_("Bobot"), min_value=0, max_value=100)
    position = forms.IntegerField(label=_("Urutan"), min_value=1, max_value=200, initial=1)

    class Meta:
        model = RubricItem
        fields = ("name", "explanation", "weight", "position", "must_pass", "is_active")
        widgets = {"explanation": forms.Textarea(attrs={"rows": 2})}


class StepForm(forms.Form):
    """One step; without a label it is left out."""

    id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("Tingkat"), required=False, max_length=150, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    points = forms.DecimalField(
        label=_("Poin"), required=False, min_value=0, max_value=100, max_digits=6, decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "0.01"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A step that has a label has points too."""
        values = super().clean()
        if values.get("label") and values.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Isi poinnya."))
        return values


StepFormSet = forms.formset_factory(StepForm, extra=2, max_num=8, absolute_max=8)
