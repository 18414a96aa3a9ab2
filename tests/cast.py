"""The named cast of the tests (habit 8). Roles, not persons: the names are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.accounts.models import User

PASSWORD = "sandi-uji-rakor"
SINCE = dt.date(2015, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Everybody who plays in a test; `stranger` is signed in and holds no position."""

    admin: User
    kadis_prov: User
    kabid: User
    panitia: User
    notulis: User
    verifikator: User
    kadis_belu: User
    operator_belu: User
    kadis_ende: User
    operator_ende: User
    kabid_belu: User
    bupati_belu: User
    tpl_belu: User
    observer: User
    stranger: User

    def __getitem__(self, name: str) -> User | None:
        """The person by name, None for "anonymous": for tests that run over names."""
        return None if name == "anonymous" else getattr(self, name)


# name: (full name, role, title, office). Offices: "provinsi", "pusat", the code of a regency, "pemerintah" and a code.
PARTS = {
    "admin": ("Admin Portal", "admin", "Pengelola Portal", "provinsi"),
    "kadis_prov": ("Kepala Dinas Contoh", "kadis_prov", "Kepala Dinas", "provinsi"),
    "kabid": ("Kepala Bidang Contoh", "kabid_prov", "Kepala Bidang Perindustrian", "provinsi"),
    "panitia": ("Panitia Contoh", "panitia", "Panitia Rakor", "provinsi"),
    "notulis": ("Notulis Contoh", "notulis", "Notulis", "provinsi"),
    "verifikator": ("Verifikator Contoh", "verifikator", "Verifikator", "provinsi"),
    "kadis_belu": ("Kadis Belu Contoh", "kadis_kab", "Kepala Dinas", "53.04"),
    "operator_belu": ("Operator Belu Contoh", "operator_kab", "Operator", "53.04"),
    "kadis_ende": ("Kadis Ende Contoh", "kadis_kab", "Kepala Dinas", "53.08"),
    "operator_ende": ("Operator Ende Contoh", "operator_kab", "Operator", "53.08"),
    "kabid_belu": ("Kabid Belu Contoh", "kabid_kab", "Kepala Bidang Perindustrian", "53.04"),
    "bupati_belu": ("Bupati Belu Contoh", "pimpinan", "Bupati Belu", "pemerintah 53.04"),
    "tpl_belu": ("Penyuluh Belu Contoh", "tpl", "Tenaga Penyuluh Lapangan IKM", "53.04"),
    "observer": ("Pengamat Contoh", "pengamat", "Pengamat", "pusat"),
    "stranger": ("Tanpa Jabatan", "", "", ""),
}
ANYBODY = ("anonymous", *PARTS)


def build_cast() -> Cast:
    """All people in two statements, ready to log in with PASSWORD or by force_login."""
    from django.contrib.auth.hashers import make_password

    from portal.accounts.models import User
    from regencies.models import Agency, Position

    password = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(username=name, full_name=full_name, password=password, email=f"{name}@contoh.test")
        for name, (full_name, *_rest) in PARTS.items()
    )
    by_name = {person.username: person for person in people}
    offices: dict[str, Any] = {
        agency.regency.code if agency.regency else agency.level: agency
        for agency in Agency.objects.filter(is_lead=True).select_related("regency")
    }
    offices["pusat"] = Agency.objects.filter(level="pusat").first()
    offices["pemerintah 53.04"] = Agency.objects.create(
        name="Pemerintah Kabupaten Belu", level="kabupaten", regency=offices["53.04"].regency
    )
    Position.objects.bulk_create(
        Position(person=by_name[name], agency=offices[office], role=role, title=title, starts_on=SINCE)
        for name, (_full, role, title, office) in PARTS.items()
        if role
    )
    return Cast(**{field.name: by_name[field.name] for field in fields(Cast)})
