"""What attendance sheets, cards and certificates say. Pure: everything they need is given, and no clock is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from portal.documents.shape_parts import Letterhead, Signature
from portal.documents.shapes_attendance import (
    AttendanceSheet,
    AttendeeGroup,
    AttendeeRow,
    Card,
    Cards,
    Certificate,
    Certificates,
)
from portal.documents.shapes_programs import Row
from portal.kernel.dates import clock
from portal.kernel.terbilang import terbilang

SHEET, CARDS, CERTIFICATES = "daftar_hadir", "kartu_peserta", "sertifikat"
"""Papers are Indonesian whatever the reader's language: their words are no messages to translate."""

PER_SHEET = 8
NAME_ROOM, WIDTHS = 66.0, (("MW", 0.95), ("mw", 0.85), (" .,'ijlI", 0.3))
"""Widths of letters in bold Arimo, in em, and how many em the smallest name of a card has on four lines."""

SPARE = 10
"""Empty rows of a sheet for signing: somebody always comes who is on no list."""

STATES = {"hadir": "Hadir", "terlambat": "Terlambat", "izin": "Izin", "tidak_hadir": "Tidak hadir"}
HERE = ("hadir", "terlambat")
GROUPS = {
    "utusan": "Utusan kabupaten/kota", "provinsi": "Dinas provinsi", "kementerian": "Kementerian/lembaga",
    "tuan_rumah": "Tuan rumah", "narasumber": "Narasumber", "tpl": "Tenaga penyuluh lapangan", "mitra": "Mitra",
    "pers": "Pers", "lain": "Peserta lain",
}  # fmt: skip
"""Golongan in the order of a sheet, as plain words of a paper."""

