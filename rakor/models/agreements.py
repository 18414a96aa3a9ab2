"""The agreement of the rakor: recap of all desks, plenary changes, berita acara, signed scan, addenda."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel.workflow import Status
from programs.models import Proposal
from programs.workflow import PROPOSAL
from rakor import rules
from rakor.models.meetings import Meeting
from rakor.workflow import AGREEMENT
from regencies.models import Position, Regency


class AgreementQuerySet(models.QuerySet):
    """Rows of agreements."""

    def visible_to(self, user: Any) -> AgreementQuerySet:
        """The province reads the recap as it grows; everybody else what the plenary agreed."""
        if rules.sees_drafts(user):
            return self
        if rules.reads_published(user):
            return self.filter(meeting__published=True, status__in=["disepakati", "ditandatangani"])
        return self.none()


class Agreement(models.Model):
    """Berita Acara Kesepakatan of an edition. `version` rises with every change after the desks."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="agreement", verbose_name=_("rakor"))
    status = models.CharField(_("status"), max_length=15, choices=AGREEMENT.choices, default=AGREEMENT.initial)
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    number = models.CharField(_("nomor berita acara"), max_length=80, blank=True)
    considerations = models.TextField(
        _("setelah memperhatikan"), blank=True, help_text=_("Satu butir per baris: sambutan, paparan, tanggapan.")
    )
    clauses = models.TextField(
        _("kesepakatan lain"), blank=True, help_text=_("Satu butir per baris; tercetak sesudah matriks program.")
    )
    chair = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pimpinan sidang")
    )
    agreed_at = models.DateTimeField(_("disepakati"), null=True, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dokumen")
    )
    signed_on = models.DateField(_("ditandatangani"), null=True, blank=True)
    scan = models.FileField(_("pindaian bertanda tangan"), max_length=150, blank=True)
    scan_sha256 = models.CharField("sha256", max_length=64, blank=True)
    scan_pages = models.PositiveSmallIntegerField(_("halaman pindaian"), null=True, blank=True)
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    head_version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("kesepakatan rakor")
        verbose_name_plural = _("kesepakatan rakor")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="rekap") | Q(agreed_at__isnull=False, chair__isnull=False, document__isnull=False),
                name="agreement_taken_by_a_chair",
            ),
            models.CheckConstraint(
                condition=Q(status="ditandatangani", signed_on__isnull=False) & ~Q(scan="") & ~Q(scan_sha256="")
                | ~Q(status="ditandatangani"),
                name="agreement_signed_has_scan",
            ),
        ]

    def __str__(self) -> str:
        return _("Kesepakatan %(meeting)s") % {"meeting": self.meeting.short_name}

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return AGREEMENT.status(self.status)


class Representative(models.Model):
    """Who signs for a regency in the table of the berita acara: the head, or a delegate."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="representatives")
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="+", verbose_name=_("kabupaten/kota"))
    name = models.CharField(_("nama"), max_length=150, blank=True)
    title = models.CharField(_("jabatan"), max_length=150, blank=True)
    agency = models.CharField(_("lembaga/instansi"), max_length=200, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("wakil kabupaten/kota")
        verbose_name_plural = _("wakil kabupaten/kota")
        ordering = ["regency__code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "regency"], name="representative_once")]

    def __str__(self) -> str:
        return f"{self.regency}: {self.name}"


class Addendum(models.Model):
    """Changes after the signature, with their own number, reason and paper."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="addenda")
    sequence = models.PositiveSmallIntegerField(_("adendum ke"))
    number = models.CharField(_("nomor"), max_length=80, blank=True)
    reason = models.TextField(_("dasar dan alasan"))
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dokumen")
    )
    issued_at = models.DateTimeField(_("ditetapkan"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("adendum")
        verbose_name_plural = _("adendum")
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sequence"], name="addendum_sequence_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="addendum_with_reason"),
        ]

    def __str__(self) -> str:
        return _("Adendum ke-%(n)s") % {"n": self.sequence}


class AgreementChange(models.Model):
    """One verdict changed after its desk: by the plenary, or later by an addendum.

    Shape: `before` and `after` as VerdictRevision.content.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="changes")
    addendum = models.ForeignKey(Addendum, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    version = models.PositiveSmallIntegerField(_("versi"))
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+", verbose_name=_("usulan"))
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(_("alasan"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("perubahan kesepakatan")
        verbose_name_plural = _("perubahan kesepakatan")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="agreement_change_with_reason")]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.version}: {self.proposal_id}"

    @property
    def answers(self) -> tuple[tuple[Status, dict[str, Any]], ...]:
        """Both answers in order of time, each with its status in the table of proposals."""
        return tuple((PROPOSAL.status(answer["decision"]), answer) for answer in (self.before, self.after))
