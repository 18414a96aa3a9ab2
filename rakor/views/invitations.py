"""Invitations: who has not answered yet, for the committee; the letter and what is asked of it, for the invited."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.journal.queries import history_of
from portal.kernel.dates import long_date
from portal.kernel.decision import Decision, deny
from portal.web.access import is_background, page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text
from rakor import rules
from rakor.actions.invitations import open_copies
from rakor.models import Invitation, Meeting
from rakor.queries import invitations as queries
from rakor.queries.registrations import delegates_of
from rakor.views.guest_tabs import guest_tabs
from regencies.models import Regency

PER_PAGE = 25


@page(who=rules.readers, reads=True)
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """The board of all invitations for the provincial office; everybody else goes to his own."""
    if not rules.sees_drafts(request.user):
        return _own(request, slug)
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    wanted = queries.Wanted(
        **{name: search_text(request, name) for name in ("q", "group", "state")},
        sort=search_text(request, "sort") or "silent",
    )
    rows = queries.board(request.user, meeting, wanted)
    if request.GET.get("format") == "xlsx":
        return _board_excel(request, meeting, rows)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    total = found.paginator.count
    mapped = wanted.group if wanted.group in queries.MAPPED else queries.MAPPED[0]
    context = {
        "meeting": meeting, "page": found, "q": wanted.q, "sort": wanted.sort, "sorts": queries.sort_choices(),
        "rows": [_line(row) for row in found], "filters": _filters(wanted), "totals": queries.totals(meeting),
        "tiles": queries.tiles(meeting, mapped, Regency.objects.filter(province=meeting.province_id)),
        "legend": queries.tile_legend(), "mapped": mapped,
        "maps": [(group.value, group.label) for group in queries.MAPPED],
        "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s undangan", "%(n)s undangan", total) % {"n": total},
        "may_remind": rules.guest_keepers(request.user), "tabs": guest_tabs(request.user, meeting, "invitations"),
        "narrowed": bool(wanted.q or wanted.group or wanted.state),
    }  # fmt: skip
    return render(request, "rakor/invitations/board.html", context)


def _own(request: HttpRequest, slug: str) -> HttpResponse:
    """The one invitation of this user's office, or the few to choose from.

    Errors: Http404 when there is none.
    """
    found = list(queries.own_invitations(request.user, slug))
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect(found[0])
    context = {"meeting": found[0].meeting, "rows": [_line(row) for row in found]}
    return render(request, "rakor/invitations/own.html", context)


def _line(invitation: Invitation) -> dict[str, Any]:
    deadline = queries.deadline_of(invitation)
    late = invitation.rank == 0 and deadline is not None and deadline < timezone.localdate()
    return {"row": invitation, "state": queries.state_of(invitation), "deadline": deadline, "late": late}


def _filters(wanted: queries.Wanted) -> list[dict[str, Any]]:
    return [
        {"name": "group", "label": _("Golongan"), "value": wanted.group, "choices": Invitation.Group.choices},
        {"name": "state", "label": _("Jawaban"), "value": wanted.state,
         "choices": [(key, _(state.label)) for key, state in queries.STATES.items()]},
    ]  # fmt: skip


def _board_excel(request: HttpRequest, meeting: Meeting, rows: Any) -> HttpResponse:
    """The rows as asked for; telephone and e-mail of offices only for who keeps the guests."""
    keeper = bool(rules.guest_keepers(request.user))
    header = [
        _("Golongan"), _("Yang terhormat"), _("Kantor"), _("Kabupaten/kota"), _("Dikirim"), _("Dibuka"),
        _("Batas jawaban"), _("Jawaban"), _("Alasan tidak hadir"), _("Dijawab"), _("Utusan"), _("Jatah utusan"),
        _("Nomor surat tugas"), *([_("Surel kantor"), _("Telepon/WhatsApp kantor")] if keeper else []),
    ]  # fmt: skip
    return excel_response(
        f"undangan-{meeting.slug}", _("Undangan"), header,
        (
            [row.get_group_display(), row.addressee, row.agency.name if row.agency else "",
             row.regency.name if row.regency else "", _day(row.sent_at), _day(row.read_at), queries.deadline_of(row),
             _(queries.state_of(row).label), row.answer_reason, _day(row.answered_at), row.named, row.quota,
             row.assignment_number, *([row.email, row.phone] if keeper else [])]
            for row in rows
        ),
    )  # fmt: skip


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date() if moment else None


def opened_or_404(request: HttpRequest, slug: str, pk: int, *, withdrawn: bool = False) -> Invitation:
    """The invitation that this user may open; with `withdrawn` also one that was taken back from his office.

    Errors: Http404.
    """
    rows = Invitation.objects.visible_to(request.user)
    if withdrawn and not rules.sees_drafts(request.user):
        gone = Invitation.objects.received_by(request.user).filter(withdrawn_at__isnull=False).values("pk")
        rows = Invitation.objects.filter(pk__in=rows.values("pk")) | Invitation.objects.filter(pk__in=gone)
    rows = rows.select_related("meeting", "agency", "regency", "answered_by")
    return get_object_or_404(queries.with_progress(rows), meeting__slug=slug, pk=pk)


@page(who=rules.readers, reads=True)
def invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One invitation: the letter, the answer, the delegates, the surat tugas. Made for a phone."""
    found = opened_or_404(request, slug, pk, withdrawn=True)
    own = rules.is_invited(request.user, found)
    if found.withdrawn_at and own:
        newer = Invitation.objects.visible_to(request.user).filter(replaces=found).first()
        return render(request, "rakor/invitations/withdrawn.html", {"invitation": found, "newer": newer})
    return render(request, "rakor/invitations/page.html", page_context(request, found, own))


