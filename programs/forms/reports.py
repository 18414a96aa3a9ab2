"""Forms of a monthly report, its visits and photos: fields one by one or together; a draft may lack anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.dates import month_year
from portal.web.forms import DateInput
from programs.facts.report_months import last_of
from programs.forms.lines import RupiahField
from programs.forms.proposals import Coordinate, WholeNumber
from programs.models import MonthlyReport, Visit
from programs.queries.reports import FIELDS, VISIT_FIELDS

MOST_KUR = 10**12
ROWS = {"results": 4, "problems": 4, "plan": 4, "result": 2}


class CountField(WholeNumber):
    """How many; nothing typed is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"placeholder": "0", "maxlength": 6}

    def clean(self, value: Any) -> int:
        """The number.

        Errors: ValidationError when nobody reaches so many in a month.
        """
        number = super().clean(value) or 0
        if number > 9999:
            raise forms.ValidationError(_("Paling banyak 9.999. Periksa angkanya."))
        return number

    def prepare_value(self, value: Any) -> Any:
        """None is left empty, so that typing needs no deleting."""
        return value or ""


class MoneyField(RupiahField):
    """Whole rupiah up to what a month can hold."""

    def clean(self, value: Any) -> int:
        """The amount; nothing is 0."""
        amount = super().clean(value)
        if amount > MOST_KUR:
            raise forms.ValidationError(_("Paling banyak Rp1.000.000.000.000. Periksa jumlah nolnya."))
        return amount


class YesField(forms.TypedChoiceField):
    """New or continuing, as "1" or "0"."""

    def prepare_value(self, value: Any) -> Any:
        """The stored truth as its choice."""
        return {True: "1", False: "0"}.get(value, value) if isinstance(value, bool) else value


def _dress(form: forms.BaseForm) -> None:
    for name, field in form.fields.items():
        field.required = field.widget.is_required = False
        field.widget.attrs["class"] = "form-select" if hasattr(field, "choices") else "form-control"
        if name in ROWS:
            field.widget.attrs["rows"] = ROWS[name]


class ReportForm(forms.ModelForm):
    """The report itself."""

    nib_count = CountField(label=gettext_lazy("NIB terbit"))
    pirt_count = CountField(label=gettext_lazy("P-IRT terbit"))
    halal_count = CountField(label=gettext_lazy("Sertifikat halal terbit"))
    other_count = CountField(label=gettext_lazy("Izin/sertifikat lain"))
    kur_rupiah = MoneyField(
        label=gettext_lazy("KUR yang dicairkan (rupiah)"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 40, "placeholder": "0"}),
    )

    class Meta:
        model = MonthlyReport
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class VisitForm(forms.ModelForm):
    """One visit; its day lies in the month of the report and is not to come."""

    is_new = YesField(
        label=gettext_lazy("Dampingan"), coerce=lambda value: value == "1", empty_value=False,
        choices=[("0", gettext_lazy("Lanjutan")), ("1", gettext_lazy("Baru"))],
    )  # fmt: skip
    latitude = Coordinate(most=90, label=gettext_lazy("Lintang"))
    longitude = Coordinate(most=180, label=gettext_lazy("Bujur"))

    class Meta:
        model = Visit
        fields = VISIT_FIELDS
        widgets = {"on": DateInput()}

    def __init__(self, *args: Any, month: dt.date, key: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{key}_%s")
        super().__init__(*args, **kwargs)
        self.month = month
        _dress(self)
        day = self.fields["on"]
        day.widget.attrs |= {"min": month.isoformat(), "max": last_of(month).isoformat()}
        day.validators = [*day.validators, self._check_day]

    def _check_day(self, day: dt.date) -> None:
        if day.replace(day=1) != self.month:
            raise forms.ValidationError(_("Tanggal kunjungan di luar %(month)s.") % {"month": month_year(self.month)})
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal kunjungan belum tiba."))


class CaptionForm(forms.Form):
    """The words below a photo."""

    caption = forms.CharField(label=gettext_lazy("Keterangan foto"), max_length=250, required=False)

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{key}_%s")
        super().__init__(*args, **kwargs)
        _dress(self)


class PhotoForm(forms.Form):
    """What comes with a photo."""

    key = forms.UUIDField()
    caption = forms.CharField(label=gettext_lazy("Keterangan foto"), max_length=250, required=False)
    visit = forms.UUIDField(label=gettext_lazy("Kunjungan"), required=False)
    with_place = forms.BooleanField(
        label=gettext_lazy("Simpan lokasi pemotretan di dalam foto"), required=False,
        help_text=gettext_lazy("Tanpa centang, lokasi dan data kamera dibuang sebelum disimpan."),
    )  # fmt: skip


class MonthForm(forms.Form):
    """The month of a report to be opened: "2026-10"."""

    month = forms.CharField(max_length=7)


class SentFields:
    """What of a form's fields was sent: only those named, each with what its writer had seen before.

    For every field "plan" there may be "base-plan", several times: the text that stood there when the page was made
    and what was sent since without an answer. `values` are clean, `base` is made comparable in the same way.
    """

    def __init__(self, data: Any, form: forms.BaseForm) -> None:
        self.values: dict[str, Any] = {}
        self.base: dict[str, list[Any]] = {}
        self.errors: dict[str, list[str]] = {}
        for name, field in form.fields.items():
            if name not in data:
                continue
            self.base[name] = [_comparable(field, text) for text in data.getlist(f"base-{name}")]
            try:
                self.values[name] = field.clean(data[name])
            except forms.ValidationError as error:
                self.errors[name] = [str(message) for message in error.messages]


def _comparable(field: forms.Field, text: str) -> Any:
    try:
        return field.clean(text)
    except forms.ValidationError:
        return text


def text_of(field: forms.Field, value: Any) -> str:
    """A stored value as its field shows it: what the next base will be."""
    shown = field.widget.format_value(field.prepare_value(value))
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)
