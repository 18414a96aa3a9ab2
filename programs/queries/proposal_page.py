"""What the page of one proposal shows, from its content as the reader may see it (programs.queries.snapshots)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.dates import MONTHS
from portal.kernel.money import thousands
from programs.models import SubActivity
from programs.queries.points import field_label

TEXTS = ("background", "problem", "purpose", "method", "policy_support", "special_note")


def facts_of(content: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The short fields by section: (heading, [(label, value as people read it, "" when missing)])."""
    fields = content.get("fields", {})
    return [
        (_("Pokok"), [
            (_("Sub-kegiatan"), _sub_activity(fields)),
            (_("Jenis kegiatan"), _named(fields, "help_kind")),
            (_("Sektor industri"), _named(fields, "sector")),
            (_("Produk"), _text(fields, "product")),
            (_("KBLI"), _kbli(fields)),
        ]),
        (_("Lokasi"), [
            (_("Kecamatan"), _text(fields, "district")),
            (_("Desa/kelurahan"), _text(fields, "village")),
            (_("Alamat"), _text(fields, "address")),
            (_("Koordinat"), _coordinates(fields)),
            (_("Sentra IKM"), _text(fields, "center")),
        ]),
        (_("Penerima manfaat"), [
            (_("IKM"), _count(fields, "ikm_count")),
            (_("Kelompok"), _count(fields, "group_count")),
            (_("Tenaga kerja laki-laki"), _count(fields, "male_workers")),
            (_("Tenaga kerja perempuan"), _count(fields, "female_workers")),
        ]),
    ]  # fmt: skip


def texts_of(content: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of the long fields that are filled in, and of who carries it out."""
    fields = content.get("fields", {})
    labels = {name: field_label(name) for name in TEXTS}
    found = [(labels[name], _text(fields, name)) for name in TEXTS]
    found.insert(4, (_("Pelaksana dan penanggung jawab"), _text(fields, "executor")))
    return [(label, text) for label, text in found if text]


def schedule_of(content: dict[str, Any]) -> dict[str, Any]:
    """The months as a bar: {"months": [(short name, long name, whether it works then)], "words": "Maret–Agustus"}."""
    fields = content.get("fields", {})
    first, last = fields.get("starts_month"), fields.get("ends_month")
    working = range(first, last + 1) if first and last and first <= last else range(0)
    names = [_(name) for name in MONTHS]
    words = ""
    if working:
        words = names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}"
    return {
        "months": [(name[:3], name, number in working) for number, name in enumerate(names, start=1)],
        "words": words,
    }


def regime_of(content: dict[str, Any]) -> str:
    """The regulation that restricts the sector, "" for most."""
    return (content.get("fields", {}).get("sector") or {}).get("special_regime", "")


def _text(fields: dict[str, Any], name: str) -> str:
    return str(fields.get(name) or "")


def _count(fields: dict[str, Any], name: str) -> str:
    return "" if fields.get(name) is None else thousands(fields[name])


def _named(fields: dict[str, Any], name: str) -> str:
    return (fields.get(name) or {}).get("name", "")


def _sub_activity(fields: dict[str, Any]) -> str:
    found = fields.get("sub_activity")
    if not found:
        return ""
    return f"{found['code']} {found['name']} ({SubActivity.Level(found['level']).label})"


def _kbli(fields: dict[str, Any]) -> str:
    found = fields.get("kbli")
    return f"{found['code']} {found['title']} (KBLI {found['edition']})" if found else ""


def _coordinates(fields: dict[str, Any]) -> str:
    pair = [str(fields.get(name) or "").replace(".", ",") for name in ("latitude", "longitude")]
    return "; ".join(pair) if all(pair) else ""
