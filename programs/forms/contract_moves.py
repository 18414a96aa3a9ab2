"""Forms of moves of contracts: a reason, a day, the version that was read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import Move
from portal.web.forms import DateInput, ReasonForm, SeenRowsField

READ_BEFORE = ("check", "approve")
"""Moves that are made on a text somebody has read."""


class MoveForm(ReasonForm):
    """The note of a move; termination also has a day, initial and approval the version of the text that was read."""

    on = forms.DateField(label=_("Berakhir pada"), widget=DateInput, initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    field_order = ("on", "note", "version")

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, required=move.note_required, **kwargs)
        self.move = move
        if not move.note_required:
            self.fields["note"].label = _("Catatan (boleh kosong)")
        if move.key != "terminate":
            del self.fields["on"]
        if move.key not in READ_BEFORE:
            del self.fields["version"]

    def values(self) -> dict[str, Any]:
        """What the verb takes beside the contract and who makes the move."""
        data = self.cleaned_data
        values = {"reason" if self.move.note_required else "note": data["note"]}
        if self.move.key == "terminate":
            values["on"] = data["on"]
        elif self.move.key in READ_BEFORE and data["version"] is not None:
            values["base_version"] = data["version"]
        return values


class OtherNumberForm(forms.Form):
    """The number that the second party gave the paper."""

    other_number = forms.CharField(label=_("Nomor pihak lain"), max_length=120, required=False)


class TogetherForm(forms.Form):
    """Which of the contracts shown are initialled or approved together."""

    contract = SeenRowsField(label=_("Naskah"), error_messages={"required": _("Pilih paling sedikit satu naskah.")})
