"""The copies of a letter: numbers, progress and read receipts; previews; everything as one ZIP or one print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.documents.actions import order_document
from portal.documents.bundles import order_bundle
from portal.documents.models import Bundle, Document
from portal.documents.rules import may_read
from portal.documents.shapes_letters import InvitationLetter
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from rakor import rules
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, Letter, LetterCopy
from rakor.queries import letters as queries
from rakor.queries.letter_bundles import BUNDLES, bundle_entries, copies_of_invitations
from rakor.queries.letter_papers import preview_facts
from rakor.views.letter_frame import edition_or_404, frame, letter_or_404
from regencies.rules import province_staff


@page(who=province_staff, reads=True)
def letter_copies(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every copy with its number and what became of it."""
    letter = letter_or_404(request, slug, pk)
    wanted = {name: search_text(request, name) for name in ("q", "state", "sort")}
    rows = queries.copies_listed(request.user, letter, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(letter, rows)
    per_page = whole_number(request.GET.get("per")) or queries.PER_PAGE[0]
    found = Paginator(rows, per_page if per_page in queries.PER_PAGE else queries.PER_PAGE[0]).get_page(
        request.GET.get("page")
    )
    total = found.paginator.count
    context = frame(request.user, letter.meeting, "letters") | {
        "letter": letter, "page": found, "q": wanted["q"], "sort": wanted["sort"] or "order",
        "rows": [
            {"copy": copy, "state": queries.copy_state(copy), "paper": _paper(request, letter, copy)} for copy in found
        ],
        "sorts": [(key, _(label)) for key, (label, _order) in queries.COPY_SORTS.items()],
        "filters": [
            {"name": "state", "label": _("Keadaan"), "value": wanted["state"],
             "choices": [(key, _(label)) for key, (label, _rows) in queries.COPY_STATES.items()]},
        ],
        "narrowed": bool(wanted["q"] or wanted["state"]), "progress": queries.progress_of(letter),
        "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s surat", "%(n)s surat", total) % {"n": total},
    }  # fmt: skip
    return render(request, "rakor/letters/copies.html", context)


def _paper(request: HttpRequest, letter: Letter, copy: LetterCopy) -> Document | None:
    """The paper of the copy if this user may read it; of a surat undangan the whole office reads all."""
    if copy.document is None or letter.kind == Letter.Kind.INVITATION:
        return copy.document
    return copy.document if may_read(request.user, copy.document) else None


def _excel(letter: Letter, rows: object) -> HttpResponse:
    header = [
        _("Nomor"), _("Tanggal"), _("Yang terhormat"), _("di"), _("Kabupaten/kota"), _("Keadaan"), _("Terkirim"),
        _("Dibuka"), _("Jawaban"), _("Alasan ditarik"),
    ]  # fmt: skip
    return excel_response(
        f"lembar-surat-{letter.pk}", _("Surat"), header,
        (
            [copy.number.text if copy.number else "", copy.number.on if copy.number else None, copy.addressee,
             copy.place, copy.invitation.regency.name if copy.invitation and copy.invitation.regency else "",
             queries.copy_state(copy)[0], _day(copy.sent_at), _day(copy.read_at),
             copy.invitation.get_answer_display() if copy.invitation else "", copy.void_reason]
            for copy in rows
        ),
    )  # fmt: skip


def _day(moment: object) -> object:
    return timezone.localtime(moment).date() if moment else None


@page(who=province_staff, reads=True)
def letter_progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How many papers are ready, as the fragment that asks again until all are."""
    letter = letter_or_404(request, slug, pk)
    context = {"letter": letter, "meeting": letter.meeting, "progress": queries.progress_of(letter)}
    return render(request, "rakor/letters/_progress.html", context)


@page(who=province_staff, reads=True)
def letter_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One copy: its number, its paper, who opened it when, and words to share its address."""
    rows = LetterCopy.objects.visible_to(request.user).select_related(
        "letter__meeting__province", "invitation__regency", "invitation__agency", "number", "document", "read_by"
    )
    copy = get_object_or_404(rows, pk=pk)
    letter, invitation = copy.letter, copy.invitation
    newer = Invitation.objects.filter(replaces=invitation).first() if invitation and copy.voided_at else None
    context = frame(request.user, letter.meeting, "letters") | {
        "copy": copy, "letter": letter, "invitation": invitation, "state": queries.copy_state(copy), "newer": newer,
        "paper": _paper(request, letter, copy),
        "share_text": _share_text(request, copy) if invitation and copy.sent_at and not copy.voided_at else "",
        "may_invite": rules.may_invite(request.user, letter.meeting),
    }  # fmt: skip
    return render(request, "rakor/letters/copy.html", context)


