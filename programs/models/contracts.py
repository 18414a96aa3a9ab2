"""Contracts and MOUs: the paper, who signs it in which order, the signatures, and every version of the signed file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel.workflow import Status
from programs import contract_rules as rules
from programs.models.contract_templates import ContractKind, MandateField, TemplateVersion
from programs.models.workers import ExtensionWorker
from programs.workflow import CONTRACT
from regencies.facts import office_line
from regencies.models import LetterNumber, Position, Regency, Register
from regencies.rules import regency_ids

SIGNABLE = ("siap_ttd", "sebagian")
"""Statuses in which the paper is fixed and waits for signatures."""

INTERNAL = ("konsep", "diparaf")
"""Statuses that only the provincial office sees."""

STOPPED = ("diputus", "dibatalkan")
"""Statuses of papers that somebody put an end to: nobody may take them for valid."""


def signs_as(pk: int, prefix: str = "") -> Q:
    """Signers (behind `prefix`) whose place is this account's, as `Signer.account_id` says of one."""
    own = {f"{prefix}worker__isnull": True, f"{prefix}person": pk}
    return Q(**own) | Q(**{f"{prefix}worker__user": pk})


class ContractQuerySet(models.QuerySet):
    """Rows of contracts."""

    def visible_to(self, user: Any) -> ContractQuerySet:
        """The province reads all; observers, the regency, the worker and every signer what has been approved."""
        if rules.province_internal(user):
            return self
        pk = getattr(user, "pk", None) or 0
        approved = Q(approved_at__isnull=False) & ~Q(status__in=INTERNAL)
        if rules.province_readers(user):
            return self.filter(approved)
        signs = models.Exists(Signer.objects.filter(signs_as(pk), contract=models.OuterRef("pk")))
        return self.filter(approved).filter(Q(regency__in=regency_ids(user)) | Q(worker__user=pk) | Q(signs))

    def running(self) -> ContractQuerySet:
        """Those in force."""
        return self.filter(status="aktif")


