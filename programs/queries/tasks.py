"""Reading what has to be done about proposals, for the top of the first page. One function per kind of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.dates import short_date
from portal.kernel.tasks import Task
from programs.facts.quarters import QUARTERS, REPORT_DAYS, ROMAN, due_on
from programs.models import Proposal, Realisation, Round
from programs.queries.progress import progress
from programs.queries.rounds import current_round, said
from regencies.rules import Role, regency_ids

NEAR = dt.timedelta(days=7)
"""So long before the deadline it becomes urgent."""

NAMED = 3
"""Returned proposals that are named one by one."""


def _kept(regencies: Iterable[int]) -> Any:
    return Proposal.objects.kept().filter(regency__in=regencies)


def _deadline(until: dt.datetime) -> str:
    now = timezone.now()
    if until < now:
        return _("Batas waktunya sudah lewat: %(moment)s.") % {"moment": said(until)}
    return _("Batas waktu %(moment)s.") % {"moment": said(until)}


def drafting_tasks(user: Any) -> Iterable[Task]:
    """Operators: returned proposals with their points, drafts before the deadline, a year without any proposal."""
    mine = regency_ids(user, Role.OPERATOR_KAB)
    yield from _returned_tasks(mine)
    found = current_round()
    if found is None:
        return
    counts = dict(_kept(mine).filter(year=found.year).order_by().values_list("status").annotate(n=Count("pk")))
    until = max((found.closes_for(regency) for regency in mine), default=found.closes_at)
    left = until - timezone.now()
    if not counts and left > dt.timedelta(0):
        title = _("Susun usulan program %(year)s") % {"year": found.year}
        yield Task(title, reverse("proposals"), _deadline(until), "warning" if left < NEAR else "info", "plus",
                   1 if left < NEAR else 3)  # fmt: skip
    elif drafts := counts.get("konsep"):
        title = ngettext("Lengkapi %(n)s konsep usulan", "Lengkapi %(n)s konsep usulan", drafts) % {"n": drafts}
        near = left < NEAR
        yield Task(title, reverse("proposals"), _deadline(until), "warning" if near else "info", "edit",
                   1 if near else 3)  # fmt: skip


def _returned_tasks(mine: Iterable[int]) -> Iterable[Task]:
    """One line for each of the first returned proposals, one for the rest."""
    rows = (
        _kept(mine)
        .filter(status="dikembalikan")
        .annotate(points=Count("return_points", filter=Q(return_points__answered_at__isnull=True)))
        .select_related("regency")
        .order_by("year", "rank", "number")
    )
    returned = list(rows)
    for row in returned[:NAMED]:
        note = ngettext("%(n)s catatan belum dijawab.", "%(n)s catatan belum dijawab.", row.points) % {"n": row.points}
        title = _("Perbaiki usulan “%(title)s”") % {"title": row}
        yield Task(title, row.get_absolute_url(), note, "warning", "undo", 0)
    more = len(returned) - NAMED
    if more > 0:
        title = ngettext("Perbaiki %(n)s usulan lain", "Perbaiki %(n)s usulan lain", more) % {"n": more}
        yield Task(title, reverse("proposals"), _("Dikembalikan provinsi."), "warning", "undo", 1)


def approving_tasks(user: Any) -> Iterable[Task]:
    """Heads of regencies: proposals that wait for their approval."""
    mine = regency_ids(user, Role.KADIS_KAB)
    rows = _kept(mine).filter(status="menunggu_kadis").order_by("year").values("year").annotate(n=Count("pk"))
    counts = list(rows)
    found = current_round() if counts else None
    for row in counts:
        title = ngettext(
            "Periksa dan kirim %(n)s usulan tahun %(year)s", "Periksa dan kirim %(n)s usulan tahun %(year)s", row["n"]
        ) % {"n": row["n"], "year": row["year"]}
        same = found is not None and found.year == row["year"]
        until = max(found.closes_for(regency) for regency in mine) if same else None
        urgent = until is not None and until - timezone.now() < NEAR
        yield Task(title, f"{reverse('approvals')}?tahun={row['year']}", _deadline(until) if until else "",
                   "warning", "check-circle", 0 if urgent else 1)  # fmt: skip


def verifying_tasks(user: Any) -> Iterable[Task]:
    """Verifiers: proposals assigned to them, and those that nobody has yet."""
    waiting = Proposal.objects.kept().filter(status="diajukan")
    counted = waiting.aggregate(
        mine=Count("pk", filter=Q(verifier=user.pk)), free=Count("pk", filter=Q(verifier__isnull=True))
    )
    queue = reverse("verification")
    if counted["mine"]:
        title = ngettext("Verifikasi %(n)s usulan Anda", "Verifikasi %(n)s usulan Anda", counted["mine"])
        yield Task(title % {"n": counted["mine"]}, queue, _("Ditugaskan kepada Anda."), "warning", "check-circle", 1)
    if counted["free"]:
        title = ngettext(
            "%(n)s usulan belum ada verifikatornya", "%(n)s usulan belum ada verifikatornya", counted["free"]
        )
        yield Task(title % {"n": counted["free"]}, queue, _("Ambil atau tugaskan."), "info", "users", 2)


def round_tasks(user: Any) -> Iterable[Task]:
    """Panitia and kabid: no round yet, regencies that are late, proposals ready for their desk."""
    found = current_round()
    if found is None:
        if not Round.objects.exists():
            yield Task(_("Buka putaran pengusulan"), reverse("rounds"),
                       _("Kabupaten/kota belum dapat mengirim usulan."), "info", "calendar", 4)  # fmt: skip
        return
    page, now = reverse("round", args=[found.year]), timezone.now()
    if found.closes_at - NEAR < now:
        rows = progress(found.year, found)
        late, silent = sum(row.late for row in rows), sum(row.silent for row in rows)
        if late:
            title = ngettext("%(n)s kabupaten/kota terlambat mengirim usulan",
                             "%(n)s kabupaten/kota terlambat mengirim usulan", late)  # fmt: skip
            yield Task(title % {"n": late}, page, _deadline(found.closes_at), "warning", "clock", 2)
        elif silent and now <= found.closes_at:
            title = ngettext("Ingatkan %(n)s kabupaten/kota", "Ingatkan %(n)s kabupaten/kota", silent)
            yield Task(title % {"n": silent}, page, _deadline(found.closes_at), "info", "clock", 3)
    passed = Proposal.objects.kept().filter(year=found.year, status="lolos").count()
    if passed:
        title = ngettext("%(n)s usulan lolos menunggu desk", "%(n)s usulan lolos menunggu desk", passed)
        yield Task(title % {"n": passed}, page, _("Siapkan untuk desk bila sudah lengkap."), "info", "check", 4)


def reporting_tasks(user: Any) -> Iterable[Task]:
    """Operators: the quarter whose report is due now or overdue."""
    today = timezone.localdate()
    wanted = [
        (year, quarter)
        for year in (today.year - 1, today.year)
        for quarter in QUARTERS
        if due_on(year, quarter) - dt.timedelta(days=REPORT_DAYS - 1)
        <= today
        < due_on(year, quarter) + dt.timedelta(90)
    ]
    if not wanted:
        return
    year, quarter = wanted[-1]
    reported = Realisation.objects.filter(quarter=quarter).values("proposal")
    missing = _kept(regency_ids(user, Role.OPERATOR_KAB)).agreed().filter(year=year).exclude(pk__in=reported).count()
    if missing:
        title = ngettext("Laporkan realisasi TW %(quarter)s %(year)s: %(n)s program",
                         "Laporkan realisasi TW %(quarter)s %(year)s: %(n)s program", missing)  # fmt: skip
        late = due_on(year, quarter) < today
        note = _("Paling lambat %(day)s.") % {"day": short_date(due_on(year, quarter))}
        yield Task(title % {"quarter": ROMAN[quarter], "year": year, "n": missing},
                   f"{reverse('realisations')}?tahun={year}&state=belum", note, "warning" if late else "info", "sheet",
                   2 if late else 4)  # fmt: skip
