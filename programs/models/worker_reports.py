"""The monthly report of an extension worker: visits, results, problems, plan; the ground for the month's pay."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel.workflow import Status
from programs import contract_rules as rules
from programs.models.contracts import Contract
from programs.models.workers import ExtensionWorker
from programs.workflow import REPORT
from regencies.rules import regency_ids


class MonthlyReportQuerySet(models.QuerySet):
    """Rows of monthly reports."""

    def visible_to(self, user: Any) -> MonthlyReportQuerySet:
        """A worker reads his own; the office of that contract's placement and the province what was handed in."""
        handed_in = Q(submitted_at__isnull=False)
        if rules.province_readers(user):
            return self.filter(handed_in)
        own = Q(worker__user=getattr(user, "pk", None) or 0)
        return self.filter(own | handed_in & Q(contract__regency__in=regency_ids(user)))


class MonthlyReport(models.Model):
    """One month of one worker. `month` is its first day; `change` rises with every change of anything in it."""

    worker = models.ForeignKey(
        ExtensionWorker, on_delete=models.PROTECT, related_name="reports", verbose_name=_("penyuluh")
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reports", verbose_name=_("kontrak"))
    month = models.DateField(_("bulan"))
    nib_count = models.PositiveSmallIntegerField(_("NIB terbit"), default=0)
    pirt_count = models.PositiveSmallIntegerField(_("P-IRT terbit"), default=0)
    halal_count = models.PositiveSmallIntegerField(_("sertifikat halal terbit"), default=0)
    other_count = models.PositiveSmallIntegerField(_("izin/sertifikat lain"), default=0)
    kur_rupiah = models.BigIntegerField(_("KUR yang dicairkan"), default=0)
    results = models.TextField(_("hasil lain"), max_length=4000, blank=True)
    problems = models.TextField(_("permasalahan"), max_length=4000, blank=True)
    plan = models.TextField(_("rencana bulan depan"), max_length=4000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=REPORT.choices, default=REPORT.initial)
    change = models.PositiveIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField(_("diajukan"), null=True, blank=True)
    return_reason = models.TextField(_("alasan pengembalian"), max_length=2000, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("disetujui oleh"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("disetujui"), null=True, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dokumen")
    )
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan bulanan")
        verbose_name_plural = _("laporan bulanan")
        ordering = ["-month", "worker__name"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "month"], name="report_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="report_of_a_whole_month"),
            models.CheckConstraint(condition=Q(kur_rupiah__range=(0, 10**12)), name="report_money_possible"),
            models.CheckConstraint(
                condition=~Q(status="disetujui")
                | Q(approved_by__isnull=False, approved_at__isnull=False, document__isnull=False),
                name="report_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        """The page of the report."""
        return reverse("report", args=[self.pk])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return REPORT.status(self.status)


class Visit(models.Model):
    """A visit to an IKM. `client_key` is made on the phone: sent twice it is one visit."""

    report = models.ForeignKey(MonthlyReport, on_delete=models.CASCADE, related_name="visits")
    on = models.DateField(_("tanggal"), null=True, blank=True)
    ikm = models.CharField(_("IKM"), max_length=150, blank=True)
    is_new = models.BooleanField(_("dampingan baru"), default=False)
    topic = models.CharField(_("materi"), max_length=250, blank=True)
    result = models.TextField(_("hasil"), max_length=2000, blank=True)
    location = models.CharField(_("lokasi"), max_length=200, blank=True)
    latitude = models.DecimalField(
        _("lintang"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("bujur"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    client_key = models.UUIDField(unique=True, editable=False)
    deleted_at = models.DateTimeField(_("dibuang"), null=True, blank=True)

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on}: {self.ikm}"


class ReportPhoto(models.Model):
    """A picture of a visit with a caption that somebody wrote. Where it was taken stays in it only when he says so."""

    report = models.ForeignKey(MonthlyReport, on_delete=models.CASCADE, related_name="photos")
    visit = models.ForeignKey(Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos")
    file = models.FileField(_("foto"), max_length=150)
    caption = models.CharField(_("keterangan"), max_length=250, blank=True)
    sha256 = models.CharField("sha256", max_length=64)
    size = models.PositiveIntegerField(_("ukuran"))
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    with_place = models.BooleanField(_("simpan lokasi foto"), default=False)
    at = models.DateTimeField(_("diunggah"), auto_now_add=True)
    client_key = models.UUIDField(unique=True, editable=False)
    deleted_at = models.DateTimeField(_("dibuang"), null=True, blank=True)

    class Meta:
        verbose_name = _("foto kunjungan")
        verbose_name_plural = _("foto kunjungan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or self.file.name
