"""Reading what has to be done about contracts, for the top of the first page. One function per kind of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.dates import short_date
from portal.kernel.tasks import Task
from programs.models import Contract, Signature, Signer
from programs.models.contracts import SIGNABLE, signs_as
from programs.queries.contracts import NEAR, URGENT, ending_within, unscanned, with_scans
from regencies.rules import Role, regency_ids

NAMED = 3
"""Contracts that are named one by one."""


def _listed(status: str) -> str:
    return f"{reverse('contracts')}?status={status}"


def _together(count: int, page: str, status: str) -> str:
    """Where so many are moved on: many at once, one from the list."""
    return reverse(page) if count > 1 else _listed(status)


def checking_tasks(user: Any) -> Iterable[Task]:
    """Division heads of the province: drafts that others wrote, to be initialled."""
    drafts = Contract.objects.filter(status="konsep").exclude(authors=user.pk).count()
    if drafts:
        title = ngettext("Paraf %(n)s konsep naskah", "Paraf %(n)s konsep naskah", drafts) % {"n": drafts}
        note = _("Kontrak dan MOU yang ditulis panitia.")
        yield Task(title, _together(drafts, "contracts_check", "konsep"), note, "info", "signature", 3)


def approving_tasks(user: Any) -> Iterable[Task]:
    """The head of the provincial office: what was initialled and waits for approval and number."""
    waiting = Contract.objects.filter(status="diparaf").exclude(authors=user.pk).exclude(checked_by=user.pk).count()
    if waiting:
        title = ngettext("Setujui %(n)s naskah", "Setujui %(n)s naskah", waiting) % {"n": waiting}
        note = _("Nomornya diambil saat disetujui.")
        yield Task(title, _together(waiting, "contracts_approve", "diparaf"), note, "warning", "signature", 1)


def my_turn(user: Any) -> QuerySet[Signer]:
    """Places where this person can sign electronically now: earlier steps and the witnessed signature are given."""
    given = Signature.objects.filter(signer=OuterRef("pk"))
    places = Signer.objects.annotate(given=Exists(given))
    earlier = places.filter(contract=OuterRef("contract"), step__lt=OuterRef("step"), given=False)
    seen = Signature.objects.filter(signer=OuterRef("witnesses"))
    return (
        places.filter(
            signs_as(user.pk), given=False, contract__status__in=SIGNABLE,
            contract__frozen_at__isnull=False, contract__route=Contract.Route.ELECTRONIC,
        )
        .filter(~Exists(earlier), Q(witnesses__isnull=True) | Exists(seen))
        .select_related("contract")
        .order_by("contract__signing_on", "contract_id")
    )  # fmt: skip


def signing_tasks(user: Any) -> Iterable[Task]:
    """Whoever has to sign electronically now: one line for each of the first papers, one for the rest."""
    waiting = list(my_turn(user))
    for signer in waiting[:NAMED]:
        title = _("Tandatangani “%(title)s”") % {"title": signer.contract}
        day = signer.contract.signing_on
        note = _("Penandatanganan %(day)s.") % {"day": short_date(day)} if day else _("Sebagai %(label)s.") % {
            "label": signer.label,
        }  # fmt: skip
        yield Task(title, signer.contract.get_absolute_url(), note, "warning", "signature", 0)
    more = len(waiting) - NAMED
    if more > 0:
        title = ngettext("Tandatangani %(n)s naskah lain", "Tandatangani %(n)s naskah lain", more) % {"n": more}
        yield Task(title, _listed("siap_ttd"), _("Menunggu tanda tangan Anda."), "warning", "signature", 0)


def recording_tasks(user: Any) -> Iterable[Task]:
    """The committee: papers of which no scan was confirmed although all have signed."""
    missing = with_scans(Contract.objects.all()).filter(unscanned()).count()
    if missing:
        title = ngettext(
            "%(n)s naskah bertanda tangan menunggu pindaian", "%(n)s naskah bertanda tangan menunggu pindaian", missing
        )
        yield Task(title % {"n": missing}, _listed("aktif"), _("Unggah, lalu dicocokkan orang kedua."), "warning",
                   "upload", 2)  # fmt: skip


def ending_tasks(user: Any) -> Iterable[Task]:
    """The provincial office: contracts that end within 60 days, urgent within 14, and nobody renews yet."""
    yield from _ending(Contract.objects.visible_to(user))


def regional_ending_tasks(user: Any) -> Iterable[Task]:
    """Heads of office and of division in regencies: contracts and MOUs of their regency that end soon."""
    mine = regency_ids(user, Role.KADIS_KAB) | regency_ids(user, Role.KABID_KAB)
    yield from _ending(Contract.objects.visible_to(user).filter(regency__in=mine))


def worker_ending_tasks(user: Any) -> Iterable[Task]:
    """Extension workers: their own contract that ends soon."""
    yield from _ending(Contract.objects.filter(worker__user=user.pk))


def _ending(found: QuerySet[Contract]) -> Iterable[Task]:
    renewed = Contract.objects.filter(previous=OuterRef("pk"))
    rows = ending_within(found, NEAR).exclude(Exists(renewed)).order_by(F("ends_on").asc(), "pk")
    days = list(rows.values_list("ends_on", flat=True))
    if not days:
        return
    today = timezone.localdate()
    near = sum(day <= today + dt.timedelta(days=URGENT) for day in days)
    for count, within, tone, urgency in ((near, URGENT, "warning", 1), (len(days) - near, NEAR, "info", 4)):
        if not count:
            continue
        title = ngettext(
            "%(n)s kontrak berakhir dalam %(days)s hari", "%(n)s kontrak berakhir dalam %(days)s hari", count
        ) % {"n": count, "days": within}
        first = days[0] if within == URGENT else days[near]
        note = _("Yang pertama pada %(day)s.") % {"day": short_date(first)}
        yield Task(title, f"{reverse('contracts')}?akhir={within}&sort=ends", note, tone, "clock", urgency)
