"""Offices and who holds which position when. Rights and signature blocks hang on the position, not on the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regencies import rules
from regencies.models.areas import Province, Regency
from regencies.rules import Role

if TYPE_CHECKING:
    from regencies.models.emblems import Emblem


EMBLEMS = ("emblem", "regency__emblem", "province__emblem")
"""Relations of an office that `Agency.kop_emblem` asks for, to be selected where there are many offices."""


class AgencyQuerySet(models.QuerySet):
    """Rows of offices."""

    def visible_to(self, user: Any) -> AgencyQuerySet:
        """Office holders see the offices of the portal's province and those above provinces; others none."""
        if not rules.roles(user):
            return self.none()
        home = settings.PROVINCE_CODE
        return self.filter(
            Q(province__code=home) | Q(regency__province__code=home) | Q(province__isnull=True, regency__isnull=True)
        )

    def in_order(self) -> AgencyQuerySet:
        """The province's offices first, then by regency code, then the others; lead offices before their neighbours."""
        levels = [Agency.Level.PROVINCE, Agency.Level.REGENCY]
        rank = Case(*(When(level=level, then=place) for place, level in enumerate(levels)), default=len(levels))
        return self.order_by(rank, "-is_lead", "regency__code", "name")


class Agency(models.Model):
    """An office: the provincial one, one per regency, and outside agencies such as the ministry.

    `aliases`: other names seen in texts, one per line (domain §1.3: three spellings in one article).
    """

    class Level(models.TextChoices):
        PROVINCE = "provinsi", _("Perangkat daerah provinsi")
        REGENCY = "kabupaten", _("Perangkat daerah kabupaten/kota")
        MINISTRY = "pusat", _("Kementerian/lembaga pusat")
        OTHER = "lain", _("Lembaga lain")

    name = models.CharField(_("nama"), max_length=150)
    short_name = models.CharField(_("singkatan"), max_length=60, blank=True)
    level = models.CharField(_("tingkat"), max_length=10, choices=Level)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, null=True, blank=True, related_name="agencies", verbose_name=_("provinsi")
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="agencies",
        verbose_name=_("kabupaten/kota"),
    )  # fmt: skip
    is_lead = models.BooleanField(
        _("membidangi perindustrian"), default=False, help_text=_("Satu kantor per provinsi dan per kabupaten/kota.")
    )
    aliases = models.TextField(_("nama lain"), blank=True, help_text=_("Satu nama per baris."))
    letterhead_top = models.CharField(_("kop baris 1"), max_length=120, blank=True)
    letterhead_name = models.CharField(_("kop baris 2"), max_length=150, blank=True)
    letterhead_address = models.TextField(_("kop alamat"), blank=True, help_text=_("Alamat, telepon, laman, surel."))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("kantor")
        verbose_name_plural = _("kantor")
        ordering = ["level", "name"]
        constraints = [
            models.UniqueConstraint(fields=["regency"], condition=Q(is_lead=True), name="agency_one_lead_per_regency"),
            models.UniqueConstraint(
                fields=["province"], condition=Q(is_lead=True, level="provinsi"), name="agency_one_lead_per_province"
            ),
            models.CheckConstraint(
                condition=Q(level="kabupaten", regency__isnull=False) | ~Q(level="kabupaten") & Q(regency__isnull=True),
                name="agency_regency_level",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the office."""
        return reverse("agency", args=[self.pk])

    @property
    def alias_list(self) -> list[str]:
        """The other names, one each."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]

    @property
    def kop_emblem(self) -> Emblem | None:
        """The emblem in the kop: the office's own, else its region's. One statement; none with `EMBLEMS` loaded."""
        known = "emblem" in self._state.fields_cache
        office = self if known else Agency.objects.select_related(*EMBLEMS).get(pk=self.pk)
        region = office.regency or (office.province if office.level == self.Level.PROVINCE else None)
        return getattr(office, "emblem", None) or getattr(region, "emblem", None)


class PositionQuerySet(models.QuerySet):
    """Rows of positions."""

    def in_force(self, day: dt.date | None = None) -> PositionQuerySet:
        """Those held on that day (today if none is given)."""
        day = day or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def ended(self, day: dt.date | None = None) -> PositionQuerySet:
        """Those that were over before that day (today if none is given)."""
        return self.filter(ends_on__lt=day or timezone.localdate())

    def visible_to(self, user: Any) -> PositionQuerySet:
        """The province sees everybody; others the heads, and their own office."""
        if rules.sees_all_names(user):
            return self
        if not rules.roles(user):
            return self.none()
        own = [hat.agency_id for hat in user.hats]
        return self.filter(Q(role__in=rules.PUBLIC_ROLES) | Q(agency__in=own))


# Constraint of Position: the field its sentence is about, and the others it looks at.
CONSTRAINT_FIELDS = {
    "position_ends_after_start": ("ends_on", ["starts_on"]),
    "position_nip_18_digits": ("employee_number", []),
    "position_one_definitive_head": ("starts_on", ["ends_on", "agency", "role", "standing"]),
}


class Position(models.Model):
    """A person holds a role in an office from–to, definitively or as Plt./Plh./Pj.

    Exclusion: one definitive head of an office at a time; a stand-in for the same days is possible (Plh.).
    """

    class Standing(models.TextChoices):
        DEFINITIVE = "definitif", _("Definitif")
        PLT = "plt", _("Plt. (pelaksana tugas)")
        PLH = "plh", _("Plh. (pelaksana harian)")
        PJ = "pj", _("Pj. (penjabat)")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions", verbose_name=_("pengguna")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="positions", verbose_name=_("kantor"))
    role = models.CharField(_("peran"), max_length=20, choices=Role.choices)
    title = models.CharField(_("nama jabatan"), max_length=150, help_text=_("Seperti di tanda tangan surat."))
    standing = models.CharField(_("status jabatan"), max_length=10, choices=Standing, default=Standing.DEFINITIVE)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"), null=True, blank=True)
    rank = models.CharField(_("pangkat/golongan"), max_length=60, blank=True)
    employee_number = models.CharField(_("NIP"), max_length=18, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        ordering = ["agency", "role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="position_ends_after_start",
                violation_error_message=_("Tanggal akhir mendahului tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(employee_number="") | Q(employee_number__regex=r"^\d{18}$"), name="position_nip_18_digits",
                violation_error_message=_("NIP terdiri atas 18 angka."),
            ),
            # int8range() instead of btree_gist, which the embedded server does not have (shared stack notes §1).
            ExclusionConstraint(
                name="position_one_definitive_head",
                expressions=[
                    (Func(F("agency"), F("agency"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange",
                             output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(standing="definitif", role__in=["kadis_prov", "kadis_kab"]),
                violation_error_message=_("Kantor ini sudah mempunyai kepala definitif pada masa itu."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} – {self.full_title}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check what the table demands, so that each sentence stands at the field it is about.

        A constraint whose fields were refused already is left out: it could not be asked.
        Errors: ValidationError by field name.
        """
        for constraint in self._meta.constraints:
            field, others = CONSTRAINT_FIELDS[constraint.name]
            if {field, *others} & set(exclude or ()):
                continue
            try:
                constraint.validate(Position, self)
            except ValidationError as error:
                raise ValidationError({field: error.messages}) from error

    @property
    def full_title(self) -> str:
        """The title as it is signed: "Plt. Kepala Dinas …"."""
        prefix = {"plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. "}.get(self.standing, "")
        return f"{prefix}{self.title}"
