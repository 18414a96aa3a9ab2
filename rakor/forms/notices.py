"""The form of a reminder: its day and its text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.plain_text import is_plain
from portal.web.forms import DateInput
from rakor.models import Meeting

LONGEST = 1500


class ReminderForm(forms.Form):
    """A reminder to those who have not answered; sent at once, it needs no day."""

    on = forms.DateField(
        label=_("Tanggal"), widget=DateInput(), required=False,
        help_text=_("Dikirim pagi hari itu, mulai pukul 07.00, hanya kepada yang saat itu belum menjawab."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Isi pengingat"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Tautan ke halaman undangan masing-masing ditambahkan di bawahnya."),
    )  # fmt: skip

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, meeting: Meeting, at_once: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.at_once = meeting, at_once

    def clean_text(self) -> str:
        """Text that e-mail and WhatsApp can carry."""
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not is_plain(text):
            raise ValidationError(_("Hapus karakter yang tidak dapat dicetak dari teks ini."))
        return text

    def clean_version(self) -> int:
        """The version that was seen; 0, which no row has, for none."""
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        """The day lies between today and the first day of the edition."""
        cleaned = super().clean()
        on = cleaned.get("on")
        if self.at_once or "on" in self.errors:
            return cleaned
        if on is None:
            self.add_error("on", _("Pilih tanggal pengingat."))
        elif not timezone.localdate() <= on <= self.meeting.starts_on:
            self.add_error("on", _("Pilih hari mulai hari ini sampai hari pertama rakor."))
        return cleaned
