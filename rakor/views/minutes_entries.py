"""Entries of minutes: add, change, delete and bring back, move, drafts, conflicts, versions.

Every address works as a plain form; scripts (X-Requested-With: fetch) get JSON instead of a page.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock
from portal.kernel.errors import StaleVersion
from portal.web.access import is_background, page
from portal.web.parameters import whole_number
from rakor.actions import minutes as actions
from rakor.actions.minutes_conflicts import restore_revision, settle_conflict
from rakor.actions.minutes_drafts import close_draft, save_draft
from rakor.forms.minutes import SEQUENCE, VERSION, DraftForm, EntryForm
from rakor.models import MinuteEntry, Minutes
from rakor.queries import minutes as queries
from rakor.queries.minutes_compare import compare
from rakor.rules import may_write_minutes, minute_takers
from rakor.views.minutes_fragments import datalists_html, entry_html
from regencies.rules import province_staff


class Address(forms.Form):
    """Which entry a request means and what its sender knew."""

    key = forms.UUIDField(required=False)
    base_version = forms.IntegerField(required=False, **VERSION)
    seq = forms.IntegerField(required=False, **SEQUENCE)
    choice = forms.ChoiceField(required=False, choices=[(key, key) for key in ("mine", "stored", "merged")])

    @classmethod
    def of(cls, request: HttpRequest) -> dict[str, Any]:
        """The cleaned address; what cannot be read counts as not given, and then nothing is overwritten."""
        form = cls(request.POST)
        form.is_valid()
        data = {name: form.cleaned_data.get(name) for name in cls.base_fields}
        return data | {"base_version": data["base_version"] or 0, "seq": data["seq"] or 0}


def minutes_or_404(request: HttpRequest, slug: str, session_id: int) -> Minutes:
    """The minutes of that session, if this user may see them."""
    return get_object_or_404(queries.minutes_of(request.user, slug), session_id=session_id)


def _errors(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def _back(minutes: Minutes, entry: MinuteEntry | None = None) -> HttpResponse:
    url = reverse("minutes", args=[minutes.session.meeting.slug, minutes.session_id])
    return redirect(f"{url}#butir-{entry.pk}" if entry else f"{url}#tulis")


def _stored(request: HttpRequest, minutes: Minutes, entry: MinuteEntry, sentence: str) -> HttpResponse:
    if is_background(request):
        answer = {"id": entry.pk, "version": entry.version, "html": None, "at": clock(timezone.localtime())}
        if entry.deleted_at is None:
            answer["html"] = entry_html(entry, editable=True)
        return JsonResponse(answer)
    messages.success(request, sentence)
    return _back(minutes, entry)


@page(who=minute_takers, writes=True)
def entry_new(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Add an entry at the end; the same key sent twice is stored once."""
    return _save(request, minutes_or_404(request, slug, session_id), None)


