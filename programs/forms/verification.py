"""Forms of verification: points of a return, choices on the score sheet, words, answers, sharing of work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from programs.models import Proposal, RubricItem
from programs.queries.points import WHOLE, Target
from programs.queries.verification import verifiers_in_office

MANY = 60
"""Points of one return that are read; nobody writes more by hand."""

LARGEST_ID = 2**63 - 1


class PointForm(forms.Form):
    """One thing to mend: where, and what is wrong there."""

    target = forms.ChoiceField(label=_("Bagian"), initial=WHOLE)
    note = forms.CharField(
        label=_("Yang perlu diperbaiki"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, targets: Iterable[Target] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [
            (group, [(target.key, target.label) for target in found])
            for group, found in groupby(targets, key=lambda target: target.group)
        ]
        self.fields["target"].widget.attrs |= {"class": "form-select", "lang": "id"}  # stored, so Indonesian
        self.fields["note"].widget.attrs["class"] = "form-control"


PointFormSet = forms.formset_factory(PointForm, extra=3, max_num=MANY, absolute_max=MANY)


class ReturnForm(forms.Form):
    """The covering note of a return and the version that was read."""

    note = forms.CharField(
        label=_("Catatan umum"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Boleh kosong bila catatan per bagian sudah jelas."),
    )  # fmt: skip
    submission = forms.IntegerField(required=False, min_value=1, max_value=32_767, widget=forms.HiddenInput)


class PassForm(forms.Form):
    """The version that was read."""

    submission = forms.IntegerField(required=False, min_value=1, max_value=32_767, widget=forms.HiddenInput)


class ScoreForm(forms.Form):
    """The reviewer's choices, an empty choice takes the points back; `base-…` is what the sheet showed before."""

    def __init__(self, *args: Any, items: Iterable[RubricItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item in items if not item.computed]
        for item in self.items:
            choices = [("", "–"), *((str(step.pk), step.label) for step in item.steps.all())]
            self.fields[f"step-{item.key}"] = forms.ChoiceField(
                label=item.name, choices=choices, required=False,
                error_messages={"invalid_choice": _("Tingkat ini sudah diubah. Muat ulang halaman ini.")},
            )  # fmt: skip
            self.fields[f"why-{item.key}"] = forms.CharField(label=item.name, max_length=1000, required=False)
            self.fields[f"base-{item.key}"] = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)

    def _of(self, part: str) -> dict[str, Any]:
        """What was sent of that part, by indicator; an indicator that was not in the form is not touched."""
        sent = {item.key: f"{part}-{item.key}" for item in self.items}
        return {key: self.cleaned_data[name] for key, name in sent.items() if name in self.data}

    @property
    def steps(self) -> dict[str, int | None]:
        """The chosen steps."""
        return {key: int(value) if value else None for key, value in self._of("step").items()}

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons."""
        return self._of("why")

    @property
    def base(self) -> dict[str, int | None]:
        """The steps that the sheet showed; 0 and nothing mean none."""
        return {key: value or None for key, value in self._of("base").items()}


class WordForm(forms.Form):
    """A comment or an internal note. The key lets the same form sent twice be one."""

    text = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis dahulu isinya.")},
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str = "", prefix_id: str = "", **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{prefix_id}%s", **kwargs)
        self.fields["text"].label = label
        self.fields["text"].widget.attrs["class"] = "form-control"
        if not self.is_bound:
            self.initial["client_key"] = uuid.uuid4()


class AnswerForm(forms.Form):
    """What the regency says to one point, and whether it is mended."""

    answer = forms.CharField(max_length=1000, required=False)
    done = forms.BooleanField(required=False)


class AssignForm(forms.Form):
    """Which proposals go to whom; nobody chosen lets them go."""

    proposal = forms.ModelMultipleChoiceField(
        Proposal.objects.none(),
        error_messages={
            "required": _("Pilih dahulu usulan yang akan dibagi."),
            "invalid_choice": _("Ada usulan yang tidak lagi menunggu verifikasi. Muat ulang halaman ini."),
            "invalid_pk_value": _("Ada usulan yang tidak dikenal. Muat ulang halaman ini."),
        },
    )
    verifier = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].queryset = Proposal.objects.visible_to(user).kept()
        self.fields["verifier"].queryset = verifiers_in_office()
