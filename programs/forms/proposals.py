"""Forms of a proposal: its fields one by one or together, its tags, its beginning."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.dates import MONTHS
from programs.models import HelpKind, Proposal, Sector, SubActivity, Tag

MONTH_CHOICES = [("", "–"), *enumerate(MONTHS, start=1)]
ROWS = {"background": 6, "problem": 5, "purpose": 4, "method": 5, "policy_support": 3, "special_note": 3}
LARGEST_COUNT = 2_000_000_000


class WholeNumber(forms.IntegerField):
    """A number as people type it: "1.250" is one thousand two hundred and fifty."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 13})
        super().__init__(min_value=0, max_value=LARGEST_COUNT, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The number, None when nothing was typed."""
        return super().clean("".join(("" if value is None else str(value)).replace(".", "").split()))


class Coordinate(forms.DecimalField):
    """Degrees with a point or a comma."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 12})
        super().__init__(
            min_value=-most, max_value=most, max_digits=8, decimal_places=5, required=False, widget=widget, **kwargs
        )

    def clean(self, value: Any) -> Any:
        """The degrees, None when nothing was typed."""
        return super().clean(("" if value is None else str(value)).strip().replace(",", "."))


def _month(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=MONTH_CHOICES, coerce=int, empty_value=None, required=False)


class ProposalForm(forms.ModelForm):
    """All fields that a regency fills in; nothing is required here: the self-check says what is missing."""

    ikm_count = WholeNumber(label=_("IKM penerima"))
    group_count = WholeNumber(label=_("Kelompok penerima"))
    male_workers = WholeNumber(label=_("Tenaga kerja laki-laki"))
    female_workers = WholeNumber(label=_("Tenaga kerja perempuan"))
    latitude = Coordinate(most=90, label=_("Lintang"))
    longitude = Coordinate(most=180, label=_("Bujur"))
    starts_month = _month(_("Bulan mulai"))
    ends_month = _month(_("Bulan selesai"))

    class Meta:
        model = Proposal
        fields = Proposal.FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("sub_activity", SubActivity), ("help_kind", HelpKind), ("sector", Sector)):
            chosen = model.objects.filter(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = model.objects.filter(is_active=True) | chosen
        for name, field in self.fields.items():
            field.required = field.widget.is_required = False
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "–"
            field.widget.attrs["class"] = "form-select" if hasattr(field, "choices") else "form-control"
            if name in ROWS:
                field.widget.attrs["rows"] = ROWS[name]

    def group_choices(self) -> None:
        """Offer kinds of help by group and business classes by edition."""
        self._group("help_kind", lambda row: row.group, str)
        self._group("kbli", lambda row: f"KBLI {row.edition}", lambda row: f"{row.code} {row.title}")

    def _group(self, name: str, group: Callable, label: Callable) -> None:
        groups = groupby(self.fields[name].queryset, key=group)
        choices = [(head, [(row.pk, label(row)) for row in rows]) for head, rows in groups]
        self.fields[name].choices = [("", "–"), *choices]


class Fields:
    """What of a proposal's fields was sent: only those named, each with what its writer had seen before.

    For every field "title" there may be "base-title", several times: the text that stood there when the page was made
    and what was sent since without an answer. `values` are clean, `base` is made comparable in the same way.
    """

    def __init__(self, data: Any, proposal: Proposal) -> None:
        self.values: dict[str, Any] = {}
        self.base: dict[str, list[Any]] = {}
        self.errors: dict[str, list[str]] = {}
        fields = ProposalForm(instance=proposal).fields
        for name in Proposal.FIELDS:
            if name not in data:
                continue
            self.base[name] = [_comparable(fields[name], text) for text in data.getlist(f"base-{name}")]
            try:
                self.values[name] = fields[name].clean(data[name])
            except forms.ValidationError as error:
                self.errors[name] = [str(message) for message in error.messages]


def _comparable(field: forms.Field, text: str) -> Any:
    try:
        return field.clean(text)
    except forms.ValidationError:
        return text


class TagsForm(forms.Form):
    """The tags that are ticked now, and those that were when the page was made."""

    tags = forms.ModelMultipleChoiceField(Tag.objects.all(), required=False)
    base = forms.ModelMultipleChoiceField(Tag.objects.all(), required=False)

    @classmethod
    def of(cls, data: Any) -> TagsForm | None:
        """The form when tags were sent at all."""
        if "tags-sent" not in data:
            return None
        return cls({"tags": data.getlist("tags"), "base": data.getlist("base-tags")})


class StartForm(forms.Form):
    """A new proposal: its title may come later."""

    title = forms.CharField(
        label=_("Judul"), max_length=250, required=False,
        help_text=_("Boleh diisi nanti. Contoh: Pelatihan pewarnaan alami bagi penenun Desa Manleten."),
    )  # fmt: skip
    client_key = forms.UUIDField(widget=forms.HiddenInput)