ROLES = {"narasumber": "Narasumber"}


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person as papers name him."""

    pk: int
    name: str
    title: str
    office: str
    category: str
    nip: str = ""
    rank: str = ""
    regency_code: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """The edition as cards and certificates name it."""

    name: str
    short: str  # "Rakor Atambua 2019"
    when: str  # with the place, as the paper says it


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a list says of somebody; `came_at` is local time."""

    state: str
    came_at: dt.datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What people sign for: a half-day or a session of an edition."""

    event: str  # full name of the edition
    short: str  # "Rakor Atambua 2019"
    name: str  # "Pagi, Rabu, 24 April 2019", "Sidang pleno"
    day: str
    time: str
    place: str
    zone: str
    letterhead: Letterhead
    signatures: list[Signature] = field(default_factory=list)


def attendance_sheet(
    occasion: Occasion, people: Iterable[Attendee], recorded: Mapping[int, Recorded] | None
) -> AttendanceSheet:
    """The facts of template daftar_hadir/v1: for signing, or filled where `recorded` says by pk who came."""
    groups = _groups(people, recorded)
    listed = sum(len(group["rows"]) for group in groups)
    signing = recorded is None
    return {
        "title": f"Daftar Hadir {occasion.name} – {occasion.short}{'' if signing else ' (terisi)'}",
        "short_title": f"Daftar Hadir {occasion.name} – {occasion.short}",
        "letterhead": occasion.letterhead,
        "signing": signing,
        "heading": [occasion.event],
        "head": _about(occasion),
        "zone": occasion.zone,
        "groups": groups,
        "spare": [_row(listed + number, None, None) for number in range(1, SPARE + 1)] if signing else [],
        "counted": "" if recorded is None else _counted(groups, listed),
        "totals": [] if recorded is None else _totals(groups),
        "signatures": occasion.signatures,
    }


def cards(event: Event, author: str, people: Sequence[tuple[Attendee, str]]) -> Cards:
    """The facts of template kartu_peserta/v2: each person with the address that his QR code opens."""
    made = [
        {"name": _fitting(who.name), "title": who.title, "office": who.office, "category": _card_group(who), "url": url}
        for who, url in people
    ]
    whose = people[0][0].name if len(people) == 1 else event.name
    return {
        "title": f"Kartu Peserta {whose}", "short_title": f"Kartu Peserta {event.short}", "author": author,
        "event": event.short, "when": event.when,
        "sheets": [{"cards": made[start : start + PER_SHEET]} for start in range(0, len(made), PER_SHEET)],
    }  # fmt: skip


def _fitting(name: str) -> str:
    """As much of the name as fits on its four lines of a card: the code below it must be free to be scanned."""
    room = NAME_ROOM
    for place, letter in enumerate(name):
        room -= next((width for letters, width in WIDTHS if letter in letters), 0.75 if letter.isupper() else 0.6)
        if room < 0:
            whole = name[:place].rpartition(" ")[0].rstrip(" ,.") or name[:40]
            return f"{whole}…"
    return name


def cards_of(facts: Cards) -> list[Card]:
    """All cards of a paper, whatever sheet they are on."""
    return [card for sheet in facts["sheets"] for card in sheet["cards"]]


def certificates(
    event: Event, letterhead: Letterhead, signature: list[Signature], people: Sequence[tuple[Attendee, int]],
    halves: int,
) -> Certificates:  # fmt: skip
    """The facts of template sertifikat/v1: each person with the number of half-days he was there, of `halves`."""
    made: list[Certificate] = [
        {
            "name": who.name, "title": who.title, "office": who.office, "role": ROLES.get(who.category, "Peserta"),
            "text": f"Hadir {_number(count)} dari {_number(halves)} paruh hari.",
        }
        for who, count in people
    ]  # fmt: skip
    whose = f"{made[0]['name']} –" if len(made) == 1 else "Kehadiran"
    return {
        "title": f"Sertifikat {whose} {event.short}",
        "short_title": f"Sertifikat {whose} {event.short}",
        "letterhead": letterhead,
        "event": event.name,
        "when": event.when,
        "certificates": made,
        "signature": signature,
    }


def in_order(people: Iterable[Attendee]) -> list[Attendee]:
    """By group, then regency, then name: as a sheet lists them."""
    ranks = {key: rank for rank, key in enumerate(GROUPS)}
    return sorted(
        people, key=lambda who: (ranks.get(who.category, len(ranks)), who.regency_code, who.name.casefold(), who.pk)
    )


def _groups(people: Iterable[Attendee], recorded: Mapping[int, Recorded] | None) -> list[AttendeeGroup]:
    numbered = enumerate(in_order(people), 1)
    return [
        {"name": name, "rows": [_row(number, who, recorded) for number, who in rows]}
        for name, rows in groupby(numbered, key=lambda pair: GROUPS.get(pair[1].category, GROUPS["lain"]))
    ]


def _row(number: int, who: Attendee | None, recorded: Mapping[int, Recorded] | None) -> AttendeeRow:
    said = recorded.get(who.pk) if recorded and who else None
    return {
        "number": str(number),
        "name": who.name if who else "",
        "nip": who.nip if who else "",
        "rank": who.rank if who else "",
        "title": who.title if who else "",
        "office": who.office if who else "",
        "came": clock(said.came_at) if said and said.came_at else "",
        "state": STATES.get(said.state, said.state) if said else ("–" if recorded is not None else ""),
        "note": said.note if said else "",
        "is_odd": number % 2 == 1,
    }


def _about(occasion: Occasion) -> list[Row]:
    rows = (
        ("Acara", occasion.name), ("Hari/Tanggal", occasion.day), ("Waktu", occasion.time), ("Tempat", occasion.place),
    )  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value]


def _states(groups: list[AttendeeGroup]) -> list[str]:
    return [row["state"] for group in groups for row in group["rows"]]


def _counted(groups: list[AttendeeGroup], listed: int) -> str:
    here = sum(state in (STATES[key] for key in HERE) for state in _states(groups))
    return f"Hadir {_number(here)} orang dari {_number(listed)} orang yang terdaftar."


def _totals(groups: list[AttendeeGroup]) -> list[Row]:
    states = _states(groups)
    words = {"hadir": "Hadir tepat waktu", "terlambat": "Terlambat", "izin": "Izin", "tidak_hadir": "Tidak hadir"}
    rows: list[Row] = [
        {"label": label, "value": f"{states.count(STATES[key])} orang"} for key, label in words.items()
    ]  # fmt: skip
    unsaid = states.count("–")
    return [*rows, {"label": "Belum tercatat", "value": f"{unsaid} orang"}] if unsaid else rows


def _card_group(who: Attendee) -> str:
    singular = {"mitra": "Mitra", "lain": "Peserta", "utusan": "Utusan", "tpl": "TPL-IKM", "kementerian": "Kementerian"}
    return singular.get(who.category, GROUPS.get(who.category, "Peserta"))


def _number(number: int) -> str:
    return f"{number} ({terbilang(number)})"
