"""Reading how far each regency is with its proposals: who is late, never what is in a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.kernel.workflow import Status
from programs.models import Extension, Proposal, Round, told
from programs.queries.rounds import round_of, said
from programs.rules import RETURNED
from regencies.models import Regency

SILENT, DRAFT, WAITING, PARTLY, DONE, LATE = "belum", "konsep", "menunggu", "sebagian", "terkirim", "terlambat"

STATES = {
    LATE: Status(LATE, gettext_noop("Terlambat"), "danger"),
    SILENT: Status(SILENT, gettext_noop("Belum ada usulan"), "neutral"),
    DRAFT: Status(DRAFT, gettext_noop("Masih konsep"), "info"),
    WAITING: Status(WAITING, gettext_noop("Menunggu kadis"), "progress"),
    PARTLY: Status(PARTLY, gettext_noop("Sebagian terkirim"), "warning"),
    DONE: Status(DONE, gettext_noop("Terkirim semua"), "success"),
}
"""What describes a regency best, the most pressing first."""

SORTS = {
    "code": (gettext_noop("Kode"), lambda row: row.regency.code),
    "state": (gettext_noop("Yang mendesak dahulu"), lambda row: (list(STATES).index(row.state.key), row.regency.code)),
    "activity": (
        gettext_noop("Kegiatan terakhir"),
        lambda row: (-row.last_activity.timestamp() if row.last_activity else 0, row.regency.code),
    ),
}


@dataclass(frozen=True)
class Progress:
    """How far one regency is, in counts of proposals; `until` None while there is no round."""

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
    def state(self) -> Status:
        """What describes the regency best."""
        if self.sent:
            return STATES[PARTLY if self.drafts or self.waiting or self.returned else DONE]
        if self.late:
            return STATES[LATE]
        return STATES[WAITING if self.waiting else DRAFT if self.drafts else SILENT]

    @property
    def counts(self) -> str:
        """Its proposals by how far they are, in words: "1 konsep, 2 terkirim"; "" when there are none."""
        parts = (
            (self.drafts, _("%(n)s konsep")),
            (self.waiting, _("%(n)s menunggu kadis")),
            (self.sent, _("%(n)s terkirim")),
            (self.returned, _("%(n)s di antaranya dikembalikan")),
        )
        return ", ".join(text % {"n": n} for n, text in parts if n)

    @property
    def silent(self) -> bool:
        """Whether the province has received nothing yet."""
        return self.sent == 0

    @property
    def late(self) -> bool:
        """Whether its deadline has passed with nothing sent."""
        return self.silent and self.until is not None and self.now > self.until


def progress(year: int, found: Round | None = None) -> list[Progress]:
    """One row per regency of the province, by code: one statement with the year's round as round_of gives it."""
    now = timezone.now()
    found = found or round_of(year)
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
        return Count("proposals", filter=mine & told(*statuses, path="proposals__"))

    return (
        Regency.objects.visible_to(None)
        .annotate(
            drafts=count("konsep"),
            waiting=count("menunggu_kadis"),
            returned=count(RETURNED),
            sent=Count("proposals", filter=mine & Q(proposals__in=Proposal.objects.received())),
            last_activity=Max("proposals__changed_at", filter=mine),
        )
        .order_by("code")
    )


def selected(rows: list[Progress], *, text: str = "", state: str = "", sort: str = "code") -> list[Progress]:
    """The rows whose regency's name or code holds every word, in that state, in that order."""
    words = text.lower().split()
    found = [
        row
        for row in rows
        if (not state or row.state.key == state)
        and all(word in f"{row.regency.name} {row.regency.short} {row.regency.code}".lower() for word in words)
    ]
    _label, key = SORTS.get(sort) or SORTS["code"]
    return sorted(found, key=key)


def reminder(found: Round, rows: list[Progress]) -> str:
    """A text for WhatsApp to the regencies that have sent nothing yet; "" when there is none."""
    silent = [row for row in rows if row.silent]
    if not silent:
        return ""
    lines = [
        _("Yth. Kepala Dinas dan operator:"),
        *(f"- {row.regency.name}{_own_deadline(found, row)}" for row in silent),
        "",
        _("Sampai %(now)s usulan program IKM tahun %(year)s dari daerah Bapak/Ibu belum kami terima di Portal Rakor.")
        % {"now": said(timezone.now()), "year": found.year},
    ]
    if timezone.now() <= found.closes_at:
        lines.append(_("Batas waktu mengirim: %(moment)s.") % {"moment": said(found.closes_at)})
    else:
        lines.append(_("Batas waktu umum %(moment)s sudah lewat. Mohon segera menghubungi panitia.")
                     % {"moment": said(found.closes_at)})  # fmt: skip
    return "\n".join([*lines, _("Terima kasih.")])


def _own_deadline(found: Round, row: Progress) -> str:
    if row.until is None or row.until == found.closes_at:
        return ""
    return _(" (diperpanjang sampai %(moment)s)") % {"moment": said(row.until)}
