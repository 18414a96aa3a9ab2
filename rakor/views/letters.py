"""Letters of an edition: the list, a new one, its text, its page and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.journal.queries import history_of
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.submissions import form_status, see_version, sent, shown
from rakor import rules
from rakor.actions import letters as actions
from rakor.actions.committee import start_text
from rakor.facts.letters import InvitationContent
from rakor.forms.letters import InvitationLetterForm, MoveForm
from rakor.models import Invitation, Letter, Meeting
from rakor.queries import letters as queries
from rakor.queries.recipients import recipient_counts
from rakor.queries.signers import foreign_register, register_of, usual_signer
from rakor.views import letter_texts
from rakor.views.letter_frame import edition_or_404, frame, letter_or_404, offered_moves, status_steps
from rakor.workflow import LETTER
from regencies.queries import last_number, next_text, register_for
from regencies.rules import province_staff

DONE = {
    "initial": gettext_noop("Surat diparaf. Kepala Dinas dapat menyetujuinya."),
    "return": gettext_noop("Surat dikembalikan ke konsep."),
    "approve": gettext_noop("Surat disetujui dan bernomor. PDF setiap penerima sedang disusun."),
    "send": gettext_noop("Surat terkirim. Setiap penerima melihatnya di portal; pesannya menunggu di kotak keluar."),
    "cancel": gettext_noop("Surat dibatalkan."),
}


@page(who=province_staff, reads=True)
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters of the edition, with what may be begun; as Excel with every number."""
    meeting = edition_or_404(request, slug)
    rows = queries.letters_of(request.user, meeting)
    if request.GET.get("format") == "xlsx":
        return _numbers_excel(request, meeting)
    counted = recipient_counts(meeting)
    live = {row.group for row in rows if row.status != "dibatalkan" and row.group}
    texts = {row.kind for row in rows if row.status != "dibatalkan"}
    context = frame(request.user, meeting, "letters") | {
        "rows": rows, "may_write": rules.letter_writers(request.user),
        "may_bundle": bool(rules.letter_people(request.user)) and any(row.group and row.ready for row in rows),
        "groups": [
            {"key": group.value, "label": group.label, "count": counted.get(group.value, 0),
             "begun": group.value in live}
            for group in Invitation.Group
        ],
        "texts": [
            {"key": kind.value, "label": kind.label}
            for kind in (Letter.Kind.DECREE, Letter.Kind.REPORT) if kind.value not in texts
        ],
    }  # fmt: skip
    return render(request, "rakor/letters/list.html", context)


