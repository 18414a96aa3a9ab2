"""Reading contracts and MOUs: the list with its filters and sums, the map, who may read which money."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Status
from programs import contract_rules as rules
from programs.models import Contract, ContractKind, Revision, Signature, Signer
from programs.models.contracts import INTERNAL, SIGNABLE, STOPPED, signs_as
from programs.workflow import CONTRACT
from regencies.models import Regency

PER_PAGE = 25
WITHIN = (14, 30, 60, 90, 180)
"""Choices of "ends within", in days."""

NEAR, URGENT = 60, 14
"""So many days before the end it is announced, and announced again."""

SORTS = {
    "newest": (_("Terbaru"), ("-created_at", "-pk")),
    "oldest": (_("Terlama"), ("created_at", "pk")),
    "ends": (_("Berakhir lebih dahulu"), (F("ends_on").asc(nulls_last=True), "pk")),
    "place": (_("Kabupaten/kota"), ("regency__code", "title", "pk")),
    "number": (
        _("Nomor"), (F("number__year").desc(nulls_last=True), F("number__sequence").desc(nulls_last=True), "pk"),
    ),
    "title": (_("Judul"), ("title", "pk")),
    "status": (_("Status"), ("status", "-created_at", "pk")),
}  # fmt: skip
MAPS = {"tpl": _("TPL dengan kontrak aktif"), "mou": _("Mandat MOU")}
"""What the tile map can show."""

MANDATE_STATES = {
    "active": Status("active", _("Mandat berlaku"), "success"),
    "ending": Status("ending", _("Berakhir dalam 60 hari"), "warning"),
    "making": Status("making", _("Sedang disusun atau ditandatangani"), "info"),
    "over": Status("over", _("Sudah berakhir"), "danger"),
    "none": Status("none", _("Belum ada MOU"), "neutral"),
}
TPL_STEPS = (
    Status("0", _("Tidak ada"), "neutral"),
    Status("1", _("Satu penyuluh"), "info"),
    Status("2", _("Dua penyuluh"), "progress"),
    Status("3", _("Tiga penyuluh atau lebih"), "success"),
)


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for. None or "" means all; `within` counts days from today to the end."""

    text: str = ""
    kind: str = ""
    regency: int | None = None
    cohort: int | None = None
    status: str = ""
    within: int | None = None
    sort: str = "newest"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked."""
        return bool(self.text or self.kind or self.regency or self.cohort or self.status or self.within)


def wanted_contracts(user: Any, wanted: Wanted) -> QuerySet[Contract]:
    """The contracts asked for that this user may see, without order and without what a line shows."""
    found = Contract.objects.visible_to(user)
    exact = {
        "kind": wanted.kind, "regency": wanted.regency, "worker__cohort": wanted.cohort, "status": wanted.status,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.within is not None:
        found = ending_within(found, wanted.within)
    for word in wanted.text.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(number__text__icontains=word)
            | Q(other_number__icontains=word)
            | Q(worker__name__icontains=word)
            | Q(placement__icontains=word)
            | Q(regency__name__icontains=word)
            | Q(regency__aliases__icontains=word)
        )
    return found


def ending_within(found: QuerySet[Contract], days: int, today: dt.date | None = None) -> QuerySet[Contract]:
    """Those in force that end between today and so many days from now."""
    today = today or timezone.localdate()
    return found.filter(status="aktif", ends_on__gte=today, ends_on__lte=today + dt.timedelta(days=days))


def _number_of(rows: QuerySet) -> Coalesce:
    counted = rows.filter(contract=OuterRef("pk")).order_by().values("contract").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def unscanned() -> Q:
    """Signed on paper, and no scan of it was confirmed yet. Needs the annotation `scanned`."""
    return Q(route=Contract.Route.PAPER, status__in=["aktif", "berakhir", "diperpanjang"], scanned=False)


def with_scans(found: QuerySet[Contract]) -> QuerySet[Contract]:
    """With `scanned`: whether a second person confirmed a scan."""
    scans = Revision.objects.filter(contract=OuterRef("pk"), kind=Revision.Kind.SCAN, confirmed_by__isnull=False)
    return found.annotate(scanned=Exists(scans))


def listed(user: Any, wanted: Wanted) -> QuerySet[Contract]:
    """The rows of the list in order: with `places` and `signed` (how many sign, how many have), `waits_for_scan`."""
    _label, order = SORTS.get(wanted.sort) or SORTS["newest"]
    found = with_scans(wanted_contracts(user, wanted)).annotate(
        places=_number_of(Signer.objects.all()), signed=_number_of(Signature.objects.all()),
        waits_for_scan=unscanned(),
    )  # fmt: skip
    return found.select_related("regency", "worker", "number", "template__template").order_by(*order)


def sums(found: QuerySet[Contract]) -> dict[str, int]:
    """How many there are, are to be signed, run and end soon, what running TPL contracts cost a month.

    `stopped` are those with a paper that somebody put an end to.
    """
    today = timezone.localdate()
    running = Q(status="aktif")
    return found.order_by().aggregate(
        count=Count("pk"),
        signing=Count("pk", filter=Q(status__in=SIGNABLE)),
        running=Count("pk", filter=running),
        ending=Count("pk", filter=running & Q(ends_on__range=(today, today + dt.timedelta(days=NEAR)))),
        stopped=Count("pk", filter=Q(status__in=STOPPED, document__isnull=False)),
        monthly=Coalesce(Sum("honorarium_rupiah", filter=running), 0)
        + Coalesce(Sum("operational_rupiah", filter=running), 0),
    )


def cohorts(user: Any) -> list[int]:
    """Cohorts of the workers whose contracts this user may see, the newest first."""
    found = Contract.objects.visible_to(user).filter(worker__cohort__isnull=False)
    return list(found.order_by("-worker__cohort").values_list("worker__cohort", flat=True).distinct())


def status_choices(user: Any) -> list[tuple[str, Any]]:
    """Statuses this user can meet."""
    everything = bool(rules.province_internal(user))
    return [(key, label) for key, label in CONTRACT.choices if everything or key not in INTERNAL]


def regencies_shown(user: Any) -> QuerySet[Regency]:
    """The regencies to choose from: all of the province."""
    return Regency.objects.visible_to(user).order_by("code")


def reads_money(user: Any, contract: Contract | None = None) -> bool:
    """Whether the user may read what somebody is paid: the provincial office, the worker, who signs the paper."""
    if rules.province_internal(user):
        return True
    if contract is None:
        return False
    pk = getattr(user, "pk", None)
    own = contract.worker is not None and contract.worker.user_id == pk
    return pk is not None and (own or contract.signers.filter(signs_as(pk)).exists())


# -- the map ----------------------------------------------------------------------------------------------------------


def tpl_per_regency(user: Any) -> dict[int, int]:
    """How many workers are under contract in each regency."""
    running = Contract.objects.visible_to(user).running().filter(kind=ContractKind.TPL)
    return Counter(running.order_by().values_list("regency", flat=True))


def tpl_state(count: int) -> Status:
    """The colour of so many workers."""
    return TPL_STEPS[min(count, len(TPL_STEPS) - 1)]


def mandates_per_regency(user: Any) -> dict[int, tuple[Status, list[Contract]]]:
    """The state of each regency's mandate, and the MOUs in force behind it; a regency without any is left out."""
    rows = Contract.objects.visible_to(user).filter(kind=ContractKind.MOU).exclude(status="dibatalkan")
    today = timezone.localdate()
    near = today + dt.timedelta(days=NEAR)
    found: dict[int, tuple[Status, list[Contract]]] = {}
    by_regency: dict[int, list[Contract]] = {}
    for row in rows.prefetch_related("mandate_fields").order_by("pk"):
        by_regency.setdefault(row.regency_id, []).append(row)
    for regency_id, contracts in by_regency.items():
        active = [row for row in contracts if row.status == "aktif" and (row.ends_on is None or row.ends_on >= today)]
        if active:
            key = "ending" if all(row.ends_on and row.ends_on <= near for row in active) else "active"
        else:
            key = "making" if any(row.status in (*INTERNAL, *SIGNABLE) for row in contracts) else "over"
        found[regency_id] = (MANDATE_STATES[key], active)
    return found
