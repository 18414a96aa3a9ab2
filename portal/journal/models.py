"""The journal: one row per act, never changed afterwards (a database trigger refuses it)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

STATUS = gettext_noop("Status")
"""Label of a change whose values are the names of statuses."""


def object_type(obj: models.Model | type[models.Model]) -> str:
    """The stable name of a model in the journal and in documents: "rakor.session"."""
    return obj._meta.label_lower


class EntryQuerySet(models.QuerySet):
    """Rows of the journal."""

    def about(self, obj: models.Model, *others: models.Model) -> EntryQuerySet:
        """The history of one object, or of several together, newest first."""
        wanted = models.Q(object_type=object_type(obj), object_id=str(obj.pk))
        for other in others:
            wanted |= models.Q(object_type=object_type(other), object_id=str(other.pk))
        return self.filter(wanted).select_related("actor")


class Entry(models.Model):
    """One act. Labels are stored as they read then: a renamed office does not change history."""

    at = models.DateTimeField(_("waktu"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("pelaku")
    )
    actor_name = models.CharField(_("nama pelaku"), max_length=150)
    verb = models.CharField(_("tindakan"), max_length=60)
    object_type = models.CharField(_("jenis"), max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(_("objek"), max_length=250)
    note = models.TextField(_("alasan"), blank=True)
    changes = models.JSONField(_("perubahan"), default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("catatan jurnal")
        verbose_name_plural = _("jurnal")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="entry_by_object")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.object_label}"
