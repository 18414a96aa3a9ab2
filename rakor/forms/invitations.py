"""Forms of an invited office: its answer and its surat tugas."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.forms import DateInput
from rakor.models import Invitation


class AcceptForm(forms.Form):
    """The version of the invitation that the answer was given to."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class DeclineForm(AcceptForm):
    """Why nobody comes."""

    reason = forms.CharField(
        label=_("Alasan tidak hadir"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Terbaca oleh panitia."), error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip


class AssignmentForm(forms.Form):
    """Number, day and scan of the surat tugas; `seen` is the one that stood there when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    number = forms.CharField(
        label=_("Nomor surat tugas"), max_length=120, error_messages={"required": _("Isi nomor surat tugas.")}
    )
    on = forms.DateField(
        label=_("Tanggal surat tugas"), widget=DateInput(), error_messages={"required": _("Isi tanggal surat tugas.")}
    )
    file = forms.FileField(
        label=_("Foto atau pindaian"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"}),
        help_text=_("PDF, JPEG, atau PNG; foto dari HP boleh asalkan terbaca."),
        error_messages={"required": _("Pilih berkas surat tugas."), "empty": _("Berkas ini kosong (0 byte).")},
    )  # fmt: skip

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.initial.setdefault("number", invitation.assignment_number)
        self.initial.setdefault("on", invitation.assignment_on)
        self.initial.setdefault("seen", invitation.assignment_mark)

    def clean_on(self) -> dt.date:
        """A day that can stand on this paper: not after the meeting, not long before it, not tomorrow."""
        day = self.cleaned_data["on"]
        if day > max(timezone.localdate(), self.invitation.meeting.ends_on):
            raise forms.ValidationError(_("Tanggal ini sesudah rakor. Periksa tahunnya."))
        if day < self.invitation.meeting.starts_on - dt.timedelta(days=366):
            raise forms.ValidationError(_("Tanggal ini lebih dari setahun sebelum rakor. Periksa tahunnya."))
        return day
