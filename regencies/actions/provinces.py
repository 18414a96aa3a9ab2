"""Loading a province with its kabupaten/kota and lead offices: another province is data, not code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from regencies.facts.office_tables import ready_registers
from regencies.models import Agency, Province, Regency, Register

UNIQUE = (("bps_code",), ("tile_row", "tile_col"))
SHORT_LENGTH = 3


@dataclass(frozen=True)
class ProvinceData:
    """What a file says of one province. `regencies` holds only the columns that the file has, keyed by field name."""

    code: str
    name: str
    regencies: list[dict[str, Any]]


@dataclass
class Loaded:
    """What loading did: counts, and codes that the portal has but the file does not name (they stay as they are)."""

    province: Province
    created: int = 0
    updated: int = 0
    offices: int = 0
    unnamed: list[str] = field(default_factory=list)


@transaction.atomic
def load_province(data: ProvinceData, *, by: Any = None) -> Loaded:
    """Store the province, its regencies, a lead office for each and the provincial office's registers of numbers.

    A second time updates what the file says.

    Offices that exist keep the names people gave them. Nothing is deleted: people and meetings may hang on it.
    """
    province, _new = Province.objects.update_or_create(code=data.code, defaults={"name": data.name})
    there = {regency.code: regency for regency in Regency.objects.select_for_update().filter(province=province)}
    named = {row["code"] for row in data.regencies}
    result = Loaded(province, unnamed=sorted(there.keys() - named))
    _free_unique_columns(province, named, data.regencies)
    taken = {regency.short for regency in there.values() if regency.short}
    taken |= {row["short"] for row in data.regencies if row.get("short")}
    for row in data.regencies:
        regency = there.get(row["code"]) or Regency(province=province)
        result.created += regency.pk is None
        result.updated += regency.pk is not None
        for name, value in row.items():
            setattr(regency, name, value)
        if not regency.short:
            regency.short = abbreviation(regency.bare_name, regency.kind, taken)
            taken.add(regency.short)
        regency.save()
    result.offices = _make_offices(province)
    _make_registers(province)
    record(
        gettext_noop("Memuat provinsi"), province, by=by,
        changes={gettext_noop("Kabupaten/kota"): [len(there), len(there) + result.created]},
    )  # fmt: skip
    return result


def abbreviation(name: str, kind: str, taken: Iterable[str]) -> str:
    """Three capital letters for a tile, the first not taken: "Banyuwangi" gives BNY; a kota begins with K: "KML"."""
    letters = [letter for letter in name.upper() if letter.isalpha()]
    rest = [letter for letter in letters[1:] if letter not in "AIUEO"] + [x for x in letters[1:] if x in "AIUEO"]
    first, size = (f"K{letters[0]}", 1) if kind == "kota" else (letters[0], SHORT_LENGTH - 1)
    taken = set(taken)
    tries = (first + "".join(chosen) for chosen in combinations(rest, size))
    numbered = (f"{letters[0]}{number:02d}" for number in range(100))
    return next(short for short in (*tries, *numbered) if short not in taken)


def _free_unique_columns(province: Province, codes: set[str], rows: list[dict[str, Any]]) -> None:
    """Empty the columns that are about to be written, so that two regencies may swap their values."""
    columns = {name: None for group in UNIQUE for name in group if any(key in row for key in group for row in rows)}
    if columns:
        Regency.objects.filter(province=province, code__in=codes).update(**columns)


def _make_offices(province: Province) -> int:
    """Lead offices for the province and each regency that has none, under a neutral name; how many were made."""
    name = _("Dinas yang membidangi perindustrian %(area)s")
    top = _("Pemerintah %(area)s")
    made = [
        Agency(
            name=name % {"area": regency.name}, level=Agency.Level.REGENCY, regency=regency, is_lead=True,
            letterhead_top=top % {"area": regency.name},
        )
        for regency in Regency.objects.filter(province=province).exclude(agencies__is_lead=True)
    ]  # fmt: skip
    if not Agency.objects.filter(province=province, level=Agency.Level.PROVINCE, is_lead=True).exists():
        made.append(
            Agency(
                name=name % {"area": province}, level=Agency.Level.PROVINCE, province=province, is_lead=True,
                letterhead_top=top % {"area": province},
            )
        )  # fmt: skip
    return len(Agency.objects.bulk_create(made))


def _make_registers(province: Province) -> None:
    """The registers of numbers that the provincial office has not yet; those it has keep their patterns."""
    agency = Agency.objects.get(province=province, level=Agency.Level.PROVINCE, is_lead=True)
    have = set(agency.registers.values_list("key", flat=True))
    Register.objects.bulk_create(Register(agency=agency, **row) for row in ready_registers() if row["key"] not in have)
