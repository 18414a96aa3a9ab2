"""What happens between regency and province: versions sent, points returned, scores, comments, notes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs import rules
from programs.models.proposals import CostLine, Proposal


class Submission(models.Model):
    """A version as it was sent to the province: the whole content, so that versions can be compared.

    Shape: `content` as programs.queries.snapshots.content_of(proposal) gives it.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("versi"))
    content = models.JSONField(_("isi"))
    title = models.CharField(_("judul"), max_length=250)
    budget_rupiah = models.BigIntegerField(_("pagu usulan"))
    sent_at = models.DateTimeField(_("dikirim"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("versi usulan")
        verbose_name_plural = _("versi usulan")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class ReturnPoint(models.Model):
    """One thing to mend: about a field, a cost line ("perbaiki harga satuan baris 3"), a file, or the whole.

    Shape: `field` = a name of Proposal.FIELDS, "lines", "shares", "indicators" or "berkas:<readiness key>"; with `line`
    the name of a CostLine field or "". `label` says it in words as it was then: "Harga satuan, baris 3".
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="return_points")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="points")
    field = models.CharField(_("isian"), max_length=40, blank=True)
    line = models.ForeignKey(CostLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    label = models.CharField(_("bagian"), max_length=200, blank=True)
    note = models.TextField(_("yang perlu diperbaiki"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(_("ditandai selesai"), null=True, blank=True)
    answer = models.TextField(_("jawaban kabupaten/kota"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("catatan pengembalian")
        verbose_name_plural = _("catatan pengembalian")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="return_point_says_something")]

    def __str__(self) -> str:
        return self.note[:60]


class CommentQuerySet(models.QuerySet):
    """Rows of comments."""

    def visible_to(self, user: Any) -> CommentQuerySet:
        """Internal notes only for the provincial office; comments for both sides of a visible proposal."""
        found = self.filter(proposal__in=Proposal.objects.visible_to(user))
        return found if rules.reads_internal(user) else found.filter(internal=False)


class Comment(models.Model):
    """A word between province and regency, or a note that stays inside the provincial office."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    internal = models.BooleanField(_("catatan internal provinsi"), default=False)
    text = models.TextField(_("komentar"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class RubricItem(models.Model):
    """An indicator of the score sheet with its weight (domain §3.6). `computed`: what fills it in, "" a reviewer."""

    class Computed(models.TextChoices):
        REVIEWER = "", _("Dinilai verifikator")
        PRIORITY = "prioritas", _("Dihitung: prioritas sektor")
        AUTHORITY = "kewenangan", _("Dihitung: kewenangan kode sub-kegiatan")
        READINESS = "kesiapan", _("Dihitung: bagian berkas kesiapan yang ada")
        BENEFIT = "manfaat", _("Dihitung: kuartil penerima manfaat per rupiah")
        REPORTING = "pelaporan", _("Dihitung: laporan triwulan tahun sebelumnya")

    key = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("indikator"), max_length=150)
    explanation = models.TextField(_("penjelasan"), max_length=1000, blank=True)
    weight = models.PositiveSmallIntegerField(_("bobot"))
    computed = models.CharField(
        _("cara menilai"), max_length=12, choices=Computed, blank=True, default=Computed.REVIEWER
    )
    must_pass = models.BooleanField(_("nilai 0 menggugurkan"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_active = models.BooleanField(_("dipakai"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("indikator penilaian")
        verbose_name_plural = _("indikator penilaian")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class RubricStep(models.Model):
    """One ordered step of an indicator with its points: "sesuai utama" 20, "pendukung" 10, "tidak" 0."""

    item = models.ForeignKey(RubricItem, on_delete=models.CASCADE, related_name="steps")
    label = models.CharField(_("tingkat"), max_length=150)
    points = models.DecimalField(_("poin"), max_digits=6, decimal_places=2)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)

    class Meta:
        verbose_name = _("tingkat penilaian")
        verbose_name_plural = _("tingkat penilaian")
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(points__gte=0), name="step_points_not_negative")]

    def __str__(self) -> str:
        return f"{self.label} ({self.points})"


class Score(models.Model):
    """The points of one proposal for one indicator, with the sentence that explains them."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(RubricStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    points = models.DecimalField(_("poin"), max_digits=6, decimal_places=2)
    why = models.TextField(_("alasan"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("nilai")
        verbose_name_plural = _("nilai")
        ordering = ["item__position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "item"], name="score_once_per_item"),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.points}"
