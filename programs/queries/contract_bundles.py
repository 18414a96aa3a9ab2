"""The papers of many contracts as one ZIP: which this person may have, and which file of each."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.documents.bundles import BundleEntry
from portal.documents.models import Bundle
from portal.kernel.decision import Decision, allow_if
from programs import contract_rules as rules
from programs.models import Contract, ContractKind, Revision, Signer
from programs.models.contracts import STOPPED, signs_as
from programs.queries.contracts import Wanted, wanted_contracts
from programs.workflow import CONTRACT

BUNDLES = "contracts"
"""The kind of these bundles."""


def with_papers(user: Any, wanted: Wanted) -> QuerySet[Contract]:
    """The approved contracts asked for whose papers this user may open.

    As programs.queries.contract_papers says paper by paper: an employment contract holds personal data.
    """
    return _openable(user, wanted_contracts(user, wanted).filter(document__isnull=False))


def may_read_bundle(user: Any, bundle: Bundle) -> Decision:
    """Whoever may still open every contract in it: positions end, contracts are taken back, signers change."""
    seen = _openable(user, Contract.objects.visible_to(user)).filter(pk__in=bundle.subjects - {None})
    return rules.readers(user) & allow_if(
        seen.count() == len(bundle.subjects),
        _("ZIP ini memuat naskah yang tidak lagi boleh Anda buka. Pesan ZIP baru dari daftar kontrak."),
    )


def _openable(user: Any, found: QuerySet[Contract]) -> QuerySet[Contract]:
    if not rules.province_internal(user):
        pk = getattr(user, "pk", None) or 0
        signs = Exists(Signer.objects.filter(signs_as(pk), contract=OuterRef("pk")))
        found = found.filter(Q(kind=ContractKind.MOU) | Q(worker__user=pk) | Q(signs))
    return found


def bundle_entries(user: Any, wanted: Wanted) -> tuple[list[BundleEntry], int]:
    """The files in the order of their regencies, and how many contracts have none yet.

    Of each the confirmed scan, else the file signed last, else the print or the rendered paper. Two statements.
    """
    files = Revision.objects.filter(Q(confirmed_by__isnull=False) | ~Q(kind=Revision.Kind.SCAN)).order_by("sequence")
    found = with_papers(user, wanted).select_related("regency", "number", "document")
    found = found.prefetch_related(Prefetch("revisions", files, to_attr="files")).order_by("regency__code", "pk")
    entries, missing = [], 0
    for contract in found.defer("document__facts"):
        entry = _entry(contract)
        if entry is None:
            missing += 1
        else:
            entries.append(entry)
    return entries, missing


def _entry(contract: Contract) -> BundleEntry | None:
    """The file people get of this contract; None while the worker still prints it."""
    name = file_name(contract)
    files = contract.files if contract.frozen_at else []  # older ones are of a text that was opened again
    scans = [file for file in files if file.kind == Revision.Kind.SCAN]
    for file in [*scans[-1:], *files[-1:]]:
        return BundleEntry(name, file.file.name, file.sha256, about=contract.pk)
    document = contract.document
    if document and document.is_ready:
        return BundleEntry(name, document.file.name, document.sha256, about=contract.pk)
    return None


def file_name(contract: Contract) -> str:
    """The name inside the ZIP: regency, title, number; the same every time. One that was stopped says so first."""
    number = contract.number.text if contract.number_id else ""
    regency = contract.regency
    parts = (regency.short or regency.code, contract.title, number)
    name = "-".join(part for part in (slugify(str(text).replace("/", " ")) for text in parts) if part)
    mark = f"{CONTRACT.status(contract.status).label.upper()}-" if contract.status in STOPPED else ""
    return f"{mark}{name}"[:110] + ".pdf"
