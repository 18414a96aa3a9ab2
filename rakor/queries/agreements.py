"""Reading the agreement of an edition: what is still missing, who signs, what was changed and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import CostLine, Proposal, Verdict
from programs.queries.agreed import in_process, undecided
from programs.queries.verdicts import verdict_content
from programs.rules import DECIDED, IN_PROCESS
from rakor.models import Addendum, Agreement, AgreementChange, Desk, Meeting, Representative, Session
from rakor.queries.minutes import positions_on
from regencies.models import Agency, Position, Regency
from regencies.queries import head_on, lead_agency
from regencies.rules import Role

SHOWN_NAMES = 6
"""Names in a sentence; the rest is counted."""

HEARD = (Session.Kind.COMMITTEE_REPORT, Session.Kind.SPEECH, Session.Kind.PRESENTATION, Session.Kind.PANEL)
"""Kinds of session that the berita acara says were listened to."""


def agreements_of(user: Any, slug: str) -> QuerySet[Agreement]:
    """The agreement of an edition if this user may see it, with all that its pages name."""
    return (
        Agreement.objects.visible_to(user)
        .filter(meeting__slug=slug, meeting__in=Meeting.objects.visible_to(user))
        .select_related("meeting__province", "chair__person", "chair__agency", "document", "scanned_by")
        .defer("document__facts")
    )


def awaited_desks() -> QuerySet[Session]:
    """The desks of any edition that are not closed although their regency brought proposals."""
    brought = Proposal.objects.kept().filter(
        year=OuterRef("meeting__planning_year"), regency=OuterRef("regency"), status__in=IN_PROCESS
    )
    closed = Desk.objects.filter(session=OuterRef("pk"), status="ditutup")
    desks = Session.objects.filter(kind=Session.Kind.DESK, regency__isnull=False)
    return desks.filter(Exists(brought)).exclude(Exists(closed))


def open_desks(meeting: Meeting) -> list[Session]:
    """Those that the plenary of this edition waits for, in the order of the codes."""
    found = awaited_desks().filter(meeting=meeting)
    return list(found.select_related("regency").order_by("regency__code", "starts_at"))


def missing(agreement: Agreement) -> list[tuple[str, str]]:
    """What the plenary cannot agree without: (sentence, name of the page that puts it right), [] when all is there."""
    meeting = agreement.meeting
    found = [_desks_sentence(open_desks(meeting)), _undecided_sentence(meeting)]
    if not any(found) and not _anything_decided(meeting):
        found.append(_("Belum ada usulan yang diputuskan untuk tahun %(year)s.") % {"year": meeting.planning_year})
    rows = [*((sentence, "desks") for sentence in found), (_chair_sentence(agreement), "agreement_head")]
    return [(sentence, name) for sentence, name in rows if sentence]


def missing_parts(agreement: Agreement) -> list[str]:
    """The sentences alone."""
    return [sentence for sentence, _name in missing(agreement)]


def _anything_decided(meeting: Meeting) -> bool:
    return in_process(meeting.planning_year, meeting.province_id).filter(status__in=DECIDED).exists()


def _desks_sentence(sessions: list[Session]) -> str:
    if not sessions:
        return ""
    names = named([session.regency.name for session in sessions])
    return ngettext(
        "%(n)s desk belum ditutup: %(names)s.", "%(n)s desk belum ditutup: %(names)s.", len(sessions)
    ) % {"n": len(sessions), "names": names}  # fmt: skip


def _undecided_sentence(meeting: Meeting) -> str:
    waiting = undecided(meeting.planning_year, meeting.province_id)
    count = waiting.count()
    if not count:
        return ""
    some = [f"{proposal.regency.name} – {proposal}" for proposal in waiting[:SHOWN_NAMES]]
    return ngettext(
        "%(n)s usulan belum diputuskan: %(names)s.", "%(n)s usulan belum diputuskan: %(names)s.", count
    ) % {"n": count, "names": named(some, count)}  # fmt: skip


def named(names: list[str], count: int | None = None) -> str:
    """The first names in one text, the others counted."""
    count = len(names) if count is None else count
    shown = names[:SHOWN_NAMES]
    text = ", ".join(shown)
    rest = count - len(shown)
    return text + (_(", dan %(n)s lainnya") % {"n": rest} if rest else "")


def _chair_sentence(agreement: Agreement) -> str:
    """A sentence when nobody, or somebody without office on that day, chairs the plenary; else ""."""
    if agreement.chair_id is None:
        return _("Pimpinan sidang belum dipilih.")
    if positions_on(agreement.meeting.ends_on).filter(pk=agreement.chair_id).exists():
        return ""
    return _("Pimpinan sidang yang dipilih tidak menjabat pada hari pleno.")


def nameless(agreement: Agreement) -> list[str]:
    """The regencies for which nobody is named in the table of signatures."""
    return [row.regency.name for row in agreement.representatives.filter(name="").select_related("regency")]


def usual_chair(meeting: Meeting) -> Position | None:
    """The head of the provincial office on the last day."""
    return head_on(lead_agency(), meeting.ends_on)


def usual_considerations(meeting: Meeting) -> str:
    """What was listened to, one line each: speeches and presentations of the programme, then the discussion."""
    titles = meeting.sessions.filter(kind__in=HEARD).order_by("starts_at", "pk").values_list("title", flat=True)
    return "\n".join([*dict.fromkeys(titles), "Tanggapan dan saran peserta dalam pembahasan desk dan pleno"])


def usual_representatives(meeting: Meeting) -> list[dict[str, Any]]:
    """Who signs for each regency of the province: its desk's delegate, else its head of office on the last day.

    Shape: dicts with regency, name, title, agency, address. Four queries.
    """
    offices = {office.regency_id: office for office in Agency.objects.filter(is_lead=True, regency__isnull=False)}
    heads = _heads(meeting.ends_on)
    desks = Desk.objects.filter(session__meeting=meeting, confirmed_at__isnull=False).order_by("confirmed_at")
    delegates = {row.session.regency_id: row for row in desks.select_related("session")}
    found = []
    for regency in Regency.objects.filter(province=meeting.province_id).order_by("code"):
        office, head, desk = (each.get(regency.pk) for each in (offices, heads, delegates))
        name, title = (head.person.display_name, head.full_title) if head else ("", "")
        if desk and desk.delegate_name:
            name, title = desk.delegate_name, desk.delegate_title
        found.append(
            {
                "regency": regency,
                "name": name,
                "title": title,
                "agency": office.name if office else "",
                "address": _address(office, regency),
            }
        )
    return found


def _heads(day: dt.date) -> dict[int, Position]:
    """Heads of regencies' offices on that day; a stand-in goes before the head he stands in for."""
    held = Position.objects.in_force(day).filter(role=Role.KADIS_KAB, agency__regency__isnull=False)
    rank = {"plh": 0, "plt": 1, "pj": 2}
    rows = sorted(held.select_related("person", "agency"), key=lambda row: -rank.get(row.standing, 3))
    return {row.agency.regency_id: row for row in rows}


