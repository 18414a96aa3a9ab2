"""Forms of cost lines, shares of funding and indicators. A draft may lack anything; what is there can be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.money import rupiah, thousands
from programs.facts.pasted_rows import find_source
from programs.facts.quantities import (
    UnreadableNumber,
    parse_decimal,
    parse_quantity,
    parse_rupiah,
    written_number,
)
from programs.facts.shares import read_shares
from programs.models import CostLine, FundingSource, Indicator
from programs.models.proposals import LARGEST_RUPIAH


class RupiahField(forms.CharField):
    """Whole rupiah in Indonesian or English shape."""

    def to_python(self, value: Any) -> int:
        """The amount; nothing is 0."""
        try:
            return parse_rupiah(super().to_python(value))
        except UnreadableNumber as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """The amount with points, as people read it."""
        return thousands(value) if isinstance(value, int) and value else value or ""


class QuantityField(forms.CharField):
    """A quantity that may be a product, evenly written."""

    def to_python(self, value: Any) -> str:
        """The text written evenly; nothing stays nothing."""
        text = super().to_python(value)
        try:
            return parse_quantity(text).text if text else ""
        except UnreadableNumber as error:
            raise forms.ValidationError(str(error)) from error


class NumberField(forms.CharField):
    """A number with at most two decimals."""

    def to_python(self, value: Any) -> Decimal | None:
        """The number; nothing is None."""
        text = super().to_python(value)
        try:
            return parse_decimal(text) if text else None
        except UnreadableNumber as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """The number as Indonesians write it."""
        return written_number(value) if isinstance(value, Decimal) else value


def _text(name: str, **more: Any) -> forms.CharField:
    field = CostLine._meta.get_field(name)
    return forms.CharField(label=capfirst(field.verbose_name), max_length=field.max_length, required=False, **more)


class CostLineForm(forms.Form):
    """One line of the RAB. `sources` are those to choose from; a cell may name one by key, name or "APBD II"."""

    description = _text("description")
    quantity_text = QuantityField(label=gettext_lazy("Volume"), required=False, max_length=120)
    unit = _text("unit")
    unit_price_rupiah = RupiahField(label=gettext_lazy("Harga satuan"), required=False)
    source = forms.CharField(label=gettext_lazy("Sumber dana"), required=False, max_length=120)
    account_code = _text("account_code")
    note = _text("note")

    def __init__(self, *args: Any, sources: Sequence[FundingSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        self.fields["quantity_text"].help_text = _("Boleh perkalian, misalnya “30 orang × 3 hari × 1 keg”.")
        self.fields["account_code"].help_text = _("Misalnya 5.1.02.01.01.0024.")
        self.fields["account_code"].widget.attrs["list"] = "account-groups"
        self.fields["unit_price_rupiah"].widget.attrs["inputmode"] = "decimal"
        choices = [("", _("– pilih –")), *((source.key, source.name) for source in sources)]
        self.fields["source"].widget = forms.Select(choices=choices, attrs={"class": "form-select"})

    def clean_source(self) -> str:
        """The key of the source that was chosen or named."""
        text = self.cleaned_data["source"]
        if not text:
            return ""
        key = find_source(text, [(source.key, source.name) for source in self.sources])
        if key is None:
            names = ", ".join(source.key.replace("_", " ") for source in self.sources)
            raise forms.ValidationError(
                _("Sumber dana “%(text)s” tidak dikenal. Yang ada: %(names)s.") % {"text": text[:40], "names": names}
            )
        return key

    def clean(self) -> dict[str, Any]:
        """The values, when their product can be money."""
        data = super().clean()
        text, price = data.get("quantity_text"), data.get("unit_price_rupiah")
        if text and price and round(parse_quantity(text).product * price) > LARGEST_RUPIAH:
            self.add_error(
                "unit_price_rupiah",
                _("Volume × harga satuan melebihi %(most)s. Periksa jumlah nolnya.") % {"most": rupiah(LARGEST_RUPIAH)},
            )
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values by field."""
        return {name: self.cleaned_data[name] for name in CostLine.TEXT_FIELDS}


class IndicatorForm(forms.Form):
    """One indicator of output or outcome."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Indicator.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Indikator"), max_length=250, required=False)
    baseline = NumberField(label=gettext_lazy("Kondisi awal"), required=False)
    target = NumberField(label=gettext_lazy("Target"), required=False)
    unit = forms.CharField(label=gettext_lazy("Satuan"), max_length=40, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values by field."""
        return {name: self.cleaned_data[name] for name in self.base_fields}


class SharesForm(forms.Form):
    """What each source pays, in rupiah or percent of all lines; and what the writer saw before ("seen-…")."""

    def __init__(self, *args: Any, sources: Sequence[FundingSource], total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total
        self.keys = [source.key for source in sources]
        for source in sources:
            self.fields[f"share-{source.key}"] = forms.CharField(label=source.name, required=False, max_length=60)
            self.fields[f"seen-{source.key}"] = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The shares under "shares" and what was seen under "base" (None when it was not sent)."""
        data = super().clean()
        if not any(f"share-{key}" in self.data for key in self.keys):
            raise forms.ValidationError(_("Porsi sumber dana tidak ikut terkirim. Muat ulang halaman, lalu isi lagi."))
        shares, errors = read_shares({key: data.get(f"share-{key}", "") for key in self.keys}, self.total)
        for key, sentence in errors.items():
            self.add_error(f"share-{key}", sentence)
        data["shares"] = shares
        seen = {key: data.get(f"seen-{key}", "") for key in self.keys}
        known = any(f"seen-{key}" in self.data for key in self.keys)
        data["base"] = read_shares(seen, 0)[0] if known else None
        return data
