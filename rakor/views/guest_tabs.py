"""The parts around the invitations of an edition: one row of tabs on all their pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rakor import rules
from rakor.models import Meeting
from regencies.rules import province_staff


def guest_tabs(user: Any, meeting: Meeting, active: str) -> list[dict[str, Any]]:
    """The tabs this user may open, for the tabs component; `active` is the name of the page's address."""
    parts = {
        "letters": (_("Surat"), province_staff),
        "recipients": (_("Penerima"), province_staff),
        "invitations": (_("Jawaban"), province_staff),
        "reminders": (_("Pengingat"), rules.guest_keepers),
        "registrations": (_("Peserta"), rules.guest_readers),
        "attendance": (_("Kehadiran"), rules.attendance_readers),
        "committee": (_("Panitia"), rules.committee_readers),
    }
    return [
        {"url": reverse(name, args=[meeting.slug]), "label": label, "active": name == active, "count": None}
        for name, (label, readers) in parts.items()
        if readers(user)
    ]
