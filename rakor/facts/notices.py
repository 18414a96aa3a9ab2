"""The sentences that recipients are told: stored Indonesian, whoever acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from portal.kernel.dates import date_range, long_date
from portal.outbox.facts import Part

LETTER, WITHDRAWN, PROGRAMME, REMINDER = "surat", "ditarik", "jadwal", "pengingat"
DELEGATE, NO_DELEGATE = "utusan", "bukan_utusan"
"""Keys of the parts that a message about an edition can have."""


def letter_part(meeting: Any, copy: Any, url: str, deadline: dt.date | None) -> Part:
    """The invitation has come: what, when, where, and until when to answer."""
    lines = [
        f"Anda diundang ke {meeting.title}, {date_range(meeting.starts_on, meeting.ends_on)} di {meeting.place}.",
        f"Surat nomor {copy.number.text}, hal {copy.letter.subject}.",
        "Buka tautan ini untuk membaca surat, menjawab, dan mendaftarkan utusan.",
    ]
    if deadline:
        lines.append(f"Mohon jawaban paling lambat {long_date(deadline)}.")
    return Part(LETTER, f"Undangan {meeting.short_name}", "\n".join(lines), url)


def withdrawn_part(meeting: Any, addressee: str, reason: str, url: str) -> Part:
    """The invitation does not stand any more."""
    text = f"Undangan {meeting.title} kepada {addressee} ditarik. Alasan: {reason.rstrip('.')}. Mohon maaf."
    return Part(WITHDRAWN, f"Undangan {meeting.short_name} ditarik", text, url)


def delegate_part(meeting: Any, place: Any, url: str) -> Part:
    """Somebody's office named him: his own card, and the calendar. Nothing of his that he did not give."""
    lines = [
        f"Anda didaftarkan sebagai utusan {place.participant.institution} pada {meeting.title}, "
        f"{date_range(meeting.starts_on, meeting.ends_on)} di {meeting.place}.",
        "Acaranya ada di kalender terlampir. Tautan ini membuka kartu peserta Anda; jangan teruskan kepada orang lain.",
    ]
    return Part(DELEGATE, f"Anda utusan pada {meeting.short_name}", "\n".join(lines), url)


def no_delegate_part(meeting: Any, place: Any) -> Part:
    """Somebody was replaced or taken off after he had been told."""
    text = (
        f"Pendaftaran Anda sebagai utusan {place.participant.institution} pada {meeting.title}, "
        f"{date_range(meeting.starts_on, meeting.ends_on)}, tidak berlaku lagi. Hapus acaranya dari kalender Anda. "
        "Bila ini keliru, hubungi kantor Anda atau panitia."
    )
    return Part(NO_DELEGATE, f"Pendaftaran Anda pada {meeting.short_name} dibatalkan", text)


def programme_part(meeting: Any, changes: Iterable[str], url: str) -> Part:
    """Times or rooms of the programme differ from what the recipients were told."""
    lines = ["Susunan acara berubah sesudah undangan dikirim:"]
    lines += [f"- {change}" for change in changes]
    lines.append("Kalender terlampir memperbarui yang lama. Acara terbaru ada di tautan ini.")
    return Part(PROGRAMME, f"Perubahan jadwal {meeting.short_name}", "\n".join(lines), url)


def cancelled_part(meeting: Any, url: str) -> Part:
    """The edition does not take place."""
    reason = meeting.cancelled_reason.strip().rstrip(".")
    text = f"{meeting.title}, {date_range(meeting.starts_on, meeting.ends_on)}, dibatalkan. Alasan: {reason}."
    return Part(PROGRAMME, f"{meeting.short_name} dibatalkan", text, url)


def reminder_part(meeting: Any, text: str, url: str) -> Part:
    """Nobody has answered yet: the text was written when the reminder was planned."""
    return Part(REMINDER, f"Pengingat: undangan {meeting.short_name} belum dijawab", text, url)


def reminder_text(meeting: Any, deadline: dt.date | None) -> str:
    """What a reminder says unless its planner writes something else."""
    until = f" paling lambat {long_date(deadline)}" if deadline else ""
    return (
        f"Kami belum menerima jawaban atas undangan {meeting.title}, "
        f"{date_range(meeting.starts_on, meeting.ends_on)} di {meeting.place}. "
        f"Mohon menyatakan hadir atau tidak hadir dan mendaftarkan utusan{until}."
    )
