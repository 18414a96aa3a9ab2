"""Reading the yearly round: when a regency may send, and who has not sent yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock, short_date, zone_label
from portal.kernel.decision import Decision, allow_if, deny
from programs.models import Extension, Proposal, Round
from programs.rules import LOCKED, SENT
from regencies.models import Regency

SILENT, DRAFT, WAITING, PARTLY, DONE = "belum", "konsep", "menunggu", "sebagian", "terkirim"


def round_of(year: int) -> Round | None:
    """The round of a planning year with its extensions."""
    return Round.objects.filter(year=year).prefetch_related("extensions").first()


def closes_for(year: int, regency_id: int) -> dt.datetime | None:
    """The moment until which the regency may send for that year; None when there is no round."""
    found = round_of(year)
    return found.closes_for(regency_id) if found else None


def may_send_now(proposal: Proposal) -> Decision:
    """Whether the round lets this proposal be sent at this moment.

    A proposal that the province returned may be sent again after the deadline, until its desk is prepared: until any
    proposal of the regency for that year is ready for the desk.
    """
    found = round_of(proposal.year)
    if found is None:
        return deny(_("Putaran pengusulan tahun %(year)s belum dibuka provinsi.") % {"year": proposal.year})
    now, until = timezone.now(), found.closes_for(proposal.regency_id)
    if now < found.opens_at:
        return deny(_("Pengusulan baru dibuka pada %(moment)s.") % {"moment": said(found.opens_at)})
    if now <= until:
        return allow_if(True, "")
    if proposal.sent_at is None:
        return deny(
            _("Batas waktu pengusulan sudah lewat (%(moment)s). Mintalah perpanjangan kepada panitia provinsi.")
            % {"moment": said(until)}
        )
    prepared = Proposal.objects.filter(regency=proposal.regency_id, year=proposal.year, status__in=LOCKED).exists()
    return allow_if(
        not prepared, _("Desk kabupaten/kota ini sudah disiapkan, jadi perbaikan tidak dapat dikirim lagi.")
    )


def said(moment: dt.datetime) -> str:
    """A moment in words: "24 April 2019 pukul 09.00 WITA"."""
    local = timezone.localtime(moment)
    zone = zone_label(local.tzinfo, local.replace(tzinfo=None))
    return f"{short_date(local)} {_('pukul')} {clock(local)} {zone}"


@dataclass(frozen=True)
class Progress:
    """How far one regency is: counts of proposals, never what is in a draft.

    `state` is one of SILENT, DRAFT, WAITING, PARTLY, DONE; `until` None while there is no round.
    """

    regency: Regency
    drafts: int
    waiting: int
    sent: int
    returned: int
    last_activity: dt.datetime | None
    until: dt.datetime | None
    extension: Extension | None
    now: dt.datetime

    @property
    def state(self) -> str:
        """What describes the regency best."""
        if self.sent:
            return PARTLY if self.drafts or self.waiting or self.returned else DONE
        return WAITING if self.waiting else DRAFT if self.drafts else SILENT

    @property
    def silent(self) -> bool:
        """Whether the province has received nothing yet."""
        return self.sent == 0

    @property
    def late(self) -> bool:
        """Whether its deadline has passed with nothing sent."""
        return self.silent and self.until is not None and self.now > self.until


def progress(year: int) -> list[Progress]:
    """One row per regency of the province, by code, in three statements."""
    found, now = round_of(year), timezone.now()
    extensions = {row.regency_id: row for row in found.extensions.all()} if found else {}
    return [
        Progress(
            regency=regency, drafts=regency.drafts, waiting=regency.waiting, sent=regency.sent,
            returned=regency.returned, last_activity=regency.last_activity, now=now,
            until=found.closes_for(regency.pk) if found else None, extension=extensions.get(regency.pk),
        )
        for regency in _counted(year)
    ]  # fmt: skip


def _counted(year: int) -> Any:
    mine = Q(proposals__year=year, proposals__deleted_at__isnull=True)

    def count(*statuses: str) -> Count:
        return Count("proposals", filter=mine & Q(proposals__status__in=statuses))

    return (
        Regency.objects.visible_to(None)
        .annotate(
            drafts=count("konsep"),
            waiting=count("menunggu_kadis"),
            returned=count("dikembalikan"),
            sent=count(*(status for status in SENT if status != "ditarik")),
            last_activity=Max("proposals__changed_at", filter=mine),
        )
        .order_by("code")
    )
