"""`manage.py load_meeting FILE`: an edition with programme and minutes from YAML or XLSX, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.accounts.models import User
from portal.kernel.errors import PortalError
from rakor.actions.loading import load_meeting
from rakor.forms.files import read_file
from rakor.forms.meeting_file import check_meeting_file
from rakor.forms.meeting_template import write_template
from rakor.rules import minute_takers, planners


class Command(BaseCommand):
    """Reads the file, reports every error with its place, and stores the edition only when there is none."""

    help = "Memuat satu edisi rakor dari berkas YAML atau Excel (lihat docs/load_meeting.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, who loads, and the way to an empty Excel file."""
        parser.add_argument("file", type=Path, help="berkas .yaml atau .xlsx")
        parser.add_argument("--user", default="", help="nama pengguna panitia yang memuat; bawaan: panitia pertama")
        parser.add_argument("--template", action="store_true", help="tulis templat Excel ke FILE, tidak memuat apa pun")
        parser.add_argument("--check", action="store_true", help="periksa saja, tidak menyimpan")

    def handle(self, *args: Any, file: Path, user: str, template: bool, check: bool, **options: Any) -> None:
        """Load the file, or write the template."""
        with translation.override("id"):
            try:
                self._handle(file, user, template, check)
            except PortalError as error:
                raise CommandError(str(error)) from error

    def _handle(self, file: Path, user: str, template: bool, check: bool) -> None:
        if template:
            write_template(file)
            self.stdout.write(f"Templat tersimpan di {file}.")
            return
        plan, errors = check_meeting_file(read_file(file))
        if plan is None:
            listed = "\n".join(f"  - {error}" for error in errors)
            raise CommandError(f"{file.name}: {len(errors)} kesalahan, tidak ada yang disimpan.\n{listed}")
        if check:
            self.stdout.write(f"{file.name} benar: {len(plan.sessions)} sesi.")
            return
        done = load_meeting(plan, by=_planner(user))
        word = "dibuat" if done.created else "diperbarui"
        self.stdout.write(
            f"Edisi “{done.meeting.title}” {word}: {done.sessions} sesi, {done.removed} sesi dihapus, "
            f"{done.entries} butir notula disimpan."
        )


def _planner(username: str) -> User:
    """Who is written down as having loaded the file.

    Errors: CommandError when nobody may.
    """
    people = User.objects.filter(is_active=True).order_by("pk")
    if username:
        people = people.filter(username__iexact=username)
    found = next((person for person in people if planners(person) and minute_takers(person)), None)
    if found is None:
        raise CommandError("Tidak ada pengguna dengan jabatan panitia yang berlaku. Sebutkan dengan --user.")
    return found
