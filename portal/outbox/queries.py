"""Reading messages: the outbox of their keepers, what somebody is told, and what workers forgot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.documents.claims import is_claimed
from portal.outbox.models import Attempt, Audience, Message, Reading
from portal.outbox.workflow import FAILED, OUTBOX_LOCK, RELEASED, SENDING, UNCERTAIN, WAITING

HINT_LASTS = dt.timedelta(seconds=20)
"""A hint that led to nothing for so long is taken for lost. A needless second one does no harm."""

ORDERS = {"": ("-changed_at", "-pk"), "nama": ("name", "pk"), "lama": ("changed_at", "pk")}
"""How the list can be sorted."""

INBOX_ORDERS = {
    "": ("-released_at", "-pk"), "lama": ("released_at", "pk"), "perihal": ("topic_label", "-released_at", "-pk"),
}  # fmt: skip
"""How what somebody was told can be sorted."""


def search_messages(
    user: Any, *, text: str = "", status: str = "", channel: str = "", order: str = ""
) -> QuerySet[Message]:
    """The messages this keeper looks after, narrowed as the list's form asks.

    `copied` says whether for WhatsApp, `in_portal` whether anybody reads it there.
    """
    copied = Attempt.objects.filter(message=OuterRef("pk"), channel=Attempt.Channel.WHATSAPP)
    in_portal = Audience.objects.filter(message=OuterRef("pk"))
    found = Message.objects.visible_to(user).annotate(copied=Exists(copied), in_portal=Exists(in_portal))
    if status:
        found = found.filter(status=status)
    if channel == "tanpa_surel":
        found = found.filter(email="")
    elif channel == "surel":
        found = found.exclude(email="")
    elif channel == "whatsapp":
        found = found.filter(copied=True)
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(topic_label__icontains=text) | Q(parts__icontains=text)
        )  # fmt: skip
    return found.order_by(*ORDERS.get(order, ORDERS[""]))


def counts_by_status(user: Any) -> dict[str, int]:
    """How many messages are in which status."""
    rows = Message.objects.visible_to(user).order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def unread_messages(user: Any, limit: int = 5) -> list[Message]:
    """What this user was told and has not put aside, newest first."""
    return list(received_messages(user, state="baru")[:limit])


def received_messages(user: Any, *, text: str = "", state: str = "", order: str = "") -> QuerySet[Message]:
    """What this user was told; `unread` says what he has not put aside. `state`: "baru", "dibaca" or ""."""
    read = Reading.objects.filter(message=OuterRef("pk"), user=user.pk)
    own = Message.objects.received_by(user).annotate(unread=~Exists(read))
    if state in ("baru", "dibaca"):
        own = own.filter(unread=state == "baru")
    if text:
        own = own.filter(Q(topic_label__icontains=text) | Q(parts__icontains=text))
    return own.order_by(*INBOX_ORDERS.get(order, INBOX_ORDERS[""]))


def forgotten() -> QuerySet[Message]:
    """Rows that need a new hint: released and due, or claimed by a worker that is gone."""
    now = timezone.now()
    due = Q(status=RELEASED) & (Q(next_at__isnull=True) | Q(next_at__lte=now)) & Q(hinted_at__lt=now - HINT_LASTS)
    lost = Q(status=SENDING, held=False, claimed_at__lt=now - HINT_LASTS / 4)
    rows = Message.objects.filter(status__in=[RELEASED, SENDING])
    return rows.annotate(held=is_claimed(Message._meta.db_table, OUTBOX_LOCK)).filter(due | lost).order_by("pk")


def waiting_for_people() -> dict[str, int]:
    """How many messages wait to be looked at, to be decided, or to be told in another way."""
    rows = Message.objects.filter(status__in=[WAITING, UNCERTAIN, FAILED]).order_by().values_list("status")
    return dict(rows.annotate(n=Count("pk")))
