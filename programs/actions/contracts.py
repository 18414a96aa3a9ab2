"""Writing contracts and MOUs: create, change, renew. How they go from hand to hand is in contracts_moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import contract_rules as rules
from programs.actions.contracts_moves import (
    activate,
    cancel_contract,
    end_contracts,
    reopen_contract,
    return_contract,
    terminate_contract,
)
from programs.actions.contracts_together import approve_contract, check_contract
from programs.facts.contract_periods import following
from programs.models import Contract, ContractKind, Signer, TemplateVersion
from programs.queries.contracts_new import tpl_title
from programs.queries.contracts_signers import (
    PARTY,
    SignerDraft,
    default_signers,
    drafts_of,
    signer_errors,
    successors,
    told_signers,
)
from regencies.queries import register_for

__all__ = [
    "SignerDraft", "activate", "approve_contract", "cancel_contract", "change_contract", "check_contract",
    "create_contract", "default_signers", "end_contracts", "renew_contract", "reopen_contract", "return_contract",
    "set_other_number", "terminate_contract",
]  # fmt: skip

REGISTERS = {ContractKind.TPL.value: "kontrak-tpl", ContractKind.MOU.value: "mou"}
"""Which register gives a kind its numbers."""

FIXED = ("regency", "worker", "contract_year")
WRITTEN = (
    "template", "register", "title", "other_number", "starts_on", "ends_on", "duration_months", "honorarium_rupiah",
    "operational_rupiah", "placement", "extra", "place", "signing_on", "route",
)  # fmt: skip
"""What may be changed as long as it is a draft; what it is about is fixed."""


def create_contract(
    kind: str, values: dict[str, Any], signers: Sequence[SignerDraft], *, by: Any, client_key: UUID | None = None
) -> Contract:
    """A new draft; the same `client_key` gives the contract that was made with it before.

    `values`: template and, by kind, worker and contract_year or regency, then what WRITTEN names, and mandate_fields.
    Errors: Denied; Blocked when the template, the worker, the year or a signer does not fit.
    """
    ensure(rules.drafters(by))
    try:
        with transaction.atomic():
            return _created(kind, values, signers, by=by, client_key=client_key)
    except (IntegrityError, Blocked) as error:  # a second click that came in between: the first one's row counts
        found = Contract.objects.filter(client_key=client_key).first() if client_key else None
        if found is not None:
            return found
        if isinstance(error, Blocked):
            raise
        raise Blocked(_("Penyuluh ini sudah mempunyai kontrak untuk tahun itu.")) from error


def _created(
    kind: str, values: dict[str, Any], signers: Sequence[SignerDraft], *, by: Any, client_key: UUID | None,
    previous: Contract | None = None,
) -> Contract:  # fmt: skip
    if client_key and (found := Contract.objects.filter(client_key=client_key).first()):
        return found
    given = {name: values[name] for name in (*FIXED, *WRITTEN) if name in values}
    contract = Contract(kind=kind, created_by=by, client_key=client_key, previous=previous, **given)
    if contract.worker_id and not contract.regency_id:
        contract.regency = contract.worker.regency
    if not contract.register_id:
        contract.register = register_for(REGISTERS[kind])
    _ensure_fits(contract)
    contract.save(force_insert=True)
    contract.authors.add(by)
    contract.mandate_fields.set(values.get("mandate_fields", ()))
    _store_signers(contract, signers)
    record(gettext_noop("Membuat naskah kontrak"), contract, by=by)
    return contract


def _ensure_fits(contract: Contract) -> None:
    """Return if template, worker and year belong together and the table takes the row.

    Errors: Blocked.
    """
    template = contract.template
    if template.template.kind != contract.kind:
        raise Blocked(_("Templat “%(name)s” bukan untuk jenis naskah ini.") % {"name": template.template})
    if template.status != "terbit":
        raise Blocked(_("Templat “%(name)s” masih konsep. Terbitkan dahulu.") % {"name": template})
    if contract.kind == ContractKind.TPL:
        _ensure_year(contract)
    elif contract.regency_id is None:
        raise Blocked(_("Pilih kabupaten/kota."))
    try:
        contract.validate_constraints()
    except ValidationError as error:
        raise Blocked(" ".join(error.messages)) from error


def _ensure_year(contract: Contract) -> None:
    worker, year = contract.worker, contract.contract_year or 0
    if worker is None:
        raise Blocked(_("Pilih penyuluh."))
    if worker.regency_id is None or contract.regency_id is None:
        raise Blocked(_("%(name)s belum ditempatkan.") % {"name": worker})
    if year > settings.TPL_MAX_YEARS:
        raise Blocked(
            _("Kontrak TPL paling banyak %(n)s tahun, jadi kontrak tahun ke-%(year)s tidak dapat dibuat.")
            % {"n": settings.TPL_MAX_YEARS, "year": year}
        )
    if contract._state.adding and year <= worker.contract_year:
        raise Blocked(
            _("%(name)s sudah mempunyai kontrak tahun ke-%(year)s.") % {"name": worker, "year": worker.contract_year}
        )


def _store_signers(contract: Contract, drafts: Sequence[SignerDraft]) -> None:
    """Put these signers in place of the stored ones.

    Errors: Blocked with the first thing that cannot be stored.
    """
    errors = signer_errors(drafts)
    if errors:
        raise Blocked(errors[0][1])
    if any(draft.worker and draft.worker.pk != contract.worker_id for draft in drafts):
        raise Blocked(_("Hanya penyuluh naskah ini sendiri yang menandatanganinya."))
    contract.signers.all().delete()
    parties: list[Signer] = []
    orders = {PARTY: 0, Signer.Kind.WITNESS.value: 0}
    for draft in sorted(drafts, key=lambda draft: draft.kind != PARTY):
        orders[draft.kind] += 1
        seen = parties[draft.witnesses_order - 1] if draft.kind != PARTY and draft.witnesses_order else None
        signer = Signer.objects.create(
            contract=contract, kind=draft.kind, order=orders[draft.kind], label=draft.label.strip(), step=draft.step,
            position=draft.position, worker=draft.worker, person_id=draft.person_id, on_behalf=draft.on_behalf.strip(),
            acts_for=draft.acts_for.strip(), witnesses=seen,
        )  # fmt: skip
        if draft.kind == PARTY:
            parties.append(signer)


@transaction.atomic
def change_contract(
    contract: Contract, values: dict[str, Any], signers: Sequence[SignerDraft] | None, *, by: Any, base_version: int
) -> Contract:
    """The draft with other values and, unless None, other signers; who changes it becomes one of its authors.

    Errors: Denied; StaleVersion when somebody saved in between; Blocked as for create_contract.
    """
    row = Contract.objects.select_for_update(of=("self",)).select_related("template__template", "worker", "regency")
    row = row.get(pk=contract.pk)
    ensure(rules.may_write_contract(by, row))
    if row.version != base_version:
        raise StaleVersion(_("Naskah ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = Contract.objects.get(pk=row.pk)
    for name in WRITTEN:
        if name in values:
            setattr(row, name, values[name])
    _ensure_fits(row)
    row.version += 1
    row.save()
    row.authors.add(by)
    changes = changes_between(before, row, list(WRITTEN))
    if "mandate_fields" in values:
        changes |= _set_mandate(row, values["mandate_fields"])
    if signers is not None:
        changes |= _set_signers(row, signers)
    record(gettext_noop("Mengubah naskah kontrak"), row, by=by, changes=changes)
    return row


def _set_mandate(contract: Contract, fields: Sequence[Any]) -> dict[str, list]:
    before = ", ".join(str(field) for field in contract.mandate_fields.all())
    contract.mandate_fields.set(fields)
    after = ", ".join(str(field) for field in contract.mandate_fields.all())
    return {"bidang mandat": [before, after]} if before != after else {}


def _set_signers(contract: Contract, drafts: Sequence[SignerDraft]) -> dict[str, list]:
    stored = drafts_of(contract)
    if stored == sorted(drafts, key=lambda draft: draft.kind != PARTY):
        return {}
    _store_signers(contract, drafts)
    return {"penanda tangan": [told_signers(stored), told_signers(drafts)]}


@transaction.atomic
def set_other_number(contract: Contract, number: str, *, by: Any) -> Contract:
    """The contract with the number that the second party gave it; also after approval, when that party has signed.

    The paper prints it: who writes it into a draft is one of its authors.
    Errors: Denied; Blocked for a paper that was cancelled, or has an initial for the text as it is.
    """
    ensure(rules.drafters(by))
    row = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if row.status == "dibatalkan":
        raise Blocked(_("Naskah ini sudah dibatalkan."))
    if row.status == "diparaf":
        raise Blocked(_("Naskah ini sudah diparaf, jadi tidak dapat diubah. Kembalikan ke konsep dahulu."))
    before = Contract.objects.get(pk=row.pk)
    row.other_number = number.strip()
    if row.other_number != before.other_number:
        row.version += 1
        row.save(update_fields=["other_number", "version", "changed_at"])
        if row.status == "konsep":
            row.authors.add(by)
        changes = changes_between(before, row, ["other_number"])
        record(gettext_noop("Mencatat nomor pihak lain"), row, by=by, changes=changes)
    return row


@transaction.atomic
def renew_contract(contract: Contract, *, by: Any) -> Contract:
    """The draft that follows this contract; a second click gives the same one.

    Next contract year or same duration, following period, newest version of the template, who holds the offices now.
    Errors: Denied; Blocked when it is not in force, or the years of a worker are used up.
    """
    ensure(rules.may_move_contract(by, contract, "renew"))
    row = Contract.objects.select_for_update(of=("self",)).select_related("template", "worker").get(pk=contract.pk)
    found = Contract.objects.filter(previous=row).first()
    if found is not None:
        return found
    if row.status not in ("aktif", "berakhir"):
        raise Blocked(
            _("Hanya kontrak yang aktif atau berakhir yang dapat diperpanjang; ini berstatus “%(status)s”.")
            % {"status": _(row.state.label)}
        )
    values = _following(row)
    first = values["starts_on"] or values["signing_on"] or row.ends_on
    return _created(row.kind, values, successors(drafts_of(row), first), by=by, client_key=None, previous=row)


def _following(row: Contract) -> dict[str, Any]:
    """What the next contract begins with."""
    newest = TemplateVersion.objects.filter(template=row.template.template_id, status="terbit").order_by("-number")
    values = {name: getattr(row, name) for name in WRITTEN if name not in ("signing_on", "other_number")}
    values |= {
        "template": newest.first() or row.template, "regency": row.regency, "worker": row.worker, "contract_year": None,
        "mandate_fields": list(row.mandate_fields.all()), "starts_on": None, "ends_on": None, "signing_on": None,
    }  # fmt: skip
    if row.kind == ContractKind.TPL:
        values["contract_year"] = row.contract_year + 1
        values["regency"] = row.worker.regency or row.regency
        values["placement"] = row.worker.placement or row.placement
        values["title"] = tpl_title(row.worker, values["contract_year"])
        if row.starts_on and row.ends_on:
            values["starts_on"], values["ends_on"] = following(row.starts_on, row.ends_on)
    return values
