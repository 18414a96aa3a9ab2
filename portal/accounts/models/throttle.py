"""Failed tries at one door, counted in the database: wiping or losing Redis opens nothing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """How often a door (a keyed hash, so that the table names nobody) was tried in vain, and when last."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("percobaan gagal")
        verbose_name_plural = _("percobaan gagal")

    def __str__(self) -> str:
        return f"{self.failures} × {self.key[:8]}"
