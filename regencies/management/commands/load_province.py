"""`manage.py load_province FILE [--province CODE]`: another province without a code change."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from regencies.actions.provinces import Loaded, load_province
from regencies.forms.province_file import FileFault, read_province_file


class Command(BaseCommand):
    """Loads or updates provinces, their kabupaten/kota and lead offices from a CSV: all of it or nothing."""

    help = "Memuat provinsi beserta kabupaten/kotanya dari berkas CSV (kolom: lihat regencies/data/ntt.csv)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", default="", metavar="CODE", help="hanya provinsi ini, misalnya 35")
        parser.add_argument("--name", default="", help="nama provinsi, bila tidak disebut dalam berkas")

    def handle(self, *args: Any, file: Path, province: str, name: str, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("Berkas %(file)s tidak dapat dibaca.") % {"file": file}) from error
        try:
            provinces = read_province_file(content, only=province, name=name)
        except FileFault as error:
            closing = _("Tidak ada yang dimuat.")
            raise CommandError("\n".join([*error.faults, closing])) from error
        with transaction.atomic():
            loaded = [load_province(data) for data in provinces]
        for result in loaded:
            self.stdout.write(_told(result))


def _told(result: Loaded) -> str:
    told = _(
        "%(name)s (%(code)s): %(created)s kabupaten/kota baru, %(updated)s diperbarui, %(offices)s kantor baru."
    ) % {
        "name": result.province.name,
        "code": result.province.code,
        "created": result.created,
        "updated": result.updated,
        "offices": result.offices,
    }
    if result.unnamed:
        told += " " + _("Tidak disebut dalam berkas, dibiarkan: %(codes)s.") % {"codes": ", ".join(result.unnamed)}
    return told
