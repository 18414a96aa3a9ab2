"""What the portal knows of an edition for its report: the same statements however many people and proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from programs.models import Contract
from programs.models.contract_templates import ContractKind
from programs.queries.agreed import undecided
from rakor.facts.committee_figures import Category, Figures, Half
from rakor.facts.decisions import per_regency, totals
from rakor.models import (
    Agreement,
    Attendance,
    AttendanceList,
    Desk,
    Invitation,
    Letter,
    LetterCopy,
    Meeting,
    MinuteEntry,
    Minutes,
    Registration,
    Session,
    SessionPhoto,
)
from rakor.queries.attendance import expected_on, with_numbers
from rakor.queries.decided import decided_rows
from regencies.models import Regency

CAME = (Attendance.State.PRESENT, Attendance.State.LATE)
PRESENTED = (Session.Kind.PRESENTATION, Session.Kind.PANEL)
ASIDE = (Session.Kind.BREAK, Session.Kind.REGISTRATION)
"""Kinds of session that a report does not count as programme."""


def figures_of(meeting: Meeting) -> Figures:
    """Everything that the report's parts and its Lampiran are made of. About twenty statements."""
    regencies = list(Regency.objects.filter(province=meeting.province_id).order_by("code").values_list("code", "name"))
    rows = decided_rows(meeting)
    return Figures(
        organisers=tuple(
            row.agency.name for row in meeting.organisers.select_related("agency").order_by("position", "pk")
        ),
        regencies_all=len(regencies),
        photos=SessionPhoto.objects.filter(session__meeting=meeting, deleted_at__isnull=True).count(),
        totals=totals(rows) if rows else None,
        regencies=tuple(per_regency(rows, regencies)) if rows else (),
        **_letters(meeting),
        **_people(meeting),
        **_programme(meeting),
        **_minutes(meeting),
        **_desks(meeting),
        **_contracts(meeting),
    )


def _letters(meeting: Meeting) -> dict[str, Any]:
    """The decree, and the letters that were sent."""
    copies = LetterCopy.objects.standing().filter(letter__meeting=meeting, number__isnull=False)
    decrees = copies.filter(letter__kind=Letter.Kind.DECREE).select_related("number", "letter")
    decree = decrees.order_by("-letter").first()
    sent = Count("pk", filter=Q(copies__sent_at__isnull=False, copies__voided_at__isnull=True), distinct=True)
    coming = Count("pk", filter=Q(answer=Invitation.Answer.COMING), distinct=True)
    groups = (
        Invitation.objects.active()
        .filter(meeting=meeting)
        .order_by()
        .values("group")
        .annotate(sent=sent, coming=coming)
    )
    by_group = {row["group"]: row for row in groups}
    numbers = copies.filter(letter__kind=Letter.Kind.INVITATION, sent_at__isnull=False).order_by("number__sequence")
    return {
        "decree": decree.number.text if decree else "",
        "decree_on": decree.letter.dated_on if decree else None,
        "invitations": tuple(
            (key, row["sent"], row["coming"])
            for key in Invitation.Group.values
            if (row := by_group.get(key)) and row["sent"]
        ),
        "invitation_numbers": tuple(numbers.values_list("number__text", flat=True)),
    }


def _people(meeting: Meeting) -> dict[str, Any]:
    """Who is registered and who came: by category, by regency, by list."""
    came = Exists(Attendance.objects.filter(registration=OuterRef("pk"), state__in=CAME))
    people = Registration.objects.filter(meeting=meeting).filter(Q(status="terdaftar") | came).annotate(came=came)
    rows = list(people.order_by().values_list("category", "participant__regency", "came"))
    found = []
    for key, label in Registration.Category.choices:
        own = [row for row in rows if row[0] == key]
        if own:
            found.append(Category(str(label), len(own), sum(1 for row in own if row[2])))
    return {
        "categories": tuple(found),
        "regencies_registered": len(_of_regencies(rows)),
        "regencies_present": len(_of_regencies(row for row in rows if row[2])),
        "halves": _halves(meeting),
    }


