"""The emblems that stand in a kop: of the state, of a region, or of an office outside the regions."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regencies.models.areas import Province, Regency
from regencies.models.offices import Agency


class EmblemQuerySet(models.QuerySet):
    """Rows of emblems."""

    def of_state(self) -> Emblem | None:
        """Garuda Pancasila, for the kop of a Governor or a Bupati (domain §2.1)."""
        return self.filter(of_state=True).first()


class Emblem(models.Model):
    """One picture and whose emblem it is: exactly one of state, province, regency and office.

    The picture lies in the files of the portal under the sha256 of its bytes (`regencies.actions.emblems`) and is never
    changed or deleted there: papers name it so.
    """

    of_state = models.BooleanField(gettext_lazy("lambang negara"), default=False)
    province = models.OneToOneField(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="emblem",
        verbose_name=gettext_lazy("provinsi"),
    )
    regency = models.OneToOneField(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="emblem",
        verbose_name=gettext_lazy("kabupaten/kota"),
    )  # fmt: skip
    agency = models.OneToOneField(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="emblem",
        verbose_name=gettext_lazy("kantor"),
    )
    sha256 = models.CharField("sha256", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])

    objects = EmblemQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("lambang")
        verbose_name_plural = gettext_lazy("lambang")
        ordering = ["-of_state", "province__code", "regency__code", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["of_state"], condition=Q(of_state=True), name="emblem_one_of_state"),
            models.CheckConstraint(
                condition=Q(of_state=True, province=None, regency=None, agency=None)
                | Q(of_state=False, province__isnull=False, regency=None, agency=None)
                | Q(of_state=False, province=None, regency__isnull=False, agency=None)
                | Q(of_state=False, province=None, regency=None, agency__isnull=False),
                name="emblem_one_holder",
            ),
        ]

    def __str__(self) -> str:
        if self.of_state:
            return _("Lambang Negara Garuda Pancasila")
        return _("Lambang %(holder)s") % {"holder": self.regency or self.province or self.agency}

    @property
    def file(self) -> str:
        """The name of the picture below MEDIA_ROOT."""
        return f"emblems/{self.sha256}.png"
