"""The programme as a table of plain cells: what Excel shows and what `manage.py load_meeting` reads back."""

from __future__ import annotations

from collections.abc import Iterator

from rakor.models import SessionPerson
from rakor.queries.programme import Item, Programme

PART_COLUMNS = {
    "pemilik_sambutan": SessionPerson.Part.OWNER,
    "pembaca": SessionPerson.Part.READER,
    "narasumber": SessionPerson.Part.PRESENTER,
    "pimpinan": SessionPerson.Part.CHAIR,
    "moderator": SessionPerson.Part.MODERATOR,
    "notulis": SessionPerson.Part.MINUTE_TAKER,
}
"""Column name of each part. Cells hold "Nama (Instansi)", several separated by ";"."""

PROGRAMME_COLUMNS = [
    "tanggal", "mulai", "selesai", "jenis", "acara", "rincian", *PART_COLUMNS,
    "ruang", "kabupaten", "keterangan", "sumber",
]  # fmt: skip


def programme_table(programme: Programme) -> Iterator[list[str]]:
    """One row per session in the order of PROGRAMME_COLUMNS."""
    for item in programme.items:
        yield [
            item.starts.date().isoformat(), f"{item.starts:%H.%M}", f"{item.ends:%H.%M}", item.session.kind,
            item.session.title, item.session.details,
            *(_people(item, part) for part in PART_COLUMNS.values()),
            item.room, item.regency_code,
            item.session.note, item.session.source,
        ]  # fmt: skip


def _people(item: Item, part: str) -> str:
    return "; ".join(str(person) for person in item.parts.get(part, ()))
