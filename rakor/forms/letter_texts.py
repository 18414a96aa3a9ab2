"""Forms of the committee's own texts, and of a seat on the committee."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import markup
from rakor.forms.minutes import TOO_LONG, LineField, PositionField
from rakor.models import CommitteeMember, Letter
from rakor.queries.committee import FIELDS
from rakor.queries.letter_text_papers import CONTENTS, PART_LABELS, content_of
from rakor.queries.signers import signers_for
from regencies.models import Position

VERSION = {"min_value": 0, "max_value": 2**31 - 1}
ROWS = {"activities": 16, "results": 14, "recalling": 5, "decisions": 9, "considering": 7, "purpose": 8}
"""Lines a box begins with, where that is not four."""

ONE_PER_LINE = _("Satu butir per baris.")
MARKED = _("Boleh memakai **tebal**, *miring*, dan daftar “1.” atau “-”.")

TICKED = {
    "numbers": _(
        "Dengan NIP, PDF-nya hanya untuk panitia, Kepala Bidang, dan Kepala Dinas; tanpa NIP, SK yang terkirim terbaca "
        "semua kantor."
    ),
    "figures": _("Tabel peserta, kehadiran, dan hasil usulan, menurut data portal pada hari laporan disetujui."),
}
"""What ticking a part means."""


class TextForm(forms.Form):
    """The whole text of a decree or report: subject, one field for each part of its content, who signs."""

    subject = forms.CharField(
        label=_("Tentang"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Tulis tentang apa naskah ini.")},
    )  # fmt: skip
    signer = PositionField(queryset=Position.objects.none(), required=False, label=_("Penandatangan"))
    classification = forms.CharField(
        label=_("Kode klasifikasi"), max_length=40, required=False,
        help_text=_("Kosong berarti kode dari registernya."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, **VERSION)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        self.letter, self.content_type = letter, CONTENTS[letter.kind]
        content = content_of(letter)
        parts = content.parts()
        initial = {"subject": letter.subject, "signer": letter.signer_id, "classification": letter.classification}
        initial |= {name: content.text_of(name) for name in parts} | {"version": letter.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["signer"].queryset = signers_for("", timezone.localdate())
        self.fields["signer"].empty_label = _("Belum ditentukan")
        for name in parts:
            self.fields[name] = self._field(name, getattr(content, name))

    def _field(self, name: str, value: Any) -> forms.Field:
        """The field of one part, by what kind of thing it holds."""
        label = PART_LABELS[name]
        if isinstance(value, bool):
            return forms.BooleanField(label=label, required=False, help_text=TICKED[name])
        if name == "place":
            return forms.CharField(label=label, required=False, max_length=80)
        is_list = name in self.content_type.lists()
        return LineField(
            label=label, required=False, max_length=markup.MAX_LENGTH, help_text=ONE_PER_LINE if is_list else MARKED,
            error_messages={"max_length": TOO_LONG}, widget=forms.Textarea(attrs={"rows": ROWS.get(name, 4)}),
        )  # fmt: skip

    def clean_subject(self) -> str:
        """The subject on one line."""
        return " ".join(self.cleaned_data["subject"].split())

    @property
    def values(self) -> dict[str, Any]:
        """What `save_letter` takes."""
        data = self.cleaned_data
        return {name: data[name] for name in ("subject", "signer", "classification")} | {"content": self._content}

    @property
    def _content(self) -> dict[str, Any]:
        lists = self.content_type.lists()
        return {
            name: [line.strip() for line in value.splitlines() if line.strip()] if name in lists else value
            for name in self.content_type.parts()
            if (value := self.cleaned_data[name]) is not None
        }

    def differences(self, current: Letter) -> list[tuple[str, str, str]]:
        """(label, stored, typed) of what differs from the letter as somebody else saved it."""
        typed = self.content_type.of(self._content)
        stored = content_of(current)
        signer = self.cleaned_data["signer"]
        pairs = [(_gettext("Tentang"), current.subject, self.cleaned_data["subject"])]
        pairs += [(str(PART_LABELS[name]), _said(stored, name), _said(typed, name)) for name in typed.parts()]
        pairs += [
            (_gettext("Penandatangan"), str(current.signer or "–"), str(signer or "–")),
            (_gettext("Kode klasifikasi"), current.classification, self.cleaned_data["classification"]),
        ]
        return [(label, mine or "–", yours or "–") for label, mine, yours in pairs if mine != yours]


def _said(content: Any, name: str) -> str:
    value = content.text_of(name)
    if isinstance(value, bool):
        return _gettext("Ya") if value else _gettext("Tidak")
    return value


class MemberForm(forms.ModelForm):
    """One seat of the committee; `base` is what the row said when the page was shown."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)

    class Meta:
        model = CommitteeMember
        fields = list(FIELDS)
        widgets = {"employee_number": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            seen = {name: getattr(self.instance, name) for name in FIELDS}
            self.initial["base"] = json.dumps(seen, ensure_ascii=False)
        self.fields["employee_number"].max_length = 40
        self.fields["employee_number"].widget.attrs["maxlength"] = "40"
        self.fields["employee_number"].validators = []
        self.fields["employee_number"].help_text = _("Boleh kosong; spasi diabaikan.")

    def clean_name(self) -> str:
        """The name with single spaces."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_employee_number(self) -> str:
        """Eighteen digits however they were spaced, or nothing."""
        number = "".join(self.cleaned_data["employee_number"].split())
        if number and not (number.isascii() and number.isdigit() and len(number) == 18):
            raise forms.ValidationError(_("NIP terdiri atas 18 angka."))
        return number

    def clean_base(self) -> dict[str, str]:
        """What the writer saw; an unreadable one is taken for nothing, so that nothing is overwritten unseen."""
        try:
            found = json.loads(self.cleaned_data["base"] or "{}")
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    @property
    def values(self) -> dict[str, str]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def _post_clean(self) -> None:
        """Nothing: the verb writes the row."""