@override("id")
def _share_text(request: HttpRequest, copy: LetterCopy) -> str:
    """A few lines for WhatsApp, in Indonesian whoever copies them; nothing personal."""
    letter = copy.letter
    content = InvitationContent.of(letter.content)
    lines = [f"*{letter.subject}*", f"Yth. {copy.addressee}", f"Nomor {copy.number}", letter.meeting.dates,
             content.venue]  # fmt: skip
    if content.deadline:
        lines.append(_("Mohon dijawab paling lambat %(day)s:") % {"day": long_date(content.deadline)})
    address = reverse("invitation", args=[letter.meeting.slug, copy.invitation_id])
    return "\n".join([*lines, request.build_absolute_uri(address)])


@page(who=province_staff, writes=True)
def letter_preview(request: HttpRequest, slug: str, pk: int, invitation_id: int) -> HttpResponse:
    """What the letter will say to one recipient, as a page; posted, as a PDF marked RANCANGAN."""
    letter = letter_or_404(request, slug, pk)
    rows = Invitation.objects.active().filter(meeting=letter.meeting_id, group=letter.group or "-")
    invitation = get_object_or_404(rows.select_related("regency"), pk=invitation_id)
    if letter.signer_id is None:
        messages.warning(request, _("Pilih penandatangannya dahulu, lalu lihat contohnya."))
        return redirect(letter)
    facts = preview_facts(letter, invitation)
    if request.method == "POST":
        return redirect(order_document("undangan", facts, subject=letter, by=request.user))
    others = list(rows.order_by("order", "pk"))
    place = others.index(invitation)
    context = frame(request.user, letter.meeting, "letters") | {
        "letter": letter, "invitation": invitation, "facts": facts, "others": others, "words": _words(facts),
        "before": others[place - 1] if place else None, "after": others[place + 1] if place + 1 < len(others) else None,
    }  # fmt: skip
    return render(request, "rakor/letters/preview.html", context)


def _words(facts: InvitationLetter) -> dict[str, Any]:
    """The words of the letter between its facts: Indonesian whatever the reader's language, as on the paper."""
    head = (("Nomor", "number"), ("Sifat", "urgency"), ("Lampiran", "attached"), ("Hal", "subject"))
    return {
        "head": [(label, facts[name]) for label, name in head], "to": f"Yth. {facts['addressee']}", "at": "di –",
        "nip": f"NIP {facts['signer']['nip']}", "copies": "Tembusan:",
        "invited": f"{facts['invited_title']}: daftar yang diundang",
        "data": f"{facts['data_title']}: data yang dibawa",
        "programme": f"{facts['programme_title']}: susunan acara",
    }  # fmt: skip


@page(who=rules.letter_people, writes=True)
def letter_zip(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Order all copies of the letter as one ZIP."""
    return _bundle(request, slug, pk, Bundle.Form.ZIP)


@page(who=rules.letter_people, writes=True)
def letter_print(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Order all copies of the letter as one PDF for the printer."""
    return _bundle(request, slug, pk, Bundle.Form.PDF)


def _bundle(request: HttpRequest, slug: str, pk: int, form: str) -> HttpResponse:
    letter = letter_or_404(request, slug, pk)
    title = f"{letter.get_group_display() or letter.get_kind_display()} – {letter.meeting.short_name}"
    return _ordered(request, letter.copies.all(), title, form, back=reverse("letter_copies", args=[slug, pk]))


@page(who=rules.letter_people, writes=True)
def letters_zip(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the invitations of all groups as one ZIP."""
    return _all_invitations(request, slug, Bundle.Form.ZIP)


@page(who=rules.letter_people, writes=True)
def letters_print(request: HttpRequest, slug: str) -> HttpResponse:
    """Order the invitations of all groups as one PDF for the printer."""
    return _all_invitations(request, slug, Bundle.Form.PDF)


def _all_invitations(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    meeting = edition_or_404(request, slug)
    title = _("Semua undangan – %(meeting)s") % {"meeting": meeting.short_name}
    return _ordered(request, copies_of_invitations(meeting), title, form, back=reverse("letters", args=[slug]))


def _ordered(request: HttpRequest, copies: QuerySet[LetterCopy], title: str, form: str, *, back: str) -> HttpResponse:
    """On to the bundle of these copies, or back with the reason why there is none."""
    if request.method != "POST":
        return redirect(back)
    entries, missing = bundle_entries(copies)
    try:
        bundle = order_bundle(BUNDLES, title, entries, by=request.user, form=form)
    except Blocked as error:
        messages.error(request, str(error))
        return redirect(back)
    if missing:
        told = ngettext(
            "%(n)s surat belum selesai dicetak, jadi tidak termuat.",
            "%(n)s surat belum selesai dicetak, jadi tidak termuat.", missing,
        )  # fmt: skip
        messages.warning(request, told % {"n": missing})
    return redirect(bundle)