def page_context(request: HttpRequest, found: Invitation, own: bool) -> dict[str, Any]:
    """What the page of an invitation shows."""
    delegates = delegates_of(found)
    expected = [row for row in delegates if row.status == "terdaftar"]
    may = rules.may_answer(request.user, found)
    deadline = queries.deadline_of(found)
    staff = rules.sees_drafts(request.user)
    return {
        "invitation": found, "meeting": found.meeting, "own": own, "staff": staff, "state": queries.state_of(found),
        "letters": queries.letters_of(found), "deadline": deadline, "days_left": queries.days_left(deadline),
        "delegates": delegates, "expected": expected, "room": max(found.quota - len(expected), 0),
        "personal": own or bool(rules.guest_keepers(request.user)), "may_answer": may,
        "may_name": _may_name(found, may, own, len(expected)), "unread": own and found.read_at is None,
        "ask": own and bool(may) and found.answer == Invitation.Answer.NONE,
        "tasks": _tasks(found, len(expected)) if own and may else [],
        "share_text": _share_text(request, found, deadline),
        "meeting_seen": staff or found.meeting.published,
        "history": history_of(found, limit=10) if staff else [],
    }  # fmt: skip


def _may_name(found: Invitation, may: Decision, own: bool, named: int) -> Decision:
    """Whether another delegate can be added; the committee may add above the quota."""
    if not own or not may:
        return may
    if found.answer != Invitation.Answer.COMING:
        return deny(_("Jawab dahulu dengan “Hadir”, lalu daftarkan utusan."))
    return (
        may if named < found.quota else Decision(False, _("Jatah utusan sudah penuh; ganti salah satunya bila perlu."))
    )


def _tasks(found: Invitation, named: int) -> list[dict[str, str]]:
    """What the invited office that comes still has to do on this page, in order."""
    if found.answer != Invitation.Answer.COMING:
        return []
    tasks = []
    if not named:
        tasks.append({"title": _("Daftarkan utusan"), "url": "#utusan", "tone": "warning", "icon": "users",
                      "note": _("Paling banyak %(n)s orang.") % {"n": found.quota}})  # fmt: skip
    if not found.assignment_file and found.group != Invitation.Group.HEAD_OF_REGION:
        tasks.append({"title": _("Unggah surat tugas"), "url": "#surat-tugas", "tone": "info", "icon": "upload",
                      "note": _("Foto dari HP boleh.")})  # fmt: skip
    return tasks


@override("id")
def _share_text(request: HttpRequest, found: Invitation, deadline: Any) -> str:
    """A few lines for WhatsApp, in Indonesian whoever copies them; nothing personal."""
    address = request.build_absolute_uri(reverse("invitation", args=[found.meeting.slug, found.pk]))
    lines = [f"*{_('Undangan')} {found.meeting.short_name}*", f"Yth. {found.addressee}", found.meeting.dates,
             found.meeting.place]  # fmt: skip
    if deadline:
        lines.append(_("Mohon dijawab paling lambat %(day)s:") % {"day": long_date(deadline)})
    return "\n".join([*lines, address])


@page(who=rules.readers, writes=True)
def invitation_open(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Note that the recipient opened the letter; a click on "Buka surat" goes on to the paper."""
    found = opened_or_404(request, slug, pk)
    if request.method != "POST":
        return redirect(found)
    open_copies(found, by=request.user)
    if is_background(request):
        return HttpResponse(status=204)
    letters = [copy for copy in queries.letters_of(found) if copy.document]
    asked = request.POST.get("copy") or request.GET.get("copy")
    wanted = next((copy for copy in letters if str(copy.pk) == asked), next(iter(letters), None))
    if wanted is None:
        return redirect(found)
    return redirect("document_download", wanted.document.public_id)
