"""Attendance sheets, cards and certificates as papers: their kinds, who may read them, and what they need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Signature
from portal.documents.shapes_attendance import AttendanceSheet, Cards, Certificates
from portal.kernel.dates import clock_range, long_date, short_date, zone_label
from portal.kernel.decision import Decision, allow_if
from rakor import rules
from rakor.facts import attendance_papers as papers
from rakor.facts.attendance_papers import CARDS, CERTIFICATES, HERE, SHEET, Attendee, Event, Occasion, Recorded
from rakor.models import Attendance, AttendanceList, CommitteeMember, Meeting, Registration, Session, SessionPerson
from rakor.queries.programme import Day, programme_of
from regencies.facts import letterhead_facts, signature_block, spaced_nip
from regencies.queries import head_on, lead_agency

NOON = 12
"""Sessions that begin from then on belong to the second half of the day."""

CERTIFICATE_SORTS = [("name", gettext_lazy("Nama A–Z")), ("institution", gettext_lazy("Instansi"))]

_OF_MEETING = "rakor.meeting"


def _keepers_read(user: Any, document: Document) -> Decision:
    """Panitia dan Kepala Bidang: these papers name NIP, or hold the secrets of the cards."""
    return rules.guest_keepers(user)


def _keepers_list(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    return documents if rules.guest_keepers(user) else documents.none()


def readable_certificates(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All for the committee; one's own, and those of the people whom one's office sent."""
    if rules.guest_keepers(user):
        return documents
    keys = whose_certificate(user, Registration.objects.all()).annotate(key=Cast("pk", CharField())).values("key")
    return documents.filter(subject_type="rakor.registration", subject_id__in=keys)


