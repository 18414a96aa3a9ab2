"""Minutes (notula) of a session: typed entries, every saved text kept, and what is being typed kept too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel import markup
from portal.kernel.workflow import Status
from rakor import rules
from rakor.models.sessions import Session
from rakor.workflow import MINUTES
from regencies.models import Position


class MinutesQuerySet(models.QuerySet):
    """Rows of minutes."""

    def visible_to(self, user: Any) -> MinutesQuerySet:
        """The province reads drafts; regencies and observers only final minutes of a published edition."""
        if rules.sees_drafts(user):
            return self
        if rules.reads_published(user):
            return self.filter(status="final", session__meeting__published=True)
        return self.none()


class Minutes(models.Model):
    """The notula of one session. Final ⇔ chair, recorder and time are stored; re-opening starts the next version."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("sesi"))
    status = models.CharField(_("status"), max_length=10, choices=MINUTES.choices, default=MINUTES.initial)
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    called_at = models.DateTimeField(_("waktu panggilan"), null=True, blank=True)
    opened_at = models.DateTimeField(_("dimulai"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True)
    attendance = models.TextField(_("peserta"), blank=True, help_text=_("Satu kelompok peserta per baris."))
    chair = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pimpinan sidang")
    )
    secretary = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sekretaris sidang")
    )
    recorder = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pencatat")
    )
    head_version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Rises with each save of the head data; an older one is a conflict."
    )
    change = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Rises with each change of an entry: pollers ask what came after theirs."
    )
    finalised_at = models.DateTimeField(_("ditetapkan final"), null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("notula")
        verbose_name_plural = _("notula")
        ordering = ["session__starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="final")
                | Q(chair__isnull=False, recorder__isnull=False, finalised_at__isnull=False),
                name="minutes_final_signed",
            )
        ]

    def __str__(self) -> str:
        return _("Notula %(session)s") % {"session": self.session.title}

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return MINUTES.status(self.status)

    @property
    def was_final(self) -> bool:
        """Whether some version has been final, this one or an earlier one."""
        return self.status == "final" or self.version > 1

    @cached_property
    def author_ids(self) -> frozenset[int]:
        """Who wrote the entries as they stand: none of them may finalise (approver ≠ author)."""
        authors = self.entries.kept().order_by().values_list("changed_by_id", flat=True).distinct()
        return frozenset(author for author in authors if author)


class ReleaseQuerySet(models.QuerySet):
    """Rows of releases."""

    def visible_to(self, user: Any) -> ReleaseQuerySet:
        """All for the province; those of published editions for everybody else with a position."""
        if rules.sees_drafts(user):
            return self
        if rules.reads_published(user):
            return self.filter(minutes__session__meeting__published=True)
        return self.none()


class MinutesRelease(models.Model):
    """A version that was made final, with its paper; it stays when the minutes are re-opened, with the reason."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="releases", verbose_name=_("notula"))
    version = models.PositiveSmallIntegerField(_("versi"))
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("dokumen"))
    finalised_at = models.DateTimeField(_("ditetapkan final"))
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ditetapkan oleh")
    )
    reopened_at = models.DateTimeField(_("dibuka kembali"), null=True, blank=True)
    reason = models.TextField(_("alasan dibuka kembali"), blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("notula final")
        verbose_name_plural = _("notula final")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "version"], name="release_once"),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reason="") | Q(reopened_at__isnull=False) & ~Q(reason=""),
                name="release_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} v{self.version}"


class EntryQuerySet(models.QuerySet):
    """Rows of minute entries."""

    def kept(self) -> EntryQuerySet:
        """Those not deleted."""
        return self.filter(deleted_at__isnull=True)


class EntryText(models.Model):
    """The words of an entry, the same for the entry, its kept revisions and drafts."""

    class Kind(models.TextChoices):
        OPENING = "pembukaan", _("Kata pembukaan")
        DISCUSSION = "pembahasan", _("Pembahasan")
        PROBLEM = "permasalahan", _("Permasalahan")
        DECISION = "keputusan", _("Keputusan")
        FOLLOW_UP = "tindak_lanjut", _("Tindak lanjut")

    kind = models.CharField(_("jenis"), max_length=15, choices=Kind, default=Kind.DISCUSSION)
    speaker = models.CharField(_("pembicara"), max_length=150, blank=True)
    institution = models.CharField(_("instansi"), max_length=150, blank=True)
    text = models.TextField(_("isi"), max_length=markup.MAX_LENGTH, blank=True)
    response = models.TextField(_("tanggapan"), max_length=markup.MAX_LENGTH, blank=True)
    responder = models.CharField(_("ditanggapi oleh"), max_length=150, blank=True)
    responsible = models.CharField(_("penanggung jawab"), max_length=150, blank=True)
    due_on = models.DateField(_("batas waktu"), null=True, blank=True)
    source = models.CharField(_("sumber keterangan"), max_length=250, blank=True)

    TEXT_FIELDS = (
        "kind", "speaker", "institution", "text", "response", "responder", "responsible", "due_on", "source",
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def words(self) -> dict[str, Any]:
        """What was written, by field: the same shape for an entry, a revision and a draft."""
        return {name: getattr(self, name) for name in self.TEXT_FIELDS}


class MinuteEntry(EntryText):
    """One entry. `version` rises with each save; a save that names an older one is a conflict, never overwritten."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField(_("urutan"))
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(
        null=True, help_text="Made by the browser: the same new entry sent twice is stored once."
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("diubah oleh")
    )
    changed_at = models.DateTimeField(_("diubah pada"), auto_now=True)
    deleted_at = models.DateTimeField(_("dihapus pada"), null=True, blank=True)
    change = models.PositiveBigIntegerField(default=0, editable=False, help_text="Minutes.change of the last save.")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("butir notula")
        verbose_name_plural = _("butir notula")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["minutes", "position"], name="entry_by_minutes"),
            models.Index(fields=["minutes", "change"], name="entry_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "client_key"], name="entry_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}: {markup.to_plain(self.text)[:60]}"


class EntryRevision(EntryText):
    """Every text an entry ever had, and every text that lost a conflict (`kept_from_conflict`): nothing vanishes."""

    entry = models.ForeignKey(MinuteEntry, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(_("versi"))
    kept_from_conflict = models.BooleanField(default=False)
    restored_from = models.PositiveIntegerField(_("dipulihkan dari versi"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("pada"), auto_now_add=True)

    class Meta:
        verbose_name = _("riwayat butir")
        verbose_name_plural = _("riwayat butir")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.version}"


class DraftQuerySet(models.QuerySet):
    """Rows of drafts."""

    def open(self) -> DraftQuerySet:
        """Those that still hold something unsaved."""
        return self.filter(is_open=True)


class EntryDraft(EntryText):
    """What one person is typing just now and has not saved: survives a closed tab, a lost link, an ended session.

    `key` is the entry's pk, or the browser's UUID for an entry that does not exist yet. `seq` is the browser's count of
    keystrokes sent: an answer that comes late never overwrites a newer text. A saved entry leaves its draft closed and
    empty, so that a request still under way cannot bring the old text back.
    """

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=36)
    base_version = models.PositiveIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    saved_at = models.DateTimeField(_("tersimpan pada"), auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("konsep butir")
        verbose_name_plural = _("konsep butir")
        constraints = [models.UniqueConstraint(fields=["minutes", "author", "key"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.key}"
