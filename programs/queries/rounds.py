"""Reading the yearly round: when a regency may send, and who has not sent yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock, short_date, zone_label
from portal.kernel.decision import ALLOW, Decision, allow_if, deny
from programs.models import Proposal, Round
from programs.rules import AT_DESK


def round_of(year: int) -> Round | None:
    """The round of a planning year with its extensions."""
    return Round.objects.filter(year=year).prefetch_related("extensions").first()


@dataclass(frozen=True)
class Window:
    """When one regency may send for a year; `prepared` when any of its proposals is at its desk already."""

    year: int
    opens_at: dt.datetime | None
    until: dt.datetime | None
    prepared: bool
    now: dt.datetime

    @property
    def days_left(self) -> int | None:
        """Whole days until the deadline, negative after it; None without a round."""
        if self.until is None:
            return None
        return (timezone.localtime(self.until).date() - timezone.localtime(self.now).date()).days

    @property
    def open(self) -> bool:
        """Whether new proposals may be sent at this moment."""
        return self.opens_at is not None and self.until is not None and self.opens_at <= self.now <= self.until

    def decision(self, *, sent_before: bool) -> Decision:
        """Whether a proposal may be sent now.

        One that the province returned may be sent again after the deadline, until the regency's desk is prepared.
        """
        if self.opens_at is None or self.until is None:
            return deny(_("Putaran pengusulan tahun %(year)s belum dibuka provinsi.") % {"year": self.year})
        if self.now < self.opens_at:
            return deny(_("Pengusulan baru dibuka pada %(moment)s.") % {"moment": said(self.opens_at)})
        if self.now <= self.until:
            return ALLOW
        if not sent_before:
            return deny(
                _("Batas waktu pengusulan sudah lewat (%(moment)s). Mintalah perpanjangan kepada panitia provinsi.")
                % {"moment": said(self.until)}
            )
        return allow_if(
            not self.prepared, _("Desk kabupaten/kota ini sudah disiapkan, jadi perbaikan tidak dapat dikirim lagi.")
        )


def window_of(regency_id: int, year: int) -> Window:
    """When that regency may send for that year, in three statements."""
    found = round_of(year)
    return Window(
        year=year,
        opens_at=found.opens_at if found else None,
        until=found.closes_for(regency_id) if found else None,
        prepared=Proposal.objects.filter(regency=regency_id, year=year, status__in=AT_DESK).exists(),
        now=timezone.now(),
    )


def may_send_now(proposal: Proposal) -> Decision:
    """Whether the round lets this proposal be sent at this moment."""
    return window_of(proposal.regency_id, proposal.year).decision(sent_before=proposal.sent_at is not None)


def said(moment: dt.datetime) -> str:
    """A moment in words: "24 April 2019 pukul 09.00 WITA"."""
    local = timezone.localtime(moment)
    zone = zone_label(local.tzinfo, local.replace(tzinfo=None))
    return f"{short_date(local)} {_('pukul')} {clock(local)} {zone}"


def _opened() -> QuerySet[Round]:
    return Round.objects.filter(opens_at__lte=timezone.now()).order_by("-year")


def current_round() -> Round | None:
    """The round people work on, with its extensions: the latest that has opened, whether it is still open or not."""
    return _opened().prefetch_related("extensions").first()


def current_year(years: Collection[int] = ()) -> int:
    """The year meant when none is named: of the current round.

    With `years`, those that the page offers: the current round among them, else the newest of them.
    """
    opened = _opened().filter(year__in=years) if years else _opened()
    return opened.values_list("year", flat=True).first() or max(years, default=next_year())


def next_year() -> int:
    """The year that is planned today, with or without a round."""
    return timezone.localdate().year + 1


def rounds_listed() -> list[Round]:
    """All rounds, the latest first, each with `extended` (regencies with more time) and `sent` (proposals received)."""
    mine = Proposal.objects.kept().received().filter(year=OuterRef("year"))
    counted = mine.order_by().values("year").annotate(n=Count("pk")).values("n")
    return list(
        Round.objects.annotate(extended=Count("extensions"), sent=Coalesce(Subquery(counted), 0)).order_by("-year")
    )
