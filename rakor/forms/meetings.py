"""Forms of editions. Dates on weekends and holidays are no error, but have to be confirmed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import DateInput
from rakor.models import Meeting, Organiser
from rakor.queries.days import MAX_DAYS, date_warnings
from rakor.queries.meetings import year_taken
from regencies.models import Agency, Regency


class DaysForm(forms.Form):
    """The dates of an edition with the confirmation of unusual days."""

    starts_on = forms.DateField(label=_("Mulai"), widget=DateInput)
    ends_on = forms.DateField(label=_("Sampai"), widget=DateInput)
    days_confirmed = forms.BooleanField(
        label=_("Tanggal tersebut sudah dipastikan, termasuk akhir pekan atau hari libur"), required=False
    )

    @property
    def days_known(self) -> bool:
        """Whether exactly these dates are stored, so that somebody confirmed them before."""
        return False

    @property
    def day_warnings(self) -> list[str]:
        """Sentences on the dates in the form, bound or initial; empty while they are incomplete."""
        first, last = (self._date(name) for name in ("starts_on", "ends_on"))
        if not first or not last or last < first:
            return []
        return date_warnings(first, last)

    def _date(self, name: str) -> dt.date | None:
        value = self[name].value()
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value or ""))
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        """Also checks the length, and that unusual days are confirmed."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if not first or not last:
            return data
        if last < first:
            self.add_error("ends_on", _("Tanggal selesai mendahului tanggal mulai."))
        elif (last - first).days >= MAX_DAYS:
            self.add_error("ends_on", _("Rakor paling lama %(days)s hari.") % {"days": MAX_DAYS})
        elif self.day_warnings and not data.get("days_confirmed") and not self.days_known:
            self.add_error(
                "days_confirmed", _("Periksa peringatan tanggal di atas, lalu pastikan dengan mencentang ini.")
            )
        return data


