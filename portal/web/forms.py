"""Forms that belong to no domain."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own date picker; it wants ISO dates whatever the page's language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ReasonForm(forms.Form):
    """The reason of an act, for the journal."""

    note = forms.CharField(
        label=_("Alasan"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dicatat dalam jurnal."),
        error_messages={"required": _("Alasan wajib diisi.")},
    )

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required


class SeenRowsField(forms.MultipleChoiceField):
    """Ticked rows as they were read: "12-5" is row 12 at its version 5. Cleans to {12: 5}, in the order of the page."""

    default_error_messages = {
        "required": _("Pilih paling sedikit satu."),
        "unknown": _("Pilihan ini tidak dikenal. Muat ulang halaman ini."),
    }
    _SEEN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

    def clean(self, value: Any) -> dict[int, int]:
        """The rows.

        Errors: ValidationError when none was ticked, or for something that no page of ours sends.
        """
        found = {}
        for text in value or ():
            if not (match := self._SEEN.fullmatch(text)):
                raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
            found[int(match[1])] = int(match[2])
        if not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found
