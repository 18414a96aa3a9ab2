"""Letters of the committee: drafted, initialled, approved with their numbers, sent. One text, many recipients."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel.workflow import Status
from rakor import rules
from rakor.models.invitations import Invitation
from rakor.models.meetings import Meeting
from rakor.workflow import LETTER
from regencies.models import LetterNumber, Position, Register

NUMBERED = ("disetujui", "terkirim")
"""Statuses in which every copy bears its number."""


class LetterQuerySet(models.QuerySet):
    """Rows of letters."""

    def visible_to(self, user: Any) -> LetterQuerySet:
        """The committee's papers are the provincial office's; recipients read their own copy."""
        return self if rules.sees_drafts(user) else self.none()


class Letter(models.Model):
    """The text of a letter with its signer. `content` is what its kind asks for (rakor.facts.letters).

    A surat undangan goes to one group of invitations, each with a copy and a number of its own; the decree and the
    report have one copy without recipient. What it says is fixed when it is approved: a decree that was sent is
    changed by another one that `revokes` it.
    """

    class Kind(models.TextChoices):
        INVITATION = "undangan", _("Surat undangan")
        DECREE = "sk_panitia", _("SK panitia")
        REPORT = "laporan_panitia", _("Laporan panitia")

    class Urgency(models.TextChoices):
        ORDINARY = "biasa", _("Biasa")
        URGENT = "segera", _("Segera")
        VERY_URGENT = "sangat_segera", _("Sangat Segera")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(_("jenis"), max_length=20, choices=Kind)
    group = models.CharField(_("untuk"), max_length=15, choices=Invitation.Group, blank=True)
    subject = models.CharField(_("hal"), max_length=250)
    urgency = models.CharField(_("sifat"), max_length=15, choices=Urgency, default=Urgency.ORDINARY)
    content = models.JSONField(_("isi"), default=dict)
    signer = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("penandatangan")
    )
    on_behalf = models.CharField(
        _("atas nama"), max_length=150, blank=True, help_text=_("Misalnya Gubernur Nusa Tenggara Timur, bila Sekda.")
    )
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("register nomor")
    )
    classification = models.CharField(
        _("kode klasifikasi"), max_length=40, blank=True, help_text=_("Kosong berarti kode dari registernya.")
    )
    dated_on = models.DateField(_("tanggal surat"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=LETTER.choices, default=LETTER.initial)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    initialled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    initialled_at = models.DateTimeField(_("diparaf"), null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("disetujui"), null=True, blank=True)
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    cancelled_reason = models.TextField(_("alasan pembatalan"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    client_key = models.UUIDField(null=True, unique=True, editable=False)
    revokes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revokers", verbose_name=_("mencabut")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")
        ordering = ["kind", "group", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undangan") & ~Q(group="") | ~Q(kind="undangan") & Q(group=""),
                name="letter_group_of_invitations",
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind", "revokes"], nulls_distinct=False, name="letter_one_decree_and_report",
                condition=~Q(kind="undangan") & ~Q(status="dibatalkan"),
                violation_error_message=_("Rakor ini sudah mempunyai naskah jenis itu."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["konsep", "dibatalkan"])
                | Q(initialled_at__isnull=False, initialled_by__isnull=False, signer__isnull=False),
                name="letter_initialled_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=NUMBERED)
                | Q(approved_at__isnull=False, approved_by__isnull=False, dated_on__isnull=False,
                    register__isnull=False),
                name="letter_approved_evidence",
            ),
            models.CheckConstraint(
                condition=Q(status="terkirim", sent_at__isnull=False) | ~Q(status="terkirim") & Q(sent_at__isnull=True),
                name="letter_sent_evidence",
            ),
            models.CheckConstraint(
                condition=Q(status="dibatalkan") & ~Q(cancelled_reason="")
                | ~Q(status="dibatalkan") & Q(cancelled_reason=""),
                name="letter_cancelled_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """The page of the letter."""
        return reverse("letter", args=[self.meeting.slug, self.pk])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return LETTER.status(self.status)


class LetterCopyQuerySet(models.QuerySet):
    """Rows of copies."""

    def visible_to(self, user: Any) -> LetterCopyQuerySet:
        """The province reads all; a recipient his own once it was sent. Who reads a decree's paper: `may_read_text`."""
        if rules.sees_drafts(user):
            return self
        own = self.filter(sent_at__isnull=False)
        return own.filter(rules.invited(user, "invitation__"))

    def standing(self) -> LetterCopyQuerySet:
        """Those that were not taken back."""
        return self.filter(voided_at__isnull=True)


