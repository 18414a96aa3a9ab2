"""The Excel list of contracts: the workbook out, the common entries, and a filled-in list as read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.actions.workers import FIELDS
from programs.facts.contract_list import COLUMNS, GUIDE, SHEET
from programs.facts.workbook import CHOICE
from programs.forms.contracts import AmountField, DayField, VersionField
from programs.forms.sheets import Row, SheetReader
from programs.forms.workbook_file import workbook_bytes
from programs.forms.workers import WorkerForm
from programs.models import Contract, ContractKind, ExtensionWorker, TemplateVersion
from programs.queries.contracts_new import usable_versions

MOST_ROWS = 500
MONEY = ("honorarium_rupiah", "operational_rupiah")
AMOUNT = {"widget": forms.TextInput(attrs={"inputmode": "numeric"})}


def list_workbook(lists: dict[str, list[tuple[str, Any]]]) -> bytes:
    """The empty workbook with its lists and help."""
    texts = {name: [text for text, _value in pairs] for name, pairs in lists.items()}
    return workbook_bytes("Daftar kontrak kerja TPL-IKM", texts, {}, parts={SHEET: COLUMNS}, guide=GUIDE)


class CommonForm(forms.Form):
    """What all contracts of a list have in common."""

    template = VersionField(
        label=gettext_lazy("Templat"), queryset=TemplateVersion.objects.none(), empty_label=None
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("Mulai"))
    ends_on = DayField(label=gettext_lazy("Berakhir"))
    honorarium_rupiah = AmountField(label=gettext_lazy("Honorarium sebulan (Rp)"), required=False, **AMOUNT)
    operational_rupiah = AmountField(
        label=gettext_lazy("Biaya operasional sebulan (Rp)"), required=False,
        help_text=gettext_lazy("Isi 0 bila tidak ada."), **AMOUNT,
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Tempat penandatanganan"), max_length=120, required=False)
    signing_on = DayField(label=gettext_lazy("Tanggal penandatanganan"), required=False)
    route = forms.ChoiceField(label=gettext_lazy("Cara penandatanganan"), choices=Contract.Route.choices)
    file = forms.FileField(
        label=gettext_lazy("Berkas Excel (.xlsx)"), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Pilih berkas Excel (.xlsx) yang sudah diisi.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = usable_versions(ContractKind.TPL)

    def clean(self) -> dict[str, Any]:
        """Also the period: the last day does not come before the first."""
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Tanggal berakhir mendahului tanggal mulai."))
        return data

    def values(self) -> dict[str, Any]:
        """The common entries as JSON."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        for name in ("starts_on", "ends_on", "signing_on"):
            data[name] = data[name].isoformat() if data[name] else None
        return data | {"template": data["template"].pk}


class PersonForm(WorkerForm):
    """The worker of one row, with the same checks as on his own page."""

    contract_year = forms.IntegerField(required=False, min_value=1, max_value=99)
    honorarium_rupiah = AmountField(required=False)
    operational_rupiah = AmountField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)
        for name in ("version", "client_key", "regency"):
            del self.fields[name]

    def clean_identity_number(self) -> str:
        """The NIK, which Excel may have turned into a number and rounded."""
        nik = super().clean_identity_number().strip("'")
        if nik and not (len(nik) == 16 and nik.isascii() and nik.isdigit()):
            raise forms.ValidationError(_("NIK terdiri atas 16 angka. Tulis sebagai teks di Excel."))
        return nik

    def clean_phone(self) -> str:
        """The number with the zero in front that Excel takes from numbers."""
        phone = super().clean_phone()
        return f"0{phone}" if phone.startswith("8") and phone.isdecimal() else phone


class ListReading(SheetReader):
    """A filled-in list: `found` has its rows as ContractBatch keeps them, wrong ones with their errors by field."""

    def __init__(self, lists: dict[str, list[tuple[str, Any]]]) -> None:
        super().__init__(lists, most_rows=MOST_ROWS)
        self.found: list[dict[str, Any]] = []
        self.columns: dict[str, str] = {}

    def read(self, data: bytes) -> None:
        """Read the sheet. `errors` holds only what concerns the whole of it.

        Errors: WrongFile.
        """
        self.open(data, SHEET)
        for row in self.rows(SHEET, COLUMNS):
            self.columns = row.places
            if any(text for name, text in row.values.items() if name != "no"):
                self.found.append(self._person(row))
        wrong = {(error.row, error.column) for error in self.errors if error.row > 1}
        self._give_back(wrong)
        if not self.found and not self.errors:
            self.add(None, "", _("Belum ada baris yang diisi."), sheet=SHEET)

    def _give_back(self, wrong: set[tuple[int, str]]) -> None:
        """Put errors of cells to their rows."""
        by_row = {found["row"]: found for found in self.found}
        fields = {place: name for name, place in self.columns.items()}
        for error in [error for error in self.errors if (error.row, error.column) in wrong]:
            if error.row in by_row:
                by_row[error.row]["errors"].append([fields.get(error.column, ""), error.sentence])
            self.errors.remove(error)

    def _person(self, row: Row) -> dict[str, Any]:
        texts = {name: " ".join(text.split()) for name, text in row.values.items()}
        for column in COLUMNS:
            if column.takes == CHOICE:
                texts[column.field] = self.choice(row, column, texts.get(column.field, ""))
        texts["birth_on"] = texts.get("birth_on", "").removesuffix("T00:00:00")
        form = PersonForm(
            {**{name: "" if value is None else value for name, value in texts.items()},
             "scheme": ExtensionWorker.Scheme.SCHOLARSHIP},
        )  # fmt: skip
        refused = {(error.row, error.column) for error in self.errors}
        for name, messages in form.errors.items():
            if (row.number, row.places.get(name, "")) not in refused:
                self.add(row, name, " ".join(str(message) for message in messages))
        if not row.values.get("regency"):
            self.add(row, "regency", _("Pilih kabupaten/kota penempatan."))
        data = form.cleaned_data
        values = {name: data.get(name) for name in (*FIELDS, *MONEY, "contract_year")}
        values["birth_on"] = values["birth_on"].isoformat() if values["birth_on"] else None
        values["name"] = values["name"] or row.values.get("name", "")
        return {"row": row.number, "values": values | {"regency": texts["regency"]}, "errors": [], "contract": None}
