"""Registers of letter numbers: one counter per register and year, a number is taken once and never given again.

Letters, decisions, berita acara, contracts and MOUs all take their numbers here (domain §2.3).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regencies.models.offices import Agency


class Register(models.Model):
    """A book of numbers of an office. `pattern` makes the printed number out of its parts (regencies.facts.numbers)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="registers", verbose_name=_("kantor"))
    key = models.SlugField(_("kunci"), max_length=40, help_text=_("Contoh: kontrak-tpl, mou, surat-keluar."))
    name = models.CharField(_("nama register"), max_length=120)
    pattern = models.CharField(_("pola nomor"), max_length=120)
    classification = models.CharField(_("kode klasifikasi"), max_length=40, blank=True)
    office_code = models.CharField(_("kode perangkat daerah"), max_length=40, blank=True)
    active = models.BooleanField(_("dipakai"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("register nomor")
        verbose_name_plural = _("register nomor")
        ordering = ["agency", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "key"], name="register_key_once",
                violation_error_message=_("Kantor ini sudah mempunyai register dengan kunci itu."),
            ),
            models.CheckConstraint(condition=~Q(pattern=""), name="register_has_pattern"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The book of the register."""
        return reverse("register", args=[self.pk])


class RegisterYear(models.Model):
    """The counter of a register in a year; whoever takes a number holds this row until the transaction ends."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("tahun"))
    last = models.PositiveIntegerField(_("nomor terakhir"), default=0)

    class Meta:
        verbose_name = _("hitungan register")
        verbose_name_plural = _("hitungan register")
        constraints = [models.UniqueConstraint(fields=["register", "year"], name="register_counts_once_a_year")]

    def __str__(self) -> str:
        return f"{self.register} {self.year}: {self.last}"


class LetterNumber(models.Model):
    """A number that was taken: 123, or inserted afterwards as "123.a" (nomor sisipan).

    `subject_type` and `subject_id` name what bears it; a number reserved by hand has none. A voided number is a gap
    with a reason, it is not given to anything else.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="numbers")
    year = models.PositiveSmallIntegerField(_("tahun"))
    sequence = models.PositiveIntegerField(_("nomor urut"))
    suffix = models.CharField(_("sisipan"), max_length=2, blank=True)
    text = models.CharField(_("nomor"), max_length=120)
    on = models.DateField(_("tanggal"))
    title = models.CharField(_("hal"), max_length=300, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diambil oleh")
    )
    taken_at = models.DateTimeField(_("diambil"), auto_now_add=True)
    voided_at = models.DateTimeField(_("dibatalkan"), null=True, blank=True)
    void_reason = models.CharField(_("alasan pembatalan"), max_length=300, blank=True)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("nomor surat")
        verbose_name_plural = _("nomor surat")
        ordering = ["-year", "-sequence", "-suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year", "sequence", "suffix"], name="letter_number_taken_once"
            ),
            models.UniqueConstraint(fields=["register", "year", "text"], name="letter_number_printed_once"),
            models.UniqueConstraint(
                fields=["register", "subject_type", "subject_id"], name="letter_number_one_per_subject",
                condition=Q(voided_at__isnull=True) & ~Q(subject_id=""),
            ),
            models.CheckConstraint(condition=Q(suffix__regex=r"^([a-z]{1,2})?$"), name="letter_number_suffix_letters"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | Q(voided_at__isnull=False) & ~Q(void_reason=""),
                name="letter_number_voided_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text
