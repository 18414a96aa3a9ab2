"""The form of an emblem."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class EmblemForm(forms.Form):
    """The file of the picture; whether it is one, `keep_emblem` finds out."""

    picture = forms.FileField(
        label=_("Gambar lambang (PNG atau JPEG)"), allow_empty_file=True, max_length=500,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,image/png,image/jpeg"}),
        error_messages={"required": _("Pilih berkas gambarnya.")},
    )  # fmt: skip
