"""Forms of the yearly round and of more time for one regency."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Round

FIRST_YEAR, LAST_YEAR = 2015, 2100


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of date and time; it wants ISO whatever the page's language."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class MomentField(forms.DateTimeField):
    """A moment of local time in a year that a round can be in."""

    widget = MomentInput

    def validate(self, value: Any) -> None:
        """Also refuse years that only a slip of the finger makes."""
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Tahunnya antara %(first)s dan %(last)s."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
            )


class RoundForm(forms.Form):
    """When the province takes proposals in; `version` guards against overwriting somebody else's save."""

    year = forms.IntegerField(
        label=_("Tahun anggaran"), min_value=FIRST_YEAR, max_value=LAST_YEAR,
        help_text=_("Tahun pelaksanaan program yang diusulkan (N+1)."),
    )  # fmt: skip
    opens_at = MomentField(label=_("Dibuka"))
    closes_at = MomentField(label=_("Batas waktu"))
    note = forms.CharField(
        label=_("Petunjuk"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tampil di atas daftar usulan kabupaten/kota."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, round: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if round is not None:
            del self.fields["year"]
            self.initial |= {name: getattr(round, name) for name in ("opens_at", "closes_at", "note", "version")}

    def clean(self) -> dict[str, Any]:
        """Also checks that it closes after it opens, and that the year is free."""
        data = super().clean() or self.cleaned_data
        opens_at, closes_at = data.get("opens_at"), data.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("Batas waktu harus sesudah waktu pembukaan."))
        if Round.objects.filter(year=data.get("year") or 0).exists():
            self.add_error("year", _("Putaran tahun ini sudah ada."))
        return data

    def values(self) -> dict[str, Any]:
        """What save_round takes."""
        return {name: self.cleaned_data[name] for name in ("opens_at", "closes_at", "note")}


class ExtensionForm(forms.Form):
    """More time for one regency."""

    until = MomentField(label=_("Diperpanjang sampai"))
    reason = forms.CharField(
        label=_("Alasan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dicatat dalam jurnal dan tampil pada daftar."),
    )  # fmt: skip
