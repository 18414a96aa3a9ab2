"""The outbox: what waits to be looked at, one message as its recipient reads it, and what is done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.outbox import actions, rules
from portal.outbox.facts import whatsapp_url
from portal.outbox.models import Attachment, Message
from portal.outbox.queries import ORDERS, counts_by_status, search_messages
from portal.outbox.workflow import MESSAGE, WAITING
from portal.web.access import page, signed_in
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number

PER_PAGE = 25
SHOWN_HISTORY = 20
MOST = 1000
"""Messages that one click lets go."""


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {
        "text": search_text(request), "status": search_text(request, "status"),
        "channel": search_text(request, "saluran"), "order": search_text(request, "sort"),
    }  # fmt: skip


@page(who=rules.keepers, reads=True)
def outbox(request: HttpRequest) -> HttpResponse:
    """All messages: search, filter, order, pages, Excel; those that wait can be let go here."""
    wanted = _wanted(request)
    found = search_messages(request.user, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(found)
    counts = counts_by_status(request.user)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total = shown.paginator.count
    context = {
        "page": shown, "rows": shown.object_list, "q": wanted["text"],
        "narrowed": bool(wanted["text"] or wanted["status"] or wanted["channel"]),
        "only_waiting": wanted["status"] == WAITING and not wanted["text"] and not wanted["channel"],
        "count": ngettext("%(n)s pesan", "%(n)s pesan", total) % {"n": total},
        "filters": [
            {"name": "status", "label": _("Status"), "value": wanted["status"],
             "choices": [(key, f"{_(label)} ({counts.get(key, 0)})") for key, label in MESSAGE.choices]},
            {"name": "saluran", "label": _("Saluran"), "value": wanted["channel"],
             "choices": [("surel", _("Dengan surel")), ("tanpa_surel", _("Tanpa surel")),
                         ("whatsapp", _("Sudah disalin untuk WhatsApp"))]},
        ],
        "sorts": [("", _("Terbaru")), ("lama", _("Terlama")), ("nama", _("Nama penerima"))],
        "sort": wanted["order"] if wanted["order"] in ORDERS else "",
        "excel": f"?{query_with(request, format='xlsx')}", "query": query_with(request),
        "waiting": found.filter(status=WAITING).count() if counts.get(WAITING) else 0,
        "looked_at": timezone.now().isoformat(), "has_mail": bool(settings.EMAIL_HOST), "counts": counts,
    }  # fmt: skip
    return render(request, "outbox/outbox.html", context)


def _excel(found: Any) -> HttpResponse:
    header = [
        _("Penerima"), _("Perihal"), _("Judul"), _("Isi"), _("Surel"), _("Telepon/WhatsApp"), _("Status"),
        _("Dilepas"), _("Terkirim"), _("Disalin untuk WhatsApp"), _("Keterangan"),
    ]  # fmt: skip
    rows = [
        [
            row.name, row.topic_label, row.subject, row.text, row.email, row.phone, _(row.state.label),
            _local(row.released_at), _local(row.sent_at), _("Ya") if row.copied else _("Belum"), row.error,
        ]
        for row in found
    ]  # fmt: skip
    return excel_response("kotak-keluar", _("Kotak keluar"), header, rows)


def _local(moment: dt.datetime | None) -> dt.datetime | str:
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else ""


@page(who=rules.keepers, writes=True)
def outbox_release(request: HttpRequest) -> HttpResponse:
    """Let the chosen messages go, or all that the list's filters show and nobody changed since it was opened."""
    back = f"{request.path.removesuffix('lepas/')}?{query_with(request)}"
    if request.method != "POST":
        return redirect(back)
    rows = _all_shown(request) if request.POST.get("semua") else _chosen(request)
    released = actions.release(rows, by=request.user)
    if released:
        text = ngettext("%(n)s pesan dilepas.", "%(n)s pesan dilepas.", released)
        messages.success(request, text % {"n": released})
    else:
        messages.warning(request, _("Tidak ada pesan yang dilepas. Pilih pesan yang menunggu dilihat."))
    return redirect(back)


def _chosen(request: HttpRequest) -> list[Message]:
    """The ticked messages as the list showed them."""
    found = []
    for value in request.POST.getlist("pesan")[:MOST]:
        pk, _colon, version = value.partition(":")
        numbers = whole_number(pk), whole_number(version, largest=2**31 - 1)
        if None not in numbers:
            found.append(Message(pk=numbers[0], version=numbers[1]))
    return found