def _address(office: Agency | None, regency: Regency) -> str:
    lines = office.letterhead_address.splitlines() if office else []
    return (lines[0].strip() if lines else regency.capital)[:200]


def representatives(agreement: Agreement) -> list[Representative]:
    """The table of signatures by regency code."""
    return list(agreement.representatives.select_related("regency").order_by("regency__code"))


def verdict_now(proposal: Proposal) -> tuple[Verdict | None, dict[str, Any]]:
    """The answer in force and its content as revisions keep it."""
    verdict = Verdict.objects.select_related("redirect_to").filter(proposal=proposal).first()
    lines = verdict.lines.select_related("redirect_to") if verdict else ()
    return verdict, verdict_content(verdict, lines)


def priced_lines(proposal: Proposal) -> list[CostLine]:
    """The kept cost lines, each with its answer."""
    return list(proposal.lines.kept().select_related("source", "verdict__redirect_to"))


def changes_of(agreement: Agreement) -> list[AgreementChange]:
    """What plenary and issued addenda changed, the newest first."""
    rows = agreement.changes.exclude(addendum__isnull=False, addendum__issued_at__isnull=True)
    return list(rows.select_related("proposal__regency", "addendum", "by").order_by("-pk"))


def addenda_of(agreement: Agreement, *, drafts: bool) -> list[Addendum]:
    """The addenda with their changes; those that are not issued only for who may write them."""
    rows = agreement.addenda.select_related("document", "by").defer("document__facts")
    if not drafts:
        rows = rows.filter(issued_at__isnull=False)
    changes = AgreementChange.objects.select_related("proposal__regency").order_by("pk")
    return list(rows.prefetch_related(Prefetch("changes", changes, to_attr="rows")))


def addenda_touching(agreement: Agreement, regency: Regency) -> Iterable[Addendum]:
    """The issued addenda that change something of this regency."""
    return [
        row for row in addenda_of(agreement, drafts=False)
        if any(change.proposal.regency_id == regency.pk for change in row.rows)
    ]  # fmt: skip


def plenary_day(meeting: Meeting) -> dt.date:
    """The day on which the plenary agrees: today while the edition runs, else its last day."""
    return min(max(timezone.localdate(), meeting.starts_on), meeting.ends_on)
