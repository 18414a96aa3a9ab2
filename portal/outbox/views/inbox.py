"""What somebody is told: the same message as by e-mail, readable here from the moment it was released."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from portal.outbox import actions
from portal.outbox.models import Message
from portal.outbox.queries import received_messages
from portal.web.access import page, signed_in
from portal.web.parameters import search_text

PER_PAGE = 25


@page(who=signed_in, reads=True)
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything this user was told, newest first."""
    text, state = search_text(request), search_text(request, "keadaan")
    found = received_messages(request.user, text=text, state=state)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total = shown.paginator.count
    context = {
        "page": shown, "rows": shown.object_list, "q": text, "narrowed": bool(text or state),
        "count": ngettext("%(n)s pesan", "%(n)s pesan", total) % {"n": total},
        "state": state,
    }  # fmt: skip
    return render(request, "outbox/inbox.html", context)


@page(who=signed_in, reads=True)
def inbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, with a button that puts it aside."""
    message = _received(request, pk)
    context = {
        "message": message,
        "unread": message.readers.filter(user=request.user, read_at__isnull=True).exists(),
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
