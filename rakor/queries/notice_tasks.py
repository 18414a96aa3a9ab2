"""What the committee has to do with messages: look at those that wait, decide what is uncertain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.tasks import Task
from portal.outbox.queries import waiting_for_people
from portal.outbox.workflow import FAILED, UNCERTAIN, WAITING


def outbox_tasks(user: Any) -> Iterable[Task]:
    """Panitia and kabid: messages to be looked at, to be decided, to be sent in another way."""
    found, outbox = waiting_for_people(), reverse("outbox")
    if n := found.get(WAITING):
        title = ngettext("%(n)s pesan menunggu dilihat", "%(n)s pesan menunggu dilihat", n) % {"n": n}
        note = _("Baca, lalu lepas kepada penerimanya.")
        yield Task(title, f"{outbox}?status={WAITING}", note, "warning", "mail", 2)
    if n := found.get(UNCERTAIN):
        title = ngettext("%(n)s pesan tidak pasti sampai", "%(n)s pesan tidak pasti sampai", n) % {"n": n}
        note = _("Tanyakan kepada penerima, lalu nyatakan sampai atau kirim ulang.")
        yield Task(title, f"{outbox}?status={UNCERTAIN}", note, "warning", "mail", 3)
    if n := found.get(FAILED):
        title = ngettext("%(n)s pesan gagal dikirim", "%(n)s pesan gagal dikirim", n) % {"n": n}
        note = _("Perbaiki alamatnya, atau sampaikan lewat WhatsApp.")
        yield Task(title, f"{outbox}?status={FAILED}", note, "danger", "mail", 3)
