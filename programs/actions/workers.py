"""The register of extension workers: who is in it, where each is placed. Contracts move them on (contracts_moves)."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, make_move, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import contract_rules as rules
from programs.models import Contract, ExtensionWorker, Signer
from programs.models.contracts import SIGNABLE
from programs.queries.workers import PERSONAL
from programs.workflow import WORKER
from regencies.models import Regency

FIELDS = [
    "scheme", "name", "identity_number", "birth_place", "birth_on", "address", "phone", "email", "cohort", "school",
    "programme", "placement",
]  # fmt: skip
HIDDEN = "•••"
"""What the journal holds in place of personal data: that it changed, never what it says."""
OPEN = ("konsep", "diparaf", "siap_ttd", "sebagian")
"""Contracts on their way: the regency stands in their text already."""


@transaction.atomic
def add_worker(
    values: dict[str, Any], *, by: Any, regency: Regency | None = None, client_key: uuid.UUID | None = None
) -> ExtensionWorker:
    """A new extension worker, placed at once when a regency is named. The same `client_key` twice is one person.

    Shape: values by FIELDS.
    Errors: Denied; Blocked when somebody without NIK is there already; ValidationError by field name.
    """
    ensure(rules.may_keep_workers(by))
    worker = ExtensionWorker(client_key=client_key)
    _fill(worker, values)
    try:
        with transaction.atomic():
            _validate(worker)
            _refuse_double(worker)
            worker.save(force_insert=True)
    except (Blocked, ValidationError, IntegrityError) as error:
        if found := _clicked_before(client_key):
            return found
        if isinstance(error, IntegrityError):  # somebody with the same NIK was faster by a blink
            raise ValidationError({"identity_number": _("NIK ini sudah terdaftar.")}) from error
        raise
    record(gettext_noop("Mendaftarkan penyuluh"), worker, by=by, changes=_changes(None, worker))
    if regency is not None:
        make_move(WORKER, "place", worker, by=by, regency=regency)
    return worker


@transaction.atomic
def change_worker(worker: ExtensionWorker, values: dict[str, Any], *, by: Any, base_version: int) -> ExtensionWorker:
    """The worker with other values; nothing is written when nothing differs.

    Errors: Denied; StaleVersion; ValidationError by field name.
    """
    ensure(rules.may_keep_workers(by))
    row = _locked(worker)
    if row.version != base_version:
        raise StaleVersion(
            _("Data penyuluh ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values
        )
    before = copy.copy(row)
    _fill(row, values)
    if changes := _changes(before, row):
        row.version += 1
        _validate(row)
        if row.name != before.name:
            _refuse_printed_name(row)
        row.save()
        record(gettext_noop("Mengubah data penyuluh"), row, by=by, changes=changes)
    return row


@transaction.atomic
def place_worker(
    worker: ExtensionWorker, regency: Regency, *, by: Any, placement: str | None = None, note: str = ""
) -> ExtensionWorker:
    """The worker in this regency: placed for the first time, moved elsewhere, or placed again after a contract.

    `placement` is where he works there, None leaves it. A reason is asked for who comes back.
    Errors: Denied while a contract runs; Blocked while one is on its way, or without the reason.
    """
    row = _locked(worker)
    ensure(rules.may_place_worker(by, row))
    _refuse_open_contract(row, regency)
    before = copy.copy(row)
    if placement is not None:
        row.placement = placement.strip()
    if row.status == "lulus":
        make_move(WORKER, "place", row, by=by, note=note, regency=regency)
    elif row.status != "penempatan":
        make_move(WORKER, "return", row, by=by, note=note)
    row.regency = regency
    changes = changes_between(before, row, ["regency", "placement"])
    if changes:
        row.version += 1
        _validate(row)
        row.save(update_fields=["regency", "placement", "version"])
        record(gettext_noop("Menempatkan penyuluh"), row, by=by, note=note, changes=changes)
    return row


def _locked(worker: ExtensionWorker) -> ExtensionWorker:
    return ExtensionWorker.objects.select_for_update(of=("self",)).select_related("regency").get(pk=worker.pk)


def _fill(worker: ExtensionWorker, values: dict[str, Any]) -> None:
    for name in FIELDS:
        value = values.get(name, getattr(worker, name))
        setattr(worker, name, value.strip() if isinstance(value, str) else value)


def _clicked_before(client_key: uuid.UUID | None) -> ExtensionWorker | None:
    """Whom the same click registered already."""
    return ExtensionWorker.objects.filter(client_key=client_key).first() if client_key else None


def _validate(worker: ExtensionWorker) -> None:
    """Return when the table would take the row.

    Errors: ValidationError by field name.
    """
    worker.clean_fields(exclude=["user"])
    for constraint in worker._meta.constraints:
        try:
            constraint.validate(ExtensionWorker, worker)
        except ValidationError as error:
            field = "identity_number" if constraint.name.startswith("worker_nik") else NON_FIELD_ERRORS
            raise ValidationError({field: error.messages}) from error


def _changes(before: ExtensionWorker | None, after: ExtensionWorker) -> dict[str, list]:
    """What differs, for the journal; of personal data only that it does."""
    found = changes_between(before, after, [name for name in FIELDS if name not in PERSONAL])
    for label, values in changes_between(before, after, list(PERSONAL)).items():
        found[label] = [HIDDEN if value else None for value in values]
    if before is None:
        found = {label: values for label, values in found.items() if values[1] not in (None, "")}
    return found


def _refuse_double(worker: ExtensionWorker) -> None:
    """Return unless a person who cannot be told apart is there: the same name and cohort, and no NIK.

    Errors: Blocked.
    """
    same = ExtensionWorker.objects.filter(name__iexact=worker.name, cohort=worker.cohort)
    if not worker.identity_number and same.exists():
        raise Blocked(
            _("%(name)s dari angkatan itu sudah terdaftar. Bila orangnya lain, isi NIK agar keduanya terbedakan.")
            % {"name": worker.name}
        )


def _refuse_printed_name(worker: ExtensionWorker) -> None:
    """Return unless a paper that he is still to sign is approved: his name is printed in it.

    Errors: ValidationError.
    """
    places = Signer.objects.filter(worker=worker, contract__status__in=SIGNABLE, signature__isnull=True)
    if found := places.select_related("contract").first():
        raise ValidationError({"name": _(
            "Nama ini tercetak dalam “%(contract)s” yang belum ditandatanganinya. Buka kembali naskah itu dahulu, "
            "lalu ubah namanya."
        ) % {"contract": found.contract}})  # fmt: skip


def _refuse_open_contract(worker: ExtensionWorker, regency: Regency) -> None:
    """Return unless a contract on its way names another regency.

    Errors: Blocked.
    """
    on_its_way = Contract.objects.filter(worker=worker, status__in=OPEN).exclude(regency=regency)
    if found := on_its_way.select_related("regency").first():
        raise Blocked(
            _("“%(contract)s” sedang disiapkan untuk %(regency)s. Batalkan dahulu, lalu pindahkan penyuluhnya.")
            % {"contract": found, "regency": found.regency}
        )
