"""Contracts from an Excel list: keep what was read, then make the drafts of all its rows in one step."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.journal.actions import record
from portal.kernel.errors import Blocked, PortalError, ensure
from programs import contract_rules as rules
from programs.actions.contracts import create_contract
from programs.actions.workers import FIELDS, add_worker, place_worker
from programs.facts.contract_list import PERSONAL
from programs.models import Contract, ContractBatch, ContractKind, ExtensionWorker, TemplateVersion
from programs.queries.contract_batches import BatchRow, batch_rows
from programs.queries.contracts_new import first_values
from programs.queries.contracts_signers import default_signers

KEPT_DAYS = 14
"""A list that nobody made into contracts is thrown away after so long: it holds personal data."""

_KEYS = uuid.UUID("6f1c9a52-6f3e-4d0e-9a53-5d5a1be0c4f1")


@transaction.atomic
def keep_batch(
    rows: Sequence[Mapping[str, Any]], common: Mapping[str, Any], *, name: str, sha256: str, by: Any
) -> ContractBatch:
    """The list as read, to be looked at before anything is made. The same file again replaces what was read before.

    Shape: rows and common as in ContractBatch.
    Errors: Denied.
    """
    ensure(rules.drafters(by))
    ContractBatch.objects.filter(sha256=sha256, by=by, made_at__isnull=True).delete()
    return ContractBatch.objects.create(
        file_name=name[:200], sha256=sha256, rows=list(rows), common=dict(common), by=by
    )  # fmt: skip


@transaction.atomic
def make_contracts(batch: ContractBatch, *, by: Any, whole: bool = False) -> ContractBatch:
    """The list with a draft for each row that is right, its worker registered and placed where that was open.

    A wrong row never holds up the others, unless `whole` asks for all of them or none. A second click changes nothing.
    Errors: Denied; Blocked when there is nothing to make, or with `whole` when a row is wrong.
    """
    ensure(rules.drafters(by))
    batch = ContractBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.made_at is not None:
        return batch
    rows = batch_rows(batch)
    if not any(row.ready for row in rows):
        raise Blocked(_("Tidak ada baris yang dapat menjadi kontrak."))
    for row in rows:
        if row.ready and not (whole and any(other.errors for other in rows)):
            _make(batch, row, by)
    wrong = sum(bool(row.errors) for row in rows)
    if whole and wrong:
        raise Blocked(
            ngettext(
                "%(n)s baris perlu diperbaiki, jadi tidak ada kontrak yang dibuat.",
                "%(n)s baris perlu diperbaiki, jadi tidak ada kontrak yang dibuat.",
                wrong,
            )
            % {"n": wrong}
        )
    batch.rows = [_stored(row) for row in rows]
    batch.made_at = timezone.now()
    batch.save(update_fields=["rows", "made_at"])
    made = sum(bool(row.values.get("made")) for row in rows)
    record(gettext_noop("Membuat kontrak dari daftar Excel"), batch, by=by, note=f"{made} konsep, {wrong} ditolak")
    return batch


def _make(batch: ContractBatch, row: BatchRow, by: Any) -> None:
    """Make the draft of one row, or note why not."""
    try:
        with transaction.atomic():
            row.worker = _worker_of(batch, row, by)
            row.contract = _contract_of(batch, row, by)
    except ValidationError as error:
        for name, messages in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
            row.refuse(name if name in FIELDS else "", " ".join(messages))
    except PortalError as error:
        row.refuse("", str(error))
    else:
        row.values = {**row.values, "made": True}


def _key(batch: ContractBatch, row: BatchRow, what: str) -> uuid.UUID:
    """The same for every click on this list."""
    return uuid.uuid5(_KEYS, f"{batch.pk}/{row.number}/{what}")


def _worker_of(batch: ContractBatch, row: BatchRow, by: Any) -> ExtensionWorker:
    worker = row.worker
    if worker is None:
        values = {name: row.values[name] for name in FIELDS if name in row.values}
        if day := values.get("birth_on"):
            values["birth_on"] = dt.date.fromisoformat(day)
        return add_worker(values, by=by, regency=row.regency, client_key=_key(batch, row, "worker"))
    if worker.status == "lulus":
        return place_worker(worker, row.regency, by=by, placement=row.values.get("placement") or None)
    return worker


def _contract_of(batch: ContractBatch, row: BatchRow, by: Any) -> Contract:
    common = batch.common["values"]
    version = TemplateVersion.objects.select_related("template").get(pk=common["template"])
    values = first_values(ContractKind.TPL, version, worker=row.worker)
    values |= {
        name: dt.date.fromisoformat(common[name]) if common[name] else None
        for name in ("starts_on", "ends_on", "signing_on")
    }
    for name in ("honorarium_rupiah", "operational_rupiah"):
        values[name] = row.values[name] if row.values.get(name) is not None else common[name]
    values |= {"place": common["place"], "route": common["route"], "contract_year": row.year}
    if row.values.get("placement"):
        values["placement"] = row.values["placement"]
    signers = default_signers(ContractKind.TPL, row.worker.regency, row.worker)
    return create_contract(ContractKind.TPL, values, signers, by=by, client_key=_key(batch, row, "contract"))


def _stored(row: BatchRow) -> dict[str, Any]:
    """What is kept of a row: the register holds the personal data now."""
    return {
        "row": row.number,
        "values": {name: value for name, value in row.values.items() if name not in PERSONAL},
        "errors": [list(pair) for pair in row.errors],
        "contract": row.contract.pk if row.contract else None,
    }


def sweep_batches() -> int:
    """How many lists were thrown away because nobody made contracts of them in time."""
    until = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    return ContractBatch.objects.filter(made_at__isnull=True, at__lt=until).delete()[0]
