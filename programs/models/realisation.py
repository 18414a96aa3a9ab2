"""What became of an agreed program: cumulative per quarter, money and work (domain §3.7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.proposals import Proposal


class Realisation(models.Model):
    """The report of one quarter: spent so far in rupiah, done so far in percent."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="realisations")
    quarter = models.PositiveSmallIntegerField(_("triwulan"))
    spent_rupiah = models.BigIntegerField(_("realisasi keuangan"))
    physical_percent = models.DecimalField(_("realisasi fisik (%)"), max_digits=5, decimal_places=2)
    obstacle = models.TextField(_("kendala"), max_length=2000, blank=True)
    follow_up = models.TextField(_("tindak lanjut"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("dilaporkan"), auto_now=True)

    class Meta:
        verbose_name = _("realisasi triwulan")
        verbose_name_plural = _("realisasi triwulan")
        ordering = ["quarter"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "quarter"], name="realisation_once_per_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4), spent_rupiah__gte=0, physical_percent__range=(0, 100)),
                name="realisation_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} TW {self.quarter}"
