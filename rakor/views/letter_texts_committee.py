"""The committee of an edition: the table of the decree's Lampiran, row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text
from portal.web.submissions import form_status, see_version, sent
from rakor import rules
from rakor.actions import committee as actions
from rakor.forms.letter_texts import MemberForm
from rakor.models import CommitteeMember, Meeting
from rakor.queries import committee as queries
from rakor.views.letter_frame import frame


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("previous"), slug=slug)


def _frame(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """The edition, its decree and report, and what this user may do with its committee."""
    decree = queries.decree_of(meeting)
    return frame(request.user, meeting, "committee") | {
        "decree": decree, "report": queries.report_of(meeting),
        "editing": rules.may_edit_committee(request.user, meeting, decree),
        "writes": rules.letter_writers(request.user), "shows_numbers": bool(rules.letter_people(request.user)),
    }  # fmt: skip


@page(who=rules.committee_readers, reads=True)
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody on the committee by seat, with search, and the form for one more."""
    meeting = _meeting(request, slug)
    q, seat = search_text(request), search_text(request, "kedudukan")
    context = _frame(request, meeting)
    rows = queries.found_members(meeting, q=q, seat=seat)
    if request.GET.get("format") == "xlsx":
        return _excel(meeting, rows, numbers=context["shows_numbers"])
    for place, row in enumerate(rows):
        row.first = place == 0 or rows[place - 1].seat != row.seat
        row.last = place == len(rows) - 1 or rows[place + 1].seat != row.seat
    context |= {
        "rows": rows, "q": q, "filtered": bool(q or seat), "count": len(rows), "form": MemberForm(),
        "excel": f"?{query_with(request, format='xlsx')}",
        "filters": [
            {"name": "kedudukan", "label": _("Kedudukan"), "value": seat, "choices": CommitteeMember.Seat.choices},
        ],
    }  # fmt: skip
    return render(request, "rakor/letter_texts/committee.html", context)


def _excel(meeting: Meeting, rows: list[CommitteeMember], *, numbers: bool) -> HttpResponse:
    header = [_("No."), _("Kedudukan dalam panitia"), _("Nama"), _("Jabatan"), *([_("NIP")] if numbers else [])]
    lines = [
        [place, row.get_seat_display(), row.name, row.title, *([row.employee_number] if numbers else [])]
        for place, row in enumerate(rows, 1)
    ]
    return excel_response(f"panitia-{meeting.slug}", _("Panitia"), header, lines)


@page(who=rules.letter_writers, writes=True)
def committee_add(request: HttpRequest, slug: str) -> HttpResponse:
    """One more member; a wrong form comes back with its errors."""
    meeting = _meeting(request, slug)
    form = MemberForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            member = actions.add_member(meeting, form.values, by=request.user)
        except Blocked as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("%(name)s ditambahkan.") % {"name": member.name})
            return redirect(f"{reverse('committee', args=[slug])}#anggota-{member.pk}")
    context = _frame(request, meeting) | {"form": form, "member": None}
    return render(request, "rakor/letter_texts/member.html", context, status=form_status(request))


@page(who=rules.letter_writers, writes=True)
def committee_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another seat, name or title; who is late sees what was stored meanwhile."""
    meeting = _meeting(request, slug)
    member = get_object_or_404(meeting.committee.select_related("meeting"), pk=pk)
    form = MemberForm(sent(request), instance=member)
    status, theirs = form_status(request), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_member(member, form.values, base=form.cleaned_data["base"], by=request.user)
        except StaleVersion as stale:
            status, theirs = 409, _differences(stale.current, form.values)
            see_version(form, form.initial["base"], "base")
        except Blocked as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect(f"{reverse('committee', args=[slug])}#anggota-{pk}")
    context = _frame(request, meeting) | {
        "form": form, "member": member, "theirs": theirs, "stale": status == 409, "fresh_url": request.path,
    }  # fmt: skip
    return render(request, "rakor/letter_texts/member.html", context, status=status)


def _differences(current: CommitteeMember | None, values: dict[str, str]) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of what differs; everything when the row was removed."""
    seats = dict(CommitteeMember.Seat.choices)
    return [
        (str(CommitteeMember._meta.get_field(name).verbose_name), str(seats.get(old, old)) or "–",
         str(seats.get(value, value)) or "–")
        for name, value in values.items()
        if (old := getattr(current, name, "")) != value
    ]  # fmt: skip


@page(who=rules.letter_writers, writes=True)
def committee_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One place up or down within the seat."""
    meeting = _meeting(request, slug)
    member = get_object_or_404(meeting.committee.select_related("meeting"), pk=pk)
    if request.method == "POST":
        actions.move_member(member, up=request.POST.get("arah") == "naik", by=request.user)
    return redirect(f"{reverse('committee', args=[slug])}#anggota-{pk}")


@page(who=rules.letter_writers, writes=True)
def committee_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody off; a second click finds nobody and says so by the list."""
    meeting = _meeting(request, slug)
    member = meeting.committee.select_related("meeting").filter(pk=pk).first()
    if request.method == "POST" and member is not None:
        actions.remove_member(member, by=request.user)
        messages.success(request, _("%(name)s dikeluarkan dari panitia.") % {"name": member.name})
    return redirect("committee", slug)


@page(who=rules.letter_writers, writes=True)
def committee_fill(request: HttpRequest, slug: str) -> HttpResponse:
    """Add whom positions suggest, or the committee of the edition before."""
    meeting = _meeting(request, slug)
    if request.method == "POST":
        fill = actions.copy_from_previous if request.POST.get("dari") == "edisi" else actions.fill_from_positions
        count = fill(meeting, by=request.user)
        if count:
            messages.success(
                request,
                ngettext("%(n)s anggota ditambahkan.", "%(n)s anggota ditambahkan.", count) % {"n": count},
            )
        else:
            messages.info(request, _("Tidak ada anggota baru: semuanya sudah tercatat, atau sumbernya kosong."))
    return redirect("committee", slug)
