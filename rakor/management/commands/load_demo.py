"""`manage.py load_demo`: accounts named by role, stand-ins for emblems, the editions of rakor/data/demo; no doubles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.kernel.errors import PortalError
from rakor.actions import demo
from rakor.actions.loading import load_meeting
from rakor.forms.files import read_file
from rakor.forms.meeting_file import check_meeting_file
from rakor.models import Meeting, Minutes
from regencies.actions.stand_ins import hang_stand_ins

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
EDITIONS = (
    ("ende-2016", "rakor-2016-ende.yaml", ("schedule", "open", "close")),
    ("atambua-2019", "rakor-2019-atambua.yaml", ("schedule", "open")),
)
"""Slug, file, and how far the edition gets. Atambua stays open, so that its programme and minutes can be worked on."""


class Command(BaseCommand):
    """Fills a local portal so that everything can be tried at once."""

    help = "Memuat akun dan edisi demo; hanya dalam mode lokal dan uji."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing; what people changed since stays."""
        with translation.override("id"):
            try:
                made = self._load()
            except PortalError as error:
                raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(", ".join(made) if made else "Data demo sudah lengkap.")

    def _load(self) -> list[str]:
        demo.ensure_demo_allowed()
        accounts = demo.create_demo_accounts()
        emblems = hang_stand_ins(by=demo.demo_user("admin"))
        made = [f"{count} {what}" for count, what in ((accounts, "akun"), (emblems, "lambang contoh")) if count]
        for slug, name, moves in EDITIONS:
            if Meeting.objects.filter(slug=slug).exists():
                continue
            self._load_edition(name, moves)
            made.append(slug)
        following = demo.plan_next_edition(Meeting.objects.get(slug="atambua-2019"))
        return [*made, following.slug] if following else made

    def _load_edition(self, name: str, moves: tuple[str, ...]) -> None:
        plan, errors = check_meeting_file(read_file(FOLDER / name))
        if plan is None:
            raise CommandError("\n".join(errors))
        meeting = load_meeting(plan, by=demo.demo_user("panitia")).meeting
        first, *rest = moves
        demo.bring_forward(meeting, first, *rest[:1])
        for minutes in Minutes.objects.filter(session__meeting=meeting).select_related("session__meeting"):
            demo.finalise_minutes(minutes)
        demo.bring_forward(meeting, *rest[1:])