class MeetingForm(DaysForm, forms.ModelForm):
    """Create or change an edition. `version` guards against overwriting what somebody else saved meanwhile."""

    field_order = ["title", "execution_year", "starts_on", "ends_on", "days_confirmed"]

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    shift_programme = forms.BooleanField(
        label=_("Geser susunan acara mengikuti tanggal mulai yang baru"), required=False, initial=True
    )

    class Meta:
        model = Meeting
        fields = [
            "title", "execution_year", "starts_on", "ends_on", "venue", "town", "host_regency", "aims",
            "funding_document", "funding_sub_activity", "invitation_number", "agenda_dated_on",
        ]  # fmt: skip
        widgets = {
            "aims": forms.Textarea(attrs={"rows": 5}),
            "agenda_dated_on": DateInput,
            "title": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host_regency"].queryset = Regency.objects.visible_to(None)
        self.fields["host_regency"].empty_label = _("Belum ditetapkan")
        self.fields["execution_year"].help_text = _("Program yang disusun adalah untuk tahun berikutnya (N+1).")
        self.fields["execution_year"].localize = False
        if self.instance.pk:
            self.initial.setdefault("version", self.instance.version)
        else:
            self.initial.setdefault("client_key", uuid.uuid4())
            del self.fields["shift_programme"]
        self.helper = self._helper()

    def _helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        shift = ["shift_programme"] if "shift_programme" in self.fields else []
        helper.layout = Layout(
            "version", "client_key",
            Fieldset(_("Pokok acara"), "title", "execution_year", "aims"),
            Fieldset(
                _("Waktu dan tempat"),
                Div("starts_on", "ends_on", css_class="columns columns-2"),
                HTML("{% include 'rakor/meetings/_days.html' %}"),
                *shift,
                Div("venue", "town", css_class="columns columns-2"), "host_regency",
            ),
            Fieldset(_("Penyelenggara"), HTML("{% include 'rakor/meetings/_organisers.html' %}")),
            Fieldset(
                _("Pembiayaan dan surat"), "funding_document", Field("funding_sub_activity"),
                "invitation_number", "agenda_dated_on",
            ),
        )  # fmt: skip
        return helper

    @property
    def days_known(self) -> bool:
        """Whether exactly these dates are stored, so that somebody confirmed them before."""
        return bool(self.instance.pk) and not {"starts_on", "ends_on"} & set(self.changed_data)

    def clean_execution_year(self) -> int:
        """Within living memory and planning."""
        year = self.cleaned_data["execution_year"]
        if not 2000 <= year <= 2100:
            raise forms.ValidationError(_("Tahun harus antara 2000 dan 2100."))
        return year

    def clean(self) -> dict[str, Any]:
        """Also checks that no other edition plans that year; the same form sent twice is no other."""
        data = super().clean()
        year, key = data.get("execution_year"), data.get("client_key")
        if year and (taken := year_taken(year + 1, but=self.instance, client_key=key)):
            self.add_error("execution_year", taken)
        return data

    def clean_title(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["title"].split())

    def _post_clean(self) -> None:
        self.instance.planning_year = (self.cleaned_data.get("execution_year") or 0) + 1
        super()._post_clean()

    def values(self) -> dict[str, Any]:
        """What `rakor.actions.meetings` stores: model fields by name."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CopyForm(DaysForm):
    """A new edition after the pattern of an earlier one."""

    field_order = ["starts_on", "ends_on", "days_confirmed", "venue", "town"]

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    venue = forms.CharField(label=_("Tempat"), max_length=150)
    town = forms.CharField(label=_("Kota"), max_length=80)
    host_regency = forms.ModelChoiceField(
        Regency.objects.none(), label=_("Tuan rumah"), required=False, empty_label=_("Belum ditetapkan")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host_regency"].queryset = Regency.objects.visible_to(None)
        self.initial.setdefault("client_key", uuid.uuid4())
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "client_key",
            Div("starts_on", "ends_on", css_class="columns columns-2"),
            HTML("{% include 'rakor/meetings/_days.html' %}"),
            Div("venue", "town", css_class="columns columns-2"), "host_regency",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Also checks that no other edition plans the year after these dates."""
        data = super().clean()
        starts_on = data.get("starts_on")
        if starts_on and (taken := year_taken(starts_on.year + 1, client_key=data.get("client_key"))):
            self.add_error("starts_on", taken)
        return data


class OrganiserForm(forms.Form):
    """One organiser with its role. No row numbers: a form that comes too late must still be understood."""

    role = forms.ChoiceField(
        label=_("Peran"),
        choices=[("", "–"), *Organiser.Role.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Kantor"), empty_label="–", widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.order_by("level", "name")


class BaseOrganiserFormSet(forms.BaseFormSet):
    """Organisers in the order of the form; each office once."""

    def clean(self) -> None:
        """No office twice: said here, because the database would only say so at the end."""
        seen = set()
        for form in self.forms:
            agency = getattr(form, "cleaned_data", {}).get("agency")
            if not agency or form.cleaned_data.get("DELETE"):
                continue
            if agency.pk in seen:
                form.add_error("agency", _("Kantor ini sudah tercantum di atas."))
            seen.add(agency.pk)

    def rows(self) -> list[dict[str, Any]]:
        """Role, agency and position of each organiser that stays."""
        kept = [
            form.cleaned_data for form in self.forms
            if form.cleaned_data.get("agency") and not form.cleaned_data.get("DELETE")
        ]  # fmt: skip
        return [{"role": row["role"], "agency": row["agency"], "position": n} for n, row in enumerate(kept, 1)]


OrganiserFormSet = forms.formset_factory(
    OrganiserForm, formset=BaseOrganiserFormSet, extra=3, can_delete=True, can_delete_extra=False, max_num=12,
    absolute_max=30,
)  # fmt: skip


def organisers_initial(meeting: Meeting) -> list[dict[str, Any]]:
    """What the rows of a stored edition begin with."""
    return [{"role": row.role, "agency": row.agency_id} for row in meeting.organisers.all()]
