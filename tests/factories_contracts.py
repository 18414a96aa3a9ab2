"""Extension workers, texts of contracts, and contracts in every status: plain functions as in tests/factories.py."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from tests import factories

SIGNED_AT = dt.datetime(2019, 4, 24, 10, 0, tzinfo=factories.WITA)
PRINT = b"%PDF-1.7\n% a print for tests\n%%EOF\n"
SIGNED = ("aktif", "berakhir", "diperpanjang", "diputus")
REGISTER_KEYS = {"kontrak_tpl": "kontrak-tpl", "nota_kesepahaman": "mou"}


def make_worker(
    name: str = "Penyuluh Contoh", regency: Any = "53.04", status: str = "penempatan", **values: Any
) -> Any:
    """A TPL of the cohort 2015, placed in Belu unless told otherwise."""
    from programs.models import ExtensionWorker

    if isinstance(regency, str):
        regency = factories.regency(regency) if regency else None
    values = {
        "cohort": 2015, "school": "Politeknik Contoh", "programme": "Teknik Industri", "placement": "Sentra tenun ikat",
        "birth_place": "Atambua", "birth_on": dt.date(1994, 5, 2), **values,
    }  # fmt: skip
    if status == "kontrak":
        values.setdefault("contract_year", 1)
    return ExtensionWorker.objects.create(name=name, regency=regency, status=status, **values)


def make_template(kind: str = "kontrak_tpl", status: str = "terbit", **values: Any) -> Any:
    """A version of a new template with one clause and no variable in it; published unless told otherwise."""
    from programs.models import ContractTemplate, TemplateVersion

    template = values.pop("template", None) or ContractTemplate.objects.create(
        key=f"uji-{uuid.uuid4().hex[:12]}", kind=kind, name="Kontrak uji" if kind == "kontrak_tpl" else "MOU uji"
    )
    values = {
        "number": 1, "title": "KONTRAK KERJA" if kind == "kontrak_tpl" else "NOTA KESEPAHAMAN",
        "opening": "Yang bertanda tangan di bawah ini:", "closing": "Demikian dibuat.",
        "clauses": [{"heading": "Tugas", "body": "PIHAK KEDUA mendampingi industri kecil."}], **values,
    }  # fmt: skip
    if status == "terbit":
        values |= {"sha256": "0" * 64, "published_at": timezone.now()}
    return TemplateVersion.objects.create(template=template, status=status, **values)


def register_of(kind: str) -> Any:
    """The register that numbers this kind."""
    from regencies.queries import register_for

    return register_for(REGISTER_KEYS[kind])


def make_governor() -> Any:
    """Somebody who is head of the province, for MOUs: the position."""
    from regencies.models import Agency
    from regencies.queries import home_province

    person = factories.make_user(f"gubernur_{uuid.uuid4().hex[:6]}", full_name="Gubernur Contoh")
    agency = Agency.objects.create(name="Pemerintah Provinsi", level="provinsi", province=home_province())
    return factories.make_position(person, "pimpinan", agency, title="Gubernur")


def make_contract(
    kind: str = "kontrak_tpl", status: str = "konsep", regency: Any = "53.04", *, worker: Any = None,
    signers: Any = None, by: Any = None, **values: Any,
) -> Any:  # fmt: skip
    """A complete contract, valid for its status; the usual signers of the cast unless others are given.

    `by` is its author (somebody new unless given). One that was signed was signed on paper on 24 April 2019 by all,
    a "sebagian" one by the first signer.
    """
    from programs.models import Contract
    from programs.queries.contracts_new import first_values
    from programs.queries.contracts_signers import default_signers

    by = by or factories.make_user(f"penulis_{uuid.uuid4().hex[:8]}")
    regency = factories.regency(regency) if isinstance(regency, str) else regency
    version = values.pop("template", None) or make_template(kind)
    mandate = values.pop("mandate_fields", None)
    if kind == "kontrak_tpl":
        worker = worker or make_worker(f"Penyuluh {uuid.uuid4().hex[:4]}", regency=regency)
        values = {**_dates(values), "honorarium_rupiah": 3_000_000, "operational_rupiah": 500_000, **values}
    else:
        values = {"duration_months": 24, **values}
    values = {**first_values(kind, version, worker=worker, regency=regency), **values}
    values = {"place": "Atambua", "signing_on": timezone.localdate(), "register": register_of(kind), **values}
    contract = Contract.objects.create(kind=kind, created_by=by, **values)
    contract.authors.add(by)
    if kind == "nota_kesepahaman":
        contract.mandate_fields.set(_mandate() if mandate is None else mandate)
    add_signers(contract, default_signers(kind, regency, worker) if signers is None else signers)
    _reach(contract, status)
    return contract


def add_signers(contract: Any, drafts: Any) -> None:
    """Store these drafts of signers."""
    from programs.actions.contracts import _store_signers

    _store_signers(contract, drafts)


def _dates(values: dict[str, Any]) -> dict[str, Any]:
    """One year from the first day of this month, or from the day given."""
    from programs.facts.contract_periods import last_day

    starts_on = values.get("starts_on") or timezone.localdate().replace(day=1)
    return {"starts_on": starts_on, "ends_on": last_day(starts_on, 12)}


def _mandate() -> list[Any]:
    from programs.models import MandateField

    return list(MandateField.objects.order_by("order")[:2])


def make_paper(contract: Any) -> Any:
    """A rendered paper of the contract, as far as its row can tell."""
    from portal.documents.models import Document

    return Document.objects.create(
        kind=contract.kind, template_version=1, paper="A4", facts={"title": contract.title}, title=contract.title,
        facts_hash=hashlib.sha256(uuid.uuid4().bytes).hexdigest(), code=uuid.uuid4().hex[:10].upper(),
        verify_base="http://127.0.0.1:8000", subject_type="programs.contract", subject_id=str(contract.pk),
    )  # fmt: skip


def add_print(contract: Any, content: bytes = PRINT) -> Any:
    """The frozen file, as the next revision."""
    from programs.models import Revision

    revision = Revision(
        contract=contract, sequence=contract.revisions.count() + 1, kind="cetak", pages=1, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    revision.file.save(f"kontrak/uji-{uuid.uuid4().hex}.pdf", ContentFile(content), save=False)
    revision.save()
    return revision


def sign_on_paper(signer: Any, *, by: Any, at: dt.datetime = SIGNED_AT) -> Any:
    """A wet signature as the committee records it, without asking any rule."""
    from programs.models import Signature

    return Signature.objects.create(
        contract=signer.contract, signer=signer, kind="basah", name=signer.name, title=signer.title, signed_at=at,
        recorded_by=by, base_sha256=hashlib.sha256(PRINT).hexdigest(),
    )  # fmt: skip


def _reach(contract: Any, status: str) -> None:
    """Put the contract into the status, with what the steps to it leave behind."""
    from programs.models import Contract

    by, now = contract.created_by, timezone.now()
    values: dict[str, Any] = {}
    if status not in ("konsep", "dibatalkan"):
        checker = factories.make_user(f"paraf_{uuid.uuid4().hex[:8]}")
        values |= {"checked_by": checker, "checked_at": now}
    if status not in ("konsep", "diparaf", "dibatalkan"):
        from regencies.actions.registers import take_number

        number = take_number(
            contract.register, on=timezone.localdate(), by=by, subject=contract, title=contract.title
        )  # fmt: skip
        approver = factories.make_user(f"setuju_{uuid.uuid4().hex[:8]}")
        add_print(contract)
        values |= {
            "number": number, "document": make_paper(contract), "approved_by": approver, "approved_at": now,
            "frozen_at": now,
        }  # fmt: skip
    if status == "sebagian" or status in SIGNED:
        signers = sorted(contract.signers.select_related("contract"), key=lambda signer: signer.step)
        for signer in signers if status in SIGNED else signers[:1]:
            sign_on_paper(signer, by=by)
    if status in SIGNED:
        values |= {"signed_at": SIGNED_AT, "effective_on": SIGNED_AT.date()}
        if contract.kind == "nota_kesepahaman":
            from programs.facts.contract_periods import last_day

            starts_on = contract.starts_on or SIGNED_AT.date()
            values |= {"starts_on": starts_on, "ends_on": contract.ends_on or last_day(starts_on, 24)}
    if status in SIGNED[1:]:
        values |= {"ended_on": values.get("ends_on") or contract.ends_on}
    if status in ("diputus", "dibatalkan"):
        values |= {"ended_reason": "Mengundurkan diri"}
    Contract.objects.filter(pk=contract.pk).update(status=status, **values)
    contract.refresh_from_db()
