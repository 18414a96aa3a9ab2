"""The texts of contracts and MOUs as data: a template, its versions, and what an MOU may give a mandate for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import Status
from programs.facts.contract_text import PARTS
from programs.workflow import TEMPLATE


class ContractKind(models.TextChoices):
    """What kind of paper is signed; each has its own variables and its own look in print."""

    TPL = "kontrak_tpl", _("Kontrak kerja TPL-IKM")
    MOU = "nota_kesepahaman", _("Nota kesepahaman (MOU)")


class MandateField(models.Model):
    """A field that an MOU gives a regency the mandate for (domain §1.5: four in the East Java text of 2012)."""

    key = models.SlugField(_("kunci"), max_length=40, unique=True)
    name = models.CharField(_("bidang"), max_length=120)
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("bidang mandat")
        verbose_name_plural = _("bidang mandat")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class ContractTemplate(models.Model):
    """A kind of text the office uses again and again; what it says stands in its versions."""

    key = models.SlugField(_("kunci"), max_length=60, unique=True)
    kind = models.CharField(_("jenis"), max_length=20, choices=ContractKind)
    name = models.CharField(_("nama templat"), max_length=150)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("templat kontrak")
        verbose_name_plural = _("templat kontrak")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the template."""
        return reverse("contract_template", args=[self.pk])


class TemplateVersion(models.Model):
    """One wording. While it is a draft it may change (`version` guards two editors); a published one never does.

    Texts hold variables as "{nama_variabel}" (programs.facts.contract_text), and Markdown-light.
    Shape: clauses = [{"heading": "Tugas", "body": "…"}], numbered as Pasal 1, 2, … when shown.
    """

    template = models.ForeignKey(
        ContractTemplate, on_delete=models.PROTECT, related_name="versions", verbose_name=_("templat")
    )
    number = models.PositiveSmallIntegerField(_("versi"))
    status = models.CharField(_("status"), max_length=10, choices=TEMPLATE.choices, default=TEMPLATE.initial)
    title = models.TextField(_("judul naskah"), max_length=600, help_text=_("Satu baris judul per baris."))
    opening = models.TextField(_("pembukaan"), max_length=8000, blank=True)
    recital = models.TextField(_("dasar dan pertimbangan"), max_length=8000, blank=True)
    clauses = models.JSONField(_("pasal"), default=list)
    closing = models.TextField(_("penutup"), max_length=4000, blank=True)
    note = models.CharField(_("catatan versi"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    sha256 = models.CharField("sha256", max_length=64, blank=True)
    published_at = models.DateTimeField(_("terbit"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("diterbitkan oleh"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("diubah"), auto_now=True)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("penulis"))
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("versi templat")
        verbose_name_plural = _("versi templat")
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(status="konsep"), name="template_one_draft",
                violation_error_message=_("Templat ini sudah mempunyai konsep versi baru."),
            ),
            models.CheckConstraint(
                condition=Q(status="konsep", sha256="", published_at__isnull=True)
                | Q(status="terbit", published_at__isnull=False) & ~Q(sha256=""),
                name="template_published_is_sealed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("%(template)s, versi %(number)s") % {"template": self.template, "number": self.number}

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return TEMPLATE.status(self.status)

    @property
    def content(self) -> dict[str, Any]:
        """What it says, with the keys of programs.facts.contract_text.PARTS."""
        return {name: getattr(self, name) for name in PARTS}

    @property
    def author_ids(self) -> set[int]:
        """Who wrote anything in it: none of them publishes it."""
        return {person.pk for person in self.authors.all()}
