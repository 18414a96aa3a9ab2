"""The programme: sessions in rooms with people. The database refuses a room or a person in two places at once."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rakor.models.meetings import Meeting, Participant
from regencies.models import Regency


def _same(field: str) -> Func:
    """An integer column as a one-value range: comparable in GiST without btree_gist (shared stack notes §1)."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def _period() -> Func:
    return Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())


class Room(models.Model):
    """A hall, or a table of it, in which one session at a time takes place."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("nama ruang"), max_length=80)

    class Meta:
        verbose_name = _("ruang")
        verbose_name_plural = _("ruang")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["meeting", "name"], name="room_once")]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """One item of the programme. A speech has an owner, and a reader when somebody else reads it."""

    class Kind(models.TextChoices):
        REGISTRATION = "registrasi", _("Registrasi")
        OPENING = "pembukaan", _("Pembukaan")
        COMMITTEE_REPORT = "laporan_panitia", _("Laporan panitia")
        SPEECH = "sambutan", _("Sambutan")
        SIGNING = "penandatanganan", _("Penandatanganan")
        PRESENTATION = "paparan", _("Paparan")
        PANEL = "panel", _("Diskusi panel")
        DESK = "desk", _("Desk")
        PLENARY = "pleno", _("Pleno")
        CLOSING = "penutupan", _("Penutupan")
        VISIT = "kunjungan", _("Kunjungan lapangan")
        BREAK = "istirahat", _("Istirahat")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("jenis"), max_length=20, choices=Kind)
    title = models.CharField(_("acara"), max_length=250)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(pgettext_lazy("jam", "selesai"))
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("ruang")
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kabupaten/kota"),
        help_text=_("Untuk desk: kabupaten/kota yang usulannya dibahas."),
    )  # fmt: skip
    details = models.TextField(
        _("rincian"), blank=True, help_text=_("Satu baris tercetak per baris, di bawah nama acara.")
    )
    note = models.CharField(_("keterangan"), max_length=250, blank=True)
    source = models.CharField(_("sumber keterangan"), max_length=250, blank=True)
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(
        null=True, editable=False, help_text="Made with the form: the same form sent twice is one session."
    )

    class Meta:
        verbose_name = _("sesi")
        verbose_name_plural = _("sesi")
        ordering = ["starts_at", "room__name", "id"]
        indexes = [models.Index(fields=["meeting", "starts_at"], name="session_by_meeting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start",
                violation_error_message=_("Waktu selesai harus sesudah waktu mulai."),
            ),
            models.UniqueConstraint(fields=["meeting", "client_key"], name="session_sent_once"),
            # The target of SessionPerson's composite foreign key, which keeps its copy of the period true.
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at"], name="session_period"),
            ExclusionConstraint(
                name="session_room_free",
                expressions=[(_same("room"), RangeOperators.OVERLAPS), (_period(), RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False),
                deferrable=Deferrable.IMMEDIATE,  # a reordering swaps times within one transaction
                violation_error_message=_("Ruang ini sudah dipakai sesi lain pada waktu itu."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the session."""
        return reverse("session", args=[self.meeting.slug, self.pk])


class SessionPerson(models.Model):
    """Somebody's part in a session. The period is copied by a composite foreign key (ON UPDATE CASCADE)."""

    class Part(models.TextChoices):
        OWNER = "pemilik_sambutan", _("Pemilik sambutan")
        READER = "pembaca", _("Dibacakan oleh")
        PRESENTER = "pemapar", _("Narasumber")
        MODERATOR = "moderator", _("Moderator")
        CHAIR = "pimpinan", _("Pimpinan sidang")
        MINUTE_TAKER = "notulis", _("Notulis")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="people")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="parts", verbose_name=_("nama"))
    part = models.CharField(_("peran"), max_length=20, choices=Part)
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    occupies = models.BooleanField(
        default=True,
        editable=False,
        help_text="False for the owner of a speech (may be absent) and for a second part in the same session.",
    )

    class Meta:
        verbose_name = _("petugas sesi")
        verbose_name_plural = _("petugas sesi")
        ordering = ["part", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "participant", "part"], name="session_person_once"),
            models.UniqueConstraint(
                fields=["session", "participant"], condition=Q(occupies=True), name="session_person_occupies_once"
            ),
            ExclusionConstraint(
                name="session_person_free",
                expressions=[(_same("participant"), RangeOperators.OVERLAPS), (_period(), RangeOperators.OVERLAPS)],
                condition=Q(occupies=True),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Orang ini sudah bertugas di sesi lain pada waktu itu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.participant}"


class ProgrammeChange(models.Model):
    """One change of the programme with the state before it, so that it can be taken back.

    `before` and `after` map a session's pk (as text) to what it was and became: null where it did not exist,
    else the fields and people as `rakor.actions.sessions.snapshot` writes them.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="programme_changes")
    what = models.CharField(_("perubahan"), max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(_("waktu"), auto_now_add=True)
    undone_at = models.DateTimeField(_("diurungkan pada"), null=True, blank=True)

    class Meta:
        verbose_name = _("perubahan acara")
        verbose_name_plural = _("perubahan acara")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.what
