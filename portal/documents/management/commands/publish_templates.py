"""`manage.py publish_templates`: freeze the PDF template versions that are not frozen yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.documents.publishing import publish
from portal.documents.rendering import TEMPLATES, published


class Command(BaseCommand):
    """Adds new template versions to templates/pdf/published.json; from then on a test refuses changes."""

    help = "Freeze the PDF template versions that are not frozen yet."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was added."""
        added = publish(TEMPLATES, published())
        self.stdout.write("\n".join(f"published {folder}" for folder in added) or "nothing new to publish")