class Contract(models.Model):
    """One paper between two parties. What it says is fixed when it is approved; `document` is the paper itself.

    `effective_on` is the day the last signature was given: an MOU's mandate runs from it for `duration_months`, an
    employment contract runs from `starts_on` to `ends_on` as written. `frozen_at` is set when the printed file stands
    fast: nothing can be signed before, nothing is rendered after.
    """

    class Route(models.TextChoices):
        PAPER = "basah", _("Tanda tangan basah di kertas")
        ELECTRONIC = "elektronik", _("Tanda tangan elektronik")

    kind = models.CharField(_("jenis"), max_length=20, choices=ContractKind)
    template = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("versi templat")
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("kabupaten/kota")
    )
    worker = models.ForeignKey(
        ExtensionWorker, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts",
        verbose_name=_("penyuluh"),
    )  # fmt: skip
    contract_year = models.PositiveSmallIntegerField(_("kontrak tahun ke"), null=True, blank=True)
    title = models.CharField(_("judul"), max_length=300)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="+", verbose_name=_("register nomor"))
    number = models.OneToOneField(
        LetterNumber, on_delete=models.PROTECT, null=True, blank=True, related_name="contract", verbose_name=_("nomor")
    )
    other_number = models.CharField(_("nomor pihak lain"), max_length=120, blank=True)
    starts_on = models.DateField(_("mulai"), null=True, blank=True)
    ends_on = models.DateField(_("berakhir"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("jangka waktu (bulan)"), null=True, blank=True)
    honorarium_rupiah = models.BigIntegerField(_("honorarium sebulan"), null=True, blank=True)
    operational_rupiah = models.BigIntegerField(_("biaya operasional sebulan"), null=True, blank=True)
    placement = models.CharField(_("wilayah kerja"), max_length=200, blank=True)
    mandate_fields = models.ManyToManyField(MandateField, blank=True, related_name="+", verbose_name=_("bidang mandat"))
    extra = models.JSONField(_("isian lain"), default=dict, blank=True)
    place = models.CharField(_("tempat penandatanganan"), max_length=120, blank=True)
    signing_on = models.DateField(_("tanggal penandatanganan"), null=True, blank=True)
    route = models.CharField(_("cara penandatanganan"), max_length=12, choices=Route, default=Route.PAPER)

    status = models.CharField(_("status"), max_length=15, choices=CONTRACT.choices, default=CONTRACT.initial)
    version = models.PositiveIntegerField(default=1, editable=False)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("penulis"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("diparaf oleh"),
    )  # fmt: skip
    checked_at = models.DateTimeField(_("diparaf"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("disetujui oleh"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("disetujui"), null=True, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dokumen")
    )
    frozen_at = models.DateTimeField(_("dibekukan"), null=True, blank=True)
    signed_at = models.DateTimeField(_("tanda tangan terakhir"), null=True, blank=True)
    effective_on = models.DateField(_("berlaku sejak"), null=True, blank=True)
    ended_on = models.DateField(_("berakhir sesungguhnya"), null=True, blank=True)
    ended_reason = models.TextField(_("sebab berakhir"), max_length=2000, blank=True)
    previous = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name=_("perpanjangan dari"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dibuat oleh")
    )
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("kontrak")
        verbose_name_plural = _("kontrak")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "ends_on"], name="contract_by_end"),
            models.Index(fields=["kind", "regency"], name="contract_by_regency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="kontrak_tpl", worker__isnull=False, contract_year__gt=0)
                | Q(kind="nota_kesepahaman", worker__isnull=True, contract_year__isnull=True),
                name="contract_of_a_worker",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message=_("Tanggal berakhir mendahului tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=(Q(honorarium_rupiah__isnull=True) | Q(honorarium_rupiah__range=(0, 10**12)))
                & (Q(operational_rupiah__isnull=True) | Q(operational_rupiah__range=(0, 10**12))),
                name="contract_money_possible",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["konsep", "diparaf", "dibatalkan"])
                | Q(number__isnull=False, document__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="contract_approved_has_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["konsep", "diparaf", "siap_ttd", "dibatalkan"]) | Q(frozen_at__isnull=False),
                name="contract_signed_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["aktif", "berakhir", "diperpanjang", "diputus"])
                | Q(signed_at__isnull=False, effective_on__isnull=False),
                name="contract_active_was_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["diputus", "dibatalkan"]) | ~Q(ended_reason=""),
                name="contract_ended_with_reason",
            ),
            # One contract a year and worker that is not cancelled: a batch loaded twice makes no doubles.
            models.UniqueConstraint(
                fields=["worker", "contract_year"], condition=Q(worker__isnull=False) & ~Q(status="dibatalkan"),
                name="contract_once_a_year",
                violation_error_message=_("Penyuluh ini sudah mempunyai kontrak untuk tahun itu."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the contract."""
        return reverse("contract", args=[self.pk])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return CONTRACT.status(self.status)

    @property
    def author_ids(self) -> set[int]:
        """Who wrote anything in it: none of them checks or approves it."""
        return {person.pk for person in self.authors.all()}


class Signer(models.Model):
    """Who has to sign: a party, or a witness of one party's signature. Signers of one `step` may sign in any order.

    `person` is the account behind the position or the worker: nobody signs one paper twice. A worker may get another
    account before he signs, so whose turn it is asks `account_id`.
    `acts_for` is how the paper introduces him: "bertindak untuk dan atas nama Pemerintah Kabupaten Belu".
    `printed_name` and `printed_title` are what the approved paper says of him; a draft has none, it follows the office.
    """

    class Kind(models.TextChoices):
        PARTY = "pihak", _("Pihak")
        WITNESS = "saksi", _("Saksi")

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="signers")
    kind = models.CharField(_("kedudukan"), max_length=6, choices=Kind)
    order = models.PositiveSmallIntegerField(_("urutan"))
    label = models.CharField(_("sebutan"), max_length=60, help_text=_("PIHAK KESATU, PIHAK KEDUA, Saksi, Mengetahui."))
    step = models.PositiveSmallIntegerField(_("langkah tanda tangan"), default=1)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jabatan")
    )
    worker = models.ForeignKey(
        ExtensionWorker, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("penyuluh")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    on_behalf = models.CharField(_("atas nama"), max_length=150, blank=True, help_text=_("Contoh: a.n. Gubernur …"))
    acts_for = models.CharField(_("bertindak untuk"), max_length=250, blank=True)
    printed_name = models.CharField(_("nama tercetak"), max_length=200, blank=True, editable=False)
    printed_title = models.CharField(_("jabatan tercetak"), max_length=500, blank=True, editable=False)
    witnesses = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="witnessed_by",
        verbose_name=_("menyaksikan tanda tangan"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("penanda tangan")
        verbose_name_plural = _("penanda tangan")
        ordering = ["kind", "order"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "order"], name="signer_place_once"),
            models.UniqueConstraint(
                fields=["contract", "person"], name="signer_person_once",
                violation_error_message=_("Orang ini sudah menjadi penanda tangan naskah ini."),
            ),
            models.CheckConstraint(
                condition=Q(kind="pihak", witnesses__isnull=True) | Q(kind="saksi", witnesses__isnull=False),
                name="signer_witness_is_bound",
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False, worker__isnull=True, person__isnull=False)
                | Q(position__isnull=True, worker__isnull=False),
                name="signer_is_somebody",
            ),
            # The target of the composite foreign key that keeps a witness within the contract (migration).
            models.UniqueConstraint(fields=["id", "contract"], name="signer_of_contract"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label}: {self.name}"

    @property
    def name(self) -> str:
        """The name as printed."""
        if self.printed_name:
            return self.printed_name
        return self.worker.name if self.worker_id else self.position.person.display_name

    @property
    def account_id(self) -> int | None:
        """Whose account signs here: a worker's present one, whichever he had when the contract was written."""
        return self.worker.user_id if self.worker_id else self.person_id

    @property
    def title(self) -> str:
        """The office as printed: "Plt. Kepala Dinas Perindustrian Kabupaten Belu"."""
        if self.worker_id:
            return str(_("Tenaga Penyuluh Lapangan IKM"))
        if self.printed_title:
            return self.printed_title
        return office_line(self.position.full_title, self.position.agency.name)


class Revision(models.Model):
    """One state of the file, never changed: the print, the print with empty fields, after each signature, the scan.

    `stamps`: what will become visible where each signer signs, beside the print of the electronic route. Like `file`
    it is named by the sha256 of its bytes.
    """

    class Kind(models.TextChoices):
        PRINT = "cetak", _("Naskah beku")
        SIGNED = "ttd", _("Sesudah tanda tangan elektronik")
        SCAN = "pindaian", _("Pindaian bertanda tangan")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="revisions")
    sequence = models.PositiveSmallIntegerField(_("urutan"))
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind)
    file = models.FileField(_("berkas"), max_length=150)
    sha256 = models.CharField("sha256", max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("ukuran"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    stamps = models.FileField(_("tera"), max_length=150, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("disimpan"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dicocokkan oleh"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("dicocokkan"), null=True, blank=True)
    rejected_reason = models.CharField(_("alasan tidak cocok"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("berkas kontrak")
        verbose_name_plural = _("berkas kontrak")
        ordering = ["contract", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "sequence"], name="revision_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="revision_second_person",
                violation_error_message=_("Pindaian dicocokkan oleh orang lain daripada yang mengunggahnya."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.sequence} {self.kind}"


class Signature(models.Model):
    """A signature that was given. The database refuses to change or remove it (migration).

    `name` and `title` are those of the paper. A wet one has no file of its own; an electronic one has the revision
    it made, and what the check right after signing said of all signatures in that file.
    Shape: verdict = portal.signing.checking.Verdict as JSON.
    """

    class Kind(models.TextChoices):
        WET = "basah", _("Tanda tangan basah")
        LOCAL = "lokal", _("Tanda tangan elektronik dengan sertifikat portal (tidak tersertifikasi)")
        BSRE = "bsre", _("Tanda tangan elektronik tersertifikasi (BSrE)")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    signer = models.OneToOneField(Signer, on_delete=models.PROTECT, related_name="signature")
    kind = models.CharField(_("jenis"), max_length=6, choices=Kind)
    name = models.CharField(_("nama"), max_length=150)
    title = models.CharField(_("jabatan"), max_length=200)
    signed_at = models.DateTimeField(_("ditandatangani"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    base_sha256 = models.CharField(_("sha256 berkas yang ditandatangani"), max_length=64)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="signature")
    field = models.CharField(max_length=40, blank=True)
    certificate = models.CharField(_("pemegang sertifikat"), max_length=250, blank=True)
    serial = models.CharField(_("nomor seri sertifikat"), max_length=64, blank=True)
    verdict = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("tanda tangan")
        verbose_name_plural = _("tanda tangan")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="basah", revision__isnull=True) | ~Q(kind="basah") & Q(revision__isnull=False),
                name="signature_electronic_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"
