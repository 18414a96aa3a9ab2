"""The user: a person with a name and a login, nothing else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.hats import Hat, hats_of


class User(AbstractUser):
    """A person. Rights hang on positions with a period, never on the account (domain §7)."""

    first_name = None
    last_name = None
    full_name = models.CharField(_("nama lengkap"), max_length=150, help_text=_("Dengan gelar, seperti di surat."))
    email = models.EmailField(_("surel"), blank=True)
    phone = models.CharField(_("nomor HP/WhatsApp"), max_length=20, blank=True)

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username_any_case",
                violation_error_message=_("Nama pengguna ini sudah dipakai akun lain."),
            ),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_any_case",
                violation_error_message=_("Surel ini sudah dipakai akun lain."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """A user name is never an e-mail address: one person's name could be another's address, and both log in."""
        super().clean()
        if "@" in self.username:
            raise ValidationError({"username": _("Nama pengguna tidak boleh memuat tanda @.")})

    @property
    def display_name(self) -> str:
        """What the portal calls this person."""
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Django's name for display_name."""
        return self.display_name

    @cached_property
    def hats(self) -> tuple[Hat, ...]:
        """The roles this person holds today, read once per request."""
        return hats_of(self)
