"""What a surat undangan says on paper (domain §2.2 A). Pure: everything it needs is given, and no clock is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.documents.shapes import Letterhead
from portal.documents.shapes_letters import (
    InvitationLetter,
    InvitedRow,
    LetterSigner,
    ProgrammeDay,
    ProgrammeRow,
    WhenRow,
)
from portal.kernel.dates import clock, date_range, long_date, short_date, weekday
from portal.kernel.terbilang import terbilang
from rakor.facts.letters import InvitationContent

KIND = "undangan"
DRAFT = "RANCANGAN"
NO_NUMBER = "……………………………"
"""Papers are Indonesian whatever the reader's language: their words are no messages to translate."""

_ROMAN = ("I", "II", "III")
_INVITES = "kami mengundang Saudara untuk hadir pada:"


@dataclass(frozen=True, slots=True)
class Addressed:
    """What one copy has of its own."""

    number: str
    dated_on: dt.date | None
    addressee: str
    place: str
    quota: int
    regency: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Common:
    """What all copies of a letter have in common."""

    letterhead: Letterhead
    head_of_region: bool
    signer: LetterSigner
    capital: str
    zone: str
    portal: str
    invited: tuple[InvitedRow, ...]
    days: tuple[Any, ...]


def invitation_facts(letter: Any, content: InvitationContent, common: Common, own: Addressed) -> InvitationLetter:
    """The facts of template undangan/v1 for one recipient; `days` are `rakor.queries.programme.Day`s."""
    numerals = dict(zip(_attached(content, common), _ROMAN, strict=False))
    titles = {part: f"Lampiran {numeral}" if len(numerals) > 1 else "Lampiran" for part, numeral in numerals.items()}
    dated = short_date(own.dated_on) if own.dated_on else ".............................."
    meeting = letter.meeting
    return {
        "title": f"{letter.subject} – {own.addressee}",
        "short_title": f"Undangan Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": common.letterhead,
        "head_of_region": common.head_of_region,
        "status": DRAFT if own.draft else "",
        "place_date": f"{common.capital}, {dated}" if common.capital else dated,
        "number": own.number or NO_NUMBER,
        "urgency": {"biasa": "Biasa", "segera": "Segera"}.get(letter.urgency, "Sangat Segera"),
        "attached": _counted(len(titles), "berkas") if titles else "–",
        "subject": letter.subject,
        "addressee": own.addressee,
        "place": own.place or "Tempat",
        "opening": _opening(content.opening),
        "when": _when(content, common.zone),
        "notes": _notes(content, common, own),
        "closing": _paragraphs(content.closing),
        "signer": common.signer,
        "copies_to": [line for line in content.copies_to if not (common.head_of_region and _to_governor(line))],
        "annex_of": f"Surat {_voice(common.signer)}",
        "annex_date": dated,
        "invited_title": titles.get("daftar", ""),
        "invited": list(common.invited) if "daftar" in titles else [],
        "programme_title": titles.get("jadwal", ""),
        "programme_name": meeting.title,
        "zone": common.zone,
        "programme": [_day(day, own.regency) for day in common.days if day.items] if "jadwal" in titles else [],
        "data_title": titles.get("data", ""),
        "data": list(content.data_to_bring) if "data" in titles else [],
    }


def behalf_lines(on_behalf: str) -> list[str]:
    """What stands above the signer's own office: "Gubernur X" or "Gubernur X; Sekretaris Daerah" for one who signs u.b.

    "a.n." and "u.b." are put in where they are not written.
    """
    parts = [part.strip().removeprefix("a.n.").strip() for part in on_behalf.split(";")]
    parts = [part for part in parts if part and part.rstrip(".").casefold() != "u.b"]
    lines: list[str] = []
    for number, part in enumerate(parts):
        lines += [f"a.n. {part}"] if number == 0 else [f"{part},", "u.b."]
    return lines


