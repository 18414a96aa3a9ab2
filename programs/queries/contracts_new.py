"""What a new contract begins with: its title, its text, its worker or regency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from programs.facts.contract_periods import ordinal
from programs.models import Contract, ContractKind, ExtensionWorker, TemplateVersion
from regencies.models import Regency


def usable_versions(kind: str, *, keep: int | None = None) -> QuerySet[TemplateVersion]:
    """The newest published version of every template of that kind that is in use, and the one chosen already."""
    newer = TemplateVersion.objects.filter(
        template=OuterRef("template"), status="terbit", number__gt=OuterRef("number")
    )
    found = TemplateVersion.objects.filter(template__kind=kind)
    fresh = Q(status="terbit", template__active=True) & ~Q(Exists(newer))
    return found.filter(fresh | Q(pk=keep or 0)).select_related("template").order_by("template__name", "-number")


def contractable(user: Any) -> QuerySet[ExtensionWorker]:
    """Workers placed somewhere who have a contract year left and no contract of it yet."""
    open_now = Contract.objects.filter(worker=OuterRef("pk"), contract_year__gt=OuterRef("contract_year"))
    found = ExtensionWorker.objects.visible_to(user).filter(
        regency__isnull=False, status__in=["penempatan", "kontrak", "selesai"], contract_year__lt=settings.TPL_MAX_YEARS
    )
    found = found.exclude(Exists(open_now.exclude(status="dibatalkan")))
    return found.select_related("regency").order_by("regency__code", "name")


def tpl_title(worker: ExtensionWorker, year: int) -> str:
    """The title a worker's contract begins with."""
    return f"Kontrak kerja TPL-IKM tahun {ordinal(year)}: {worker.name}"


def mou_title(regency: Regency, version: TemplateVersion) -> str:
    """The title an MOU begins with."""
    return f"{version.template.name}: {regency.name}"


def first_values(
    kind: str, version: TemplateVersion, *, worker: ExtensionWorker | None = None, regency: Regency | None = None
) -> dict[str, Any]:
    """Values of a new draft, as create_contract takes them."""
    if kind == ContractKind.TPL and worker is not None:
        year = worker.contract_year + 1
        return {
            "template": version, "worker": worker, "regency": worker.regency, "contract_year": year,
            "title": tpl_title(worker, year), "placement": worker.placement,
        }  # fmt: skip
    return {"template": version, "regency": regency, "title": mou_title(regency, version)}


def made_before(client_key: UUID | None, user: Any) -> Contract | None:
    """The contract that this user's first click made."""
    return Contract.objects.filter(client_key=client_key, created_by=user).first() if client_key else None


def under_mou(regencies: QuerySet[Regency]) -> QuerySet[Regency]:
    """The regencies with `has_mou`: whether one is being made or in force."""
    open_now = Contract.objects.filter(
        kind=ContractKind.MOU, regency=OuterRef("pk"),
        status__in=["konsep", "diparaf", "siap_ttd", "sebagian", "aktif"],
    )  # fmt: skip
    return regencies.annotate(has_mou=Exists(open_now))


def newest_numbers(contracts: Iterable[Contract]) -> dict[int, int]:
    """The number of the newest published version of each template of these contracts, by the template's key."""
    templates = {contract.template.template_id for contract in contracts}
    found = TemplateVersion.objects.filter(template__in=templates, status="terbit").order_by()
    return dict(found.values("template").annotate(newest=Max("number")).values_list("template", "newest"))
