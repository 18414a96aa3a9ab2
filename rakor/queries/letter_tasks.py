"""Reading what waits for whom on the way of a letter, for the top of the home page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.tasks import Task
from rakor.models import Letter
from rakor.queries.letters import may_move
from regencies.rules import Role, roles

MOST = 6
OPEN = ("persiapan", "terjadwal", "berlangsung", "selesai")


def _waiting(status: str) -> QuerySet[Letter]:
    found = Letter.objects.filter(status=status, meeting__status__in=OPEN).select_related("meeting")
    return found.order_by("meeting__starts_on", "pk")[:MOST]


def letter_tasks(user: Any) -> Iterable[Task]:
    """Kabid: drafts to initial; kadis: letters to approve; panitia and kabid: approved ones to send."""
    held = roles(user)
    if Role.KABID_PROV in held:
        for letter in _waiting("konsep"):
            if may_move(user, letter, "initial"):
                yield _task(_("Periksa dan paraf %(letter)s"), letter, ("info", "signature", 3))
    if Role.KADIS_PROV in held:
        for letter in _waiting("diparaf"):
            if may_move(user, letter, "approve"):
                yield _task(_("Setujui %(letter)s"), letter, ("warning", "check-circle", 1))
    if held & {Role.PANITIA, Role.KABID_PROV}:
        for letter in _waiting("disetujui").annotate(total=Count("copies")):
            copies = ngettext("%(n)s surat sudah bernomor.", "%(n)s surat sudah bernomor.", letter.total)
            yield _task(_("Kirim %(letter)s"), letter, ("warning", "mail", 2), copies % {"n": letter.total})


def _task(title: str, letter: Letter, look: tuple[str, str, int], more: str = "") -> Task:
    """The task with its tone, icon and urgency."""
    name = letter.get_kind_display()
    if letter.group:
        name = _("surat kepada %(group)s") % {"group": letter.get_group_display()}
    note = " ".join(part for part in (f"{letter.meeting.short_name}.", more) if part)
    return Task(title % {"letter": name}, letter.get_absolute_url(), note, *look)
