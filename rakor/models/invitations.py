"""Whom an edition invites, and what each of them answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rakor import rules
from rakor.models.meetings import Meeting
from regencies.models import Agency, Regency


class InvitationQuerySet(models.QuerySet):
    """Rows of invitations."""

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """The province sees all; an office, and a head of region, what was sent to them."""
        if rules.sees_drafts(user):
            return self
        return self.received_by(user).filter(copies__sent_at__isnull=False, copies__voided_at__isnull=True).distinct()

    def received_by(self, user: Any) -> InvitationQuerySet:
        """What was sent to this user's own office, or to him as head of the region: also what was withdrawn since."""
        return self.filter(rules.invited(user), copies__sent_at__isnull=False).distinct()

    def active(self) -> InvitationQuerySet:
        """Those that stand: not withdrawn, and not replaced by another recipient."""
        return self.filter(withdrawn_at__isnull=True)


class Invitation(models.Model):
    """An office, or a head of region, with its quota and its answer. Its letters are `LetterCopy` rows.

    `addressee` and `place` are printed ("Yth. … di – Atambua"). The assignment letter (surat tugas) is the invited
    office's own paper: its number, its day and the file that was uploaded.
    """

    class Group(models.TextChoices):
        HEAD_OF_OFFICE = "kadis_kab", _("Kepala dinas kabupaten/kota")
        HEAD_OF_REGION = "kepala_daerah", _("Bupati/Wali Kota")
        OTHER = "instansi", _("Instansi lain")

    class Answer(models.TextChoices):
        NONE = "belum", _("Belum menjawab")
        COMING = "hadir", _("Hadir")
        DECLINED = "menolak", _("Tidak hadir")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    group = models.CharField(_("golongan"), max_length=15, choices=Group)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kantor")
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kabupaten/kota")
    )
    addressee = models.CharField(_("yang terhormat"), max_length=200)
    place = models.CharField(_("di"), max_length=80, default="Tempat")
    email = models.EmailField(_("surel kantor"), blank=True)
    phone = models.CharField(_("telepon/WhatsApp kantor"), max_length=30, blank=True)
    quota = models.PositiveSmallIntegerField(_("jumlah utusan"), default=2)
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)
    answer = models.CharField(_("jawaban"), max_length=10, choices=Answer, default=Answer.NONE)
    answer_reason = models.TextField(_("alasan tidak hadir"), blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignment_number = models.CharField(_("nomor surat tugas"), max_length=120, blank=True)
    assignment_on = models.DateField(_("tanggal surat tugas"), null=True, blank=True)
    assignment_file = models.FileField(_("surat tugas"), max_length=150, blank=True)
    assignment_name = models.CharField(max_length=150, blank=True)
    assignment_sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(_("dibatalkan"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("alasan pembatalan"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by",
        verbose_name=_("menggantikan"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["group", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group="instansi") | Q(regency__isnull=False), name="invitation_of_a_regency"
            ),
            models.CheckConstraint(
                condition=Q(answer="menolak") & ~Q(answer_reason="") | ~Q(answer="menolak") & Q(answer_reason=""),
                name="invitation_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer="belum", answered_at__isnull=True)
                | ~Q(answer="belum") & Q(answered_at__isnull=False),
                name="invitation_answered_at",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="invitation_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(assignment_file="", assignment_sha256="")
                | ~Q(assignment_file="") & Q(assignment_sha256__regex=r"^[0-9a-f]{64}$"),
                name="invitation_assignment_hashed",
            ),
            models.UniqueConstraint(
                fields=["meeting", "group", "regency"], name="invitation_once_per_regency",
                condition=Q(withdrawn_at__isnull=True) & ~Q(group="instansi"),
                violation_error_message=_("Kabupaten/kota ini sudah ada dalam daftar undangan."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.addressee

    def get_absolute_url(self) -> str:
        """The page of the invited office: the letter, the answer, the delegates."""
        return reverse("invitation", args=[self.meeting.slug, self.pk])

    @property
    def assignment_mark(self) -> str:
        """What tells one surat tugas from another: the file, its number and its day."""
        return f"{self.assignment_sha256[:16]} {self.assignment_on or ''} {self.assignment_number}".strip()
