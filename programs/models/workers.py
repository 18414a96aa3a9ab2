"""Field extension workers (Tenaga Penyuluh Lapangan, TPL-IKM) and penyuluh of other kinds (domain §5.1)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import Status
from programs import contract_rules as rules
from programs.workflow import WORKER
from regencies.models import Regency
from regencies.rules import regency_ids


class ExtensionWorkerQuerySet(models.QuerySet):
    """Rows of extension workers."""

    def visible_to(self, user: Any) -> ExtensionWorkerQuerySet:
        """The province and observers read all, a regency's office those placed there, a worker himself."""
        if rules.province_readers(user):
            return self
        own = Q(regency__in=regency_ids(user)) & ~Q(status="lulus")
        return self.filter(own | Q(user=getattr(user, "pk", None) or 0))


class ExtensionWorker(models.Model):
    """A person who guides IKM in a regency. `contract_year` counts the contracts that came into force (0 before)."""

    class Scheme(models.TextChoices):
        SCHOLARSHIP = "beasiswa", _("TPL-IKM program beasiswa")
        CONSULTANT = "konsultan", _("TPL/konsultan IKM")
        OFFICIAL = "fungsional", _("Penyuluh fungsional (PFPP)")
        OTHER = "lain", _("Penyuluh lain")

    scheme = models.CharField(_("jenis penyuluh"), max_length=12, choices=Scheme, default=Scheme.SCHOLARSHIP)
    name = models.CharField(_("nama lengkap"), max_length=150)
    identity_number = models.CharField(_("NIK"), max_length=16, blank=True)
    birth_place = models.CharField(_("tempat lahir"), max_length=80, blank=True)
    birth_on = models.DateField(_("tanggal lahir"), null=True, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    phone = models.CharField(_("nomor telepon"), max_length=30, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    cohort = models.PositiveSmallIntegerField(_("angkatan"), null=True, blank=True)
    school = models.CharField(_("perguruan tinggi"), max_length=150, blank=True)
    programme = models.CharField(_("program studi"), max_length=120, blank=True)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="extension_workers",
        verbose_name=_("kabupaten/kota penempatan"),
    )  # fmt: skip
    placement = models.CharField(_("wilayah kerja"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=WORKER.choices, default=WORKER.initial)
    contract_year = models.PositiveSmallIntegerField(_("tahun kontrak"), default=0)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="extension_worker",
        verbose_name=_("akun"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ExtensionWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("penyuluh")
        verbose_name_plural = _("penyuluh")
        ordering = ["regency__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number"], condition=~Q(identity_number=""), name="worker_nik_once",
                violation_error_message=_("NIK ini sudah terdaftar."),
            ),
            models.CheckConstraint(
                condition=Q(identity_number="") | Q(identity_number__regex=r"^\d{16}$"), name="worker_nik_16_digits",
                violation_error_message=_("NIK terdiri atas 16 angka."),
            ),
            models.CheckConstraint(
                condition=Q(status="lulus") | Q(regency__isnull=False), name="worker_placed_somewhere",
                violation_error_message=_("Penempatan memerlukan kabupaten/kota."),
            ),
            models.CheckConstraint(
                condition=~Q(status="kontrak") | Q(contract_year__gt=0), name="worker_contract_has_a_year"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the worker."""
        return reverse("worker", args=[self.pk])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return WORKER.status(self.status)
