"""Forms of attendance: a correction by hand, the limit of being late, the digits of the hall's screen."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rakor.actions.attendance import SCANNED
from rakor.models import Attendance, AttendanceList


class ClockInput(forms.TimeInput):
    """The browser's own picker of a time."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


def _moment(on: dt.date, time: dt.time | None) -> dt.datetime | None:
    """That time on that day, None without a time."""
    return timezone.make_aware(dt.datetime.combine(on, time)) if time else None


class CorrectionForm(forms.Form):
    """What people say of somebody's presence."""

    state = forms.ChoiceField(label=_("Kehadiran"), widget=forms.RadioSelect)
    time = forms.TimeField(
        label=_("Jam datang"), required=False, widget=ClockInput(),
        help_text=_("Kosongkan bila jam yang tercatat tetap, atau tidak diketahui."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Keterangan"), max_length=200, required=False,
        help_text=_("Wajib untuk izin, misalnya “Sakit” atau “Mendampingi Bupati”."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, attendance_list: AttendanceList, corrected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendance_list = attendance_list
        back = [(SCANNED, _("Menurut pemindaian (hapus koreksi)"))] if corrected else []
        self.fields["state"].choices = [*Attendance.State.choices, *back]
        self.fields["state"].required = not corrected

    def clean(self) -> dict[str, Any]:
        """An excuse has a reason."""
        if self.cleaned_data.get("state") == Attendance.State.EXCUSED and not self.cleaned_data.get("note"):
            self.add_error("note", _("Tuliskan keterangan izinnya."))
        return self.cleaned_data

    @property
    def came_at(self) -> dt.datetime | None:
        """The moment that was typed, on the day of the list."""
        return _moment(self.attendance_list.on, self.cleaned_data["time"])


class LimitForm(forms.Form):
    """From when on people are late."""

    late_after = forms.TimeField(
        label=_("Terlambat sesudah pukul"), required=False, widget=ClockInput(),
        help_text=_("Kosongkan bila tidak ada yang dianggap terlambat."),
    )  # fmt: skip

    def moment(self, on: dt.date) -> dt.datetime | None:
        """The limit on that day."""
        return _moment(on, self.cleaned_data["late_after"])


class CodeForm(forms.Form):
    """The digits of the hall's screen, on a participant's own phone."""

    code = forms.CharField(
        label=_("Kode di layar"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9 ]*",
                                      "placeholder": "000 000"}),
        error_messages={"required": _("Ketik enam angka yang tampil di layar ruang sidang.")},
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CardForm(forms.Form):
    """Whose card it is: the address behind its QR code, or the letters at the address's end."""

    card = forms.CharField(
        label=_("Alamat kartu"), max_length=200,
        help_text=_("Alamat yang terbuka dari kode QR kartu, atau 16 huruf dan angka di ujungnya."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Isi alamat kartu Anda, atau pindai kode QR-nya.")},
    )  # fmt: skip

    def clean_card(self) -> str:
        """The letters of the card alone."""
        typed = self.cleaned_data["card"].lower().rpartition("/hadir/")[2]
        return "".join(letter for letter in typed if letter.isascii() and letter.isalnum())
