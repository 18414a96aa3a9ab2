"""A form that arrived after the session had ended: kept for its owner until he or she has logged in again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LIFE = dt.timedelta(days=1)


class ParkedFormQuerySet(models.QuerySet):
    """Rows of parked forms."""

    def of(self, user: Any) -> ParkedFormQuerySet:
        """Those of one person, not older than a day, newest first. Nobody else ever sees them."""
        return self.filter(user=user, at__gt=timezone.now() - LIFE).order_by("-at")


class ParkedForm(models.Model):
    """What somebody sent to `path`. Shape: data = [[name, value], …] in the order of the form; files are not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=2000)
    data = models.JSONField(default=list)
    files = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    objects = ParkedFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("isian tertunda")
        verbose_name_plural = _("isian tertunda")
        indexes = [models.Index(fields=["user", "-at"], name="parked_by_user")]

    def __str__(self) -> str:
        return f"{self.path} {self.at:%Y-%m-%d %H:%M}"
