"""Reading the register of extension workers: the list with contracts in force, and what stands around one of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs import contract_rules as rules
from programs.models import Contract, ExtensionWorker, MonthlyReport
from regencies.models import Agency, Position
from regencies.rules import Role

PERSONAL = ("identity_number", "birth_place", "birth_on", "address", "phone", "email")
"""Fields that only the provincial office and the worker himself read; the journal never holds their values."""

SOON_DAYS = 60
"""A contract that ends within so many days is worth a word (domain §5.1)."""

ENGAGED = ("penempatan", "kontrak")
"""Statuses in which a worker works in a regency, so that his account has a position there."""

SORTS = {
    "regency": (gettext_noop("Kabupaten/kota"), ("regency__code", "name", "pk")),
    "name": (gettext_noop("Nama"), ("name", "pk")),
    "cohort": (gettext_noop("Angkatan terbaru"), (F("cohort").desc(nulls_last=True), "name", "pk")),
    "ends": (gettext_noop("Kontrak berakhir lebih dulu"), (F("contract_ends_on").asc(nulls_last=True), "name", "pk")),
}
"""Orders of the list."""


def listed(
    user: Any, *, text: str = "", scheme: str = "", cohort: int | None = None, regency: int | None = None,
    status: str = "", sort: str = "regency",
) -> QuerySet[ExtensionWorker]:  # fmt: skip
    """The workers this user may see whose name, school, place of work or regency holds every word.

    Each has contract_starts_on, contract_ends_on and contract_number of his contract in force, None without one.
    NIK and phone are searched only for those who may read them.
    """
    found = ExtensionWorker.objects.visible_to(user).select_related("regency")
    exact = {"scheme": scheme, "cohort": cohort, "regency": regency, "status": status}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    personal = bool(rules.province_internal(user))
    for word in text.split():
        hit = Q(name__icontains=word) | Q(school__icontains=word) | Q(programme__icontains=word)
        hit |= Q(placement__icontains=word) | Q(regency__name__icontains=word) | Q(regency__aliases__icontains=word)
        if personal:
            hit |= Q(identity_number=word) | Q(phone__icontains=word)
        found = found.filter(hit)
    running = Contract.objects.running().filter(worker=OuterRef("pk")).order_by("-contract_year")
    found = found.annotate(
        contract_starts_on=Subquery(running.values("starts_on")[:1]),
        contract_ends_on=Subquery(running.values("ends_on")[:1]),
        contract_number=Subquery(running.values("number__text")[:1]),
    )
    return found.order_by(*SORTS.get(sort, SORTS["regency"])[1])


def totals(user: Any) -> dict[str, int]:
    """How many of all this user may see are placed, under contract, and soon at the end of one."""
    today = timezone.localdate()
    soon = Q(contracts__status="aktif", contracts__ends_on__range=(today, today + dt.timedelta(days=SOON_DAYS)))
    return ExtensionWorker.objects.visible_to(user).aggregate(
        everybody=Count("pk", distinct=True),
        placed=Count("pk", filter=Q(status="penempatan"), distinct=True),
        working=Count("pk", filter=Q(status="kontrak"), distinct=True),
        soon=Count("pk", filter=soon, distinct=True),
    )


def cohorts(user: Any) -> list[int]:
    """The cohorts of the workers this user may see, the latest first."""
    found = ExtensionWorker.objects.visible_to(user).filter(cohort__isnull=False).order_by("-cohort")
    return list(found.values_list("cohort", flat=True).distinct())


def own_worker(user: Any) -> ExtensionWorker | None:
    """The worker behind this account."""
    return ExtensionWorker.objects.filter(user=getattr(user, "pk", None) or 0).first()


def contracts_of(worker: ExtensionWorker, user: Any) -> QuerySet[Contract]:
    """His contracts that this user may see, the latest first."""
    return (
        Contract.objects.visible_to(user).filter(worker=worker).select_related("number", "regency").order_by("-pk")
    )  # fmt: skip


def reports_of(worker: ExtensionWorker, user: Any) -> QuerySet[MonthlyReport]:
    """His monthly reports that this user may see, the latest first, each with `visit_count`."""
    visits = Count("visits", filter=Q(visits__deleted_at__isnull=True))
    return MonthlyReport.objects.visible_to(user).filter(worker=worker).annotate(visit_count=visits).order_by("-month")


def path(worker: ExtensionWorker) -> list[dict[str, str]]:
    """The way of a worker: graduated, placed, the contract years, done or ended. For components/steps.html."""
    years = max(settings.TPL_MAX_YEARS, worker.contract_year)
    labels = [
        _("Lulus"), _("Penempatan"),
        *(_("Kontrak tahun ke-%(year)s") % {"year": year} for year in range(1, years + 1)), _("Selesai"),
    ]  # fmt: skip
    last = len(labels) - 1
    if worker.status == "diputus":
        labels[last] = _("Diputus")
    states = ["done", "done", *("done" if year <= worker.contract_year else "todo" for year in range(1, years + 1)), ""]
    here = {"lulus": 0, "penempatan": 1, "kontrak": 1 + worker.contract_year}.get(worker.status)
    states[last] = {"selesai": "done", "diputus": "stopped"}.get(worker.status, "todo")
    if worker.status == "lulus":
        states[1] = "todo"
    if here is not None:
        states[here] = "current"
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def office_of(worker: ExtensionWorker) -> Agency | None:
    """The regency's office in which his account has its position while he is engaged; None otherwise."""
    if worker.status not in ENGAGED:
        return None
    return Agency.objects.filter(regency=worker.regency_id, is_lead=True).first()


def held_positions(worker: ExtensionWorker) -> list[Position]:
    """The positions as an extension worker that his account holds today."""
    if not worker.user_id:
        return []
    held = Position.objects.in_force().filter(person=worker.user_id, role=Role.TPL)
    return list(held.select_related("agency").order_by("starts_on", "pk"))


def account_fault(worker: ExtensionWorker) -> str:
    """What is wrong with the position of his account, as a sentence; "" when it fits his placement."""
    if not worker.user_id:
        return ""
    office, held = office_of(worker), held_positions(worker)
    if office is None:
        return _("Ia tidak bertugas lagi, tetapi akunnya masih berjabatan penyuluh.") if held else ""
    if [position.agency_id for position in held] != [office.pk]:
        return _("Jabatan akunnya belum sesuai penempatan di %(office)s.") % {"office": office}
    return ""