def _all_shown(request: HttpRequest) -> list[Message]:
    try:
        seen = parse_datetime(request.POST.get("dilihat", ""))
    except ValueError:
        seen = None
    if seen is None or timezone.is_naive(seen):
        return []
    found = search_messages(request.user, **_wanted(request))
    return list(found.filter(status=WAITING, changed_at__lte=seen)[:MOST])


@page(who=rules.keepers, reads=True)
def outbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as its recipient reads it, what was tried, and what can be done."""
    message = _visible(request, pk)
    context = {
        "message": message,
        "parts": message.parts,
        "attachments": message.attachments.select_related("document").defer("content"),
        "readers": _readers(message),
        "in_portal": message.audience.exists(),
        "tries": message.tries.select_related("by"),
        "offers": _offers(request.user, message),
        "has_mail": bool(settings.EMAIL_HOST),
        "whatsapp": whatsapp_url(message.phone, message.text),
        "history": history_of(message, limit=SHOWN_HISTORY),
    }
    return render(request, "outbox/message.html", context)


def _readers(message: Message) -> list[tuple[str, dt.datetime | None]]:
    """(name, when it was put aside) of those who read it today, then of those who had read it and do not any more."""
    read = {row.user_id: row for row in message.readings.select_related("user")}
    now = [(person.display_name, getattr(read.pop(person.pk, None), "read_at", None)) for person in message.people()]
    return now + [(row.user.display_name, row.read_at) for row in read.values()]


def _offers(user: Any, message: Message) -> list[dict[str, Any]]:
    """The buttons that make sense in this status."""
    steps = (
        ("lepas", _("Lepas pesan"), "check", "primary", "", rules.may_release),
        ("kirim-ulang", _("Kirim ulang"), "refresh", "secondary", _("Kirim pesan ini sekali lagi?"), rules.may_resend),
        ("sampai", _("Sudah sampai"), "check-circle", "secondary", "", rules.may_settle),
        ("tidak-sampai", _("Tidak sampai"), "x-circle", "secondary", "", _may_deny),
        ("batal", _("Batalkan pesan"), "trash", "outline-danger", _("Pesan ini tidak dikirim. Lanjutkan?"),
         rules.may_drop),
    )  # fmt: skip
    return [
        {"step": step, "label": label, "icon": icon, "style": style, "confirm": confirm}
        for step, label, icon, style, confirm, rule in steps
        if rule(user, message)
    ]


def _may_deny(user: Any, message: Message) -> bool:
    return bool(rules.may_settle(user, message)) and message.status == "tak_pasti"


@page(who=rules.keepers, writes=True)
def outbox_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Do one thing with the message: let go, send again, settle, cancel, or note that it was copied."""
    message = _visible(request, pk)
    if request.method != "POST":
        return redirect(message)
    version = whole_number(request.POST.get("versi"), largest=2**31 - 1)
    user = request.user
    if step == "lepas":
        message.version = version if version is not None else message.version
        done = _("Pesan dilepas.") if actions.release([message], by=user) else _("Pesan ini sudah dilepas.")
    elif step == "kirim-ulang":
        message = actions.resend(message, by=user)
        done = _("Pesan dikirim ulang.")
    elif step in ("sampai", "tidak-sampai"):
        actions.settle(message, step == "sampai", by=user)
        done = _("Keterangan Anda dicatat.")
    elif step == "batal":
        actions.discard(message, by=user)
        done = _("Pesan dibatalkan.")
    elif step == "salin":
        actions.mark_copied(message, by=user)
        done = _("Dicatat: pesan disalin untuk WhatsApp.")
    else:
        raise Http404
    messages.success(request, done)
    return redirect(message)


@page(who=signed_in, reads=True)
def message_file(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """A file that goes with a message, for those who read it; papers have a page of their own."""
    message = _visible(request, pk)
    file = get_object_or_404(Attachment, message=message, pk=file_id, document__isnull=True)
    response = HttpResponse(bytes(file.content), content_type=file.mime)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _visible(request: HttpRequest, pk: int) -> Message:
    rows = Message.objects.visible_to(request.user).select_related("released_by")
    return get_object_or_404(rows, pk=pk)
