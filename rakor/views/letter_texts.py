"""The committee's decree and report: begun, edited, filled in anew part by part, printed as a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.documents.actions import order_document
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.parameters import whole_number
from portal.web.submissions import form_status, see_version, sent
from rakor import rules
from rakor.actions import committee as actions
from rakor.actions.letters import save_letter
from rakor.forms.letter_texts import TextForm
from rakor.models import Letter, Meeting
from rakor.queries import committee as queries
from rakor.queries.letter_text_papers import (
    CONTENTS,
    PART_LABELS,
    content_of,
    missing_text,
    text_facts,
    text_parts,
    usual_text,
)
from rakor.queries.minutes_compare import mark_words
from rakor.views.letter_frame import frame


def text_or_404(request: HttpRequest, slug: str, pk: int) -> Letter:
    """The decree or report of that address for those who read letters.

    Errors: Http404.
    """
    rows = Letter.objects.visible_to(request.user).filter(meeting__slug=slug, kind__in=list(CONTENTS))
    related = ("meeting__province", "meeting__host_regency", "signer__person", "signer__agency", "author")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@page(who=rules.letter_writers, writes=True)
def letter_text_start(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Begin the decree or the report; a second click opens the one there is."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    if kind not in CONTENTS:
        raise Http404
    if request.method != "POST":
        return redirect("committee", slug)
    letter = actions.start_text(meeting, kind, by=request.user)
    return redirect("letter_text_edit", slug, letter.pk)


@page(who=rules.letter_writers, writes=True)
def letter_text_replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Begin the decree that revokes this one; a second click opens it."""
    letter = text_or_404(request, slug, pk)
    if request.method != "POST":
        return redirect(letter)
    try:
        newer = actions.replace_decree(letter, by=request.user)
    except Blocked as error:
        messages.error(request, str(error))
        return redirect(letter)
    messages.success(request, _("Konsep SK pengganti tersusun. Ubah isi dan susunan panitianya."))
    return redirect("letter_text_edit", slug, newer.pk)


@page(who=rules.letter_people, writes=True)
def letter_text_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The whole text, to be written while it is a draft and read afterwards."""
    return edit(request, text_or_404(request, slug, pk))


def edit(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The whole text; who is late sees both versions. The button of a part saves, then compares it with the portal."""
    editing = rules.may_write_letter(request.user, letter)
    form = TextForm(sent(request), letter=letter)
    status, theirs, blocked = form_status(request), [], ""
    if request.method == "POST" and form.is_valid():
        try:
            save_letter(letter, form.values, by=request.user, base_version=form.cleaned_data["version"])
        except StaleVersion as stale:
            status, theirs = 409, form.differences(stale.current)
            see_version(form, stale.current.version)
        except Blocked as error:
            blocked = str(error)
        else:
            return _saved(request, letter)
    context = _frame(request.user, letter) | {
        "form": form, "editing": editing, "theirs": theirs, "stale": status == 409, "blocked": blocked,
        "missing": missing_text(letter), "fresh_url": request.path, "head": _fields(form, ("subject",)),
        "parts": _fields(form, CONTENTS[letter.kind].parts()), "foot": _fields(form, ("signer", "classification")),
        "may_print": rules.letter_people(request.user),
        "initials": rules.may_move_letter(request.user, letter, "initial"),
    }  # fmt: skip
    return render(request, "rakor/letter_texts/edit.html", context, status=status)


def _saved(request: HttpRequest, letter: Letter) -> HttpResponse:
    """On to the part that is to be compared, or back to the text."""
    part = request.POST.get("isi-ulang", "")
    if part in CONTENTS[letter.kind].parts():
        return redirect("letter_text_refill", letter.meeting.slug, letter.pk, part)
    messages.success(request, _("Naskah tersimpan."))
    if "rancangan" in request.POST:
        return _draft(request, letter)
    return redirect("letter_text_edit", letter.meeting.slug, letter.pk)


def _fields(form: TextForm, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The fields with whether the portal has a text for them."""
    return [
        {"field": form[name], "name": name, "refills": name in CONTENTS[form.letter.kind].refilled()} for name in names
    ]


def reading(user: Any, letter: Letter) -> dict[str, Any]:
    """What the page of a letter shows of a text: its parts, its committee, and whether it may be printed as a draft."""
    drafted = letter.status in ("konsep", "diparaf")
    return {
        "parts": text_parts(letter),
        "may_print": drafted and bool(rules.letter_people(user)),
        "may_replace": letter.status == "terkirim" and bool(rules.letter_writers(user)),
        "newer": queries.successor_of(letter),
        **_frame(user, letter),
    }


def _frame(user: Any, letter: Letter) -> dict[str, Any]:
    """What all pages of a text show: edition, letter, how many are on its committee."""
    return frame(user, letter.meeting, "letters") | {
        "letter": letter, "is_decree": letter.kind == Letter.Kind.DECREE,
        "members": queries.members_of(letter.meeting).count(),
    }  # fmt: skip


@page(who=rules.letter_writers, writes=True)
def letter_text_refill(request: HttpRequest, slug: str, pk: int, part: str) -> HttpResponse:
    """One part as it is written and as the portal would write it now; nothing is replaced before it was seen."""
    letter = text_or_404(request, slug, pk)
    if part not in CONTENTS[letter.kind].refilled():
        raise Http404
    back = f"{reverse('letter_text_edit', args=[slug, pk])}#bagian-{part}"
    if request.method == "POST":
        version = whole_number(request.POST.get("version", ""), largest=2**31 - 1) or 0
        try:
            actions.refill_part(letter, part, base_version=version, by=request.user)
        except StaleVersion as stale:
            messages.warning(request, str(stale))
            return redirect("letter_text_refill", slug, pk, part)
        messages.success(request, _("%(part)s diisi ulang dari portal.") % {"part": PART_LABELS[part]})
        return redirect(back)
    _subject, usual = usual_text(letter.meeting, letter.kind)
    old, new = content_of(letter).text_of(part), usual.text_of(part)
    left, right = mark_words(old, new)
    context = _frame(request.user, letter) | {
        "label": PART_LABELS[part], "left": left, "right": right, "same": old == new, "empty": not old,
        "editing": rules.may_write_letter(request.user, letter), "back": back,
    }  # fmt: skip
    return render(request, "rakor/letter_texts/refill.html", context)


@page(who=rules.letter_people, writes=True)
def letter_text_draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have the text printed as RANCANGAN, to be read before it is initialled."""
    letter = text_or_404(request, slug, pk)
    if request.method != "POST":
        return redirect("letter_text_edit", slug, pk)
    return _draft(request, letter)


def _draft(request: HttpRequest, letter: Letter) -> HttpResponse:
    ensure(rules.letter_people(request.user))
    letter.refresh_from_db(fields=["content", "subject", "signer", "version"])
    document = order_document(letter.kind, text_facts(letter), subject=letter, by=request.user)
    return redirect(document)
