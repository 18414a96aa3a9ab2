"""Excel files that brought proposals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regencies.models import Regency


class ProposalFile(models.Model):
    """An Excel file that was taken in: the same file again changes nothing."""

    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("tahun anggaran"))
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("nama berkas"), max_length=150)
    made = models.PositiveSmallIntegerField(_("usulan baru"))
    changed = models.PositiveSmallIntegerField(_("usulan diubah"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("berkas usulan")
        verbose_name_plural = _("berkas usulan")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["regency", "year", "sha256"], name="proposal_file_once")]

    def __str__(self) -> str:
        return self.name
