"""Lists that proposals choose from. They are data: the office changes them without a new version of the portal."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class FundingSource(models.Model):
    """Where money comes from (domain §3.3). KUR and CSR are no budget: sums of budget leave them out."""

    key = models.SlugField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    in_budget = models.BooleanField(_("termasuk anggaran"), default=True)
    needs_readiness = models.BooleanField(_("mensyaratkan berkas kesiapan DAK"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("sumber dana")
        verbose_name_plural = _("sumber dana")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name


class SubActivity(models.Model):
    """A sub-kegiatan of the official nomenclature; the level says which government it belongs to (domain §3.4)."""

    class Level(models.TextChoices):
        PROVINCE = "provinsi", _("Provinsi")
        REGENCY = "kabupaten_kota", _("Kabupaten/kota")
        SUPPORT = "penunjang", _("Penunjang urusan")
        TRADE = "perdagangan_kabupaten", _("Perdagangan kabupaten/kota")

    level = models.CharField(_("tingkat"), max_length=25, choices=Level)
    program_code = models.CharField(_("kode program"), max_length=12)
    activity_code = models.CharField(_("kode kegiatan"), max_length=20)
    activity = models.CharField(_("kegiatan"), max_length=300, blank=True)
    code = models.CharField(_("kode sub-kegiatan"), max_length=25, unique=True)
    name = models.TextField(_("sub-kegiatan"))
    indicator = models.TextField(_("indikator"))
    unit = models.CharField(_("satuan"), max_length=40)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("sub-kegiatan")
        verbose_name_plural = _("sub-kegiatan")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Sector(models.Model):
    """An industry sector; `standing` is its place in the province's priorities (domain §3.6, §4.4)."""

    class Standing(models.TextChoices):
        MAIN = "utama", _("Prioritas utama")
        SUPPORTING = "pendukung", _("Prioritas pendukung")
        OTHER = "lain", _("Bukan prioritas")

    key = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    standing = models.CharField(_("prioritas"), max_length=10, choices=Standing, default=Standing.OTHER)
    special_regime = models.CharField(
        _("rezim khusus"), max_length=250, blank=True,
        help_text=_("Peraturan yang membatasi sektor ini; usulannya wajib memuat catatan."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("sektor industri")
        verbose_name_plural = _("sektor industri")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Kbli(models.Model):
    """A business class; the edition belongs to the code (KBLI 2020 was replaced by 2025, domain §4.4)."""

    edition = models.PositiveSmallIntegerField(_("edisi"))
    code = models.CharField(_("kode"), max_length=5)
    title = models.CharField(_("judul"), max_length=200)
    sectors = models.ManyToManyField(Sector, related_name="classes", verbose_name=_("sektor"))

    class Meta:
        verbose_name = _("KBLI")
        verbose_name_plural = _("KBLI")
        ordering = ["-edition", "code"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="kbli_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.code} {self.title} (KBLI {self.edition})"


class HelpKind(models.Model):
    """A kind of help the empowerment sub-activity allows (domain §3.4, after PP 29/2018)."""

    key = models.SlugField(_("kode"), max_length=40, unique=True)
    group = models.CharField(_("kelompok"), max_length=80)
    name = models.CharField(_("nama"), max_length=200)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("jenis kegiatan")
        verbose_name_plural = _("jenis kegiatan")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A thematic mark: stunting, border area, gender …"""

    key = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=60)

    class Meta:
        verbose_name = _("tanda")
        verbose_name_plural = _("tanda")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class ReadinessItem(models.Model):
    """A file that makes a proposal ready (domain §3.5). `scope` says which proposals need it."""

    class Scope(models.TextChoices):
        ALWAYS = "selalu", _("Setiap usulan")
        SPECIAL_FUND = "dak", _("Usulan dengan sumber dana yang mensyaratkan kesiapan")
        OPTIONAL = "opsional", _("Bila ada")

    key = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    hint = models.CharField(_("penjelasan"), max_length=250, blank=True)
    scope = models.CharField(_("diperlukan oleh"), max_length=10, choices=Scope, default=Scope.OPTIONAL)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("berkas kesiapan")
        verbose_name_plural = _("berkas kesiapan")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
