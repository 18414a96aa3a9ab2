"""The signing ceremony within a session: who signs what in which order, who stands on the stage, photos."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Contract
from rakor.models.sessions import Session


class Ceremony(models.Model):
    """The signing in a session of that kind. `change` rises with every step, for the hall's screen."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="ceremony", verbose_name=_("sesi"))
    opened_at = models.DateTimeField(_("dimulai"), null=True, blank=True)
    closed_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    change = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("penandatanganan")
        verbose_name_plural = _("penandatanganan")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False), name="ceremony_closed_after_opening"
            )
        ]

    def __str__(self) -> str:
        return _("Penandatanganan %(session)s") % {"session": self.session}


class CeremonyItem(models.Model):
    """A contract in the ceremony; `on_stage` are the few that are signed before the hall for all of them."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="items")
    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="ceremony_item", verbose_name=_("kontrak")
    )
    order = models.PositiveSmallIntegerField(_("urutan"))
    on_stage = models.BooleanField(_("di panggung"), default=False)

    class Meta:
        verbose_name = _("naskah dalam penandatanganan")
        verbose_name_plural = _("naskah dalam penandatanganan")
        ordering = ["-on_stage", "order"]

    def __str__(self) -> str:
        return f"{self.order}. {self.contract}"


class SessionPhoto(models.Model):
    """A photo of a session with a caption written by people, never by a machine (domain §8.2 step 18)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(_("foto"), max_length=150)
    caption = models.CharField(_("keterangan foto"), max_length=250)
    photographer = models.CharField(_("foto oleh"), max_length=120, blank=True)
    order = models.PositiveIntegerField(_("urutan"), default=0)
    sha256 = models.CharField("sha256", max_length=64)
    size = models.PositiveIntegerField(_("ukuran"))
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("diunggah"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("dibuang"), null=True, blank=True)

    class Meta:
        verbose_name = _("foto sesi")
        verbose_name_plural = _("foto sesi")
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(caption=""), name="session_photo_has_caption")]

    def __str__(self) -> str:
        return self.caption
