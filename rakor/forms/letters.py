"""The form of a surat undangan, and the questions before a letter moves on."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.forms import DateInput
from rakor.facts.letters import InvitationContent
from rakor.forms.minutes import LineField
from rakor.models import Letter
from rakor.queries.letters import CONTENT_LABELS
from rakor.queries.signers import register_fault, signers_for
from regencies.models import Position, Register
from regencies.queries import registers

TEXTS, LISTS = ("opening", "closing"), ("agenda", "notes", "data_to_bring", "copies_to")
WORDS = ("until", "venue", "dress", "contact")
DAYS = ("starts_on", "ends_on", "confirm_by")
ATTACHED = (("daftar", _("Daftar yang diundang")), ("jadwal", _("Susunan acara")), ("data", _("Data yang dibawa")))
LONGEST = 4000


class SignerField(forms.ModelChoiceField):
    """Who signs: title and name."""

    def label_from_instance(self, position: Position) -> str:
        """ "Plt. Kepala Dinas – nama"."""
        return f"{position.full_title} – {position.person.display_name}"


class RegisterField(forms.ModelChoiceField):
    """Which book the number comes from: the register and whose it is."""

    def label_from_instance(self, register: Register) -> str:
        """ "Surat keluar – Sekretariat Daerah"."""
        return f"{register.name} – {register.agency.name}"


class LinesField(LineField):
    """Lines, one item each, as a list."""

    def prepare_value(self, value: Any) -> Any:
        """The lines below each other."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """The lines with something in them."""
        return [" ".join(line.split()) for line in super().clean(value).split("\n") if line.strip()]


def _field(name: str) -> forms.Field:
    """The field of one part of the content."""
    label = CONTENT_LABELS[name]
    if name in DAYS:
        return forms.DateField(label=label, widget=DateInput, required=name == "starts_on")
    if name in LISTS:
        return LinesField(
            label=label, required=name == "agenda", max_length=LONGEST, help_text=_("Satu butir per baris."),
            widget=forms.Textarea(attrs={"rows": 2 if name in ("agenda", "copies_to") else 3}),
        )  # fmt: skip
    if name in TEXTS:
        return LineField(label=label, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    return forms.CharField(label=label, required=name == "venue", max_length=200)


class InvitationLetterForm(forms.Form):
    """Subject, signer, number and every part of the text. Only who may sign for this group is offered."""

    subject = forms.CharField(label=_("Hal"), max_length=250, error_messages={"required": _("Hal surat wajib diisi.")})
    urgency = forms.ChoiceField(label=_("Sifat"), choices=Letter.Urgency.choices, initial=Letter.Urgency.ORDINARY)
    signer = SignerField(
        Position.objects.none(), label=_("Penandatangan"), required=False, empty_label=_("Belum dipilih")
    )
    register = RegisterField(
        Register.objects.none(), label=_("Register nomor"), empty_label=None,
        help_text=_("Register kantor penandatangan, bila kantor itu mempunyainya."),
    )  # fmt: skip
    classification = forms.CharField(
        label=_("Kode klasifikasi"), max_length=40, required=False, help_text=_("Kosong berarti kode dari registernya.")
    )
    starts_at = forms.TimeField(
        label=CONTENT_LABELS["starts_at"], widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    attachments = forms.MultipleChoiceField(
        label=CONTENT_LABELS["attachments"], choices=ATTACHED, required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, group: str, letter: Letter, **kwargs: Any) -> None:
        content = InvitationContent.of(letter.content)
        initial = {**content.stored(), "client_key": uuid.uuid4(), "version": letter.version}
        initial |= {name: getattr(letter, name) for name in ("subject", "urgency", "classification")}
        initial |= {"signer": letter.signer_id, "register": letter.register_id}
        super().__init__(*args, initial=initial, **kwargs)
        for name in (*TEXTS, *LISTS, *WORDS, *DAYS):
            self.fields[name] = _field(name)
        self.fields["signer"].queryset = signers_for(group, timezone.localdate())
        self.fields["register"].queryset = registers().filter(active=True).order_by("-agency__is_lead", "name")
        self.helper = self._helper()

    def _helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "version", "client_key",
            Fieldset(
                _("Kepala surat"), "subject", Div("urgency", "signer", css_class="columns columns-2"),
                Div("register", "classification", css_class="columns columns-2"),
            ),
            Fieldset(
                _("Isi surat"), "opening", Div("starts_on", "ends_on", css_class="columns columns-2"),
                Div("starts_at", "until", css_class="columns columns-2"), "venue", "agenda", "dress", "notes",
                Div("confirm_by", "contact", css_class="columns columns-2"), "closing",
            ),
            Fieldset(_("Lampiran dan tembusan"), "attachments", "data_to_bring", "copies_to"),
        )  # fmt: skip
        return helper

    def clean(self) -> dict[str, Any]:
        """Also checks the order of the days."""
        data = super().clean()
        first, last, answer = (data.get(name) for name in DAYS)
        if first and last and last < first:
            self.add_error("ends_on", _("Hari terakhir mendahului hari pertama."))
        if first and answer and answer > first:
            self.add_error("confirm_by", _("Batas konfirmasi tidak sesudah hari pertama."))
        if fault := register_fault(data.get("signer"), data.get("register")):
            self.add_error("register", fault)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        data = self.cleaned_data
        names = (*TEXTS, *LISTS, *WORDS, "starts_at", "attachments", *DAYS)
        found = {name: data[name] for name in ("subject", "urgency", "signer", "register", "classification")}
        return {**found, "content": {name: _stored(data[name]) for name in names}}


def _stored(value: Any) -> Any:
    """The value as JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return "" if value is None else value


class MoveForm(forms.Form):
    """The text that was read, and why, for a move."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1,
        error_messages={"required": _("Buka dahulu suratnya, lalu ulangi langkah ini.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Alasan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dicatat dalam jurnal."), error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip

    def __init__(self, *args: Any, letter: Letter, noted: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": letter.version}, **kwargs)
        if not noted:
            del self.fields["note"]
