"""Reading what signing ceremonies ask of signers, for the top of the first page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.dates import clock, long_date
from portal.kernel.tasks import Task
from rakor.queries.ceremonies import own_ceremonies


def ceremony_tasks(user: Any) -> Iterable[Task]:
    """Whoever signs in a ceremony to come: when, where and how many papers; at the top on the day itself."""
    today = timezone.localdate()
    for ceremony in own_ceremonies(user):
        session = ceremony.session
        starts = timezone.localtime(session.starts_at)
        title = ngettext(
            "Anda menandatangani %(n)s naskah pada %(day)s",
            "Anda menandatangani %(n)s naskah pada %(day)s",
            ceremony.mine,
        ) % {"n": ceremony.mine, "day": long_date(starts.date())}
        note = _("%(session)s, pukul %(time)s") % {"session": session.title, "time": clock(starts)}
        if session.room:
            note = f"{note}, {session.room}"
        due = starts.date() <= today
        yield Task(
            title, reverse("ceremony", args=[session.meeting.slug, session.pk]), note, "warning" if due else "info",
            "signature", 0 if due else 2,
        )  # fmt: skip
