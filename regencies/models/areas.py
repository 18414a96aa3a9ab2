"""Province and regency. Kemendagri and BPS codes are two columns, never derived from each other (domain §4.1)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Province(models.Model):
    """A province, e.g. 53 Nusa Tenggara Timur."""

    code = models.CharField(_("kode Kemendagri"), max_length=2, unique=True, validators=[RegexValidator(r"^\d{2}$")])
    name = models.CharField(_("nama"), max_length=80, unique=True)
    capital = models.CharField(_("ibu kota"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("provinsi")
        verbose_name_plural = _("provinsi")
        ordering = ["code"]

    def __str__(self) -> str:
        return _("Provinsi %(name)s") % {"name": self.name}


class RegencyQuerySet(models.QuerySet):
    """Kabupaten and kota; everybody may see them."""

    def visible_to(self, user: object) -> RegencyQuerySet:
        """The regencies of the portal's own province: public knowledge, so all of them."""
        return self.filter(province__code=settings.PROVINCE_CODE)


class Regency(models.Model):
    """One kabupaten or kota. `tile_row`/`tile_col` place it on the tile map; empty means the map is a flow of tiles."""

    class Kind(models.TextChoices):
        KABUPATEN = "kabupaten", _("Kabupaten")
        KOTA = "kota", _("Kota")

    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="regencies", verbose_name=_("provinsi")
    )
    code = models.CharField(
        _("kode Kemendagri"), max_length=5, unique=True, validators=[RegexValidator(r"^\d{2}\.\d{2}$")]
    )
    bps_code = models.CharField(
        _("kode BPS"), max_length=4, unique=True, null=True, blank=True, validators=[RegexValidator(r"^\d{4}$")]
    )
    name = models.CharField(_("nama resmi"), max_length=80)
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind)
    short = models.CharField(_("singkatan"), max_length=4, blank=True)
    aliases = models.TextField(_("nama lain"), blank=True, help_text=_("Satu nama per baris, misalnya Mabar."))
    capital = models.CharField(_("ibu kota"), max_length=60, blank=True)
    island = models.CharField(_("pulau"), max_length=80, blank=True)
    island_group = models.CharField(_("gugus pulau"), max_length=40, blank=True)
    latitude = models.DecimalField(_("lintang ibu kota"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("bujur ibu kota"), max_digits=7, decimal_places=4, null=True, blank=True)
    population = models.PositiveIntegerField(_("penduduk"), null=True, blank=True)
    population_male = models.PositiveIntegerField(_("penduduk laki-laki"), null=True, blank=True)
    population_female = models.PositiveIntegerField(_("penduduk perempuan"), null=True, blank=True)
    area_km2 = models.DecimalField(_("luas (km²)"), max_digits=9, decimal_places=1, null=True, blank=True)
    districts = models.PositiveSmallIntegerField(_("kecamatan"), null=True, blank=True)
    villages = models.PositiveSmallIntegerField(_("desa dan kelurahan"), null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("baris ubin"), null=True, blank=True)
    tile_col = models.PositiveSmallIntegerField(_("kolom ubin"), null=True, blank=True)

    objects = RegencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("kabupaten/kota")
        verbose_name_plural = _("kabupaten/kota")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["province", "tile_row", "tile_col"], name="regency_own_tile"),
            models.CheckConstraint(
                condition=models.Q(tile_row__isnull=True, tile_col__isnull=True)
                | models.Q(tile_row__isnull=False, tile_col__isnull=False),
                name="regency_tile_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the regency."""
        return reverse("regency", args=[self.code])

    @property
    def alias_list(self) -> list[str]:
        """The other names, one each."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]

    @property
    def bare_name(self) -> str:
        """The name without "Kabupaten"/"Kota", as people sort and search it."""
        return self.name.removeprefix("Kabupaten ").removeprefix("Kota ")
