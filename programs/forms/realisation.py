"""The form of a quarterly report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.facts.quantities import UnreadableNumber, parse_decimal, parse_rupiah
from programs.facts.quarters import WHOLE

LONGEST = 2000


class RealisationForm(forms.Form):
    """Spent and done from January to the end of the quarter. `seen` is the state that the writer saw."""

    spent_rupiah = forms.CharField(
        label=_("Realisasi keuangan kumulatif (Rp)"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Dari Januari sampai akhir triwulan ini, dalam rupiah penuh."),
    )  # fmt: skip
    physical_percent = forms.CharField(
        label=_("Realisasi fisik kumulatif (%)"), max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Antara 0 dan 100."),
    )  # fmt: skip
    obstacle = forms.CharField(
        label=_("Kendala"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    follow_up = forms.CharField(
        label=_("Tindak lanjut"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_spent_rupiah(self) -> int:
        """Whole rupiah; nothing typed is no report of nothing."""
        return _read(parse_rupiah, self.cleaned_data["spent_rupiah"])

    def clean_physical_percent(self) -> Decimal:
        """Percent with at most two decimals."""
        number = _read(parse_decimal, self.cleaned_data["physical_percent"].removesuffix("%"))
        if not 0 <= number <= WHOLE:
            raise forms.ValidationError(_("Realisasi fisik antara 0 dan 100 persen."))
        return number

    def values(self) -> dict[str, Any]:
        """What report_realisation takes."""
        return {name: self.cleaned_data[name] for name in self.fields}


def _read(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except UnreadableNumber as error:
        raise forms.ValidationError(str(error)) from error
