"""Forms of the agreement: head of the berita acara, table of signatures, another verdict, the scan, addenda."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from portal.web.forms import DateInput
from programs.facts.quantities import UnreadableNumber, parse_rupiah
from programs.models import CostLine, Decision, FundingSource
from rakor.actions.agreements import SIGNER, signer
from rakor.forms.minutes import LineField, PositionField
from rakor.models import Agreement, Representative
from rakor.queries.minutes import positions_on
from regencies.models import Position


def _lines(label: Any, help_text: Any, rows: int) -> LineField:
    return LineField(
        label=label, required=False, max_length=8000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class HeadForm(forms.Form):
    """Number, what was heard, other clauses, and who chairs; only positions of the last day are offered."""

    number = forms.CharField(
        label=_("Nomor berita acara"), required=False, max_length=80,
        help_text=_("Boleh kosong: nomornya dapat ditulis tangan di kertas."),
    )  # fmt: skip
    chair = PositionField(queryset=Position.objects.none(), required=False, label=_("Pimpinan sidang"))
    considerations = _lines(_("Setelah memperhatikan, mendengar, dan mempertimbangkan"), _("Satu butir per baris."), 6)
    clauses = _lines(_("Kesepakatan lain"), _("Satu butir per baris; tercetak sesudah matriks program."), 5)
    head_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        names = ("number", "considerations", "clauses", "head_version")
        initial = {**{name: getattr(agreement, name) for name in names}, "chair": agreement.chair_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["chair"].queryset = positions_on(agreement.meeting.ends_on)
        self.fields["chair"].empty_label = _("Belum ditentukan")

    @property
    def head(self) -> dict[str, Any]:
        """The fields of Agreement."""
        return {name: self.cleaned_data[name] for name in ("number", "considerations", "clauses", "chair")}


class RepresentativeForm(forms.ModelForm):
    """One row of the table of signatures; `base` is what the row said when the page was shown."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    class Meta:
        model = Representative
        fields = list(SIGNER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["base"] = json.dumps(signer(self.instance), ensure_ascii=False)
        for name in SIGNER:
            self.fields[name].widget.attrs["class"] = "form-control"
            label = f"{self.fields[name].label}, {self.instance.regency.name}"
            self.fields[name].widget.attrs["aria-label"] = label

    def clean_base(self) -> dict[str, str]:
        """What the writer saw; an unreadable one is taken for nothing, so that every field counts as changed."""
        try:
            found = json.loads(self.cleaned_data["base"])
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    @property
    def values(self) -> dict[str, str]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in SIGNER}

    def _post_clean(self) -> None:
        """Nothing: the verb writes the row."""


class VerdictForm(forms.Form):
    """Another answer to a decided proposal, with an amount per cost line when it is agreed with changes."""

    decision = forms.ChoiceField(label=_("Putusan"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = LineField(
        label=_("Alasan perubahan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tercetak dalam daftar dan dicatat dalam riwayat."),
        error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip
    redirect_to = forms.ModelChoiceField(
        label=_("Dialihkan ke"), queryset=FundingSource.objects.filter(is_active=True), to_field_name="key",
        required=False, help_text=_("Hanya untuk putusan “Dialihkan”."),
    )  # fmt: skip
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, lines: list[CostLine], now: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cost_lines, self.answers = lines, now["lines"]
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.CharField(
                required=False, max_length=40, initial=f"{self._stands(line):,}".replace(",", "."),
                label=line.description or _gettext("Rincian %(n)s") % {"n": line.position},
                widget=forms.TextInput(attrs={"class": "form-control num", "inputmode": "decimal"}),
            )  # fmt: skip

    def _stands(self, line: CostLine) -> int:
        answer = self.answers.get(str(line.pk))
        return answer["agreed_rupiah"] if answer else line.amount_rupiah

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The cost lines with the field of each."""
        return [{"line": line, "field": self[f"line-{line.pk}"]} for line in self.cost_lines]

    def clean(self) -> dict[str, Any]:
        """The data; amounts read, and a source for what is redirected."""
        data = super().clean()
        if data.get("decision") == Decision.REDIRECTED and not data.get("redirect_to"):
            self.add_error("redirect_to", _("Pilih sumber dana tujuan pengalihan."))
        if data.get("decision") == Decision.AMENDED:
            for line in self.cost_lines:
                self._read_line(data, line)
        return data

    def _read_line(self, data: dict[str, Any], line: CostLine) -> None:
        """The amount of one line: as it stands when it was not sent, never 0 because somebody left it empty."""
        name = f"line-{line.pk}"
        if self.add_prefix(name) not in self.data:
            data[name] = self._stands(line)
            return
        try:
            data[name] = parse_rupiah(data.get(name) or "")
        except UnreadableNumber as error:
            self.add_error(name, str(error))
            return
        if not (self.data[self.add_prefix(name)] or "").strip():
            self.add_error(name, _("Isi jumlahnya, atau 0 bila rincian ini tidak disepakati."))

    @property
    def lines(self) -> dict[int, dict[str, Any]] | None:
        """What the verb wants of the lines: those that differ from what was proposed."""
        if self.cleaned_data["decision"] != Decision.AMENDED:
            return None
        found = {}
        for line in self.cost_lines:
            money, answer = self.cleaned_data[f"line-{line.pk}"], self.answers.get(str(line.pk))
            if answer and answer["agreed_rupiah"] == money:
                found[line.pk] = answer
            elif money != line.amount_rupiah:
                decision = Decision.AMENDED if money else Decision.REFUSED
                found[line.pk] = {
                    "decision": decision.value, "agreed_rupiah": money, "reason": self.cleaned_data["reason"],
                }  # fmt: skip
        return found

    @property
    def target(self) -> FundingSource | None:
        """The source of what is redirected, else None."""
        return self.cleaned_data["redirect_to"] if self.cleaned_data["decision"] == Decision.REDIRECTED else None


class ScanForm(forms.Form):
    """The signed and scanned berita acara."""

    signed_on = forms.DateField(label=_("Tanggal tanda tangan"), widget=DateInput)
    scan = forms.FileField(
        label=_("Pindaian (PDF)"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": _("Pilih berkas pindaiannya.")},
    )  # fmt: skip


class AddendumForm(forms.Form):
    """Number and reason of an addendum."""

    number = forms.CharField(
        label=_("Nomor adendum"),
        required=False,
        max_length=80,
        help_text=_("Boleh diisi kemudian, sebelum ditetapkan."),
    )
    reason = LineField(
        label=_("Dasar dan alasan"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Dasar dan alasan adendum wajib diisi.")},
    )  # fmt: skip
