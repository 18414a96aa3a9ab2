"""Forms of attachments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import ReadinessItem


def _items() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        ReadinessItem.objects.filter(is_active=True),
        to_field_name="key",
        required=False,
        label=_("Untuk berkas"),
        empty_label=_("Di luar daftar"),
        error_messages={"invalid_choice": _("Jenis berkas ini tidak ada dalam daftar.")},
    )


class AddForm(forms.Form):
    """What goes with files that are sent at once. The files themselves are read from the request."""

    item = _items()
    keeps_place = forms.BooleanField(label=_("Simpan lokasi foto"), required=False)


class BeginForm(forms.Form):
    """What a script says of a file before it sends it in pieces."""

    key = forms.UUIDField()
    name = forms.CharField(max_length=500)
    size = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    crc32 = forms.IntegerField(min_value=0, max_value=2**32 - 1)
    item = _items()
    keeps_place = forms.BooleanField(required=False)


class ChangeForm(forms.Form):
    """The caption of an attachment, and the item it belongs to."""

    item = _items()
    caption = forms.CharField(label=_("Keterangan"), max_length=250, required=False)
