"""The yearly round of proposals: when the province takes them in, and who got more time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regencies.models import Regency


class Round(models.Model):
    """The proposals for one planning year (N+1). An edition of the rakor finds its round by that year."""

    year = models.PositiveSmallIntegerField(_("tahun anggaran"), unique=True)
    opens_at = models.DateTimeField(_("dibuka"))
    closes_at = models.DateTimeField(_("batas waktu"))
    note = models.TextField(_("petunjuk"), blank=True, help_text=_("Tampil di atas daftar usulan kabupaten/kota."))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("putaran pengusulan")
        verbose_name_plural = _("putaran pengusulan")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_opening",
                violation_error_message=_("Batas waktu harus sesudah waktu pembukaan."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Usulan {self.year}"

    def closes_for(self, regency_id: int) -> timezone.datetime:
        """The moment until which this regency may send: the general one or its extension, the later."""
        until = [row.until for row in self.extensions.all() if row.regency_id == regency_id]
        return max([self.closes_at, *until])


class Extension(models.Model):
    """More time for one regency, with the reason. A newer one replaces the older; the journal keeps both."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="extensions")
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="+", verbose_name=_("kabupaten/kota"))
    until = models.DateTimeField(_("diperpanjang sampai"))
    reason = models.TextField(_("alasan"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("perpanjangan")
        verbose_name_plural = _("perpanjangan")
        ordering = ["regency__code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "regency"], name="extension_once_per_regency"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.regency}: {self.until:%Y-%m-%d %H:%M}"
