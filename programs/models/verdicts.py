"""Verdicts of desk, plenary and addendum. A verdict is pending until its desk is closed (`applied_at`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.proposals import LARGEST_RUPIAH, CostLine, Proposal
from programs.models.reference import FundingSource


class Decision(models.TextChoices):
    """The five answers; the keys are the proposal's statuses of the same name."""

    AGREED = "disepakati", _("Disepakati")
    AMENDED = "perbaikan", _("Disepakati dengan perbaikan")
    POSTPONED = "ditunda", _("Ditunda")
    REFUSED = "tidak_disepakati", _("Tidak disepakati")
    REDIRECTED = "dialihkan", _("Dialihkan")


def _reasoned() -> Q:
    """A reason for all but the first answer; a source exactly when money is redirected."""
    return (Q(decision="disepakati") | ~Q(reason="")) & (
        Q(decision="dialihkan", redirect_to__isnull=False) | ~Q(decision="dialihkan") & Q(redirect_to__isnull=True)
    )


class Verdict(models.Model):
    """The answer to one proposal. `agreed_rupiah` is budget money: the lines as agreed; 0 when it is not agreed."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="verdict")
    decision = models.CharField(_("putusan"), max_length=20, choices=Decision)
    agreed_rupiah = models.BigIntegerField(_("pagu disepakati"), default=0)
    reason = models.TextField(_("alasan"), max_length=2000, blank=True)
    redirect_to = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dialihkan ke")
    )
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("diputuskan"), auto_now=True)
    applied_at = models.DateTimeField(_("berlaku sejak"), null=True, blank=True)

    class Meta:
        verbose_name = _("putusan usulan")
        verbose_name_plural = _("putusan usulan")
        constraints = [
            models.CheckConstraint(condition=_reasoned(), name="verdict_has_reason"),
            models.CheckConstraint(
                condition=Q(decision__in=["disepakati", "perbaikan"]) | Q(agreed_rupiah=0),
                name="verdict_money_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(agreed_rupiah__range=(0, LARGEST_RUPIAH)), name="verdict_money_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_decision_display()}"


class LineVerdict(models.Model):
    """The answer to one cost line, only where it differs from "agreed as proposed"."""

    line = models.OneToOneField(CostLine, on_delete=models.CASCADE, related_name="verdict")
    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="lines")
    decision = models.CharField(_("putusan"), max_length=20, choices=Decision)
    agreed_rupiah = models.BigIntegerField(_("jumlah disepakati"), default=0)
    reason = models.TextField(_("alasan"), max_length=1000, blank=True)
    redirect_to = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dialihkan ke")
    )
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("putusan rincian biaya")
        verbose_name_plural = _("putusan rincian biaya")
        constraints = [
            models.CheckConstraint(condition=_reasoned(), name="line_verdict_has_reason"),
            models.CheckConstraint(
                condition=Q(decision__in=["disepakati", "perbaikan"]) | Q(agreed_rupiah=0),
                name="line_verdict_money_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(agreed_rupiah__range=(0, LARGEST_RUPIAH)), name="line_verdict_money_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.get_decision_display()}"


class VerdictRevision(models.Model):
    """Every verdict that ever stood, so that nothing is lost when two decide or the plenary changes its mind.

    Shape: `content` = {"decision", "agreed_rupiah", "reason", "redirect_to": key or "", "lines": {line pk: the same}}.
    """

    class Stage(models.TextChoices):
        DESK = "desk", _("Desk")
        PLENARY = "pleno", _("Pleno")
        ADDENDUM = "adendum", _("Adendum")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="verdict_revisions")
    version = models.PositiveIntegerField(_("versi"))
    stage = models.CharField(_("tahap"), max_length=10, choices=Stage, default=Stage.DESK)
    content = models.JSONField(_("isi"))
    note = models.TextField(_("alasan perubahan"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("riwayat putusan")
        verbose_name_plural = _("riwayat putusan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.version}"


class Ceiling(models.Model):
    """How much the province expects from one source for a year: the simulator's upper line."""

    year = models.PositiveSmallIntegerField(_("tahun anggaran"))
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="+", verbose_name=_("sumber dana"))
    amount_rupiah = models.BigIntegerField(_("pagu provinsi"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("pagu sumber dana")
        verbose_name_plural = _("pagu sumber dana")
        ordering = ["-year", "source__position"]
        constraints = [
            models.UniqueConstraint(fields=["year", "source"], name="ceiling_once"),
            models.CheckConstraint(condition=Q(amount_rupiah__range=(0, LARGEST_RUPIAH)), name="ceiling_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}: {self.amount_rupiah}"
