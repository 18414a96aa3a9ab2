"""What somebody is told: the same message as by e-mail, readable here from the moment it was released."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.outbox import actions
from portal.outbox.models import Message
from portal.outbox.queries import INBOX_ORDERS, received_messages
from portal.web.access import page, signed_in
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text

PER_PAGE = 25


@page(who=signed_in, reads=True)
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything this user was told: search, filter, order, pages, Excel."""
    text, state, order = search_text(request), search_text(request, "keadaan"), search_text(request, "sort")
    found = received_messages(request.user, text=text, state=state, order=order)
    if request.GET.get("format") == "xlsx":
        return _excel(found)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total = shown.paginator.count
    context = {
        "page": shown, "rows": shown.object_list, "q": text, "narrowed": bool(text or state),
        "count": ngettext("%(n)s pesan", "%(n)s pesan", total) % {"n": total},
        "filters": [
            {"name": "keadaan", "label": _("Keadaan"), "value": state,
             "choices": [("baru", _("Belum dibaca")), ("dibaca", _("Sudah dibaca"))]},
        ],
        "sorts": [("", _("Terbaru")), ("lama", _("Terlama")), ("perihal", _("Perihal"))],
        "sort": order if order in INBOX_ORDERS else "", "excel": f"?{query_with(request, format='xlsx')}",
    }  # fmt: skip
    return render(request, "outbox/inbox.html", context)


def _excel(found: Iterable[Message]) -> HttpResponse:
    header = [_("Diterima"), _("Perihal"), _("Judul"), _("Isi"), _("Keadaan")]
    rows = [
        [
            timezone.localtime(row.released_at).replace(tzinfo=None, microsecond=0), row.topic_label, row.subject,
            row.text, _("Belum dibaca") if row.unread else _("Sudah dibaca"),
        ]
        for row in found
    ]  # fmt: skip
    return excel_response("pesan-untuk-saya", _("Pesan untuk Anda"), header, rows)


@page(who=signed_in, reads=True)
def inbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, with a button that puts it aside."""
    message = _received(request, pk)
    context = {
        "message": message,
        "unread": not message.readings.filter(user=request.user).exists(),
        "files": message.attachments.filter(document__isnull=True).defer("content"),
    }
    return render(request, "outbox/inbox_message.html", context)


@page(who=signed_in, writes=True)
def inbox_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the message aside as read."""
    message = _received(request, pk)
    if request.method == "POST":
        actions.put_aside(message, by=request.user)
    return redirect("inbox")


def _received(request: HttpRequest, pk: int) -> Message:
    return get_object_or_404(Message.objects.received_by(request.user), pk=pk)
