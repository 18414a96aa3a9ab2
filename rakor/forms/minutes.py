"""Forms of minutes: one entry (saved or only drafted) and the head data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel import markup
from portal.web.forms import DateInput
from rakor.models import EntryDraft, MinuteEntry, Minutes
from rakor.queries.minutes import positions_on, session_day
from regencies.models import Position

KIND_ICONS = {
    "pembukaan": "speech", "pembahasan": "discussion", "permasalahan": "problem", "keputusan": "decision",
    "tindak_lanjut": "followup",
}  # fmt: skip
FIELDS = list(MinuteEntry.TEXT_FIELDS)
VERSION = {"min_value": 0, "max_value": 2**31 - 1}
SEQUENCE = {"min_value": 0, "max_value": 2**53 - 1}
"""What the columns, and the numbers of a browser, can hold."""
TOO_LONG = _(
    "Teks terlalu panjang (%(show_value)d huruf); batasnya %(limit_value)d huruf. Bagilah menjadi beberapa butir."
)


class LineField(forms.CharField):
    """A text whose line ends count as one character, as in the browser's own limit."""

    def to_python(self, value: Any) -> str:
        """The text with line feeds only."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def _text(label: Any, *, rows: int, required: bool = False) -> LineField:
    return LineField(
        label=label,
        required=required,
        max_length=markup.MAX_LENGTH,
        error_messages={"max_length": TOO_LONG, "required": _("Isi butir belum ditulis.")},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class EntryForm(forms.ModelForm):
    """The words of one entry with all their rules."""

    text = _text(_("Isi"), rows=4, required=True)
    response = _text(_("Tanggapan"), rows=2)

    class Meta:
        model = MinuteEntry
        fields = FIELDS
        widgets = {
            "kind": forms.RadioSelect,
            "due_on": DateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "kind":
                field.widget.attrs["class"] = "form-control"
        for name in ("speaker", "responder"):
            self.fields[name].widget.attrs.update({"list": "nama-peserta", "autocomplete": "off"})
        self.fields["institution"].widget.attrs.update({"list": "nama-instansi", "autocomplete": "off"})
        self.fields["responsible"].widget.attrs.update({"list": "nama-kantor", "autocomplete": "off"})

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The kinds of entry to choose from, each with its icon and whether it is chosen."""
        chosen = self["kind"].value() or MinuteEntry.Kind.DISCUSSION
        return [
            {"value": value, "label": label, "icon": KIND_ICONS[value], "checked": value == chosen}
            for value, label in MinuteEntry.Kind.choices
        ]

    @property
    def words(self) -> dict[str, Any]:
        """The cleaned words by field."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class DraftForm(forms.ModelForm):
    """What is being typed: nothing is required, only the length counts; half a date is no date yet."""

    text = _text(_("Isi"), rows=4)
    response = _text(_("Tanggapan"), rows=2)
    key = forms.CharField(max_length=36)
    base_version = forms.IntegerField(required=False, **VERSION)
    seq = forms.IntegerField(**SEQUENCE)

    class Meta:
        model = EntryDraft
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        """The words, with what cannot be read yet left out instead of refused."""
        data = super().clean() or self.cleaned_data
        for name in ("due_on", "kind"):
            if name in self.errors:
                del self.errors[name]
                data[name] = None if name == "due_on" else MinuteEntry.Kind.DISCUSSION
        data["kind"] = data.get("kind") or MinuteEntry.Kind.DISCUSSION
        return data

    def _post_clean(self) -> None:
        """Nothing: a draft is not a row of the model until the action has looked at its number."""

    @property
    def words(self) -> dict[str, Any]:
        """The words by field, as far as typed."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class PositionField(forms.ModelChoiceField):
    """A choice among positions, shown as they sign: name, title with Plt./Plh., office."""

    def label_from_instance(self, obj: Position) -> str:
        """Name – Plt. title, office."""
        return f"{obj.person} – {obj.full_title}, {obj.agency}"


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 60})
    )


class HeadForm(forms.Form):
    """Head data of minutes: times on the day of the session, people from the positions in force on that day."""

    called = _time(_("Waktu panggilan"))
    opened = _time(_("Rapat dimulai"))
    closed = _time(_("Rapat ditutup"))
    chair = PositionField(queryset=Position.objects.none(), required=False, label=_("Pimpinan sidang (ketua)"))
    secretary = PositionField(queryset=Position.objects.none(), required=False, label=_("Sekretaris sidang"))
    recorder = PositionField(queryset=Position.objects.none(), required=False, label=_("Pencatat"))
    attendance = LineField(
        label=_("Peserta"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Satu kelompok peserta per baris."),
    )  # fmt: skip
    head_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        self.day = session_day(minutes.session)
        kwargs.setdefault("initial", self._initial(minutes))
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary", "recorder"):
            self.fields[name].queryset = positions_on(self.day)
            self.fields[name].empty_label = _("Belum ditentukan")

    @staticmethod
    def _initial(minutes: Minutes) -> dict[str, Any]:
        times = {"called": minutes.called_at, "opened": minutes.opened_at, "closed": minutes.closed_at}
        return {
            **{name: timezone.localtime(at).time() if at else None for name, at in times.items()},
            "chair": minutes.chair_id,
            "secretary": minutes.secretary_id,
            "recorder": minutes.recorder_id,
            "attendance": minutes.attendance,
            "head_version": minutes.head_version,
        }

    def clean(self) -> dict[str, Any]:
        """The data; times in order, chair and recorder two persons."""
        data = super().clean()
        opened, closed = data.get("opened"), data.get("closed")
        if opened and closed and closed <= opened:
            self.add_error("closed", _("Waktu ditutup harus sesudah waktu dimulai."))
        if opened and data.get("called") and data["called"] > opened:
            self.add_error("called", _("Waktu panggilan tidak boleh sesudah rapat dimulai."))
        chair, recorder = data.get("chair"), data.get("recorder")
        if chair and recorder and chair.person_id == recorder.person_id:
            self.add_error("recorder", _("Pencatat tidak boleh orang yang sama dengan pimpinan sidang."))
        return data

    @property
    def head(self) -> dict[str, Any]:
        """The fields of Minutes."""
        data = self.cleaned_data
        moments = {"called_at": data["called"], "opened_at": data["opened"], "closed_at": data["closed"]}
        zone = timezone.get_default_timezone()
        return {
            **{name: dt.datetime.combine(self.day, at, tzinfo=zone) if at else None for name, at in moments.items()},
            **{name: data[name] for name in ("chair", "secretary", "recorder", "attendance")},
        }
