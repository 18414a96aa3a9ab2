"""What a letter of invitation says, in plain values: kept as JSON in `Letter.content`."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class InvitationContent:
    """The text of a surat undangan (domain §2.2 A). Lists are lines; empty parts are not printed.

    `days` are the dates of the meeting as the letter names them; `agenda` its "acara". `attachments` names what is
    attached in this order: "daftar" (who is invited), "jadwal" (programme), "data" (`data_to_bring`).
    """

    opening: str = ""
    starts_on: str = ""  # ISO dates
    ends_on: str = ""
    starts_at: str = ""  # "09:00"
    until: str = "selesai"
    venue: str = ""
    agenda: tuple[str, ...] = ()
    dress: str = ""
    notes: tuple[str, ...] = ()
    confirm_by: str = ""  # ISO date
    contact: str = ""
    closing: str = ""
    data_to_bring: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()  # tembusan
    attachments: tuple[str, ...] = ("daftar", "jadwal", "data")

    @classmethod
    def of(cls, stored: dict[str, Any]) -> InvitationContent:
        """The content as stored; unknown keys are an error, missing ones take their defaults.

        Errors: TypeError.
        """
        lists = {field.name for field in fields(cls) if field.type.startswith("tuple")}
        return cls(**{name: tuple(value) if name in lists else value for name, value in stored.items()})

    def stored(self) -> dict[str, Any]:
        """What JSON keeps."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def first_day(self) -> dt.date | None:
        """The first day."""
        return dt.date.fromisoformat(self.starts_on) if self.starts_on else None

    @property
    def last_day(self) -> dt.date | None:
        """The last day."""
        return dt.date.fromisoformat(self.ends_on) if self.ends_on else self.first_day

    @property
    def deadline(self) -> dt.date | None:
        """The day until which an answer is expected."""
        return dt.date.fromisoformat(self.confirm_by) if self.confirm_by else None
