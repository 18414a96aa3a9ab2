"""Files of a proposal. They lie outside the web root, leave only through a view that asks the rules, and never run."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.proposals import Proposal
from programs.models.reference import ReadinessItem


class AttachmentQuerySet(models.QuerySet):
    """Rows of attachments."""

    def visible_to(self, user: Any) -> AttachmentQuerySet:
        """Those of the proposals this user sees."""
        return self.filter(proposal__in=Proposal.objects.visible_to(user))

    def kept(self) -> AttachmentQuerySet:
        """Those not deleted."""
        return self.filter(deleted_at__isnull=True)


class Attachment(models.Model):
    """One checked file. `kind` is what its content is, not what its name says."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"
        XLSX = "xlsx", "XLSX"
        DOCX = "docx", "DOCX"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    item = models.ForeignKey(
        ReadinessItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("berkas kesiapan"),
    )  # fmt: skip
    name = models.CharField(_("nama berkas"), max_length=150)
    kind = models.CharField(_("jenis berkas"), max_length=5, choices=Kind)
    file = models.FileField(_("berkas"), max_length=150)
    size = models.PositiveIntegerField(_("ukuran"))
    sha256 = models.CharField("sha256", max_length=64)
    keeps_place = models.BooleanField(_("lokasi foto disimpan"), default=False)
    caption = models.CharField(_("keterangan"), max_length=250, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diunggah oleh")
    )
    added_at = models.DateTimeField(_("diunggah"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("dihapus"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("lampiran usulan")
        verbose_name_plural = _("lampiran usulan")
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "item", "sha256"], condition=Q(deleted_at__isnull=True),
                nulls_distinct=False, name="attachment_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether a browser shows it by itself; the others are only downloaded."""
        return self.kind in ("pdf", "jpeg", "png")


class Upload(models.Model):
    """A file on its way in pieces: a bad link continues where it stopped. Finished or old ones are swept away."""

    key = models.UUIDField(unique=True, help_text="Made by the browser: the same file begun twice is one upload.")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="uploads")
    item = models.ForeignKey(ReadinessItem, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150)
    size = models.PositiveIntegerField()
    crc32 = models.BigIntegerField(default=0, help_text="Of the whole file: what is continued must be the same file.")
    received = models.PositiveIntegerField(default=0)
    keeps_place = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("unggahan")
        verbose_name_plural = _("unggahan")
        constraints = [models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="upload_not_too_long")]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"