def _of_regencies(rows: Iterable[tuple[str, int | None, bool]]) -> set[int]:
    """The regencies of the delegates among these."""
    return {row[1] for row in rows if row[0] == Registration.Category.DELEGATE and row[1]}


def _halves(meeting: Meeting) -> tuple[Half, ...]:
    """The lists in the order of time, with the numbers of the attendance pages."""
    lists = with_numbers(AttendanceList.objects.filter(meeting=meeting))
    active = Registration.objects.active().filter(meeting=meeting).count()
    order = list(AttendanceList.Half.values)
    return tuple(
        Half(
            row.on, str(row.get_half_display()), expected_on(row, active), row.present - row.late, row.late,
            row.excused, row.closed_at is not None,
        )
        for row in sorted(lists, key=lambda row: (row.on, order.index(row.half)))
    )  # fmt: skip


def _programme(meeting: Meeting) -> dict[str, Any]:
    """What took place: days with their sessions, and presentations."""
    sessions = list(meeting.sessions.exclude(kind__in=ASIDE).order_by("starts_at", "pk"))
    days: dict[Any, list[str]] = {}
    for row in sessions:
        titles = days.setdefault(timezone.localtime(row.starts_at).date(), [])
        if row.kind == Session.Kind.DESK:
            titles.append("")
        elif row.title not in titles:
            titles.append(row.title)
    return {
        "days": tuple((day, tuple(_with_desks(titles))) for day, titles in days.items()),
        "presentations": tuple(row.title for row in sessions if row.kind in PRESENTED),
    }


def _with_desks(titles: list[str]) -> list[str]:
    """The titles of a day; its desks are one item where the first of them stands."""
    desks = titles.count("")
    found: list[str] = []
    for title in titles:
        if title:
            found.append(title)
        elif desks:
            found.append(f"Pembahasan usulan program pada {desks} desk kabupaten/kota")
            desks = 0
    return found


def _minutes(meeting: Meeting) -> dict[str, Any]:
    minutes = Minutes.objects.filter(session__meeting=meeting)
    sums = minutes.aggregate(all=Count("pk"), final=Count("pk", filter=Q(status="final")))
    kind = MinuteEntry.Kind
    entries = MinuteEntry.objects.kept().filter(minutes__in=minutes.filter(status="final"))
    said = entries.aggregate(
        decisions=Count("pk", filter=Q(kind=kind.DECISION)), follow_ups=Count("pk", filter=Q(kind=kind.FOLLOW_UP))
    )
    return {
        "minutes": sums["all"], "minutes_final": sums["final"], "minute_decisions": said["decisions"],
        "follow_ups": said["follow_ups"],
    }  # fmt: skip


def _desks(meeting: Meeting) -> dict[str, Any]:
    planned = Session.objects.filter(meeting=meeting, kind=Session.Kind.DESK, regency__isnull=False).count()
    closed = Desk.objects.filter(session__meeting=meeting, status="ditutup").count()
    agreement = Agreement.objects.filter(meeting=meeting).defer("considerations", "clauses").first()
    return {
        "desks": planned,
        "desks_closed": closed,
        "undecided": undecided(meeting.planning_year, meeting.province_id).count(),
        "agreement_status": agreement.status if agreement else "",
        "agreement_number": agreement.number if agreement else "",
        "agreement_on": timezone.localtime(agreement.agreed_at).date() if agreement and agreement.agreed_at else None,
    }


def _contracts(meeting: Meeting) -> dict[str, Any]:
    """Contracts and memoranda of the edition's ceremonies; signed once everybody has."""
    papers = Contract.objects.filter(ceremony_item__ceremony__session__meeting=meeting).exclude(status="dibatalkan")
    tpl, mou = Q(kind=ContractKind.TPL), Q(kind=ContractKind.MOU)
    signed = Q(signed_at__isnull=False)
    return papers.aggregate(
        contracts=Count("pk", filter=tpl), contracts_signed=Count("pk", filter=tpl & signed),
        memoranda=Count("pk", filter=mou), memoranda_signed=Count("pk", filter=mou & signed),
    )  # fmt: skip
