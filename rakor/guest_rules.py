"""Who prints what about the guests of an edition. A refusal is a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if
from rakor.rules import guest_keepers, reads_personal_data


def may_print_guests(user: Any, meeting: Any) -> Decision:
    """Print attendance sheets and cards: panitia and division head, once the programme stands."""
    return guest_keepers(user) & allow_if(
        meeting.status not in ("persiapan", "dibatalkan"), _("Daftar hadir dan kartu dicetak sesudah rakor terjadwal.")
    )


def may_print_certificates(user: Any, meeting: Any, today: dt.date) -> Decision:
    """Print certificates: panitia and division head, from the last day on."""
    return guest_keepers(user) & may_make_certificates(meeting, today)


def may_have_certificate(user: Any, registration: Any, today: dt.date) -> Decision:
    """Have one's own certificate: the person, the office that sent him, the committee, from the last day on."""
    return allow_if(
        reads_personal_data(user, registration), _("Sertifikat ini milik peserta lain.")
    ) & may_make_certificates(registration.meeting, today)


def may_make_certificates(meeting: Any, today: dt.date) -> Decision:
    """Whether certificates are made yet, whoever asks: from the last day on."""
    return allow_if(
        meeting.status in ("berlangsung", "selesai", "arsip") and today >= meeting.ends_on,
        _("Sertifikat dibuat mulai hari terakhir rakor."),
    )
