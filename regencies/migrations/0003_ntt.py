"""The province the portal was made for: Nusa Tenggara Timur, its 22 kabupaten/kota and their offices.

What an office is really called differs in every kabupaten and changes often (domain §5.4). Only four names are known from
texts; the others get a neutral name that the admin replaces. The letterhead's address is not known: it stays empty.
"""

import csv
from pathlib import Path
from typing import Any

from django.db import migrations

TABLE = Path(__file__).resolve().parent.parent / "data" / "ntt.csv"
PROVINCE = "53"
ALIASES = {
    "53.02": "TTS",
    "53.03": "TTU",
    "53.06": "Flotim",
    "53.14": "Rondo",
    "53.15": "Mabar",
    "53.18": "SBD",
    "53.19": "Matim",
    "53.20": "Sarai",
}
# code: (name, short name, other names seen in texts)
OFFICES = {
    "53.04": (
        "Dinas Perdagangan dan Perindustrian Kabupaten Belu",
        "Disperdagin Belu",
        "Dinas Perdagangan dan Perindustrian\nDisperdagin\nDinas Perdagin\nDinas Perindustrian dan Perdagangan",
    ),
    "53.09": ("Dinas Perindustrian Kabupaten Ngada", "Disperin Ngada", "Dinas Perindustrian"),
    "53.15": ("Disdagrin Kabupaten Manggarai Barat", "Disdagrin Manggarai Barat", "Disdagrin"),
    "53.21": ("Disperindagkop UMKM Kabupaten Malaka", "Disperindagkop UMKM Malaka", "Disperindagkop UMKM"),
}
NUMBERS = ("population", "population_male", "population_female", "districts", "villages", "tile_row", "tile_col")
TEXTS = ("bps_code", "name", "kind", "short", "capital", "island", "island_group", "area_km2")


def load(apps: Any, _schema_editor: Any = None) -> None:
    """Store what is missing; rows that are there keep what people made of them."""
    province, _new = apps.get_model("regencies", "Province").objects.get_or_create(
        code=PROVINCE, defaults={"name": "Nusa Tenggara Timur", "capital": "Kupang"}
    )
    regency_rows, agencies = (
        apps.get_model("regencies", "Regency").objects,
        apps.get_model("regencies", "Agency").objects,
    )
    with TABLE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            regency, _new = regency_rows.get_or_create(
                code=row["code"], defaults={"province": province, **_values(row)}
            )
            agencies.get_or_create(regency=regency, is_lead=True, defaults=_office(row))
    agencies.get_or_create(
        province=province,
        level="provinsi",
        is_lead=True,
        defaults={
            "name": "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur",
            "short_name": "Disperindag Provinsi NTT",
            "aliases": "Disperindag NTT\nDinas Perindustrian dan Perdagangan Provinsi NTT",
            "letterhead_top": "Pemerintah Provinsi Nusa Tenggara Timur",
            "letterhead_name": "Dinas Perindustrian dan Perdagangan",
        },
    )
    agencies.get_or_create(
        name="Kementerian Perindustrian",
        level="pusat",
        defaults={
            "short_name": "Kemenperin",
            "aliases": "Kementerian Perindustrian RI\nDirektorat Jenderal Industri Kecil, Menengah dan Aneka\nDitjen IKMA",
        },
    )
    agencies.get_or_create(
        name="Badan Perencanaan Pembangunan Daerah Provinsi Nusa Tenggara Timur",
        level="provinsi",
        province=province,
        defaults={"short_name": "Bappeda Provinsi NTT", "aliases": "Bappeda NTT\nBapperida Provinsi NTT"},
    )


def unload(apps: Any, _schema_editor: Any = None) -> None:
    """Take the rows away again; the database refuses when people or meetings already hang on them."""
    agencies = apps.get_model("regencies", "Agency").objects
    agencies.filter(regency__province__code=PROVINCE).delete()
    agencies.filter(province__code=PROVINCE).delete()
    agencies.filter(name="Kementerian Perindustrian", level="pusat").delete()
    apps.get_model("regencies", "Regency").objects.filter(province__code=PROVINCE).delete()
    apps.get_model("regencies", "Province").objects.filter(code=PROVINCE).delete()


def _values(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: int(row[name]) for name in NUMBERS} | {name: row[name] for name in TEXTS}
    return values | {
        "latitude": row["capital_lat"],
        "longitude": row["capital_lon"],
        "aliases": ALIASES.get(row["code"], ""),
    }


def _office(row: dict[str, str]) -> dict[str, str]:
    name, short, aliases = OFFICES.get(row["code"], (f"Dinas yang membidangi perindustrian {row['name']}", "", ""))
    return {
        "name": name,
        "short_name": short,
        "aliases": aliases,
        "level": "kabupaten",
        "letterhead_top": f"Pemerintah {row['name']}",
    }


class Migration(migrations.Migration):
    dependencies = [("regencies", "0002_aliases_and_version")]

    operations = [migrations.RunPython(load, unload)]
