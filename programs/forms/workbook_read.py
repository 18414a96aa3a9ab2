"""Reading a filled-in workbook: every error with sheet, row and column, or the proposals it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from programs.actions.lines import MOST_LINES
from programs.facts.codes import official_spelling
from programs.facts.quantities import UnreadableNumber, parse_rupiah
from programs.facts.workbook import CHOICE, LOCKED, MAIN, NOT_READ, SHEETS, Column
from programs.forms.lines import CostLineForm, IndicatorForm
from programs.forms.proposals import ProposalForm
from programs.forms.sheets import Row, SheetReader, folded
from programs.models import FundingSource, Proposal

MOST_PROPOSALS = 100
MOST_ROWS = MOST_PROPOSALS * MOST_LINES


@dataclass
class Plan:
    """One proposal of the file, cleaned. `known` is the own proposal that its code names."""

    no: int
    row: int
    known: Proposal | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    tags: list[Any] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    shares: dict[str, int] = field(default_factory=dict)


class Reading(SheetReader):
    """A workbook as read: `plans` are worth something only when `errors` is empty."""

    def __init__(self, lists: dict[str, list[tuple[str, Any]]], own: Sequence[Proposal]) -> None:
        super().__init__(lists, most_rows=MOST_ROWS, not_read=NOT_READ - {"state"})
        self.codes = {row.code: row for _text, row in lists["sub_activities"]}
        self.own = {proposal.code.casefold(): proposal for proposal in own}
        self.titles = {folded(proposal.title): proposal for proposal in own if proposal.title}
        self.sources = list(FundingSource.objects.filter(is_active=True))
        self.plans: dict[int, Plan] = {}
        self.locked: set[int] = set()
        self._fields = ProposalForm().fields

    # -- the sheets ---------------------------------------------------------------------------------------------------

    def read(self, data: bytes) -> None:
        """Read all sheets.

        Errors: WrongFile when it is no workbook of ours at all.
        """
        self.open(data, MAIN)
        take: dict[str, Callable[[Row], None]] = {
            "Usulan": self._main, "Indikator": self._indicator, "RAB": self._line, "Sumber dana": self._share,
        }  # fmt: skip
        for sheet, columns in SHEETS.items():
            for row in self.rows(sheet, columns):
                take[sheet](row)
        if not self.plans and not self.errors and not self.locked:
            self.add(None, "", _("Belum ada usulan yang diisi."), sheet=MAIN)

    # -- the rows -----------------------------------------------------------------------------------------------------

    def _main(self, row: Row) -> None:
        no = self._number(row)
        if no is None:
            return
        if no in self.plans or no in self.locked:
            self.add(row, "no", _("Nomor %(no)s dipakai dua kali.") % {"no": no})
            return
        if folded(row.values.get("state", "")) == LOCKED:
            self.locked.add(no)
            return
        if len(self.plans) >= MOST_PROPOSALS:
            self.add(row, "no", _("Satu berkas memuat paling banyak %(most)d usulan.") % {"most": MOST_PROPOSALS})
            return
        plan = self.plans[no] = Plan(no, row.number, self._known(row))
        for column in SHEETS[MAIN]:
            if column.field in row.values and column.field in self._fields:
                self._field(row, column, plan)
        plan.tags = self._tags(row)
        self._no_double(row, plan)

    def _known(self, row: Row) -> Proposal | None:
        code = row.values.get("code", "")
        if not code:
            return None
        found = self.own.get(code.casefold())
        if found is None:
            self.add(
                row, "code", _("Tidak ada usulan Anda dengan kode “%(code)s” pada tahun ini.") % {"code": code[:40]}
            )
        elif not found.writable:
            self.add(row, "code", _("Usulan %(code)s sudah dikirim, jadi tidak dapat diubah.") % {"code": found.code})
        elif any(plan.known == found for plan in self.plans.values()):
            self.add(row, "code", _("Kode %(code)s dipakai dua kali.") % {"code": found.code})
        return found

    def _field(self, row: Row, column: Column, plan: Plan) -> None:
        text = row.values[column.field]
        if column.takes == CHOICE:
            value = self._choice(row, column, text)
            plan.fields[column.field] = value.pk if hasattr(value, "pk") else value
            return
        try:
            plan.fields[column.field] = self._fields[column.field].clean(text)
        except forms.ValidationError as error:
            self.add(row, column.field, " ".join(error.messages))

    def _choice(self, row: Row, column: Column, text: str) -> Any:
        return self.choice(row, column, text, else_found=self._meant(column, text) if text else None)

    def _meant(self, column: Column, text: str) -> Any:
        """What a shorter spelling stands for: the code alone, the number of a month."""
        if column.choices == "sub_activities":
            return self.codes.get(official_spelling(text.split(maxsplit=1)[0]))
        if column.choices == "kbli":
            return next((kbli for label, kbli in self.lists["kbli"].items() if label.startswith(f"{text} ")), None)
        if column.choices == "months" and text.isdecimal() and 1 <= int(text[:3]) <= 12:
            return int(text)
        return None

    def _tags(self, row: Row) -> list[Any]:
        found = []
        for name in filter(None, (part.strip() for part in row.values.get("tags", "").split(";"))):
            tag = self.lists["tags"].get(folded(name))
            if tag is None:
                self.add(row, "tags", _("Tanda “%(text)s” tidak ada dalam daftar.") % {"text": name[:40]})
            else:
                found.append(tag)
        return found

    def _no_double(self, row: Row, plan: Plan) -> None:
        title = folded(row.values.get("title", ""))
        if not title:
            if plan.known is None:
                self.add(row, "title", _("Judul usulan baru wajib diisi."))
            return
        twin = self.titles.get(title)
        if plan.known is None and twin is not None:
            self.add(
                row, "title",
                _("Usulan berjudul sama sudah ada (%(code)s). Isi kolom Kode usulan bila hendak memperbaruinya.")
                % {"code": twin.code},
            )  # fmt: skip
        others = (other for other in self.plans.values() if other is not plan)
        if any(folded(str(other.fields.get("title") or "")) == title for other in others):
            self.add(row, "title", _("Judul ini dipakai dua kali dalam berkas."))

    def _plan(self, row: Row) -> Plan | None:
        no = self._number(row)
        if no is None or no in self.locked:
            return None
        plan = self.plans.get(no)
        if plan is None:
            self.add(row, "no", _("Tidak ada usulan bernomor %(no)s di lembar %(sheet)s.") % {"no": no, "sheet": MAIN})
        return plan

    def _number(self, row: Row) -> int | None:
        text = row.values.get("no", "")
        if text.isdecimal() and 0 < int(text[:6]) <= MOST_ROWS:
            return int(text)
        self.add(
            row,
            "no",
            _("Isi nomor usulan, misalnya 1.")
            if not text
            else _("“%(text)s” bukan nomor usulan.") % {"text": text[:20]},
        )
        return None

    def _line(self, row: Row) -> None:
        plan = self._plan(row)
        form = CostLineForm({name: row.values.get(name, "") for name in CostLineForm.base_fields}, sources=self.sources)
        if self._valid(row, form) and plan:
            if len(plan.lines) >= MOST_LINES:
                self.add(
                    row, "no", _("Satu usulan memuat paling banyak %(most)d baris rincian.") % {"most": MOST_LINES}
                )
                return
            plan.lines.append(form.values)

    def _indicator(self, row: Row) -> None:
        plan = self._plan(row)
        column = next(column for column in SHEETS["Indikator"] if column.field == "kind")
        kind = self._choice(row, column, row.values.get("kind", "")) if row.values.get("kind") else "keluaran"
        form = IndicatorForm(row.values | {"kind": kind or "keluaran"})
        if self._valid(row, form) and plan:
            plan.indicators.append(form.values)

    def _share(self, row: Row) -> None:
        plan = self._plan(row)
        column = next(column for column in SHEETS["Sumber dana"] if column.field == "source")
        source = self._choice(row, column, row.values.get("source", ""))
        if source is None and not row.values.get("source"):
            self.add(row, "source", _("Sumber dana belum dipilih."))
        try:
            rupiah = parse_rupiah(row.values.get("share", ""))
        except UnreadableNumber as error:
            self.add(row, "share", str(error))
            return
        if plan and source:
            if source in plan.shares:
                self.add(row, "source", _("Sumber dana ini sudah disebut untuk usulan yang sama."))
            plan.shares[source] = rupiah

    def _valid(self, row: Row, form: forms.Form) -> bool:
        if form.is_valid():
            return True
        for name, messages in form.errors.items():
            self.add(row, name, " ".join(str(message) for message in messages))
        return False
