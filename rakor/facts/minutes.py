"""What a notula says: pure functions of the rows they are given, in the shape of portal.documents.shapes.Minutes.

Papers are Indonesian whatever the language of whoever orders them: nothing here is translated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from portal.documents.shapes import FollowUp, Minutes, MinutesPart, Signature, Turn
from portal.kernel import dates
from portal.kernel.markup import to_html
from regencies.facts import letterhead_facts, office_line, signature_block

FINAL, DRAFT = "Final", "KONSEP"
KIND = "notula"
NO_LIST = "Sebagaimana daftar hadir terlampir"
NOTE = "Catatan"
"""Above a turn without a speaker: nothing is put into the mouth of "the participants"."""


def notula_facts(minutes: Any, entries: Sequence[Any], *, agency: Any, zone: dt.tzinfo) -> Minutes:
    """The notula of one session; everything but final minutes is marked KONSEP and carries no date of signature."""
    meeting, final = minutes.session.meeting, minutes.status == "final"
    return {
        **_cover(meeting, agency),
        "title": f"Notula {minutes.session.title} – {meeting.title}",
        "short_title": f"Notula – {minutes.session.title}",
        "status": FINAL if final else DRAFT,
        "version": f"Versi {minutes.version}",
        "parts": [part_facts(minutes, entries, zone=zone)],
        "attachments": ["Daftar hadir"],
    }


def collection_facts(
    meeting: Any, parts: Iterable[tuple[Any, Sequence[Any]]], *, agency: Any, zone: dt.tzinfo
) -> Minutes:
    """Himpunan notula: all final minutes of an edition in the order of its programme, each with its signers."""
    return {
        **_cover(meeting, agency),
        "title": f"Himpunan Notula {meeting.title}",
        "short_title": f"Himpunan Notula – {meeting.town} {meeting.starts_on.year}",
        "status": FINAL,
        "version": "",
        "parts": [part_facts(minutes, entries, zone=zone) for minutes, entries in parts],
        "attachments": ["Daftar hadir"],
    }


def part_facts(minutes: Any, entries: Sequence[Any], *, zone: dt.tzinfo) -> MinutesPart:
    """One session: head, then the entries sorted into the sections of the official format (domain §2.2 D)."""
    session, meeting = minutes.session, minutes.session.meeting
    starts = (minutes.opened_at or session.starts_at).astimezone(zone)
    ends = (minutes.closed_at or session.ends_at).astimezone(zone)
    label = dates.zone_label(zone, starts.replace(tzinfo=None))
    called = minutes.called_at.astimezone(zone) if minutes.called_at else None
    by_kind: dict[str, list[Any]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    return {
        "title": session.title,
        "meeting": f"{session.title} – {meeting.title}",
        "day": dates.long_date(starts.date()),
        "invitation": f"Nomor {meeting.invitation_number}" if meeting.invitation_number else "",
        "called_at": f"{dates.clock(called)} {label}" if called else "",
        "held_at": f"{dates.clock_range(starts, ends)} {label}",
        "place": _place(str(session.room or ""), meeting.venue, meeting.town),
        "agenda": [session.title, *_lines(session.details)],
        "chair": _person(minutes.chair),
        "secretary": _person(minutes.secretary),
        "recorder": _person(minutes.recorder),
        "participants": _lines(minutes.attendance) or [NO_LIST],
        "opening": "".join(_spoken(entry) for entry in by_kind.get("pembukaan", ())),
        "discussion": [_turn(entry) for entry in by_kind.get("pembahasan", ())],
        "problems": [_turn(entry) for entry in by_kind.get("permasalahan", ())],
        "conclusions": [_text(entry) for entry in by_kind.get("keputusan", ())],
        "follow_ups": [_follow_up(entry) for entry in by_kind.get("tindak_lanjut", ())],
        "closing": to_html(f"Sidang ditutup pukul {dates.clock(ends)} {label}.") if minutes.closed_at else "",
        "signatures": _signatures(minutes, zone=zone),
    }


def _signatures(minutes: Any, *, zone: dt.tzinfo) -> list[Signature]:
    """Recorder at the left, chair at the right with place and date; what is not final carries no date."""
    blocks = []
    if minutes.recorder:
        blocks.append(signature_block(minutes.recorder, caption="Pencatat"))
    if minutes.chair:
        final = minutes.status == "final"
        signed_on = dates.short_date(minutes.finalised_at.astimezone(zone)) if final else ""
        place_date = f"{minutes.session.meeting.town}, {signed_on}" if signed_on else ""
        blocks.append(signature_block(minutes.chair, caption="Pimpinan Rapat", place_date=place_date))
    return blocks


def _cover(meeting: Any, agency: Any) -> dict[str, Any]:
    return {
        "letterhead": letterhead_facts(agency),
        "meeting": meeting.title,
        "dates": dates.date_range(meeting.starts_on, meeting.ends_on),
    }


def _place(room: str, venue: str, town: str) -> str:
    """The room is left out when the venue names it already: "Aula" in "Aula Hotel Matahari"."""
    parts = [room if room.casefold() not in venue.casefold() else "", venue, town]
    return ", ".join(part for part in parts if part)


def _person(position: Any) -> str:
    if position is None:
        return ""
    return f"{position.person.display_name} ({office_line(position.full_title, position.agency.name)})"


def _text(entry: Any) -> Any:
    """The text with its source: what no real person said is never put into anybody's mouth without one."""
    source = to_html(f"Sumber: {entry.source}") if entry.source else ""
    return to_html(entry.text) + source


def _spoken(entry: Any) -> str:
    who = f"{entry.speaker} ({entry.institution})" if entry.speaker and entry.institution else entry.speaker
    return (to_html(f"{who}:") if who else "") + _text(entry)


def _turn(entry: Any) -> Turn:
    return {
        "speaker": entry.speaker or entry.institution or NOTE,
        "institution": entry.institution if entry.speaker else "",
        "text": _text(entry),
        "response": to_html(entry.response),
        "responder": entry.responder,
    }


def _follow_up(entry: Any) -> FollowUp:
    return {
        "text": _text(entry),
        "owner": entry.responsible,
        "due": dates.long_date(entry.due_on) if entry.due_on else "",
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
