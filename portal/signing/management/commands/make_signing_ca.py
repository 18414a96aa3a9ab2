"""`manage.py make_signing_ca`: the portal's own certificate authority, made once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.signing.authority import certificate_file, make_authority

DEMO_NAME = "Otoritas Sertifikat Demo Portal Rakor"


class Command(BaseCommand):
    """Makes SIGNING_DIR/ca.key and ca.pem unless they are there. In production the name must be said."""

    help = "Make the portal's own certificate authority, unless there is one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The name of the authority."""
        parser.add_argument("--name", default="", help="what people read as issuer in their PDF viewer")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was made, or that nothing was."""
        if settings.PRODUCTION and not options["name"]:
            raise CommandError('In production say who issues: --name "Otoritas Sertifikat Portal Rakor – Dinas …"')
        made = make_authority(options["name"] or DEMO_NAME)
        if options["verbosity"]:
            self.stdout.write(f"made {certificate_file()}" if made else f"{certificate_file()} is there")
