"""The life of a desk: called, opened, each proposal decided, confirmed by the regency. `closing` ends it.

Locks are taken in one order: the desk's row first, then the proposal's. Every verdict raises `Desk.change`, so that a
confirmation is worth only for what was confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.journal.actions import make_move, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.plain_text import plain
from programs.actions import verdicts
from programs.models import CostLine, FundingSource, LineVerdict, Proposal, Verdict
from programs.queries.verdicts import undecided
from rakor import rules
from rakor.models import Agreement, Desk, Session
from rakor.queries.desks import waiting_by_regency
from rakor.workflow import DESK
from regencies.models import Position, Regency


@dataclass(frozen=True)
class Delegate:
    """Who said yes for the regency at the table; `number` is the NIP."""

    name: str
    title: str
    number: str = ""


def desk_for(session: Session) -> Desk:
    """The desk of a session of that kind, begun when it is first needed.

    Errors: Blocked when the session is no desk of a regency.
    """
    if session.kind != Session.Kind.DESK or not session.regency_id:
        raise Blocked(_("Sesi ini bukan desk kabupaten/kota."))
    desk, _new = Desk.objects.get_or_create(session=session)
    return desk


def locked(desk: Desk) -> Desk:
    """The desk's row, held until the transaction ends, with what its page needs.

    Errors: Blocked for a desk that nobody has begun.
    """
    if desk.pk is None:
        raise Blocked(_("Desk ini belum dipanggil atau dibuka."))
    rows = Desk.objects.select_for_update(of=("self",)).select_related(
        "session__meeting", "session__regency", "session__room", "leader"
    )
    return rows.get(pk=desk.pk)


@transaction.atomic
def call_desk(desk: Desk, *, by: Any) -> Desk:
    """The desk after its regency was called to the table.

    Errors: Denied; Blocked when it is past that.
    """
    row = locked(desk)
    ensure(rules.may_lead(by, row))
    return make_move(DESK, "call", row, by=by, called_at=timezone.now())


@transaction.atomic
def uncall_desk(desk: Desk, *, by: Any) -> Desk:
    """The desk, waiting again.

    Errors: Denied; Blocked when it was not called.
    """
    row = locked(desk)
    ensure(rules.may_lead(by, row))
    return make_move(DESK, "uncall", row, by=by)


@transaction.atomic
def open_desk(desk: Desk, *, by: Any) -> Desk:
    """The running desk; whoever opens it leads it.

    Errors: Denied; Blocked when it is open or closed already, or another desk of the regency is running.
    """
    row = locked(desk)
    ensure(rules.may_lead(by, row))
    plenary_ahead(row.session.meeting_id)
    _no_other(row)
    return make_move(DESK, "open", row, by=by, opened_at=timezone.now(), leader=by)


@transaction.atomic
def decide(
    desk: Desk, proposal: Proposal, decision: str, *, by: Any, lines: dict[int, dict[str, Any]] | None = None,
    reason: str = "", redirect_to: FundingSource | str | None = None, base_version: int,
) -> Verdict:  # fmt: skip
    """The pending answer to a proposal of this desk (see programs.actions.verdicts.put_verdict).

    Errors: Denied; Blocked; StaleVersion.
    """
    row = _running(desk, by)
    _belongs(row, proposal)
    verdict = verdicts.put_verdict(
        proposal, decision, by=by, lines=lines, reason=reason, redirect_to=redirect_to, base_version=base_version
    )
    _count(row)
    return verdict


@transaction.atomic
def decide_line(
    desk: Desk, line: CostLine, decision: str, *, by: Any, agreed_rupiah: int | None = None, reason: str = "",
    redirect_to: FundingSource | str | None = None, base_version: int,
) -> LineVerdict | None:  # fmt: skip
    """The pending answer to a cost line of a proposal of this desk.

    Errors: Denied; Blocked; StaleVersion.
    """
    row = _running(desk, by)
    _belongs(row, line.proposal)
    answer = verdicts.put_line_verdict(
        line, decision, by=by, agreed_rupiah=agreed_rupiah, reason=reason, redirect_to=redirect_to,
        base_version=base_version,
    )  # fmt: skip
    _count(row)
    return answer


@transaction.atomic
def undecide(desk: Desk, proposal: Proposal, *, by: Any, base_version: int) -> None:
    """Take the pending answer to a proposal of this desk back.

    Errors: Denied; Blocked; StaleVersion.
    """
    row = _running(desk, by)
    _belongs(row, proposal)
    verdicts.clear_verdict(proposal, by=by, base_version=base_version)
    _count(row)


@transaction.atomic
def agree_rest(desk: Desk, *, by: Any) -> int:
    """How many proposals were agreed as proposed: all that had no answer yet.

    Errors: Denied; Blocked.
    """
    row = _running(desk, by)
    open_ones = list(undecided(row.session.meeting.planning_year, row.session.regency_id))
    for proposal in open_ones:
        verdicts.put_verdict(proposal, "disepakati", by=by, base_version=0)
    if open_ones:
        _count(row)
    return len(open_ones)


@transaction.atomic
def confirm_desk(desk: Desk, *, by: Any, change: int, delegate: Delegate | None = None) -> Desk:
    """The desk with the regency's yes to the verdicts as they stand at `change`.

    The regency uses its own account; without one at hand the leader writes down which delegate said yes at the table.
    Errors: Denied; Blocked when something is undecided or the name is missing; StaleVersion when a verdict changed.
    """
    row = locked(desk)
    ensure(rules.may_confirm_desk(by, row) if delegate is None else rules.may_lead(by, row))
    if row.status != "berlangsung":
        raise Blocked(_("Desk ini tidak sedang berlangsung."))
    if row.change != change:
        raise StaleVersion(
            _("Putusan berubah sejak Anda membacanya. Periksa lagi, lalu konfirmasi."), current=row, yours=change
        )
    all_decided(waiting_by_regency([row])[row.session.regency_id])
    who = _own_delegate(by, row) if delegate is None else _checked(delegate)
    row.confirmed_change, row.confirmed_at = row.change, timezone.now()
    row.confirmed_by = by if delegate is None else None
    row.delegate_name, row.delegate_title, row.delegate_number = who.name, who.title, who.number
    row.save(update_fields=[
        "confirmed_change", "confirmed_at", "confirmed_by", "delegate_name", "delegate_title", "delegate_number",
    ])  # fmt: skip
    record(gettext_noop("Mengonfirmasi putusan desk"), row, by=by, note=f"{who.name}, {who.title}")
    return row


# --- what they share ---


def _running(desk: Desk, by: Any) -> Desk:
    row = locked(desk)
    ensure(rules.may_lead(by, row))
    if row.status != "berlangsung":
        raise Blocked(
            _("Desk ini berstatus “%(status)s”; putusan hanya diberikan selama desk berlangsung.")
            % {"status": _(row.state.label)}
        )
    return row


def plenary_ahead(meeting_id: int) -> None:
    """Return unless the plenary has agreed: its berita acara would not tell what a desk decides now.

    Errors: Blocked.
    """
    if Agreement.objects.filter(meeting=meeting_id).exclude(status="rekap").exists():
        raise Blocked(_("Pleno sudah mengesahkan kesepakatan, jadi desk tidak dapat dibuka atau ditutup lagi."))


def _no_other(desk: Desk) -> None:
    """Return unless the regency sits at another desk: what is decided there would not void a confirmation given here.

    Nothing is decided any more at the desks of an edition that does not run.
    Errors: Blocked.
    """
    session = desk.session
    list(Regency.objects.select_for_update(no_key=True).filter(pk=session.regency_id))  # of two at once one waits
    others = Desk.objects.filter(
        session__regency=session.regency_id, session__meeting__planning_year=session.meeting.planning_year,
        session__meeting__status="berlangsung", status="berlangsung",
    )  # fmt: skip
    if others.exclude(pk=desk.pk).exists():
        raise Blocked(_("Desk lain dari kabupaten/kota ini sedang berlangsung. Tutup dahulu desk itu."))


def _belongs(desk: Desk, proposal: Proposal) -> None:
    if (proposal.regency_id, proposal.year) != (desk.session.regency_id, desk.session.meeting.planning_year):
        raise Blocked(_("Usulan ini tidak dibahas di desk ini."))


def _count(desk: Desk) -> None:
    """One more change: an earlier confirmation is void by that."""
    desk.change += 1
    desk.save(update_fields=["change"])


def all_decided(found: list[Proposal]) -> list[Proposal]:
    """The proposals before a desk, each with an answer.

    Errors: Blocked when there are none, one has no answer, or one with an answer was taken out.
    """
    waiting = [proposal for proposal in found if not proposal.stray]
    if not waiting:
        raise Blocked(_("Tidak ada usulan yang siap dibahas di desk ini."))
    if missing := [proposal for proposal in waiting if not proposal.answered]:
        raise Blocked(
            ngettext(
                "%(n)s usulan belum diputuskan: “%(title)s”.",
                "%(n)s usulan belum diputuskan, yang pertama “%(title)s”.",
                len(missing),
            )
            % {"n": len(missing), "title": missing[0]}
        )
    if stray := next((proposal for proposal in found if proposal.stray), None):
        raise Blocked(
            _("Usulan “%(title)s” dikeluarkan dari desk sesudah diputuskan. Siapkan lagi, atau hapus putusannya.")
            % {"title": stray}
        )
    return waiting


def _own_delegate(user: Any, desk: Desk) -> Delegate:
    """The regency's own officer as the one who says yes."""
    hat = next(hat for hat in user.hats if hat.regency_id == desk.session.regency_id)
    position = Position.objects.get(pk=hat.position_id)
    return Delegate(user.display_name[:150], hat.title[:150], position.employee_number)


def _checked(delegate: Delegate) -> Delegate:
    """The delegate as the leader wrote him down.

    Errors: Blocked when name or title is missing, or the NIP is none.
    """
    name, title = " ".join(plain(delegate.name).split()), " ".join(plain(delegate.title).split())
    number = "".join(delegate.number.split())
    if not name or not title or len(name) > 150 or len(title) > 150:
        raise Blocked(_("Isi nama dan jabatan utusan kabupaten/kota, masing-masing paling panjang 150 huruf."))
    if number and not (number.isascii() and number.isdigit() and len(number) == 18):
        raise Blocked(_("NIP terdiri atas 18 angka; kosongkan bila tidak ada."))
    return Delegate(name, title, number)