def _numbers_excel(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    header = [_("Surat"), _("Penerima"), _("di"), _("Nomor"), _("Tanggal"), _("Terkirim"), _("Dibuka"), _("Ditarik")]
    return excel_response(
        f"surat-{meeting.slug}", _("Surat"), header,
        (
            [copy.letter.subject, copy.addressee, copy.place, copy.number.text if copy.number else "",
             copy.number.on if copy.number else None, _day(copy.sent_at), _day(copy.read_at), copy.void_reason]
            for copy in queries.all_copies(request.user, meeting)
        ),
    )  # fmt: skip


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date() if moment else None


@page(who=rules.letter_writers, writes=True)
def letter_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new letter: of invitation to the group of the address, or the edition's decree or report."""
    meeting = edition_or_404(request, slug)
    kind = request.GET.get("jenis", Letter.Kind.INVITATION)
    if kind in (Letter.Kind.DECREE, Letter.Kind.REPORT):
        return _new_text(request, meeting, kind)
    group = request.GET.get("untuk", "")
    if group not in Invitation.Group.values:
        return redirect("letters", slug)
    ensure(rules.may_invite(request.user, meeting))
    blank = Letter(meeting=meeting, kind=Letter.Kind.INVITATION, group=group, register=register_for("surat-keluar"))
    blank.subject = _subject(meeting)
    blank.signer = usual_signer(group, timezone.localdate())
    blank.register = register_of(blank.signer) or blank.register
    blank.content = queries.usual_content(meeting, group).stored()
    form = InvitationLetterForm(sent(request), group=group, letter=blank)
    if request.method == "POST" and form.is_valid():
        try:
            letter = actions.draft_letter(
                meeting, blank.kind, {**form.values, "group": group}, by=request.user,
                client_key=form.cleaned_data["client_key"],
            )  # fmt: skip
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Konsep surat tersimpan. Periksa contohnya, lalu minta diparaf."))
            return redirect(letter)
    return _show_form(request, form, blank, {})


def _subject(meeting: Meeting) -> str:
    return f"Undangan {meeting.title}"[:250]


def _new_text(request: HttpRequest, meeting: Meeting, kind: str) -> HttpResponse:
    """The decree or the report of the edition: the one there is, or a new one filled with what the portal knows."""
    if request.method != "POST":
        return redirect("letters", meeting.slug)
    letter = start_text(meeting, kind, by=request.user)
    messages.success(request, _("Konsep terisi dari data portal. Periksa dan lengkapi."))
    return redirect("letter_edit", meeting.slug, letter.pk)


@page(who=rules.letter_writers, writes=True)
def letter_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The text of a draft; after somebody else's save both versions are shown and nothing typed is lost."""
    letter = letter_or_404(request, slug, pk)
    if letter.kind != Letter.Kind.INVITATION:
        return letter_texts.edit(request, letter)
    ensure(rules.may_write_letter(request.user, letter))
    form = InvitationLetterForm(sent(request), group=letter.group, letter=letter)
    status, theirs = 200, []
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_letter(letter, form.values, by=request.user, base_version=form.cleaned_data["version"] or 0)
        except StaleVersion as stale:
            status, theirs = 409, _differences(stale.current, form.values)
            see_version(form, stale.current.version)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Surat tersimpan."))
            return redirect(letter)
    return _show_form(request, form, letter, {"theirs": theirs, "stale": status == 409})


def _show_form(request: HttpRequest, form: InvitationLetterForm, letter: Letter, more: dict[str, Any]) -> HttpResponse:
    context = frame(request.user, letter.meeting, "letters") | {
        "form": form, "letter": letter, "group": Invitation.Group(letter.group).label, "theirs": [], "stale": False,
        "count": recipient_counts(letter.meeting).get(letter.group, 0),
        "no_signer": not form.fields["signer"].queryset.exists(),
        "initials": rules.may_move_letter(request.user, letter, "initial"),
        "foreign": foreign_register(letter.signer, letter.register),
        "heads_of_region": letter.group == Invitation.Group.HEAD_OF_REGION,
    } | more  # fmt: skip
    status = 409 if context["stale"] else form_status(request)
    return render(request, "rakor/letters/edit.html", context, status=status)


def _differences(current: Letter, yours: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, stored text, typed text) of every part that differs, also within the content."""
    found = [
        (str(Letter._meta.get_field(name).verbose_name), shown(getattr(current, name)), shown(value))
        for name, value in yours.items() if name != "content" and getattr(current, name) != value
    ]  # fmt: skip
    for name, value in yours["content"].items():
        stored = current.content.get(name)
        if stored != value:
            found.append((str(queries.CONTENT_LABELS[name]), _told(stored), _told(value)))
    return found


def _told(value: Any) -> str:
    return shown("\n".join(value) if isinstance(value, list | tuple) else value)


@page(who=province_staff, reads=True)
def letter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One letter: what it waits for, what it says, to whom, how far its copies are."""
    found = letter_or_404(request, slug, pk)
    numbered = found.status in ("disetujui", "terkirim")
    drafted = found.status in ("konsep", "diparaf")
    content = InvitationContent.of(found.content) if found.kind == Letter.Kind.INVITATION else None
    context = frame(request.user, found.meeting, "letters") | {
        "letter": found, "content": content, "parts": _parts(content) if content else [],
        "steps": status_steps(found), "moves": offered_moves(request.user, found),
        "missing": queries.missing_parts(found) if drafted else [], "warnings": queries.warnings_of(found),
        "recipients": queries.recipients_of(found) if drafted and content else [],
        "progress": queries.progress_of(found) if numbered else None,
        "late": list(queries.late_recipients(found)) if numbered and content else [],
        "may_write": rules.may_write_letter(request.user, found),
        "may_number_late": queries.may_number_late(request.user, found),
        "next_number": _next_number(found) if drafted else "",
        "outbox_url": reverse("outbox") if content and found.sent_at and rules.guest_keepers(request.user) else "",
        "history": history_of(found, limit=15), "text": None if content else letter_texts.reading(request.user, found),
    }  # fmt: skip
    return render(request, "rakor/letters/page.html", context)


def _parts(content: InvitationContent) -> list[tuple[str, list[str]]]:
    """(label, lines) of everything the letter says."""
    days = [long_date(day) for day in dict.fromkeys((content.first_day, content.last_day)) if day]
    times = f"{content.starts_at.replace(':', '.')} – {content.until}" if content.starts_at else ""
    labels = queries.CONTENT_LABELS
    attached = {"daftar": _("Daftar yang diundang"), "jadwal": _("Susunan acara"), "data": _("Data yang dibawa")}
    rows = [
        (labels["opening"], content.opening.splitlines()), (_("Hari, tanggal"), [" – ".join(days)] if days else []),
        (labels["starts_at"], [times] if times else []), (labels["venue"], [content.venue]),
        (labels["agenda"], list(content.agenda)), (labels["dress"], [content.dress]),
        (labels["notes"], list(content.notes)),
        (labels["confirm_by"], [long_date(content.deadline)] if content.deadline else []),
        (labels["contact"], [content.contact]), (labels["closing"], content.closing.splitlines()),
        (labels["attachments"], [attached[name] for name in content.attachments if name in attached]),
        (labels["data_to_bring"], list(content.data_to_bring)), (labels["copies_to"], list(content.copies_to)),
    ]  # fmt: skip
    return [(str(label), lines) for label, lines in rows if any(lines)]


def _next_number(letter: Letter) -> str:
    """How the next number of its register would be printed today."""
    if letter.register is None:
        return ""
    today = timezone.localdate()
    register = letter.register
    if letter.classification:
        register.classification = letter.classification
    return next_text(register, today, last_number(register, today.year))


@page(who=rules.letter_people, writes=True)
def letter_move(request: HttpRequest, slug: str, pk: int, move: str) -> HttpResponse:
    """Ask, with what is missing, then make the move; another text than was read is shown first."""
    found = letter_or_404(request, slug, pk)
    flow = next((each for each in LETTER.moves if each.key == move), None)
    if flow is None:
        raise Http404
    ensure(queries.may_move(request.user, found, move))
    form = MoveForm(sent(request), letter=found, noted=flow.note_required)
    status, blocked = form_status(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_letter(
                found, move, by=request.user, note=form.cleaned_data.get("note", ""),
                base_version=form.cleaned_data["version"],
            )  # fmt: skip
        except StaleVersion as stale:
            status, blocked = 409, str(stale)
            see_version(form, stale.current.version)
        except Blocked as error:
            found.refresh_from_db(fields=["status"])
            if found.status == flow.target:  # a second click: the first one did it
                return redirect(found)
            status, blocked = 422, str(error)
        else:
            messages.success(request, _(DONE[move]))
            return redirect(found)
    possible = found.status in flow.source
    context = frame(request.user, found.meeting, "letters") | {
        "letter": found, "form": form, "label": _(flow.label), "question": _(flow.confirm) if flow.confirm else "",
        "url": reverse("letter_move", args=[slug, pk, move]), "danger": move == "cancel", "blocked": blocked,
        "possible": possible, "count": len(queries.recipients_of(found)) if move in ("initial", "approve") else None,
        "missing": queries.missing_parts(found) if possible and move in ("initial", "approve") else [],
        "next_number": _next_number(found) if move == "approve" else "",
        "progress": queries.progress_of(found) if move == "send" else None,
    }  # fmt: skip
    return render(request, "rakor/letters/move.html", context, status=status)


@page(who=rules.letter_people, writes=True)
def letter_late(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give recipients who were added after the approval their copies."""
    found = letter_or_404(request, slug, pk)
    if request.method == "POST":
        count = actions.number_late_copies(found, by=request.user)
        told = ngettext("%(n)s penerima susulan mendapat suratnya.", "%(n)s penerima susulan mendapat suratnya.", count)
        messages.success(request, told % {"n": count})
    return redirect(found)
