"""One row per paper: (kind, template version, facts). The row is the truth, the queue only a hint that it waits."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.documents import kinds
from portal.documents.facts import show_code
from portal.documents.workflow import BUNDLE, DOCUMENT, FAILED, QUEUED, READY, RENDERING, WORKING
from portal.kernel.workflow import Status

_NO_FILE = Q(file="", sha256="", engine="", pages__isnull=True, size__isnull=True)


class DocumentQuerySet(models.QuerySet):
    """Papers."""

    def visible_to(self, user: Any) -> DocumentQuerySet:
        """The papers whose kind lets this user read them."""
        allowed = Q(pk__in=[])
        for kind in kinds.all_kinds():
            own = Document.objects.filter(kind=kind.key)
            if kind.readable is not None:
                allowed |= Q(pk__in=kind.readable(user, own).values("pk"))
            else:
                allowed |= Q(pk__in=[row.pk for row in own.defer("facts") if kind.may_read(user, row)])
        return self.filter(allowed)

    def of_subject(self, document: Document) -> DocumentQuerySet:
        """The papers of the same kind about the same thing, the one in force first."""
        same = self.filter(kind=document.kind, subject_type=document.subject_type, subject_id=document.subject_id)
        return same.order_by("-current_at", "-pk")


class Document(models.Model):
    """A paper from order to file. `facts` never change: other facts are another row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=40)
    template_version = models.PositiveSmallIntegerField(_("versi templat"))
    paper = models.CharField(_("kertas"), max_length=4)
    facts = models.JSONField(_("isi"))
    facts_hash = models.CharField(_("sha256 isi"), max_length=64)
    code = models.CharField(_("kode"), max_length=10, unique=True)
    verify_base = models.CharField(_("alamat pemeriksaan"), max_length=200)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    title = models.CharField(_("judul"), max_length=300)

    status = models.CharField(_("status"), max_length=10, choices=DOCUMENT.choices, default=DOCUMENT.initial)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    error = models.TextField(_("sebab kegagalan"), blank=True)
    file = models.FileField(_("berkas"), max_length=120, blank=True)
    sha256 = models.CharField("sha256", max_length=64, blank=True, db_index=True)
    pages = models.PositiveIntegerField(_("halaman"), null=True)
    size = models.PositiveIntegerField(_("ukuran"), null=True)
    engine = models.CharField(_("mesin"), max_length=60, blank=True)
    boxed = models.CharField(_("huruf yang tercetak sebagai □"), max_length=40, blank=True)

    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dipesan oleh")
    )
    ordered_at = models.DateTimeField(_("dipesan"), default=timezone.now)
    current_at = models.DateTimeField(_("berlaku sejak"), default=timezone.now)
    hinted_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("selesai"), null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "template_version", "facts_hash"], name="document_once_per_facts"),
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _label in DOCUMENT.choices]), name="document_status_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=READY, pages__gt=0, size__gt=0, finished_at__isnull=False)
                    & ~Q(file="")
                    & ~Q(sha256="")
                    & ~Q(engine="")
                )
                | (~Q(status=READY) & _NO_FILE),
                name="document_ready_has_file",
            ),
            models.CheckConstraint(
                condition=(Q(status=FAILED) & ~Q(error="")) | (~Q(status=FAILED) & Q(error="")),
                name="document_failed_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=RENDERING) | Q(attempts__gt=0, started_at__isnull=False),
                name="document_rendering_was_started",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_type", "subject_id", "-current_at"], name="document_by_subject"),
            models.Index(fields=["status"], condition=Q(status__in=[QUEUED, RENDERING]), name="document_at_work"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the paper for those who may read it."""
        return reverse("document", args=[self.public_id])

    @property
    def shown_code(self) -> str:
        """The code as printed: ABCDE-FGHJK."""
        return show_code(self.code)

    @property
    def verify_url(self) -> str:
        """The address in the QR code."""
        return f"{self.verify_base}/v/{self.shown_code}/"

    @property
    def flow_status(self) -> Status:
        """The status with label and tone."""
        return DOCUMENT.status(self.status)

    @property
    def kind_title(self) -> str:
        """What the kind is called; the key when no app knows it any more."""
        try:
            return str(kinds.kind(self.kind).title)
        except KeyError:
            return self.kind

    @property
    def is_ready(self) -> bool:
        """Whether the file is there."""
        return self.status == READY

    @property
    def at_work(self) -> bool:
        """Whether it still waits or is being made."""
        return self.status in (QUEUED, RENDERING)

    @property
    def download_name(self) -> str:
        """The file name people get: "susunan-acara-rakor-atambua-2019-4SJK3-YQY8Z.pdf"."""
        name = slugify(self.facts.get("short_title") or self.title)[:80].strip("-") or self.kind
        return f"{name}-{self.shown_code}.pdf"


class Bundle(models.Model):
    """Several stored files in one, made by a worker for who ordered it, and thrown away some days later.

    As a ZIP they stay what they are. As one PDF they are bound for the printer, each beginning on a sheet of its own.
    `kind` names whose rule says whether he may still have it, `digest` tells one list of files from another: the same
    order twice is one bundle.
    Shape: entries = [{"name": "name inside.pdf", "about": pk, "file": "storage name", "sha256": "…"}], or with
    "document": pk in place of the last two. What `about` numbers is the kind's matter.
    """

    class Form(models.TextChoices):
        ZIP = "zip", "ZIP"
        PDF = "pdf", "PDF"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("judul"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=40)
    form = models.CharField(_("bentuk"), max_length=3, choices=Form, default=Form.ZIP)
    entries = models.JSONField(_("isi"))
    digest = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=BUNDLE.choices, default=BUNDLE.initial)
    done = models.PositiveIntegerField(_("terkumpul"), default=0)
    total = models.PositiveIntegerField(_("banyaknya"))
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    error = models.TextField(_("sebab kegagalan"), blank=True)
    file = models.CharField(_("berkas"), max_length=120, blank=True)
    sha256 = models.CharField("sha256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("ukuran"), null=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("dipesan oleh")
    )
    ordered_at = models.DateTimeField(_("dipesan"), default=timezone.now)
    hinted_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    expires_at = models.DateTimeField(_("dihapus"))

    class Meta:
        verbose_name = _("kumpulan berkas")
        verbose_name_plural = _("kumpulan berkas")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=READY, size__gt=0, finished_at__isnull=False) & ~Q(file="") & ~Q(sha256="")
                | ~Q(status=READY) & Q(file="", sha256="", size__isnull=True),
                name="bundle_ready_has_file",
            ),
            models.CheckConstraint(condition=Q(done__lte=models.F("total"), total__gt=0), name="bundle_done_of_total"),
            models.UniqueConstraint(
                fields=["ordered_by", "digest"], condition=Q(status__in=[QUEUED, WORKING]), name="bundle_once_at_work"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="bundle_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page, for who ordered it."""
        return reverse("bundle", args=[self.public_id])

    @property
    def state(self) -> Status:
        """The status with label and tone."""
        return BUNDLE.status(self.status)

    @property
    def at_work(self) -> bool:
        """Whether it still waits or is being made."""
        return self.status in (QUEUED, WORKING)

    @property
    def is_ready(self) -> bool:
        """Whether the file is there."""
        return self.status == READY

    @property
    def subjects(self) -> set[int | None]:
        """What its files are about, as numbers of the kind's own."""
        return {entry.get("about") for entry in self.entries}

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.done // self.total

    @property
    def download_name(self) -> str:
        """The file name people get."""
        return f"{slugify(self.title)[:80].strip('-') or 'berkas'}.{self.form}"
