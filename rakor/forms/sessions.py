"""Form of a session: when, what, where, and who plays which part."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kernel.dates import long_date
from rakor.actions.sessions import PersonPlan, SessionPlan
from rakor.models import Meeting, Session, SessionPerson
from regencies.models import Regency


class TimeInput(forms.TimeInput):
    """The browser's own clock; it wants "09:00" whatever the page's language."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class SessionForm(forms.Form):
    """One session. The end is given as a time or by a duration; the time wins when both are."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Jenis"), choices=Session.Kind.choices)
    title = forms.CharField(label=_("Acara"), max_length=250)
    day = forms.TypedChoiceField(label=_("Hari"), coerce=dt.date.fromisoformat)
    starts = forms.TimeField(label=_("Mulai"), widget=TimeInput)
    ends = forms.TimeField(label=pgettext_lazy("jam", "Selesai"), widget=TimeInput, required=False)
    duration = forms.IntegerField(
        label=_("atau lamanya (menit)"), min_value=5, max_value=900, required=False,
        widget=forms.NumberInput(attrs={"step": 5}),
    )  # fmt: skip
    room = forms.CharField(
        label=_("Ruang"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"list": "rooms", "autocomplete": "off"}),
        help_text=_("Ketik nama ruang; yang sudah dipakai ditawarkan."),
    )  # fmt: skip
    regency = forms.ModelChoiceField(
        Regency.objects.none(), label=_("Kabupaten/kota (untuk desk)"), required=False, empty_label=_("–")
    )
    details = forms.CharField(
        label=_("Rincian"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Tercetak di bawah nama acara, satu hal per baris."),
    )  # fmt: skip
    note = forms.CharField(label=_("Keterangan"), max_length=250, required=False)
    source = forms.CharField(label=_("Sumber keterangan"), max_length=250, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["day"].choices = [(day.isoformat(), long_date(day)) for day in meeting.days]
        self.fields["regency"].queryset = Regency.objects.visible_to(None)
        self.initial.setdefault("client_key", uuid.uuid4())
        self.initial.setdefault("kind", Session.Kind.PRESENTATION)

    def clean(self) -> dict[str, Any]:
        """Works out the end and turns both times into moments of the province's zone."""
        data = super().clean() or self.cleaned_data
        day, start, end = data.get("day"), data.get("starts"), data.get("ends")
        if not day or not start:
            return data
        zone = timezone.get_default_timezone()
        data["starts_at"] = dt.datetime.combine(day, start, zone)
        if end:
            data["ends_at"] = dt.datetime.combine(day, end, zone)
        elif data.get("duration"):
            data["ends_at"] = data["starts_at"] + dt.timedelta(minutes=data["duration"])
        elif "ends" not in self.errors and "duration" not in self.errors:
            self.add_error("ends", _("Isi waktu selesai atau lamanya."))
        if data.get("ends_at"):
            self._check_end(data)
        return data

    def _check_end(self, data: dict[str, Any]) -> None:
        if data["ends_at"] <= data["starts_at"]:
            self.add_error("ends", _("Waktu selesai harus sesudah waktu mulai."))
        elif data["ends_at"] > data["starts_at"].replace(hour=0, minute=0) + dt.timedelta(days=1):
            self.add_error("duration" if data.get("duration") else "ends", _("Sesi tidak boleh melewati tengah malam."))

    def plan(self, people: list[PersonPlan]) -> SessionPlan:
        """What the form says, for `rakor.actions.sessions`."""
        data = self.cleaned_data
        return SessionPlan(
            kind=data["kind"], title=" ".join(data["title"].split()), starts_at=data["starts_at"],
            ends_at=data["ends_at"], room=" ".join(data["room"].split()), regency=data["regency"],
            details=data["details"].strip(), note=data["note"], source=data["source"], people=people,
        )  # fmt: skip


class PersonForm(forms.Form):
    """One part of the session, played by somebody whose name is typed with completion."""

    part = forms.ChoiceField(
        label=_("Peran"), choices=[("", "–"), *SessionPerson.Part.choices], required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nama"), max_length=150, required=False,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off", "class": "form-control"}),
    )  # fmt: skip
    institution = forms.CharField(
        label=_("Instansi"), max_length=150, required=False,
        widget=forms.TextInput(attrs={"list": "institutions", "autocomplete": "off", "class": "form-control"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A name needs a part, and a part a name; an empty row is left out."""
        data = super().clean() or self.cleaned_data
        if data.get("name") and not data.get("part"):
            self.add_error("part", _("Pilih peran orang ini."))
        elif data.get("part") and not data.get("name"):
            self.add_error("name", _("Isi nama, atau kosongkan perannya."))
        return data


class BasePersonFormSet(forms.BaseFormSet):
    """The parts of a session."""

    def clean(self) -> None:
        """Nobody plays the same part twice."""
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            key = (data.get("part"), (data.get("name") or "").lower(), (data.get("institution") or "").lower())
            if data.get("name") and key in seen:
                form.add_error("name", _("Nama ini sudah tercantum dengan peran yang sama."))
            seen.add(key)

    def plans(self) -> list[PersonPlan]:
        """The rows that are filled, in order."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [PersonPlan(row["part"], " ".join(row["name"].split()), row["institution"].strip()) for row in rows]


PersonFormSet = forms.formset_factory(PersonForm, formset=BasePersonFormSet, extra=2, max_num=40, absolute_max=60)


def session_initial(session: Session) -> dict[str, Any]:
    """What the form of a stored session begins with."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "version": session.version, "kind": session.kind, "title": session.title, "day": starts.date().isoformat(),
        "starts": starts.time(), "ends": ends.time(), "room": session.room.name if session.room else "",
        "regency": session.regency_id, "details": session.details, "note": session.note, "source": session.source,
    }  # fmt: skip


def people_initial(session: Session) -> list[dict[str, str]]:
    """What the rows of people begin with."""
    return [
        {"part": row.part, "name": row.participant.name, "institution": row.participant.institution}
        for row in session.people.select_related("participant")
    ]