@page(who=minute_takers, writes=True)
def entry_edit(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """The form of one entry with everything that can be done to it; saves it."""
    minutes = minutes_or_404(request, slug, session_id)
    return _save(request, minutes, get_object_or_404(minutes.entries, pk=entry_id))


def _save(request: HttpRequest, minutes: Minutes, entry: MinuteEntry | None) -> HttpResponse:
    if request.method != "POST":
        initial = {"kind": MinuteEntry.Kind.DISCUSSION} if entry is None else None
        return _form_page(request, minutes, entry, EntryForm(instance=entry, initial=initial))
    form, address = EntryForm(request.POST), Address.of(request)
    if not form.is_valid():
        if is_background(request):
            return JsonResponse({"errors": _errors(form)}, status=422)
        return _form_page(request, minutes, entry, form, status=422)
    try:
        stored = actions.save_entry(
            minutes, form.words, by=request.user, key=address["key"], entry_id=entry.pk if entry else None,
            base_version=address["base_version"], seq=address["seq"],
        )  # fmt: skip
    except StaleVersion as error:
        return _conflict(request, minutes, error)
    return _stored(request, minutes, stored, _("Butir tersimpan."))


def _form_page(
    request: HttpRequest, minutes: Minutes, entry: MinuteEntry | None, form: EntryForm, *, status: int = 200
) -> HttpResponse:
    order = list(minutes.entries.kept().values_list("pk", flat=True)) if entry else []
    place = order.index(entry.pk) if entry and entry.pk in order else -1
    context = {
        "minutes": minutes, "session": minutes.session, "meeting": minutes.session.meeting, "entry": entry,
        "form": form, "datalists_html": datalists_html(minutes.session.meeting),
        "base_version": request.POST.get("base_version", "") or (str(entry.version) if entry else "0"),
        "writing": may_write_minutes(request.user, minutes), "number": place + 1,
        "up": order[place - 1] if place > 0 else None,
        "down": (order[place + 2] if place + 2 < len(order) else "akhir") if 0 <= place < len(order) - 1 else None,
    }  # fmt: skip
    return render(request, "rakor/minutes/entry_page.html", context, status=status)


def _conflict(request: HttpRequest, minutes: Minutes, error: StaleVersion) -> HttpResponse:
    """Both texts side by side: a panel for scripts, a page for plain forms; nothing was overwritten."""
    entry: MinuteEntry = error.current
    context = {
        "minutes": minutes, "session": minutes.session, "meeting": minutes.session.meeting, "entry": entry,
        "sentence": str(error), "rows": compare(entry.words, error.yours),
        "mine": EntryForm(initial=error.yours, auto_id=False),
        "merged": EntryForm(initial=error.yours, auto_id=f"gabung-{entry.pk}-%s"),
        "base_version": str(entry.version), "key": request.POST.get("key", ""), "seq": request.POST.get("seq", ""),
    }  # fmt: skip
    if is_background(request):
        panel = render_to_string("rakor/minutes/conflict.html", context, request)
        return JsonResponse({"id": entry.pk, "version": entry.version, "conflict": panel}, status=409)
    return render(request, "rakor/minutes/conflict_page.html", context, status=409)


@page(who=minute_takers, writes=True)
def entry_settle(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """Settle a conflict: mine, the stored text, or a merged one."""
    minutes = minutes_or_404(request, slug, session_id)
    entry = get_object_or_404(minutes.entries, pk=entry_id)
    form, address = EntryForm(request.POST), Address.of(request)
    if request.method != "POST":
        return _back(minutes, entry)
    if not form.is_valid() or not address["choice"]:
        if is_background(request):
            return JsonResponse({"errors": _errors(form)}, status=422)
        return _form_page(request, minutes, entry, form, status=422)
    try:
        entry = settle_conflict(
            minutes, entry.pk, address["choice"], form.words, base_version=address["base_version"], by=request.user,
            key=str(address["key"] or ""), seq=address["seq"],
        )  # fmt: skip
    except StaleVersion as error:
        return _conflict(request, minutes, error)
    return _stored(request, minutes, entry, _("Pilihan Anda tersimpan. Teks yang lain ada di riwayat butir."))


@page(who=minute_takers, writes=True)
def entry_delete(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """Take an entry out; the message offers to undo."""
    minutes = minutes_or_404(request, slug, session_id)
    get_object_or_404(minutes.entries, pk=entry_id)
    if request.method != "POST":
        return redirect("entry", slug, session_id, entry_id)
    entry = actions.delete_entry(minutes, entry_id, base_version=Address.of(request)["base_version"], by=request.user)
    undo = reverse("entry_undelete", args=[slug, session_id, entry_id])
    if is_background(request):
        return JsonResponse({"id": entry.pk, "html": None, "undo": undo})
    messages.success(request, _("Butir dihapus."), extra_tags=f"undo:{undo}")
    return _back(minutes)


@page(who=minute_takers, writes=True)
def entry_undelete(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """Bring a deleted entry back to its place."""
    minutes = minutes_or_404(request, slug, session_id)
    entry = get_object_or_404(minutes.entries, pk=entry_id)
    if request.method == "POST":
        entry = actions.undelete_entry(minutes, entry_id, by=request.user)
        return _stored(request, minutes, entry, _("Butir dikembalikan."))
    return _back(minutes, entry)


@page(who=minute_takers, writes=True)
def entry_place(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """Move an entry before another one (`before`), or to the end."""
    minutes = minutes_or_404(request, slug, session_id)
    entry = get_object_or_404(minutes.entries, pk=entry_id)
    if request.method == "POST":
        before = whole_number(request.POST.get("before"))
        order = actions.move_entry(minutes, entry_id, before=before, by=request.user)
        if is_background(request):
            return JsonResponse({"order": order})
    return _back(minutes, entry)


@page(who=province_staff, reads=True)
def entry_history(request: HttpRequest, slug: str, session_id: int, entry_id: int) -> HttpResponse:
    """All versions of an entry, any two of them side by side."""
    minutes = minutes_or_404(request, slug, session_id)
    entry = get_object_or_404(minutes.entries.select_related("changed_by"), pk=entry_id)
    revisions = list(entry.revisions.select_related("by"))
    by_id = {str(revision.pk): revision for revision in revisions}
    new = by_id.get(request.GET.get("b", "")) or revisions[0]
    old = by_id.get(request.GET.get("a", "")) or next((r for r in revisions if r.pk < new.pk), new)
    context = {
        "minutes": minutes, "session": minutes.session, "meeting": minutes.session.meeting, "entry": entry,
        "revisions": revisions, "old": old, "new": new, "rows": compare(old.words, new.words),
        "writing": may_write_minutes(request.user, minutes),
    }  # fmt: skip
    return render(request, "rakor/minutes/entry_history.html", context)


@page(who=minute_takers, writes=True)
def entry_restore(request: HttpRequest, slug: str, session_id: int, entry_id: int, revision_id: int) -> HttpResponse:
    """Make an old version the newest one."""
    minutes = minutes_or_404(request, slug, session_id)
    entry = get_object_or_404(minutes.entries, pk=entry_id)
    revision = get_object_or_404(entry.revisions, pk=revision_id)
    if request.method != "POST":
        return redirect("entry_history", slug, session_id, entry_id)
    restored = restore_revision(minutes, revision, base_version=Address.of(request)["base_version"], by=request.user)
    return _stored(request, minutes, restored, _("Versi lama dipulihkan sebagai versi terbaru."))


@page(who=minute_takers, writes=True)
def entry_draft(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Keep what is being typed, or throw it away (`discard`). Answers with the time of day it was kept."""
    minutes = minutes_or_404(request, slug, session_id)
    if request.method != "POST":
        return _back(minutes)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": _errors(form)}, status=422)
    data = form.cleaned_data
    if request.POST.get("discard"):
        close_draft(minutes, data["key"], seq=data["seq"], by=request.user)
        return JsonResponse({"seq": data["seq"]})
    draft = save_draft(
        minutes, data["key"], form.words, base_version=data["base_version"] or 0, seq=data["seq"], by=request.user
    )
    return JsonResponse({"seq": draft.seq, "at": clock(timezone.localtime(draft.saved_at))})
