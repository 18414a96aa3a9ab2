"""Printing attendance sheets, cards and certificates: the committee's page, and everybody's own certificate."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.documents.actions import order_document
from portal.kernel.errors import Blocked, ensure
from portal.web.access import page, signed_in
from portal.web.excel import excel_response
from portal.web.parameters import LONGEST, query_with, search_text, whole_number
from rakor import guest_rules, rules
from rakor.facts.attendance_papers import CARDS, CERTIFICATES, SHEET
from rakor.models import AttendanceList, Registration, Session
from rakor.queries import attendance_papers as queries
from rakor.queries.attendance import label_of, lists_of
from rakor.views.agenda import visible_meeting
from rakor.views.guest_tabs import guest_tabs

PER_PAGE = 25


@page(who=rules.guest_keepers, reads=True)
def attendance_papers(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be printed for the door: sheets per half-day and session, cards, certificates."""
    meeting = visible_meeting(request, slug)
    context = {
        "meeting": meeting,
        "tabs": guest_tabs(request.user, meeting, "attendance"),
        "may_print": guest_rules.may_print_guests(request.user, meeting),
        "may_certify": guest_rules.may_print_certificates(request.user, meeting, timezone.localdate()),
        "lists": [(row, label_of(row)) for row in lists_of(meeting)],
        "days": queries.sessions_by_day(meeting),
        "categories": queries.expected_categories(meeting),
        "papers": queries.papers_ordered(request.user, meeting),
    }
    return render(request, "rakor/attendance_papers/page.html", context)


@page(who=rules.guest_keepers, writes=True)
def order_attendance_sheet(request: HttpRequest, slug: str, list_id: int) -> HttpResponse:
    """Order the daftar hadir of a half-day: `signatures` 1 for signing, 0 filled."""
    meeting = visible_meeting(request, slug)
    found = get_object_or_404(AttendanceList.objects.select_related("meeting__province"), pk=list_id, meeting=meeting)
    if request.method != "POST":
        return redirect("attendance_papers", meeting.slug)
    ensure(guest_rules.may_print_guests(request.user, meeting))
    facts = queries.list_paper(found, signing=_signing(request))
    return _ordered(request, SHEET, facts, found)


@page(who=rules.guest_keepers, writes=True)
def order_session_sheet(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Order the daftar hadir of a session: `signatures` 1 for signing, 0 filled."""
    meeting = visible_meeting(request, slug)
    found = get_object_or_404(Session.objects.select_related("meeting", "room"), pk=session_id, meeting=meeting)
    if request.method != "POST":
        return redirect("attendance_papers", meeting.slug)
    ensure(guest_rules.may_print_guests(request.user, meeting))
    signing = _signing(request)
    if not signing and queries.list_of(found) is None:
        raise Blocked(_("Kehadiran pada hari dan paruh hari sesi ini belum dicatat."))
    return _ordered(request, SHEET, queries.session_paper(found, signing=signing), found)


@page(who=rules.guest_keepers, writes=True)
def order_cards(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the cards of everybody, of a category (`golongan`), of those called so (`nama`), or of one (`orang`)."""
    meeting = visible_meeting(request, slug)
    if request.method != "POST":
        return redirect("attendance_papers", meeting.slug)
    ensure(guest_rules.may_print_guests(request.user, meeting))
    person = request.POST.get("orang", "")
    wanted = queries.expected_cards(
        meeting, category=request.POST.get("golongan", ""), text=request.POST.get("nama", "")[:LONGEST],
        person=(whole_number(person) or 0) if person else None,
    )  # fmt: skip
    if not wanted.exists():
        raise Blocked(_("Tidak ada peserta terdaftar yang cocok, jadi tidak ada kartu yang dapat dicetak."))
    return _ordered(request, CARDS, queries.cards_paper(meeting, wanted), meeting)


@page(who=rules.guest_keepers, writes=True)
def order_certificates(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the certificates of everybody who was there at least once, in one PDF."""
    meeting = visible_meeting(request, slug)
    if request.method != "POST":
        return redirect("attendance_papers", meeting.slug)
    ensure(guest_rules.may_print_certificates(request.user, meeting, timezone.localdate()))
    people = queries.attended(meeting)
    if not people.exists():
        raise Blocked(_("Belum ada peserta yang tercatat hadir."))
    return _ordered(request, CERTIFICATES, queries.certificates_paper(meeting, people), meeting)


@page(who=signed_in, reads=True)
def certificates(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who were there, as far as their certificates are this user's business: his own, his office's, or all."""
    meeting = visible_meeting(request, slug)
    wanted = {
        "text": search_text(request), "category": search_text(request, "category"),
        "sort": request.GET.get("sort", "name"),
    }  # fmt: skip
    rows = queries.certified(request.user, meeting, **wanted)
    if request.GET.get("format") == "xlsx":
        title = _("Peserta hadir %(name)s") % {"name": meeting.short_name}
        header = [_("Nama"), _("Instansi"), _("Golongan"), _("Paruh hari hadir")]
        table = [
            [row.participant.name, row.participant.institution, row.get_category_display(), row.halves] for row in rows
        ]
        return excel_response(f"hadir-{meeting.slug}", title, header, table)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    ready = queries.certificate_papers(found)
    context = {
        "meeting": meeting, "page": found, "q": wanted["text"], "sort": wanted["sort"],
        "people": [(row, ready.get(row.pk)) for row in found], "sorts": queries.CERTIFICATE_SORTS,
        "count": ngettext("%(n)s orang", "%(n)s orang", found.paginator.count) % {"n": found.paginator.count},
        "excel": f"?{query_with(request, format='xlsx')}", "narrowed": bool(wanted["text"] or wanted["category"]),
        "filters": [{"name": "category", "label": _("Golongan"), "value": wanted["category"],
                     "choices": Registration.Category.choices}],
        "decision": guest_rules.may_make_certificates(meeting, timezone.localdate()),
        "keeper": rules.guest_keepers(request.user),
    }  # fmt: skip
    return render(request, "rakor/attendance_papers/certificates.html", context)


@page(who=signed_in, writes=True)
def order_certificate(request: HttpRequest, slug: str, registration_id: int) -> HttpResponse:
    """Order the certificate of one person: oneself, somebody of one's office, anybody for the committee."""
    meeting = visible_meeting(request, slug)
    if request.method != "POST":
        return redirect("certificates", meeting.slug)
    rows = queries.attended(meeting).filter(pk=registration_id)
    found = get_object_or_404(queries.whose_certificate(request.user, rows).select_related("meeting", "invitation"))
    ensure(guest_rules.may_have_certificate(request.user, found, timezone.localdate()))
    return _ordered(request, CERTIFICATES, queries.certificates_paper(meeting, rows), found)


def _signing(request: HttpRequest) -> bool:
    """Whether it is to be signed by hand; everything but "0" is."""
    return request.POST.get("signatures", "1") != "0"


def _ordered(request: HttpRequest, kind: str, facts: Any, subject: models.Model) -> HttpResponse:
    return redirect(order_document(kind, facts, subject=subject, by=request.user))
