"""The first admin of an empty portal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel.errors import PortalError
from regencies.actions.people import make_first_admin


class Command(BaseCommand):
    """`manage.py create_admin USERNAME "Full name"` prints a one-time link; it refuses while an admin is in office."""

    help = "Membuat admin pertama portal dan menampilkan tautan sekali pakai untuk membuat kata sandinya."

    def add_arguments(self, parser: CommandParser) -> None:
        """User name and full name."""
        parser.add_argument("username")
        parser.add_argument("full_name")

    def handle(self, *args: Any, username: str, full_name: str, **options: Any) -> None:
        """Make the account and print its link."""
        try:
            url = make_first_admin(username, full_name)
        except PortalError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(url)
