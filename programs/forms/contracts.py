"""Forms of contracts and MOUs: what begins a draft, what it says, who signs it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.money import thousands
from portal.web.forms import DateInput
from programs.forms.lines import RupiahField
from programs.models import Contract, ContractKind, ExtensionWorker, MandateField, Signer, TemplateVersion
from programs.queries.contract_papers import asked_for
from programs.queries.contracts_new import contractable, under_mou, usable_versions
from programs.queries.contracts_signers import (
    MOST_STEPS,
    PARTY,
    SignerDraft,
    position_label,
    selectable_positions,
    signer_errors,
)
from regencies.models import Position, Regency

MOST_SIGNERS = 40
LONGEST_EXTRA = 2000
MONTHS = {"min_value": 1, "max_value": 120}
YEARS = (2000, 2100)


def possible_day(day: dt.date) -> None:
    """Return for a day that a contract can have: a slip of the year is told at once.

    Errors: ValidationError.
    """
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValidationError(_("Isi tahun antara %(first)s dan %(last)s.") % {"first": YEARS[0], "last": YEARS[1]})


class DayField(forms.DateField):
    """A day in the years of contracts."""

    default_validators = [possible_day]
    widget = DateInput


class AmountField(RupiahField):
    """Whole rupiah, None when nothing was typed: 0 says that there is none."""

    def to_python(self, value: Any) -> int | None:
        """The amount."""
        return super().to_python(value) if str(value or "").strip() else None

    def prepare_value(self, value: Any) -> Any:
        """The amount with points."""
        return thousands(value) if isinstance(value, int) else value or ""


class VersionField(forms.ModelChoiceField):
    """A published wording."""

    def label_from_instance(self, obj: TemplateVersion) -> str:
        """ "Kontrak kerja TPL, versi 2"."""
        return str(obj)


class WorkerField(forms.ModelChoiceField):
    """A worker who may get a contract."""

    def label_from_instance(self, obj: ExtensionWorker) -> str:
        """Name, placement and which year it will be."""
        return _("%(name)s – %(place)s, tahun ke-%(year)s") % {
            "name": obj.name, "place": obj.regency, "year": obj.contract_year + 1,
        }  # fmt: skip


class NewContractForm(forms.Form):
    """A text, and the worker or the regency it is for; the rest is written in the draft itself."""

    template = VersionField(label=_("Templat"), queryset=TemplateVersion.objects.none(), empty_label=None)
    worker = WorkerField(label=_("Penyuluh"), queryset=ExtensionWorker.objects.none())
    regency = forms.ModelChoiceField(label=_("Kabupaten/kota"), queryset=Regency.objects.none())
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, kind: str, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = usable_versions(kind)
        if kind == ContractKind.TPL:
            del self.fields["regency"]
            self.fields["worker"].queryset = contractable(user)
        else:
            del self.fields["worker"]
            self.fields["regency"].queryset = Regency.objects.visible_to(user).order_by("code")


class SharedMouForm(forms.Form):
    """What the MOUs of several regencies have in common."""

    template = VersionField(label=_("Templat"), queryset=TemplateVersion.objects.none(), empty_label=None)
    duration_months = forms.IntegerField(label=_("Jangka waktu (bulan)"), initial=24, **MONTHS)
    mandate_fields = forms.ModelMultipleChoiceField(
        label=_("Bidang mandat"), queryset=MandateField.objects.filter(active=True),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    place = forms.CharField(label=_("Tempat penandatanganan"), max_length=120, required=False)
    signing_on = DayField(label=_("Tanggal penandatanganan"), required=False)
    route = forms.ChoiceField(label=_("Cara penandatanganan"), choices=Contract.Route.choices)
    regencies = forms.ModelMultipleChoiceField(
        label=_("Kabupaten/kota"), queryset=Regency.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu kabupaten/kota.")},
    )  # fmt: skip
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = usable_versions(ContractKind.MOU)
        self.fields["regencies"].queryset = under_mou(Regency.objects.visible_to(user)).order_by("code")
        self.initial.setdefault("mandate_fields", [field.pk for field in MandateField.objects.filter(active=True)])

    def shared(self) -> dict[str, Any]:
        """Values that every draft begins with."""
        names = ("template", "duration_months", "mandate_fields", "place", "signing_on", "route")
        return {name: self.cleaned_data[name] for name in names}


class ContractForm(forms.ModelForm):
    """What a draft says. `version` guards against overwriting somebody else's save."""

    template = VersionField(label=_("Templat"), queryset=TemplateVersion.objects.none(), empty_label=None)
    honorarium_rupiah = AmountField(
        label=_("Honorarium sebulan (Rp)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    operational_rupiah = AmountField(
        label=_("Biaya operasional sebulan (Rp)"), required=False, help_text=_("Isi 0 bila tidak ada."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    duration_months = forms.IntegerField(label=_("Jangka waktu (bulan)"), required=False, **MONTHS)
    mandate_fields = forms.ModelMultipleChoiceField(
        label=_("Bidang mandat"), queryset=MandateField.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Contract
        fields = (
            "template", "title", "starts_on", "ends_on", "honorarium_rupiah", "operational_rupiah", "placement",
            "duration_months", "mandate_fields", "place", "signing_on", "route", "other_number", "register",
        )  # fmt: skip
        field_classes = {"starts_on": DayField, "ends_on": DayField, "signing_on": DayField}

    TPL_ONLY = ("starts_on", "ends_on", "honorarium_rupiah", "operational_rupiah", "placement")
    MOU_ONLY = ("duration_months", "mandate_fields", "other_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.instance
        for name in self.MOU_ONLY if contract.kind == ContractKind.TPL else self.TPL_ONLY:
            del self.fields[name]
        self.fields["template"].queryset = usable_versions(contract.kind, keep=contract.template_id)
        registers = self.fields["register"].queryset.filter(agency=contract.register.agency_id, active=True)
        self.fields["register"].queryset = registers | registers.model.objects.filter(pk=contract.register_id)
        if "mandate_fields" in self.fields:
            used = contract.mandate_fields.all()
            self.fields["mandate_fields"].queryset = (MandateField.objects.filter(active=True) | used).distinct()
        self.asked = asked_for(contract.template)
        for key, label in self.asked:
            self.fields[f"extra-{key}"] = forms.CharField(
                label=label, required=False, max_length=LONGEST_EXTRA, initial=contract.extra.get(key, ""),
                help_text=_("Diminta oleh templat."),
            )  # fmt: skip
        self.initial["version"] = contract.version

    def clean(self) -> dict[str, Any]:
        """Also the period: the last day does not come before the first."""
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Tanggal berakhir mendahului tanggal mulai."))
        return data

    def _post_clean(self) -> None:
        """The row is written by the verb, under its lock; its table is asked there."""

    def values(self) -> dict[str, Any]:
        """What change_contract takes."""
        data = self.cleaned_data
        values = {name: data[name] for name in self.Meta.fields if name in data}
        extra = dict(self.instance.extra)
        extra |= {key: data[f"extra-{key}"] for key, _label in self.asked if f"extra-{key}" in data}
        return values | {"extra": extra}


WORKER = "penyuluh"
"""The choice of "who" that means the worker of the contract."""


class SignerForm(forms.Form):
    """One row of the signers: empty rows are left out."""

    who = forms.ChoiceField(label=_("Penanda tangan"), required=False)
    kind = forms.ChoiceField(label=_("Kedudukan"), choices=Signer.Kind.choices, initial=Signer.Kind.WITNESS)
    label = forms.CharField(label=_("Sebutan"), max_length=60, required=False, initial="Saksi")
    step = forms.IntegerField(label=_("Langkah"), min_value=1, max_value=MOST_STEPS, initial=3)
    witnesses_order = forms.TypedChoiceField(
        label=_("Menyaksikan tanda tangan"), required=False, coerce=int, empty_value=None, initial=1,
        choices=[("", "–"), (1, _("pihak pertama dalam daftar")), (2, _("pihak kedua dalam daftar")),
                 (3, _("pihak ketiga dalam daftar"))],
    )  # fmt: skip
    on_behalf = forms.CharField(label=_("Atas nama (a.n.)"), max_length=150, required=False)
    acts_for = forms.CharField(label=_("Bertindak"), max_length=250, required=False)

    def __init__(
        self, *args: Any, positions: dict[str, Position], worker: ExtensionWorker | None, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.positions, self.worker = positions, worker
        own = [(WORKER, _("Penyuluh: %(name)s") % {"name": worker.name})] if worker else []
        people = [(key, position_label(position)) for key, position in positions.items()]
        self.fields["who"].choices = [("", "–"), *own, *people]

    def draft(self) -> SignerDraft | None:
        """The signer that this row means, None for a row without anybody."""
        data = self.cleaned_data
        if not data.get("who") or data.get("DELETE"):
            return None
        chosen = data["who"] == WORKER
        party = data["kind"] == PARTY
        return SignerDraft(
            kind=data["kind"], label=data["label"].strip(), step=data["step"], on_behalf=data["on_behalf"].strip(),
            acts_for=data["acts_for"].strip(), witnesses_order=None if party else data["witnesses_order"],
            position=None if chosen else self.positions[data["who"]], worker=self.worker if chosen else None,
        )  # fmt: skip


class BaseSignerFormSet(forms.BaseFormSet):
    """The signers of one contract: rows are parties in their order, then witnesses."""

    def rows(self) -> list[SignerForm]:
        """The rows in which somebody is chosen."""
        return [form for form in self.forms if form.is_valid() and form.draft() is not None]

    def drafts(self) -> list[SignerDraft]:
        """What change_contract takes."""
        return [form.draft() for form in self.rows()]

    def clean(self) -> None:
        """What cannot be stored stands in the row it is about."""
        if any(self.errors):
            return
        rows = self.rows()
        for number, sentence in signer_errors([form.draft() for form in rows]):
            rows[number].add_error("who", sentence)


SignerFormSet = forms.formset_factory(
    SignerForm, formset=BaseSignerFormSet, extra=2, can_delete=True, max_num=MOST_SIGNERS, absolute_max=MOST_SIGNERS
)


def signer_formset(contract: Contract, drafts: Sequence[SignerDraft], data: Any) -> BaseSignerFormSet:
    """The rows of the signers, bound when something was sent; two empty ones follow."""
    keep: Iterable[int] = [draft.position.pk for draft in drafts if draft.position]
    positions = selectable_positions(contract.regency, contract.signing_on, keep=keep)
    initial = [
        {
            "who": WORKER if draft.worker else str(draft.position.pk if draft.position else ""), "kind": draft.kind,
            "label": draft.label, "step": draft.step, "witnesses_order": draft.witnesses_order,
            "on_behalf": draft.on_behalf, "acts_for": draft.acts_for,
        }
        for draft in drafts
    ]  # fmt: skip
    return SignerFormSet(
        data, initial=initial, prefix="ttd",
        form_kwargs={
            "positions": {str(position.pk): position for position in positions}, "worker": contract.worker,
        },
    )  # fmt: skip
