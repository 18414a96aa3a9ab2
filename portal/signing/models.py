"""With what a person signs: a certificate of the portal's own authority, or the government's service by NIK."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdentityQuerySet(models.QuerySet):
    """Rows of signing identities."""

    def active(self) -> IdentityQuerySet:
        """Those that were not revoked; a certificate among them may have expired."""
        return self.filter(revoked_at__isnull=True)

    def of(self, user: Any) -> SigningIdentity | None:
        """The identity this person signs with now."""
        return self.active().filter(user=user).first()


class SigningIdentity(models.Model):
    """One way of signing. Revoked ones stay for ever: old signatures are checked against them.

    `private_key` is PKCS#8, encrypted with a key stretched from the owner's passphrase, which is stored nowhere. The
    government's service keeps its keys itself: there is only the NIK.
    """

    class Backend(models.TextChoices):
        LOCAL = "lokal", _("Sertifikat portal (tidak tersertifikasi)")
        BSRE = "bsre", _("BSrE (tersertifikasi)")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_identities", verbose_name=_("pemilik")
    )
    backend = models.CharField(_("jenis"), max_length=6, choices=Backend)
    nik = models.CharField(
        "NIK", max_length=16, blank=True, validators=[RegexValidator(r"^\d{16}\Z", _("NIK terdiri atas 16 angka."))]
    )
    certificate = models.TextField(_("sertifikat"), blank=True)
    private_key = models.TextField(blank=True)
    serial = models.CharField(_("nomor seri"), max_length=64, blank=True, db_index=True)
    issued_at = models.DateTimeField(pgettext_lazy("sertifikat", "diterbitkan"), default=timezone.now)
    expires_at = models.DateTimeField(_("berlaku sampai"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("dicabut"), null=True, blank=True)
    revoke_reason = models.CharField(_("alasan pencabutan"), max_length=300, blank=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identitas tanda tangan")
        verbose_name_plural = _("identitas tanda tangan")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="identity_one_active",
                violation_error_message=_("Orang ini sudah mempunyai identitas tanda tangan yang berlaku."),
            ),
            models.UniqueConstraint(
                fields=["nik"], condition=Q(revoked_at__isnull=True) & ~Q(nik=""), name="identity_nik_once",
                violation_error_message=_("NIK ini sudah dipakai akun lain."),
            ),
            models.UniqueConstraint(fields=["serial"], condition=~Q(serial=""), name="identity_serial_once"),
            models.CheckConstraint(
                condition=(Q(backend="lokal", nik="", expires_at__isnull=False)
                           & ~Q(certificate="") & ~Q(private_key="") & ~Q(serial=""))
                | (Q(backend="bsre", certificate="", private_key="", serial="") & ~Q(nik="")),
                name="identity_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="identity_revoked_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_backend_display()} – {self.user}"

    @property
    def expired(self) -> bool:
        """Whether the certificate's time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def masked_nik(self) -> str:
        """The NIK as a page may show it: the last four digits."""
        return f"············{self.nik[-4:]}" if self.nik else ""

    @property
    def shown_serial(self) -> str:
        """The serial number in groups that can be compared by eye: the beginning is enough to tell two apart."""
        return " ".join(self.serial[start : start + 4] for start in range(0, min(len(self.serial), 16), 4))
