"""What is kept beside a contract: lists it was made from, reminders that went out, what a worker found in a file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.models.contracts import Contract, Revision


class ContractBatch(models.Model):
    """An Excel list of contracts: read and shown first, made into contracts at `made_at`.

    Shape: rows = [{"row": 2, "values": {…}, "errors": [["name", "…"]], "contract": pk or None}], errors by field, ""
    for the whole row; common = {"values": {…}, "columns": {"name": "B"}}. Once made, no personal data is left in it.
    """

    file_name = models.CharField(_("nama berkas"), max_length=200)
    sha256 = models.CharField("sha256", max_length=64)
    common = models.JSONField(_("isian bersama"), default=dict)
    rows = models.JSONField(_("baris"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("dibaca"), auto_now_add=True)
    made_at = models.DateTimeField(_("dibuat"), null=True, blank=True)

    class Meta:
        verbose_name = _("daftar kontrak dari Excel")
        verbose_name_plural = _("daftar kontrak dari Excel")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """The page of the list: what it would make, or has made."""
        return reverse("contract_batch", args=[self.pk])


class ContractReminder(models.Model):
    """That the end of a contract was announced, once per distance in days."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField(_("hari sebelum berakhir"))
    at = models.DateTimeField(_("diingatkan"), auto_now_add=True)

    class Meta:
        verbose_name = _("pengingat kontrak")
        verbose_name_plural = _("pengingat kontrak")
        constraints = [models.UniqueConstraint(fields=["contract", "days"], name="contract_reminded_once")]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.days}"


class RevisionCheck(models.Model):
    """What the full analysis of a signed file said; the quick check at signing is in its signature.

    Shape: verdict = portal.signing.checking.Verdict as JSON.
    """

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="check_result")
    whole = models.BooleanField(_("utuh"))
    trusted = models.BooleanField(_("semua sertifikat dikenal"))
    verdict = models.JSONField(_("hasil pemeriksaan"))
    at = models.DateTimeField(_("diperiksa"), auto_now_add=True)

    class Meta:
        verbose_name = _("pemeriksaan berkas kontrak")
        verbose_name_plural = _("pemeriksaan berkas kontrak")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.whole}"