class LetterCopy(models.Model):
    """A letter to one recipient: its number, its PDF, when it was sent and when it was first opened.

    The addressee is copied from the invitation when the number is taken. A copy whose recipient was replaced is
    voided with the reason; its number stays a gap.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="copies")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("penerima")
    )
    addressee = models.CharField(_("yang terhormat"), max_length=200, blank=True)
    place = models.CharField(_("di"), max_length=80, blank=True)
    number = models.OneToOneField(LetterNumber, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    read_at = models.DateTimeField(_("pertama dibuka"), null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(_("ditarik"), null=True, blank=True)
    void_reason = models.CharField(_("alasan ditarik"), max_length=300, blank=True)

    NAMED_BY = ("letter",)

    objects = LetterCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("lembar surat")
        verbose_name_plural = _("lembar surat")
        ordering = ["letter", "invitation__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "invitation"], nulls_distinct=False, condition=Q(voided_at__isnull=True),
                name="letter_copy_once_per_recipient",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(number__isnull=False), name="letter_copy_sent_with_number"
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(sent_at__isnull=False), name="letter_copy_read_after_sending"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | Q(voided_at__isnull=False) & ~Q(void_reason=""),
                name="letter_copy_voided_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.letter}: {self.addressee}" if self.addressee else str(self.letter)

    def get_absolute_url(self) -> str:
        """The page of the copy, for the committee: where the register of numbers leads."""
        return reverse("letter_copy", args=[self.pk])


class CommitteeMember(models.Model):
    """A seat of the committee as the decree's Lampiran names it (domain §2.2 I)."""

    class Seat(models.TextChoices):
        PATRON = "pengarah", _("Pengarah")
        RESPONSIBLE = "penanggung_jawab", _("Penanggung jawab")
        CHAIR = "ketua", _("Ketua")
        DEPUTY = "wakil_ketua", _("Wakil ketua")
        SECRETARY = "sekretaris", _("Sekretaris")
        TREASURER = "bendahara", _("Bendahara")
        PROGRAMME = "acara", _("Seksi persidangan dan acara")
        REGISTRATION = "kesekretariatan", _("Seksi kesekretariatan dan registrasi")
        LODGING = "akomodasi", _("Seksi akomodasi dan konsumsi")
        EQUIPMENT = "perlengkapan", _("Seksi perlengkapan")
        PRESS = "dokumentasi", _("Seksi dokumentasi dan humas")
        DRAFTING = "perumus", _("Notulis dan tim perumus")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="committee")
    seat = models.CharField(_("kedudukan"), max_length=20, choices=Seat)
    name = models.CharField(_("nama"), max_length=150)
    title = models.CharField(_("jabatan"), max_length=150, blank=True)
    employee_number = models.CharField(_("NIP"), max_length=18, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("anggota panitia")
        verbose_name_plural = _("anggota panitia")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat", "name"], name="committee_member_once",
                violation_error_message=_("Orang ini sudah tercatat pada kedudukan itu."),
            ),
            models.CheckConstraint(
                condition=Q(employee_number="") | Q(employee_number__regex=r"^\d{18}$"),
                name="committee_member_nip_18_digits", violation_error_message=_("NIP terdiri atas 18 angka."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_seat_display()}: {self.name}"
