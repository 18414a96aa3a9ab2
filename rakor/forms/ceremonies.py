"""Forms of the signing ceremony and of photos of a session."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CaptionForm(forms.Form):
    """What people say of a photo: who, doing what, where; and who took it."""

    caption = forms.CharField(
        label=_("Keterangan foto"), max_length=250, min_length=5,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Siapa, sedang apa, di mana. Contoh: Bupati Belu menyaksikan penandatanganan kontrak TPL-IKM."),
        error_messages={
            "required": _("Tulis keterangan foto: siapa, sedang apa, di mana."),
            "min_length": _("Tulis keterangan foto: siapa, sedang apa, di mana."),
        },
    )  # fmt: skip
    photographer = forms.CharField(label=_("Foto oleh"), max_length=120, required=False)


class PhotoForm(CaptionForm):
    """A new photo with its caption."""

    field_order = ["photo", "caption", "photographer"]
    photo = forms.FileField(
        label=_("Foto (JPEG atau PNG)"), allow_empty_file=True, max_length=500,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,image/jpeg,image/png"}),
        error_messages={"required": _("Pilih berkas fotonya.")},
    )  # fmt: skip