def _voice(signer: LetterSigner) -> str:
    """Whose letter it is: the one on whose behalf it is signed, else the signer's office without "Plt."."""
    if signer["on_behalf"]:
        return signer["on_behalf"][0].removeprefix("a.n. ")
    return signer["office"].removeprefix("Plt. ").removeprefix("Plh. ").removeprefix("Pj. ")


def _to_governor(line: str) -> bool:
    """Whether a copy goes to the Governor: he gets none of a letter that he signs."""
    return line.casefold().startswith("gubernur ")


def _attached(content: InvitationContent, common: Common) -> list[str]:
    """What is really attached: a part without content is left out."""
    filled = {
        "daftar": bool(common.invited), "jadwal": any(day.items for day in common.days),
        "data": bool(content.data_to_bring),
    }  # fmt: skip
    return [part for part in ("daftar", "jadwal", "data") if part in content.attachments and filled[part]]


def _opening(text: str) -> list[str]:
    """The paragraphs before the block; the last one leads over to it."""
    found = _paragraphs(text)
    if found and found[-1].endswith(":"):
        return found
    return [*found, f"Sehubungan dengan hal tersebut, {_INVITES}" if found else f"Dengan hormat, {_INVITES}"]


def _when(content: InvitationContent, zone: str) -> list[WhenRow]:
    rows: list[WhenRow] = []
    first, last = content.first_day, content.last_day
    if first and last:
        days = long_date(first) if first == last else f"{weekday(first)}–{weekday(last)}, {date_range(first, last)}"
        rows.append({"label": "hari, tanggal", "lines": [days]})
    if content.starts_at:
        until = f" s.d. {content.until}" if content.until else ""
        rows.append(
            {"label": "waktu", "lines": [f"pukul {clock(dt.time.fromisoformat(content.starts_at))} {zone}{until}"]}
        )
    more = (("tempat", [content.venue]), ("acara", list(content.agenda)), ("pakaian", [content.dress]))
    rows += [{"label": label, "lines": lines} for label, lines in more if any(lines)]
    return rows


def _notes(content: InvitationContent, common: Common, own: Addressed) -> list[str]:
    """What the writer noted, then how many may come and until when to answer."""
    notes = list(content.notes)
    if own.quota:
        notes.append(f"Peserta yang diutus paling banyak {_counted(own.quota, 'orang')} dan membawa surat tugas.")
    if content.deadline:
        contact = f" atau {content.contact}" if content.contact else ""
        notes.append(
            f"Konfirmasi kehadiran dan nama peserta paling lambat {long_date(content.deadline)} "
            f"melalui portal rakor {common.portal}{contact}."
        )
    elif content.contact:
        notes.append(f"Narahubung: {content.contact}.")
    return notes


def _day(day: Any, regency: str) -> ProgrammeDay:
    """The rows of a day; parallel desks are one row that names the recipient's own place."""
    rows: list[ProgrammeRow] = []
    for block in day.blocks:
        rows += [_desks(block.items, regency)] if block.matrix else [_row(item) for item in block.items]
    return {"date": day.long_date, "rows": rows}


def _row(item: Any) -> ProgrammeRow:
    return {
        "time": item.time, "title": item.session.title, "details": item.detail_lines, "speakers": item.speakers,
        "room": item.room, "is_break": item.is_break,
    }  # fmt: skip


def _desks(items: Sequence[Any], regency: str) -> ProgrammeRow:
    desks = [item for item in items if not item.is_break]
    own = [item for item in desks if regency and item.regency == regency]
    rooms = sorted({item.room for item in desks})
    start, end = min(item.starts for item in desks), max(item.ends for item in desks)
    return {
        "time": f"{clock(start)}–{clock(end)}",
        "title": f"Desk usulan program {len({item.regency for item in desks if item.regency})} kabupaten/kota",
        "details": [f"{item.regency}: pukul {item.time}, {item.room}" for item in own],
        "speakers": [],
        "room": f"{rooms[0]} s.d. {rooms[-1]}" if len(rooms) > 1 else "".join(rooms),
        "is_break": False,
    }


def _counted(number: int, unit: str) -> str:
    return f"{number} ({terbilang(number)}) {unit}"


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
