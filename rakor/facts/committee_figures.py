"""What the portal knows of an edition when its report is written, in plain values. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.documents.shapes_agreements import RegencyTotal, Totals
from portal.documents.shapes_letter_texts import AttendanceLine, CategoryLine
from portal.kernel.dates import long_date
from portal.kernel.terbilang import terbilang


def counted(number: int, noun: str) -> str:
    """ "22 (dua puluh dua) kabupaten/kota"."""
    return f"{number} ({terbilang(number)}) {noun}"


@dataclass(frozen=True, slots=True)
class Half:
    """One attendance list: `closed` lists know who did not come, others only who did."""

    on: dt.date
    half: str
    expected: int
    present: int
    late: int
    excused: int
    closed: bool

    @property
    def came(self) -> int:
        """In time or late."""
        return self.present + self.late

    @property
    def absent(self) -> int:
        """Expected and neither come nor excused."""
        return max(self.expected - self.came - self.excused, 0)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of participants: how many are registered, how many of them came at least once."""

    name: str
    registered: int
    present: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and names; 0, "" and () where the portal knows nothing."""

    organisers: tuple[str, ...] = ()
    decree: str = ""
    decree_on: dt.date | None = None
    invitations: tuple[tuple[str, int, int], ...] = ()  # key of the group, sent, accepted
    invitation_numbers: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    regencies_registered: int = 0
    regencies_present: int = 0
    regencies_all: int = 0
    halves: tuple[Half, ...] = ()
    days: tuple[tuple[dt.date, tuple[str, ...]], ...] = ()
    presentations: tuple[str, ...] = ()
    minutes: int = 0
    minutes_final: int = 0
    minute_decisions: int = 0
    follow_ups: int = 0
    desks: int = 0
    desks_closed: int = 0
    undecided: int = 0
    agreement_status: str = ""
    agreement_number: str = ""
    agreement_on: dt.date | None = None
    contracts: int = 0
    contracts_signed: int = 0
    memoranda: int = 0
    memoranda_signed: int = 0
    photos: int = 0
    totals: Totals | None = None
    regencies: tuple[RegencyTotal, ...] = ()

    @property
    def registered(self) -> int:
        """Everybody expected."""
        return sum(row.registered for row in self.categories)

    @property
    def present(self) -> int:
        """Everybody who came at least once."""
        return sum(row.present for row in self.categories)

    def category_lines(self) -> list[CategoryLine]:
        """The table of participants."""
        return [
            {"category": row.name, "registered": str(row.registered), "present": str(row.present)}
            for row in self.categories
        ]

    def category_total(self) -> list[CategoryLine]:
        """The sum below that table; nothing below an empty one."""
        if not self.categories:
            return []
        return [{"category": "Jumlah", "registered": str(self.registered), "present": str(self.present)}]

    def undecided_line(self, year: int) -> str:
        """What stands above the sums of decisions while proposals of that year wait for theirs."""
        if not self.undecided:
            return ""
        desks = f"{self.desks_closed} dari {counted(self.desks, 'desk')} sudah ditutup; " if self.desks else ""
        return (
            f"Pembahasan belum selesai: {desks}{counted(self.undecided, 'usulan')} program tahun {year} belum "
            "diputuskan dan tidak termasuk dalam jumlah di bawah ini."
        )

    def attendance_lines(self) -> list[AttendanceLine]:
        """The table of the lists on which anything was written."""
        return [
            {
                "day": long_date(row.on), "half": row.half, "expected": str(row.expected), "present": str(row.present),
                "late": str(row.late), "excused": str(row.excused), "absent": str(row.absent),
            }
            for row in self.halves
            if row.came or row.excused or row.closed
        ]  # fmt: skip
