"""Forms of the list of the invited: one recipient, a replacement, and a pasted or uploaded list."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from portal.kernel.errors import WrongFile
from programs.facts.file_checks import check_workbook
from rakor.facts.recipient_rows import MOST_COLUMNS, MOST_ROWS, RecipientRow, UnreadableRows, cells_of, read_rows
from rakor.forms.files import NO_XLSX
from rakor.models import Invitation, Meeting
from regencies.models import Agency, Regency

GROUPS = Invitation.Group
VALUES = ("addressee", "place", "agency", "email", "phone", "quota")
EMPTY_ROWS = 200
LABELS = (
    ("addressee", _("Yang terhormat")), ("place", _("di")), ("email", _("Surel")), ("phone", _("Telepon")),
    ("quota", _("Jumlah utusan")), ("agency", _("Kantor")),
)  # fmt: skip


def offices_for(group: str, regency: Regency | None = None) -> QuerySet[Agency]:
    """The offices whose staff reads an invitation of that group: of the regency, or outside all regencies."""
    if group == GROUPS.OTHER:
        return Agency.objects.filter(regency__isnull=True).order_by("level", "name")
    if group == GROUPS.HEAD_OF_OFFICE and regency is not None:
        return Agency.objects.filter(regency=regency).order_by("-is_lead", "name")
    return Agency.objects.none()


class RecipientForm(forms.Form):
    """One recipient. The group and the regency are chosen when it is new, and stay."""

    group = forms.ChoiceField(label=_("Golongan"), choices=GROUPS.choices)
    regency = forms.ModelChoiceField(
        Regency.objects.none(), label=_("Kabupaten/kota"), required=False, empty_label=_("Bukan kabupaten/kota"),
        help_text=_("Hanya untuk kepala dinas dan kepala daerah."),
    )  # fmt: skip
    addressee = forms.CharField(
        label=_("Yang terhormat"), max_length=200,
        help_text=_("Jabatan, bukan nama orang. Misalnya: Kepala Balai Besar POM di Kupang."),
        error_messages={"required": _("Tulis kepada siapa undangannya.")},
    )  # fmt: skip
    place = forms.CharField(label=_("di"), max_length=80, required=False, help_text=_("Kosong berarti “Tempat”."))
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Kantor di portal"), required=False, empty_label=_("Tidak ada di portal"),
        help_text=_("Pegawai kantor ini membaca undangan dan mendaftarkan utusannya di portal."),
    )  # fmt: skip
    email = forms.EmailField(label=_("Surel kantor"), required=False)
    phone = forms.CharField(label=_("Telepon/WhatsApp kantor"), max_length=30, required=False)
    quota = forms.IntegerField(label=_("Jumlah utusan"), min_value=0, max_value=200, initial=2)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, invitation: Invitation | None = None, **kwargs: Any) -> None:
        initial = {"client_key": uuid.uuid4(), **kwargs.pop("initial", {})}
        if invitation is not None:
            initial = {name: getattr(invitation, name) for name in ("addressee", "place", "email", "phone", "quota")}
            initial |= {"agency": invitation.agency_id, "version": invitation.version}
        super().__init__(*args, initial=initial, **kwargs)
        if invitation is None:
            self.fields["regency"].queryset = Regency.objects.visible_to(None)
            self.fields["agency"].queryset = offices_for(GROUPS.OTHER)
            return
        del self.fields["group"], self.fields["regency"], self.fields["client_key"]
        self.fields["agency"].queryset = offices_for(invitation.group, invitation.regency)
        if invitation.group == GROUPS.HEAD_OF_REGION:
            del self.fields["agency"]

    def clean(self) -> dict[str, Any]:
        """A regency where the group asks for one; its own office is then the one in charge of industry."""
        data = super().clean()
        group, regency = data.get("group"), data.get("regency")
        if group == GROUPS.OTHER:
            data["regency"] = None
        elif group:
            if regency is None:
                self.add_error("regency", _("Pilih kabupaten/kotanya."))
            office = offices_for(group, regency).filter(is_lead=True).first()
            data["agency"] = office if group == GROUPS.HEAD_OF_OFFICE else None
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        names = ("group", "regency", *VALUES)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ReplacementForm(RecipientForm):
    """The recipient in the place of another one, with the reason."""

    reason = forms.CharField(
        label=_("Alasan penggantian"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Dibaca penerima lama bila suratnya sudah terkirim, dan tercatat pada nomornya."),
        error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    """Why an invitation is taken back."""

    reason = forms.CharField(
        label=_("Alasan pembatalan"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca penerima bila suratnya sudah terkirim, dan tercatat pada nomornya."),
        error_messages={"required": _("Alasan wajib diisi.")},
    )  # fmt: skip


class RecipientListForm(forms.Form):
    """A list pasted from a spreadsheet or as a workbook; the rows with all that is wrong in them are in `rows`."""

    text = forms.CharField(
        label=_("Baris dari Excel"), strip=False, required=False,
        widget=forms.Textarea(attrs={"rows": 8, "wrap": "off"}),
        help_text=_("Kolom: yang terhormat, di, surel, telepon, jumlah utusan, kantor. Hanya yang pertama wajib."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Atau berkas Excel (.xlsx)"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: Meeting, largest: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_key": uuid.uuid4()}, **kwargs)
        self.meeting, self.largest = meeting, largest
        self.rows: list[RecipientRow] = []
        self.values: list[dict[str, Any]] = []

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """The columns of the list with their names."""
        return list(LABELS)

    @property
    def shown_rows(self) -> list[dict[str, Any]]:
        """The rows as they were read: (column, text, what is wrong) for each cell."""
        return [
            {"number": row.number,
             "cells": [(label, row.values[name], row.errors.get(name, "")) for name, label in LABELS]}
            for row in self.rows
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The data; `rows` and `values` are filled in, and one sentence says how many cells are wrong."""
        data = super().clean()
        try:
            self.rows = read_rows(self._table(data))
        except (UnreadableRows, WrongFile) as error:
            raise forms.ValidationError(str(error)) from error
        self._match()
        wrong = sum(len(row.errors) for row in self.rows)
        if wrong:
            self.add_error(
                None,
                _("Ada %(n)s isian yang salah. Tidak satu baris pun disimpan sebelum semuanya benar.") % {"n": wrong},
            )
        return data

    def _table(self, data: dict[str, Any]) -> list[list[str]]:
        file = data.get("file")
        if not file:
            return cells_of(data.get("text") or "")
        if file.size > self.largest:
            raise WrongFile(_gettext("Berkas ini terlalu besar. Bagi daftarnya."))
        content = file.read()
        check_workbook(content, file.name)
        try:
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
            sheet = book[book.sheetnames[0]]
            rows = sheet.iter_rows(max_row=MOST_ROWS + EMPTY_ROWS, max_col=MOST_COLUMNS, values_only=True)
            return [[_cell(value) for value in row] for row in rows]
        except NO_XLSX as error:
            raise WrongFile(_gettext("Berkas ini bukan berkas Excel (.xlsx) yang utuh.")) from error

    def _match(self) -> None:
        """Find the offices of the rows, and who is invited already."""
        offices = {name.casefold(): office for office in offices_for(GROUPS.OTHER)
                   for name in (office.name, office.short_name, *office.alias_list) if name}  # fmt: skip
        active = Invitation.objects.active().filter(meeting=self.meeting, group=GROUPS.OTHER)
        known = {(name.casefold(), place.casefold()) for name, place in active.values_list("addressee", "place")}
        for row in self.rows:
            named = row.values["agency"]
            office = offices.get(named.casefold()) if named else None
            if named and office is None:
                row.errors["agency"] = _gettext(
                    "Kantor ini tidak ada di portal. Kosongkan, atau tulis seperti di menu Kantor."
                )
            place = row.values["place"] or "Tempat"
            if (row.values["addressee"].casefold(), place.casefold()) in known:
                row.errors.setdefault("addressee", _gettext("Sudah ada dalam daftar undangan."))
            self.values.append(
                {**row.values, "place": place, "agency": office, "quota": row.quota, "group": GROUPS.OTHER.value}
            )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
