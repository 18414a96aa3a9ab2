"""What the journal can be filtered by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.journal import queries
from portal.journal.queries import Filters
from portal.web.forms import DateInput

_day = DateInput(attrs={"class": "form-control"})
_choice = forms.Select(attrs={"class": "form-select"})


class FilterForm(forms.Form):
    """The filters, from the address. What cannot be read is told and not applied."""

    q = forms.CharField(
        label=_("Cari"), required=False, max_length=80, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    pelaku = forms.TypedChoiceField(label=_("Pelaku"), required=False, coerce=int, empty_value=None, widget=_choice)
    jenis = forms.ChoiceField(label=_("Jenis"), required=False, widget=_choice)
    tindakan = forms.ChoiceField(label=_("Tindakan"), required=False, widget=_choice)
    dari = forms.DateField(label=_("Dari tanggal"), required=False, widget=_day)
    sampai = forms.DateField(label=_("Sampai tanggal"), required=False, widget=_day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("Semua"))]
        self.fields["pelaku"].choices = everything + queries.actors()
        self.fields["jenis"].choices = everything + queries.kinds()
        self.fields["tindakan"].choices = everything + [(verb, gettext(verb)) for verb in queries.verbs()]

    @property
    def filters(self) -> Filters:
        """The filters that could be read."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            person=data.get("pelaku"),
            kind=data.get("jenis") or "",
            verb=data.get("tindakan") or "",
            since=data.get("dari"),
            until=data.get("sampai"),
            text=data.get("q") or "",
        )