def whose_certificate(user: Any, registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Those whose certificates are this user's business: all for the committee, else he himself and his office's."""
    if rules.guest_keepers(user):
        return registrations
    own = Q(pk__in=Registration.objects.filter(rules.invited(user, "invitation__")).values("pk"))
    return registrations.filter(own | Q(user=getattr(user, "pk", None) or 0))


def may_read_certificate(user: Any, document: Document) -> Decision:
    """The committee, the person, and the office that sent him."""
    seen = readable_certificates(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Sertifikat ini milik peserta lain."))


def sheet_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody with the code may know of a sheet: what it is of and how many came; no names."""
    facts = document.facts
    head = [(row["label"], row["value"]) for row in facts["head"]]
    return [
        (_("Rapat"), "; ".join(facts["heading"])),
        *head,
        *([(_("Jumlah"), facts["counted"])] * bool(facts["counted"])),
    ]


def cards_summary(document: Document) -> list[tuple[str, str]]:
    """How many cards for what; no names."""
    facts = document.facts
    count = str(len(papers.cards_of(facts)))
    return [(_("Rakor"), facts["event"]), (_("Waktu"), facts["when"]), (_("Kartu"), count)]


def certificate_summary(document: Document) -> list[tuple[str, str]]:
    """Who holds a single certificate shows it himself, so its name is confirmed; a collection tells its number."""
    facts = document.facts
    people = facts["certificates"]
    about = [(_("Kegiatan"), facts["event"]), (_("Tempat dan waktu"), facts["when"])]
    if len(people) != 1:
        return [*about, (_("Sertifikat"), str(len(people)))]
    one = people[0]
    return [(_("Diberikan kepada"), f"{one['name']}, {one['office']}"), (_("Sebagai"), one["role"]), *about]


SHEETS_KIND = DocumentKind(
    key=SHEET, version=2, title=gettext_lazy("Daftar hadir"), may_read=_keepers_read, readable=_keepers_list,
    public_summary=sheet_summary,
)  # fmt: skip
CARDS_KIND = DocumentKind(
    key=CARDS, version=2, title=gettext_lazy("Kartu peserta"), may_read=_keepers_read, readable=_keepers_list,
    public_summary=cards_summary,
)  # fmt: skip
CERTIFICATES_KIND = DocumentKind(
    key=CERTIFICATES, version=2, title=gettext_lazy("Sertifikat"), may_read=may_read_certificate,
    readable=readable_certificates, public_summary=certificate_summary,
)  # fmt: skip


def list_paper(attendance_list: AttendanceList, *, signing: bool) -> AttendanceSheet:
    """The daftar hadir of a half-day: everybody expected, for signing, or filled with what is recorded now."""
    meeting = attendance_list.meeting
    half = AttendanceList.Half(attendance_list.half)
    with override("id"):
        occasion = _occasion(
            meeting, f"{_day_name(meeting, attendance_list.on)}, {half.label}", attendance_list.on,
            _half_time(meeting, attendance_list.on, half),
        )  # fmt: skip
        if signing:
            return papers.attendance_sheet(occasion, _attendees(_expected(meeting)), None)
        recorded = _recorded(attendance_list)
        listed = Q(pk__in=recorded)  # of a closed list only they: whoever was registered later was not expected
        rows = Registration.objects.filter(
            listed if attendance_list.closed_at else listed | Q(status="terdaftar"), meeting=meeting
        )
        return papers.attendance_sheet(occasion, _attendees(rows), recorded)


def session_paper(session: Session, *, signing: bool) -> AttendanceSheet:
    """The daftar hadir of one session: of a desk its regency and those who have a part in it, else everybody.

    Filled, it says what the list of that half-day says: nobody is checked in a second time for a session.
    """
    meeting = session.meeting
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    rows = _expected(meeting)
    if session.regency_id:
        own = Q(participant__regency=session.regency_id) | Q(invitation__regency=session.regency_id)
        rows = rows.filter(own | Q(participant__parts__session=session)).distinct()
    with override("id"):
        occasion = _occasion(
            meeting, session.title, start.date(), _time_of(start, end), room=session.room.name if session.room else ""
        )
        recorded = None if signing else _recorded(list_of(session))
        return papers.attendance_sheet(occasion, _attendees(rows), recorded)


def list_of(session: Session) -> AttendanceList | None:
    """The list of the half-day in which a session begins; None while there is none."""
    start = timezone.localtime(session.starts_at)
    half = AttendanceList.Half.MORNING if start.hour < NOON else AttendanceList.Half.AFTERNOON
    return AttendanceList.objects.filter(meeting=session.meeting_id, on=start.date(), half=half).first()


def cards_paper(meeting: Meeting, registrations: QuerySet[Registration]) -> Cards:
    """The cards of these people: the QR code opens the page by which its holder is known."""
    people = papers.in_order(_attendees(registrations))
    with override("id"):
        made = [(who, f"{settings.PUBLIC_URL}{reverse('attendance_pass', args=[who.token])}") for who in people]
        event = Event(meeting.title, meeting.short_name, f"{meeting.dates} · {meeting.place}")
        return papers.cards(event, lead_agency().name, made)


def attended(meeting: Meeting) -> QuerySet[Registration]:
    """Those who were there at least once, whatever became of their place, with `halves`: on how many lists."""
    here = Count("attendances", filter=Q(attendances__state__in=HERE))
    return Registration.objects.filter(meeting=meeting).annotate(halves=here).filter(halves__gt=0)


def certificates_paper(meeting: Meeting, registrations: QuerySet[Registration]) -> Certificates:
    """The certificates of these people, who come from `attended`, signed by the head of office of the last day."""
    office = lead_agency()
    head = head_on(office, meeting.ends_on)
    came = Attendance.objects.filter(attendance_list=OuterRef("pk"), state__in=HERE)
    held = AttendanceList.objects.filter(Exists(came), meeting=meeting).count()
    halves = dict(registrations.values_list("pk", "halves"))
    place_date = f"{meeting.town}, {short_date(meeting.ends_on)}"
    with override("id"):
        people = [(who, halves[who.pk]) for who in papers.in_order(_attendees(registrations))]
        event = Event(meeting.title, meeting.short_name, f"di {meeting.place}, pada tanggal {meeting.dates}")
        signature = [signature_block(head, place_date=place_date)] if head else []
        return papers.certificates(event, letterhead_facts(office), signature, people, held)


def papers_ordered(user: Any, meeting: Meeting, *, limit: int = 8) -> list[Document]:
    """The sheets, cards and certificates of an edition that were ordered last, as far as this user reads them."""
    lists = AttendanceList.objects.filter(meeting=meeting).annotate(key=Cast("pk", CharField())).values("key")
    sessions = Session.objects.filter(meeting=meeting).annotate(key=Cast("pk", CharField())).values("key")
    about = (
        Q(subject_type=_OF_MEETING, subject_id=str(meeting.pk), kind__in=(CARDS, CERTIFICATES))
        | Q(subject_type="rakor.attendancelist", subject_id__in=lists, kind=SHEET)
        | Q(subject_type="rakor.session", subject_id__in=sessions, kind=SHEET)
    )
    rows = Document.objects.filter(about) if rules.guest_keepers(user) else Document.objects.none()
    return list(rows.defer("facts").order_by("-current_at", "-pk")[:limit])


def _expected(meeting: Meeting) -> QuerySet[Registration]:
    return Registration.objects.active().filter(meeting=meeting)


def _attendees(registrations: QuerySet[Registration]) -> list[Attendee]:
    """One query whatever the number."""
    speaks = SessionPerson.objects.filter(participant=OuterRef("participant"), part=SessionPerson.Part.PRESENTER)
    rows = registrations.select_related("participant__regency").annotate(speaks=Exists(speaks))
    return [_attendee(row) for row in rows]


def _attendee(row: Registration) -> Attendee:
    person = row.participant
    found = Attendee(
        pk=row.pk, name=person.name, title=person.title, office=person.institution, category=row.category,
        nip=spaced_nip(row.employee_number), rank=row.rank, token=row.token,
        regency_code=person.regency.code if person.regency else "",
    )  # fmt: skip
    return replace(found, category="narasumber") if row.speaks and row.category == "lain" else found


def _recorded(attendance_list: AttendanceList | None) -> dict[int, Recorded]:
    """What a list says, by the number of the place."""
    if attendance_list is None:
        return {}
    zone = timezone.get_default_timezone()
    return {
        row.registration_id: Recorded(row.state, row.came_at.astimezone(zone) if row.came_at else None, row.note)
        for row in attendance_list.rows.all()
    }


def _occasion(meeting: Meeting, name: str, on: dt.date, time: str, *, room: str = "") -> Occasion:
    return Occasion(
        event=meeting.title, short=meeting.short_name, name=name, day=long_date(on), time=time,
        place=f"{room}, {meeting.place}" if room else meeting.place, letterhead=letterhead_facts(lead_agency()),
        zone=zone_label(timezone.get_default_timezone()), signatures=[_chair(meeting, on)],
    )  # fmt: skip


def _chair(meeting: Meeting, on: dt.date) -> Signature:
    """The chair of the committee signs a sheet; dots while nobody is named."""
    chair = CommitteeMember.objects.filter(meeting=meeting, seat=CommitteeMember.Seat.CHAIR).first()
    return {
        "caption": "Ketua Panitia", "place_date": f"{meeting.town}, {short_date(on)}", "on_behalf": "", "office": "",
        "name": chair.name if chair else "……………………………………", "rank": "",
        "nip": spaced_nip(chair.employee_number) if chair else "",
    }  # fmt: skip


def _day_name(meeting: Meeting, on: dt.date) -> str:
    return Day(on, (on - meeting.starts_on).days + 1, []).name


def _half_time(meeting: Meeting, on: dt.date, half: str) -> str:
    """From the first to the last session of that half; "" when the programme has none."""
    zone = timezone.get_default_timezone()
    begin = dt.datetime.combine(on, dt.time(), tzinfo=zone)
    noon, end = begin + dt.timedelta(hours=NOON), begin + dt.timedelta(days=1)
    first, last = (begin, noon) if half == AttendanceList.Half.MORNING else (noon, end)
    rows = Session.objects.filter(meeting=meeting, starts_at__gte=first, starts_at__lt=last)
    times = list(rows.values_list("starts_at", "ends_at"))
    if not times:
        return ""
    start = min(each for each, _end in times).astimezone(zone)
    return _time_of(start, max(each for _start, each in times).astimezone(zone))


def _time_of(start: dt.datetime, end: dt.datetime) -> str:
    return f"pukul {clock_range(start, end)} {zone_label(timezone.get_default_timezone())}"


def expected_cards(
    meeting: Meeting, *, category: str = "", text: str = "", person: int | None = None
) -> QuerySet[Registration]:
    """The people whose cards are wanted: all who are expected, of one category, with these words in name or office."""
    rows = _expected(meeting)
    if category in Registration.Category.values:
        rows = rows.filter(category=category)
    return _named(rows, text) if person is None else rows.filter(pk=person)


def _named(rows: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """Those whose name or office holds every word."""
    for word in text.split():
        rows = rows.filter(Q(participant__name__icontains=word) | Q(participant__institution__icontains=word))
    return rows


# -- what the pages show -------------------------------------------------------------------------------------------


def sessions_by_day(meeting: Meeting) -> list[Day]:
    """The programme by days without rests: what a daftar hadir may be wanted of. Two queries."""
    days = programme_of(meeting).days()
    return [replace(day, items=[item for item in day.items if not item.is_break]) for day in days]


def expected_categories(meeting: Meeting) -> list[tuple[str, str, int]]:
    """(key, label, number) of the categories that have people, in the order of a sheet."""
    counts = dict(_expected(meeting).order_by().values_list("category").annotate(n=Count("pk")))
    labels = dict(Registration.Category.choices)
    return [(key, str(labels[key]), counts[key]) for key in papers.GROUPS if key in counts]


def certified(
    user: Any, meeting: Meeting, *, text: str = "", category: str = "", sort: str = "name"
) -> QuerySet[Registration]:
    """Those who were there and whose certificates are this user's business; every word must be found."""
    rows = whose_certificate(user, attended(meeting)).select_related("participant")
    rows = _named(rows, text)
    if category in Registration.Category.values:
        rows = rows.filter(category=category)
    by_office = ["participant__institution"] if sort == "institution" else []
    return rows.order_by(*by_office, "participant__name", "pk")


def certificate_papers(registrations: Iterable[Registration]) -> dict[int, Document]:
    """The certificate in force of each of these people, by the number of the place."""
    keys = [str(row.pk) for row in registrations]
    rows = Document.objects.filter(kind=CERTIFICATES, subject_type="rakor.registration", subject_id__in=keys)
    return {int(row.subject_id): row for row in rows.defer("facts").order_by("current_at", "pk")}
