"""Forms of wordings: a new template, its name, and the parts of a draft as they are typed."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import ContractKind, ContractTemplate, TemplateVersion
from programs.queries.contract_templates import sources

TEXTS = ("title", "opening", "recital", "closing", "note")
ROWS = {"title": 4, "opening": 3, "recital": 8, "closing": 3, "note": 1}


class NewTemplateForm(forms.Form):
    """Kind, name, and the wording to begin with."""

    kind = forms.ChoiceField(label=_("Jenis naskah"), choices=ContractKind.choices)
    name = forms.CharField(label=_("Nama templat"), max_length=150, help_text=_("Tampil saat memilih templat."))
    source = forms.ModelChoiceField(
        label=_("Salin naskah dari"), queryset=TemplateVersion.objects.none(), required=False,
        empty_label=_("Naskah kosong"),
    )  # fmt: skip
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources()

    def clean(self) -> dict[str, Any]:
        """Also checks that the copied wording is of the kind."""
        data = super().clean() or self.cleaned_data
        source = data.get("source")
        if source is not None and data.get("kind") and source.template.kind != data["kind"]:
            self.add_error("source", _("Naskah yang disalin berjenis lain."))
        return data


class TemplateForm(forms.ModelForm):
    """Name of a template, and whether it is still used."""

    class Meta:
        model = ContractTemplate
        fields = ("name", "active")
        help_texts = {"active": _("Templat yang tidak dipakai tidak ditawarkan untuk kontrak baru.")}

    seen_name = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_active = forms.BooleanField(widget=forms.HiddenInput, required=False)


class DraftForm(forms.ModelForm):
    """The texts of a draft; its clauses are rows of their own."""

    class Meta:
        model = TemplateVersion
        fields = TEXTS
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items() if rows > 1}
        labels = {
            "title": _("Judul naskah"), "opening": _("Pembukaan"), "recital": _("Dasar dan pertimbangan"),
            "closing": _("Kalimat penutup"), "note": _("Catatan versi"),
        }  # fmt: skip
        help_texts = {
            "title": _("Satu baris judul per baris; baris pertama dicetak paling besar."),
            "opening": _("Sesudahnya dicetak daftar PARA PIHAK."),
            "recital": "",
            "closing": _("Sesudahnya dicetak tempat tanda tangan para pihak dan saksi."),
            "note": _("Apa yang berbeda dari versi sebelumnya; tidak dicetak."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.widget.attrs |= {"class": "form-control", "aria-describedby": f"id_{name}_helptext"}


def part_labels() -> dict[str, str]:
    """What the parts of a wording are called."""
    return {name: str(label) for name, label in DraftForm._meta.labels.items()} | {"clauses": str(_("Pasal-pasal"))}


class Draft:
    """What a page sent of a draft: the parts it names, and what its writer had seen of each."""

    def __init__(self, data: Any) -> None:
        self.values: dict[str, Any] = {name: data.get(name, "") for name in TEXTS if name in data}
        self.base: dict[str, list[Any]] = {name: data.getlist(f"base-{name}") for name in self.values}
        if "clauses-sent" in data:
            self.values["clauses"] = clauses_of(data)
            self.base["clauses"] = [_listed(text) for text in data.getlist("base-clauses")]


def clauses_of(data: Any) -> list[dict[str, str]]:
    """The clauses as they stand on the page."""
    pairs = zip(data.getlist("clause-heading"), data.getlist("clause-body"), strict=False)
    return [{"heading": heading, "body": body} for heading, body in pairs]


def arranged(clauses: list[dict[str, str]], order: str) -> list[dict[str, str]]:
    """The clauses after a button without script: "tambah", "naik-2", "turun-2", "hapus-2"; numbers count from 1."""
    what, _dash, text = order.partition("-")
    rows = list(clauses)
    if what == "tambah":
        return [*rows, {"heading": "", "body": ""}]
    place = int(text) - 1 if text.isdecimal() and len(text) < 4 else -1
    if not 0 <= place < len(rows):
        return rows
    row = rows.pop(place)
    if what in ("naik", "turun"):
        rows.insert(max(0, place + (1 if what == "turun" else -1)), row)
    elif what != "hapus":
        rows.insert(place, row)
    return rows


def _listed(text: str) -> Any:
    """The clauses that a page had begun with; None for what is no list of clauses."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
