"""`manage.py demo_accounts`: the table of demo accounts, as the launcher shows it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.kernel.errors import PortalError
from rakor.actions.ceremony_loading import ceremony_accounts
from rakor.actions.demo import PASSWORD, DemoAccount, demo_accounts
from rakor.management.commands.load_ceremony import ceremony_data
from regencies.rules import REGIONAL, Role


class Command(BaseCommand):
    """Prints who can log in, in as few lines as possible."""

    help = "Menampilkan akun demo: peran, wilayah, nama pengguna, kata sandi."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per provincial role, and one for each of the two roles of all regencies."""
        try:
            accounts = demo_accounts()
        except PortalError as error:
            raise CommandError(str(error)) from error
        there = set(User.objects.filter(is_active=True).values_list("username", flat=True))
        accounts = [account for account in accounts if account.username in there]
        rows = [("Peran", "Wilayah", "Nama pengguna", "Kata sandi")]
        rows += [
            (
                str(Role(account.role).label),
                account.agency.short_name or account.agency.name,
                account.username,
                PASSWORD,
            )
            for account in accounts
            if account.role not in REGIONAL
        ]
        rows += [
            (
                str(Role(account.role).label),
                account.agency.short_name or account.agency.name,
                account.username,
                PASSWORD,
            )
            for account in _at_ceremonies()
        ]
        for role in sorted(REGIONAL):
            names = [account.username for account in accounts if account.role == role]
            if names:
                example = next((name for name in names if name.endswith("-blu")), names[0])
                rows.append((str(Role(role).label), f"{len(names)} kabupaten/kota", f"{example}, …", PASSWORD))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for number, row in enumerate(rows):
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            if number == 0:
                self.stdout.write("  ".join("-" * width for width in widths))
        self.stdout.write(
            "Singkatan wilayah: "
            + " ".join(
                account.username.removeprefix("operator-") for account in accounts if account.role == Role.OPERATOR_KAB
            )
        )


def _at_ceremonies() -> list[DemoAccount]:
    """The people of load_ceremony, where it was called in this province."""
    people = ceremony_data("belu-2019")["people"] if settings.PROVINCE_CODE == "53" else []
    return ceremony_accounts(people)
