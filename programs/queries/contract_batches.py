"""Reading Excel lists of contracts: what each row would become, or has become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.workflow import Status
from programs.facts.contract_list import COLUMNS
from programs.models import Contract, ContractBatch, ExtensionWorker
from regencies.models import Regency

COHORTS_BACK = 15
"""Years of entry that the workbook offers."""

LATEST = 10
"""Lists shown on the page."""

NEW = Status("new", gettext_noop("Penyuluh baru"), "info")
KNOWN = Status("known", gettext_noop("Penyuluh terdaftar"), "success")
HAS = Status("has", gettext_noop("Sudah ada kontraknya"), "neutral")
WRONG = Status("wrong", gettext_noop("Perlu diperbaiki"), "danger")
MADE = Status("made", gettext_noop("Konsep dibuat"), "success")
READY = (NEW, KNOWN)
"""States of rows that become a contract."""


@dataclass
class BatchRow:
    """One row of a list. `values` as read; `contract` is the one it has become, or the one that stands in its way."""

    number: int
    values: dict[str, Any]
    state: Status = NEW
    errors: list[tuple[str, str]] = field(default_factory=list)
    worker: ExtensionWorker | None = None
    regency: Regency | None = None
    year: int | None = None
    contract: Contract | None = None

    @property
    def ready(self) -> bool:
        """Whether a contract would be made of it."""
        return self.state in READY

    def refuse(self, name: str, sentence: str) -> None:
        """Note what must be mended in the column of that field."""
        self.errors.append((name, sentence))
        self.state = WRONG


@dataclass
class _Known:
    """Everything that rows are compared with, read at once."""

    by_nik: dict[str, ExtensionWorker]
    by_name: dict[tuple[str, int | None], list[ExtensionWorker]]
    contracts: dict[tuple[int, int], Contract]
    regencies: dict[int, Regency]


def latest_batches() -> QuerySet[ContractBatch]:
    """The lists read last, of everybody who drafts contracts."""
    return ContractBatch.objects.select_related("by").defer("rows")[:LATEST]


def choice_lists(user: Any) -> dict[str, list[tuple[str, Any]]]:
    """(text, value) of each drop-down list of the workbook."""
    this_year = timezone.localdate().year
    cohorts = range(this_year, this_year - COHORTS_BACK, -1)
    return {
        "regencies": [(regency.name, regency.pk) for regency in Regency.objects.visible_to(user).order_by("code")],
        "cohorts": [(str(year), year) for year in cohorts],
        "years": [(str(year), year) for year in range(1, settings.TPL_MAX_YEARS + 1)],
    }


def batch_rows(batch: ContractBatch) -> list[BatchRow]:
    """The rows of a list as they stand now: compared with register and contracts until made, then as they came out."""
    rows = [
        BatchRow(stored["row"], stored["values"], errors=[tuple(pair) for pair in stored["errors"]])
        for stored in batch.rows
    ]
    if batch.made_at is not None:
        return _outcome(batch, rows)
    known = _known(rows)
    seen: dict[Any, int] = {}
    for row in rows:
        _judge(row, known)
        key = row.worker.pk if row.worker else _person(row.values)
        if row.ready and key in seen:
            row.refuse("name", _("Orang ini sudah ada di baris %(row)s berkas ini.") % {"row": seen[key]})
        seen.setdefault(key, row.number)
    return rows


def _person(values: Mapping[str, Any]) -> Any:
    return values.get("identity_number") or (_folded(values.get("name")), values.get("cohort"))


def _folded(text: Any) -> str:
    return " ".join(str(text or "").split()).casefold()


def _known(rows: Iterable[BatchRow]) -> _Known:
    """Three statements, however many rows there are."""
    workers = list(ExtensionWorker.objects.select_related("regency"))
    numbers = {row.values.get("identity_number") for row in rows}
    names = {_folded(row.values.get("name")) for row in rows}
    by_name: dict[tuple[str, int | None], list[ExtensionWorker]] = {}
    found = [w for w in workers if w.identity_number in numbers - {""} or _folded(w.name) in names]
    for worker in found:
        by_name.setdefault((_folded(worker.name), worker.cohort), []).append(worker)
    contracts = Contract.objects.filter(worker__in=[worker.pk for worker in found]).exclude(status="dibatalkan")
    return _Known(
        {worker.identity_number: worker for worker in found if worker.identity_number},
        by_name,
        {(contract.worker_id, contract.contract_year): contract for contract in contracts},
        {regency.pk: regency for regency in Regency.objects.all()},
    )


def _judge(row: BatchRow, known: _Known) -> None:
    """Say what the row would become."""
    row.regency = known.regencies.get(row.values.get("regency"))
    if row.errors:
        row.state = WRONG
        return
    _find_worker(row, known)
    worker = row.worker
    row.year = row.values.get("contract_year") or (worker.contract_year if worker else 0) + 1
    if worker is None or row.errors:
        return
    row.state = KNOWN
    row.contract = known.contracts.get((worker.pk, row.year))
    if row.contract is not None:
        row.state = HAS
        return
    if worker.status == "diputus":
        row.refuse("name", _("Kontraknya pernah diputus. Tempatkan kembali dahulu lewat halaman penyuluh."))
    if worker.regency_id is not None and worker.regency_id != row.regency.pk:
        row.refuse(
            "regency",
            _("Menurut register %(name)s ditempatkan di %(place)s. Perbaiki baris ini, atau pindahkan dahulu.")
            % {"name": worker, "place": worker.regency},
        )
    if row.year <= worker.contract_year:
        row.refuse("contract_year", _("Kontrak tahun ke-%(year)s sudah lewat.") % {"year": row.year})
    elif row.year > settings.TPL_MAX_YEARS:
        row.refuse(
            "contract_year", _("Kontrak TPL paling banyak %(n)s tahun.") % {"n": settings.TPL_MAX_YEARS}
        )  # fmt: skip


def _find_worker(row: BatchRow, known: _Known) -> None:
    """Know the person by NIK; without one by name and cohort."""
    nik = row.values.get("identity_number") or ""
    same_name = known.by_name.get((_folded(row.values.get("name")), row.values.get("cohort")), [])
    if nik and (worker := known.by_nik.get(nik)):
        row.worker = worker
        if _folded(worker.name) != _folded(row.values.get("name")):
            row.refuse("name", _("NIK ini terdaftar atas nama %(name)s.") % {"name": worker})
    elif nik and any(not worker.identity_number for worker in same_name):
        row.refuse(
            "identity_number",
            _("Orang bernama dan berangkatan sama terdaftar tanpa NIK. Isi NIK-nya di register dahulu."),
        )
    elif not nik and len(same_name) == 1:
        row.worker = same_name[0]
    elif not nik and same_name:
        row.refuse("identity_number", _("Beberapa orang terdaftar dengan nama dan angkatan ini. Isi NIK-nya."))


def _outcome(batch: ContractBatch, rows: list[BatchRow]) -> list[BatchRow]:
    """The rows after contracts were made of them."""
    made = {stored["row"]: stored["contract"] for stored in batch.rows}
    contracts = {
        contract.pk: contract
        for contract in Contract.objects.filter(pk__in=[pk for pk in made.values() if pk]).select_related("worker")
    }
    regencies = {regency.pk: regency for regency in Regency.objects.all()}
    for row in rows:
        row.regency = regencies.get(row.values.get("regency"))
        row.contract = contracts.get(made[row.number])
        row.worker = row.contract.worker if row.contract else None
        row.year = row.contract.contract_year if row.contract else row.values.get("contract_year")
        row.state = WRONG if row.errors else MADE if row.values.get("made") else HAS
    return rows


def column_heads() -> dict[str, str]:
    """What the column of each field is called."""
    return {column.field: column.head for column in COLUMNS}
